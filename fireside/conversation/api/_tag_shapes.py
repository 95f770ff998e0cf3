"""What the addresses of tags take and give."""

from ninja import Schema
from pydantic import Field


class TagsIn(Schema):
    tags: list[str] = Field(max_length=20, description="Five at most; in place of those that the topic has.", examples=[["lamp"]])


class TagOut(Schema):
    name: str = Field(examples=["lamp"])


class TagNameIn(Schema):
    tag: str = Field(max_length=60, examples=["lamp"])
    name: str = Field(max_length=60, examples=["oil lamp"])


class TagMergeIn(Schema):
    tag: str = Field(max_length=60, examples=["lamps"])
    into: str = Field(max_length=60, examples=["lamp"])
