"""The JSON door to the limits of the house, and to who was held back by one."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from fireside.activity.doors import actor_of
from fireside.lib.answers import PageOf, answers
from fireside.members.rights import require
from fireside.serving import held, table

router = Router()


class LimitOut(Schema):
    """One limit, in the reader's words."""

    what: str = Field(examples=["links in one post"])
    new: str = Field(description="For a new member.", examples=["2"])
    member: str = Field(examples=["as many as you like"])
    visitor: str = Field(description="For the address of a visitor; – when it is not theirs to do.", examples=["–"])


class HeldBackOut(Schema):
    """Who was held back by a limit, how often that day."""

    handle: str = Field(description="Of a member; empty for a visitor.", examples=["cat"])
    address: str = Field(description="Of a visitor; empty for a member.", examples=[""])
    code: str = Field(examples=["many_links"])
    says: str = Field(examples=["too many links in a post"])
    count: int = Field(examples=[3])
    last_at: datetime


@router.get("/limits", response=answers(list[LimitOut]))
def limits(request: HttpRequest) -> Any:
    """How much and how fast somebody may ask and write here."""
    return table.limits()


@router.get("/limits/held", response=answers(PageOf[HeldBackOut]))
def held_back(request: HttpRequest, cursor: str = "", size: Annotated[int, Query(ge=1, le=100)] = 30) -> Any:
    """Who was held back by a limit lately, the latest first. For those who run the community."""
    actor = actor_of(request, "json")
    require(actor, "house.watch")
    found = held.held_back_lately(actor.who, cursor=cursor, size=size)
    items = [
        HeldBackOut(
            handle=one.card.handle if one.card else "", address=one.address, code=one.code, says=one.says, count=one.count, last_at=one.last_at
        )
        for one in found.rows
    ]  # fmt: skip
    return {"items": items, "next": found.next}
