"""The JSON door to being forgotten. It is for a person at the keyboard: no token may."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from fireside.activity.doors import actor_of
from fireside.lib.answers import answers, shows
from fireside.lib.errors import NotFound
from fireside.members.queries import find_member
from fireside.site import actions
from fireside.site.queries.erasures import asked_of

router = Router()


class ErasureOut(Schema):
    """Somebody is to be forgotten. Until `due_at` they may take it back."""

    words: Literal["remove", "keep"] = Field(description="What becomes of all they said.", examples=["remove"])
    asked_at: datetime
    due_at: datetime = Field(examples=["2026-03-16T12:00:00Z"])
    taken_back_at: datetime | None = Field(examples=[None])


class ErasureIn(Schema):
    reason: str = Field(max_length=400, description="The log keeps it.", examples=["They asked by letter."])
    words: Literal["remove", "keep"] = Field("remove", description="What becomes of all they said.", examples=["remove"])


class AskIn(Schema):
    handle: str = Field(max_length=80, description="Your own, so that it is meant.", examples=["cat"])
    words: Literal["remove", "keep"] = Field("remove", description="What becomes of all you said.", examples=["remove"])


@router.post("/me/erasure", response=answers(ErasureOut, status=202), summary="Ask to be forgotten")
def post_own_erasure(request: HttpRequest, body: AskIn) -> Any:
    """In 14 days; until then DELETE takes it back. 403 `confirm_first` when you have not shown lately that it is you."""
    return Status(202, actions.ask_to_be_erased(actor_of(request, "json"), handle=body.handle, words=body.words))


@router.get("/me/erasure", response=answers(ErasureOut), summary="Whether you are to be forgotten")
def get_erasure(request: HttpRequest) -> Any:
    """404 when you did not ask for it."""
    row = asked_of(actor_of(request, "json").member)
    if row is None:
        raise NotFound()
    return row


@router.delete(
    "/me/erasure", response=answers(ErasureOut), summary="Stay after all", openapi_extra=shows(taken_back_at="2026-03-03T12:00:00Z")
)
def delete_erasure(request: HttpRequest) -> Any:
    """Until it is due."""
    return actions.take_back_erasure(actor_of(request, "json"))


@router.post("/people/{handle}/erasure", response=answers(ErasureOut, status=202), summary="Have a member forgotten")
def post_erasure(request: HttpRequest, handle: str, body: ErasureIn) -> Any:
    """At once, and for good. For a person at the keyboard: no token may."""
    actor = actor_of(request, "json")
    return Status(202, actions.erase_member(actor, member=find_member(actor.member, handle), reason=body.reason, words=body.words))
