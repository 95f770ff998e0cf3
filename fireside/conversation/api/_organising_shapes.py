"""What the addresses take and give by which a topic is closed and moved as a whole."""

from datetime import date

from ninja import Schema
from pydantic import Field


class ClosingIn(Schema):
    reason: str = Field("", description="Shown where people would reply.", examples=["Answered in the handbook."])
    on: date | None = Field(None, description="Only from that day; without it, from now on.", examples=[None])
    until: date | None = Field(None, description="Open again on that day.", examples=["2999-01-01"])


class MoveIn(Schema):
    space: str = Field(max_length=60, description="Address of the new space.", examples=["workshop"])
    new_tags: bool = Field(False, description="Make its tags there; else those that the new space has not stay behind.")


class MovingOut(Schema):
    """What would follow."""

    tags_kept: list[str] = Field(examples=[["lamp"]])
    tags_left: list[str] = Field(description="Tags that the new space does not have.", examples=[[]])
    readers: int = Field(description="People who have read it.", examples=[3])
    losing: int = Field(description="Those of them who could not read it there.", examples=[1])
