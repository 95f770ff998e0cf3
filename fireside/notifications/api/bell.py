"""The JSON door of notices."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema
from ninja.params.functions import Query
from pydantic import Field

from fireside.activity.doors import actor_of
from fireside.lib.answers import PageOf, answers
from fireside.notifications import actions, queries
from fireside.notifications.api._door import router
from fireside.notifications.rules import STOPS_AT

NOON = "2026-03-02T12:00:00Z"


class NoticeOut(Schema):
    """Several notices of one kind about one thing, in one sentence."""

    id: int = Field(description="Of the newest of them.", examples=[4711])
    kind: str = Field(examples=["conversation.replied"])
    at: datetime = Field(examples=[NOON])
    count: int = Field(examples=[5])
    text: str = Field(description="In the language of `Accept-Language`.", examples=["Ann, Ben and 3 others replied in “Which wick?”"])
    words: str = Field(description="What somebody wrote along with it.", examples=[""])
    url: str = Field(examples=["/t/7/3"])
    unseen: bool = Field(examples=[True])
    read: bool = Field(examples=[False])


class BellOut(Schema):
    unseen: int = Field(description="Stops at 99.", examples=[3])
    more: bool = Field(description="There are more than that.", examples=[False])


class ReadIn(Schema):
    ids: list[int] | None = Field(
        None, description="Ids of the list; without them every notice is read.", examples=[[4711]], max_length=500
    )


class CountOut(Schema):
    changed: int = Field(examples=[5])


@router.get("/notices", response=answers(PageOf[NoticeOut]))
def notices(
    request: HttpRequest, show: Literal["all", "unread", "mentions"] = "all", cursor: str = "", size: int = Query(30, ge=1, le=100)
) -> Any:
    """What you were told, the newest first: all of it, what is unread, or what speaks to you by name or role. Reading the list changes nothing: say what was seen with PUT /notices/seen."""
    found = queries.list_notices(actor_of(request, "json").member, show=show, cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/notices/bell", response=answers(BellOut))
def bell(request: HttpRequest) -> Any:
    """The number on the bell."""
    unseen = queries.unseen_count(actor_of(request, "json").member)
    return {"unseen": min(unseen, STOPS_AT), "more": unseen > STOPS_AT}


@router.put("/notices/seen", response=answers(CountOut))
def put_seen(request: HttpRequest) -> Any:
    """Open the bell: its number goes to zero."""
    return {"changed": actions.see_notices(actor_of(request, "json"))}


@router.put("/notices/read", response=answers(CountOut))
def put_read(request: HttpRequest, body: ReadIn) -> Any:
    """Mark notices as read, with those that are grouped with them."""
    return {"changed": actions.read_notices(actor_of(request, "json"), ids=body.ids)}


class ToldOut(Schema):
    """A kind of thing that the bell can tell of."""

    kind: str = Field(examples=["conversation.thanked"])
    words: str = Field(description="In the language of `Accept-Language`.", examples=["Somebody thanked you in “…”"])
    bell: bool = Field(description="Whether you wish it.", examples=[True])


class ToldIn(Schema):
    bell: bool = Field(examples=[True])


@router.get("/notices/kinds", response=answers(list[ToldOut]))
def kinds(request: HttpRequest) -> Any:
    """What the bell can tell of, and what of that you wish."""
    return queries.kinds_told(actor_of(request, "json").member)


@router.put("/notices/kinds/{kind}", response=answers(ToldOut))
def put_kind(request: HttpRequest, kind: str, body: ToldIn) -> Any:
    """Choose whether the bell tells you of one kind of thing."""
    actor = actor_of(request, "json")
    actions.choose_told(actor, kind=kind, bell=body.bell)
    return next(one for one in queries.kinds_told(actor.member) if one.kind == kind)
