"""The JSON door to how long things are kept."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from fireside.activity.doors import actor_of
from fireside.lib.answers import answers
from fireside.members.rights import require
from fireside.site import actions
from fireside.site.queries.retention import periods

router = Router()


class PeriodOut(Schema):
    """How long one kind of thing is kept."""

    name: str = Field(examples=["letters"])
    words: str = Field(description="In the reader's language.", examples=["letters that were sent or given up, with their words"])
    kept: int = Field(description="Days, as this community chose.", examples=[30])
    days: int = Field(description="Days, while nobody chooses.", examples=[30])
    least: int = Field(examples=[1])
    most: int = Field(examples=[3650])

    @staticmethod
    def resolve_words(row: Any) -> str:
        return str(row.words)


class DaysIn(Schema):
    days: int = Field(ge=1, le=36500, examples=[30])


@router.get("/retention", response=answers(list[PeriodOut]), summary="How long things are kept")
def get_retention(request: HttpRequest) -> Any:
    """Each kind of thing that goes by itself."""
    require(actor_of(request, "json"), "community.change")
    return periods()


@router.put("/retention/{what}", response=answers(PeriodOut), summary="Choose how long something is kept")
def put_retention(request: HttpRequest, what: str, body: DaysIn) -> Any:
    """What is older goes within the hour."""
    actions.keep_for(actor_of(request, "json"), what=what, days=body.days)
    return next(one for one in periods() if one.name == what)
