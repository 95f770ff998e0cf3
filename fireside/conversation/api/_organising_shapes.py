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


class SplitIn(Schema):
    posts: list[int] = Field(min_length=1, max_length=1000, description="Numbers of posts of the topic.", examples=[[2]])
    title: str = Field(examples=["Which washer fits?"])
    asks: bool | None = Field(None, description="Whether it asks something; without it, its words decide.", examples=[True])
    space: str = Field("", max_length=60, description="Address of the space it stands in; without it, the same.", examples=[""])


class TopicMergeIn(Schema):
    into: int = Field(ge=1, le=2**62, description="The older topic, which goes on.", examples=[7])


class MergingOut(Schema):
    """What would follow."""

    posts: int = Field(description="Posts that would come along.", examples=[3])
    answer: str = Field(
        description="Its accepted answer: taken by the other question, left (it stays counted as help), or empty.", examples=["taken"]
    )
    obstacle: str = Field(description="The code of what stands against it; empty for nothing.", examples=[""])
