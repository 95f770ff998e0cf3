"""What is new for you and what is unread: how much, and being done with it."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import AwareDatetime, Field

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import router
from fireside.conversation.rules import waiting_since
from fireside.lib.answers import answers
from fireside.spaces.models import Space
from fireside.spaces.queries import get_space, space_to_read


class CountsOut(Schema):
    """Each counted no further than 100."""

    waiting: int = Field(examples=[3])
    oldest: datetime | None = Field(description="Since when the longest waits.", examples=["2026-03-02T12:00:00Z"])
    new: int = Field(description="Opened in the last two weeks, not read by you, not muted, not dismissed.", examples=[4])
    unread: int = Field(description="Topics that you follow, in which something was said since.", examples=[2])


class DoneIn(Schema):
    space: str = Field("", max_length=60, description="Address of a space; without it, in all of them.", examples=["hearth"])
    before: AwareDatetime | None = Field(
        None, description="When you read the list: what came later stays. Without it, now.", examples=["2026-03-02T12:00:00Z"]
    )


class ReadAllOut(Schema):
    topics: int = Field(description="So many were unread.", examples=[2])


@router.get("/topics/counts", response=answers(CountsOut))
def counts(request: HttpRequest, space: Annotated[str, Query(max_length=60)] = "") -> Any:
    """How much waits, is new for you, is unread: in one space or in all."""
    actor = actor_of(request, "json")
    return queries.counts_of(actor.member, space=_inside(request, space), since=waiting_since(actor.now), now=actor.now)


@router.put("/topics/read", response=answers(ReadAllOut))
def put_read(request: HttpRequest, body: DoneIn) -> Any:
    """Mark everything unread as read."""
    done = actions.mark_all_read(actor_of(request, "json"), space=_inside(request, body.space), before=body.before)
    return {"topics": done}


@router.delete("/topics/new", response=answers(CountsOut))
def delete_new(request: HttpRequest, space: Annotated[str, Query(max_length=60)] = "", before: AwareDatetime | None = None) -> Any:
    """Dismiss what is new, up to `before`; without it, all of it."""
    actions.dismiss_new(actor_of(request, "json"), space=_inside(request, space), before=before)
    return counts(request, space)


def _inside(request: HttpRequest, slug: str) -> Space | None:
    viewer = viewer_of(request)
    return space_to_read(viewer, get_space(viewer, slug).pk) if slug else None
