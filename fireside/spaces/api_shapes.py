"""What the JSON door of places takes and gives."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from fireside.spaces.models import AskToJoin
from fireside.spaces.rules import BOARD_LIMIT

NOON = "2026-03-02T12:00:00Z"
NO = "This one is for owners of a mill. Tell us your serial number and come in."
Opennesses = Literal["public", "open", "private", "hidden"]


class SomebodyOut(Schema):
    handle: str = Field(examples=["ann"])
    name: str = Field(examples=["Ann"])
    is_bot: bool = Field(examples=[False])


class SpaceRef(Schema):
    slug: str = Field(examples=["repair-bench"])
    name: str = Field(examples=["Repair bench"])


class SpaceOut(SpaceRef):
    """A space in a list."""

    id: int = Field(examples=[7])
    about: str = Field(examples=["Something rattles? Ask here."])
    icon: str = Field(examples=["wrench"])
    openness: Opennesses = Field(examples=["open"])
    members_count: int = Field(examples=[61])
    topics_count: int | None = Field(None, description="null: what is said there is not open to you.", examples=[204])
    last_active_at: datetime | None = Field(None, examples=[NOON])
    archived_at: datetime | None = Field(None, examples=[None])
    role: str = Field(description="Your part in it: “member”, “organiser”, or empty.", examples=["member"])
    asked: bool = Field(description="You asked to join and nobody has answered yet.", examples=[False])


class SpaceInListOut(SpaceOut):
    below: list[SpaceRef] = Field(
        description="The first few spaces that stand in it.", examples=[[{"slug": "soldering", "name": "Soldering"}]]
    )


class SpaceHeadOut(SpaceOut):
    """A space, with what stands round it and what you can do there."""

    reach: Opennesses = Field(description="The narrowest openness on its path: who can see it at all.", examples=["open"])
    made_at: datetime = Field(examples=[NOON])
    trail: list[SpaceRef] = Field(description="What it stands in, from the top.", examples=[[{"slug": "house", "name": "House"}]])
    below: list[SpaceRef] = Field(
        description="The first spaces that stand in it; GET /spaces?in=SLUG gives all.",
        examples=[[{"slug": "soldering", "name": "Soldering"}]],
    )
    organisers: list[SomebodyOut]
    is_group: bool = Field(description="Talk opens there as a chat.", examples=[False])
    board: str = Field(description="One line from its organisers, for those who may read there.", examples=["Closed until 6 January."])
    way: Literal["sign_in", "inside", "waiting", "closed", "outside", "join", "ask"] = Field(examples=["inside"])
    readable: bool = Field(description="Whether what is said there is open to you.", examples=[True])
    runs: bool = Field(description="Whether you look after it.", examples=[False])
    waiting: int = Field(description="How many ask to join (at most 100); 0 unless you decide.", examples=[0])


class SpaceIn(Schema):
    name: str = Field(examples=["Repair bench"])
    openness: str = Field("open", description="public, open, private or hidden", examples=["open"])
    parent: str = Field("", description="Slug of the space it is to stand in; empty: at the top.", examples=["house"])
    about: str = Field("", examples=["Something rattles? Ask here."])
    icon: str = Field("messages-square", examples=["wrench"])
    slug: str = Field("", description="Its address; empty: made of the name.", examples=["repair-bench"])
    key: str = Field("", max_length=60, description="Your own sign for this request: sent again with it, no second space is made.")


class SpaceChanges(Schema):
    """What to change; what is not given stays."""

    name: str | None = Field(None, examples=["Repair bench"])
    about: str | None = Field(None, examples=["Something rattles? Ask here."])
    icon: str | None = Field(None, examples=["wrench"])
    openness: str | None = Field(None, examples=["private"])
    slug: str | None = Field(None, examples=["repair-bench"])


class PlaceIn(Schema):
    parent: str = Field("", description="Slug of the space it is to stand in; empty: at the top.", examples=["house"])


class BoardIn(Schema):
    words: str = Field(description=f"One line of at most {BOARD_LIMIT} characters.", examples=["Closed until 6 January."])


class PersonHereOut(SomebodyOut):
    role: str = Field(examples=["organiser"])
    since: datetime = Field(examples=[NOON])


class WordsIn(Schema):
    words: str = Field("", examples=["I mend mills and would like to help."])


class TurnDownIn(Schema):
    reason: str = Field(examples=[NO])


class PutOutIn(Schema):
    reason: str = Field(examples=["You sell mills here. Rule 2: no selling."])


class AskOut(Schema):
    id: int = Field(examples=[12])
    space: str = Field(examples=["workshop"])
    words: str = Field(examples=["I mend mills and would like to help."])
    asked_at: datetime = Field(examples=[NOON])
    decided_at: datetime | None = Field(examples=[None])
    let_in: bool | None = Field(description="null while open, and when it was taken back.", examples=[None])
    reason: str = Field(examples=[""])

    @staticmethod
    def resolve_space(row: AskToJoin) -> str:
        return row.space.slug


class WaitingOut(Schema):
    id: int = Field(examples=[12])
    member: SomebodyOut
    words: str = Field(examples=["I mend mills and would like to help."])
    asked_at: datetime = Field(examples=[NOON])
