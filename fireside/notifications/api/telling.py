"""The JSON door of telling: what one chooses, what the community proposes, what became of what was to leave."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from ninja.params.functions import Query
from pydantic import Field

from fireside.activity.doors import actor_of
from fireside.lib.answers import PageOf, answers
from fireside.members.rights import require
from fireside.notifications import actions, queries
from fireside.notifications.api._door import router
from fireside.notifications.queries import Telling

DIGEST = "A digest for those who have not been here: never, daily, weekly or monthly."
QUIET = "Quiet hours where the member is, HH:MM-HH:MM; “” or “none” for none. What is due in them waits until they end."


class TellingKindOut(Schema):
    name: str = Field(examples=["conversation.replied"])
    says: str = Field(description="In the language of `Accept-Language`.", examples=["Somebody replied in “…”"])
    email: bool = Field(description="Comes by e-mail when it was not seen.", examples=[True])
    push: bool = Field(description="A browser is called for it when it was not seen.", examples=[True])


class TellingOut(Schema):
    """How somebody is told outside the pages."""

    email: bool = Field(description="E-mail about what was not seen after ten minutes.", examples=[True])
    digest: str = Field(description=DIGEST, examples=["weekly"])
    quiet: str = Field(description=QUIET, examples=["22:00-08:00"])
    kinds: list[TellingKindOut]


class TellingIn(Schema):
    """What is left out stays as it is."""

    email: bool | None = Field(None, examples=[True])
    digest: str | None = Field(None, description=DIGEST, examples=["weekly"], max_length=10)
    quiet: str | None = Field(None, description=QUIET, examples=["22:00-08:00"], max_length=20)
    yes: list[str] | None = Field(None, description="Kinds that come by e-mail.", examples=[["conversation.replied"]], max_length=200)
    no: list[str] | None = Field(None, description="Kinds that do not.", examples=[[]], max_length=200)
    push_yes: list[str] | None = Field(
        None, description="Kinds for which a browser is called.", examples=[["conversation.replied"]], max_length=200
    )
    push_no: list[str] | None = Field(None, description="Kinds for which none is.", examples=[[]], max_length=200)


class DepartureOut(Schema):
    """Something that was to leave the house for one member."""

    id: int = Field(examples=[12])
    at: datetime = Field(examples=["2026-03-02T12:00:00Z"])
    way: str = Field(examples=["email"])
    who: str = Field(description="The handle.", examples=["ann"])
    kind: str = Field(examples=["conversation.replied"])
    says: str = Field(examples=["Somebody replied in “…”"])
    count: int = Field(description="Notices in it.", examples=[2])
    skipped: str = Field(description="Why it did not leave; “” when it did.", examples=["seen"])
    why: str = Field(description="The same in the reader's language.", examples=["They had seen it before"])


class ReasonOut(Schema):
    way: str = Field(examples=["email"])
    skipped: str = Field(description="“”: it left.", examples=["seen"])
    why: str = Field(examples=["They had seen it before"])
    departures: int = Field(examples=[240])
    members: int = Field(examples=[31])


def _telling(found: Telling) -> dict[str, Any]:
    return {"email": found.email, "digest": found.digest, "quiet": found.quiet, "kinds": queries.offered_kinds(found)}


@router.get("/me/telling", response=answers(TellingOut))
def get_telling(request: HttpRequest) -> Any:
    """How you are told outside the pages."""
    return _telling(queries.telling_of(actor_of(request, "json").member))


@router.patch("/me/telling", response=answers(TellingOut))
def patch_telling(request: HttpRequest, body: TellingIn) -> Any:
    """Choose how you are told outside the pages."""
    return _telling(actions.change_telling(actor_of(request, "json"), **body.dict()))


@router.get("/community/telling", response=answers(TellingOut))
def get_community_telling(request: HttpRequest) -> Any:
    """How members are told who have chosen nothing else."""
    require(actor_of(request, "json"), "house.watch")
    return _telling(queries.telling_of(None))


@router.patch("/community/telling", response=answers(TellingOut))
def patch_community_telling(request: HttpRequest, body: TellingIn) -> Any:
    """Choose how members are told who have chosen nothing else. What each of them chose themselves stays."""
    return _telling(actions.change_community_telling(actor_of(request, "json"), **body.dict()))


@router.get("/house/departures", response=answers(PageOf[DepartureOut]), summary="What left the house")
def get_departures(
    request: HttpRequest, reason: Annotated[str, Query(max_length=20)] = "", cursor: str = "", size: int = Query(30, ge=1, le=100)
) -> Any:
    """The newest first. `reason`: “sent”, “skipped”, or one reason as `skipped` names it."""
    require(actor_of(request, "json"), "house.watch")
    found = queries.list_departures(reason=reason, cursor=cursor, size=size)
    return {"items": [{**vars(row), "who": row.who.handle if row.who else ""} for row in found.rows], "next": found.next}


@router.get("/house/departures/reasons", response=answers(list[ReasonOut]), summary="How much left, and why the rest did not")
def get_reasons(request: HttpRequest, days: int = Query(30, ge=1, le=90)) -> Any:
    """Counts by way and reason, the most frequent first."""
    actor = actor_of(request, "json")
    require(actor, "house.watch")
    return queries.told_reasons(actor.now, days)
