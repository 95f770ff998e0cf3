"""What the addresses of drafts and of the preview take and give."""

import re
from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

DRAFT_PLACE = r"^(reply|new|edit):\d{1,18}$"


def _draft_place(word: str) -> str:
    if not re.fullmatch(DRAFT_PLACE, word):
        raise PydanticCustomError("string_pattern_mismatch", "reply:TOPIC, new:SPACE, edit:POST", {"forms": "reply:7, new:3, edit:19"})
    return word


class DraftIn(Schema):
    place: Annotated[str, AfterValidator(_draft_place)] = Field(
        max_length=40,
        examples=["reply:7"],
        json_schema_extra={"pattern": DRAFT_PLACE},
        description="reply:TOPIC, new:SPACE or edit:POST, by their numbers.",
    )
    text: str = Field(examples=["Half a thought"])
    title: str = ""
    slot: int = Field(0, ge=0, le=99)
    seen: int = Field(0, ge=0, le=2**31 - 1, description="Version of the draft that you go on from.")
    seen_edits: int | None = Field(None, ge=0, le=2**31 - 1, description="With edit:POST, how many edits of the post you have seen.")


class DraftOut(Schema):
    place: str = Field(examples=["reply:7"])
    slot: int = Field(examples=[0])
    version: int = Field(examples=[1])
    title: str = Field(examples=[""])
    text: str = Field(examples=["Half a thought"])
    seen_edits: int | None = Field(description="With edit:POST, the version that these words change.")
    saved_at: datetime


class PreviewIn(Schema):
    text: str = Field(examples=["Turn the **washer** over, @ben."])


class PreviewOut(Schema):
    html: str = Field(examples=['<p>Turn the <strong>washer</strong> over, <a href="/people/ben" class="mention">@Ben</a>.</p>\n'])
    mentions: list[str] = Field(examples=[["ben"]])
    roles: list[str] = Field(description="organisers, operators, team: everybody of these is called.", examples=[[]])
