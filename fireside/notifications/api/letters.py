"""The JSON door of digests, and of what comes back."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema
from ninja.params.functions import Query
from pydantic import Field

from fireside.activity.doors import actor_of
from fireside.lib.answers import PageOf, answers
from fireside.members.queries import find_member, get_member
from fireside.members.rights import require
from fireside.notifications import actions, queries
from fireside.notifications.api._door import router
from fireside.notifications.queries import DigestPreview

NOON = "2026-03-02T12:00:00Z"


class DigestItemOut(Schema):
    title: str = Field(examples=["Which wick?"])
    url: str = Field(examples=["/t/7"])
    words: str = Field(examples=["Repair bench · 4 people spoke"])


class DigestSectionOut(Schema):
    title: str = Field(examples=["What people talked about"])
    items: list[DigestItemOut]


class DigestOut(Schema):
    """What a digest would say now, in the language of `Accept-Language`."""

    digest: str = Field(description="How often: never, daily, weekly or monthly.", examples=["weekly"])
    since: datetime = Field(examples=[NOON])
    sections: list[DigestSectionOut]
    why_not: str = Field(description="Why none would come now; “” when nothing but time is between.", examples=[""])
    after: datetime | None = Field(description="As things stand, not before then.", examples=[NOON])


class BounceOut(Schema):
    """How letters to somebody fare."""

    who: str = Field(description="The handle.", examples=["ben"])
    score: float = Field(description="2 for each that came back for good, 1 for now, less 0.1 for each that arrived.", examples=[2.0])
    held_back: bool = Field(description="From 4 on, or after a complaint, only letters about the account go there.", examples=[False])
    complained: bool = Field(examples=[False])
    came_back_at: datetime | None = Field(examples=[NOON])
    error: str = Field(description="What the other side said.", examples=["550 5.1.1 no such user"])


class BounceIn(Schema):
    address: str = Field(max_length=254, examples=["ben@example.org"])
    how: Literal["hard", "soft", "complaint"] = Field("hard", examples=["hard"])


class BouncedOut(Schema):
    who: str = Field(description="Whose address it is.", examples=["ben"])


def _digest(found: DigestPreview) -> dict[str, Any]:
    return {
        "digest": found.telling.digest, "since": found.since, "sections": found.sections, "why_not": found.why_not, "after": found.after,
    }  # fmt: skip


@router.get("/me/digest", response=answers(DigestOut), summary="Your digest of today")
def get_my_digest(request: HttpRequest) -> Any:
    """What it would say to you now, and whether it would come."""
    actor = actor_of(request, "json")
    return _digest(queries.digest_preview(actor.member, actor.now))


@router.get("/people/{handle}/digest", response=answers(DigestOut), summary="Somebody's digest of today")
def get_digest(request: HttpRequest, handle: str) -> Any:
    """The same of a member, for those who tend members."""
    actor = actor_of(request, "json")
    require(actor, "members.tend")
    return _digest(queries.digest_preview(get_member(actor.member, handle), actor.now))


@router.get("/house/bounces", response=answers(PageOf[BounceOut]), summary="Addresses from which letters came back")
def get_bounces(request: HttpRequest, cursor: str = "", size: int = Query(30, ge=1, le=100)) -> Any:
    """The worst first."""
    actor = actor_of(request, "json")
    require(actor, "house.watch")
    found = queries.list_bounces(actor.now, cursor=cursor, size=size)
    return {"items": [{**vars(row), "who": row.who.handle if row.who else ""} for row in found.rows], "next": found.next}


@router.post("/house/bounces", response=answers(BouncedOut), summary="Say that a letter came back")
def post_bounce(request: HttpRequest, body: BounceIn) -> Any:
    """For what a mail provider tells later: hand its webhook on with a token. “complaint”: the owner called our letters unwanted."""
    return {"who": actions.note_bounce(actor_of(request, "json"), address=body.address, how=body.how).handle}


@router.delete("/people/{handle}/bounces", response=answers(BouncedOut), summary="Begin anew with somebody's addresses")
def delete_bounces(request: HttpRequest, handle: str) -> Any:
    """Letters go there again."""
    actor = actor_of(request, "json")
    return {"who": actions.forgive_bounces(actor, member=find_member(actor.member, handle)).handle}
