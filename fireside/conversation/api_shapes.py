"""What the JSON door of talk takes and gives."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from fireside.conversation.queries import LaterRow, PostRow, TopicPage, TopicRow, markdown_of_all
from fireside.conversation.queries.pinned import pins_of
from fireside.conversation.rules import PINS_MAX
from fireside.lib.answers import as_text
from fireside.members.queries import Card

KEPT = 4000  # rows of lists, as text
SURE = "Yes, it is to call so many people: where roles call more than ten, it is refused once with `call_many`."


class Who(Schema):
    """Somebody, in short."""

    handle: str = Field(examples=["ann"])
    name: str = Field(examples=["Ann"])
    is_bot: bool = False


class Place(Schema):
    slug: str = Field(examples=["hearth"])
    name: str = Field(examples=["Hearth"])


class TopicOut(Schema):
    """A topic in a list."""

    id: int = Field(examples=[7])
    title: str = Field(examples=["Handle works loose after about three months"])
    asks: bool = Field(description="A question that somebody waits on; false for a chat or a notice.", examples=[True])
    pinned: bool = Field(description="It stands above the list, whatever was said since.", examples=[False])
    tags: list[str] = Field(examples=[["lamp"]])
    state: str = Field(description="waiting, answered, closed, or empty.", examples=["waiting"])
    space: Place
    author: Who
    last_author: Who
    opened_at: datetime
    last_post_at: datetime = Field(examples=["2026-03-02T18:30:00Z"])
    replies: int = Field(examples=[3])
    helped: int = Field(description="People who say that a post in it helped them.", examples=[9])
    unread: int | None = Field(description="Posts since you read it; null if you never opened it.", examples=[2])
    url: str = Field(examples=["/t/7"])


class Helper(Schema):
    who: Who
    people: int = Field(examples=[9])


class TopicHead(Schema):
    """A topic by itself."""

    id: int = Field(examples=[7])
    title: str = Field(examples=["Handle works loose after about three months"])
    asks: bool = Field(examples=[True])
    space: Place
    author: Who
    is_chat: bool = Field(description="Shown as a chat; the words are the same.", examples=[False])
    opened_at: datetime
    last_post_at: datetime = Field(examples=["2026-03-02T18:30:00Z"])
    answered_at: datetime | None = Field(description="First reply by somebody else who is no bot.", examples=["2026-03-02T12:00:00Z"])
    accepted_post: int | None = Field(description="Id of the accepted answer.", examples=[19])
    accepted_at: datetime | None = Field(examples=["2026-03-02T12:00:00Z"])
    tags: list[str] = Field(examples=[["lamp"]])
    closed_at: datetime | None
    close_reason: str = Field(examples=[""])
    closes_on: date | None = Field(description="From that day on nobody replies.", examples=[None])
    opens_on: date | None = Field(description="On that day people reply again.", examples=[None])
    pin_place: int | None = Field(description="Its place above the others of its space, 1 to 3.", examples=[None])
    pin_until: date | None = Field(description="The last day of that; null until somebody unpins it.", examples=[None])
    front_place: int | None = Field(description="The same above the talk of every space.", examples=[None])
    front_until: date | None = Field(examples=[None])
    removed_at: datetime | None
    replies: int = Field(examples=[3])
    helped: int = Field(examples=[9])
    helped_most: list[Helper]
    url: str = Field(examples=["/t/7"])


class PostOut(Schema):
    """A post. Words of a removed one are there only for its author and those who tidy."""

    id: int = Field(examples=[19])
    number: int = Field(description="Its number in the topic; given once.", examples=[2])
    topic: int = Field(examples=[7])
    author: Who
    at: datetime
    text: str = Field(description="The words as Markdown: what a change begins with.", examples=["Turn the **washer** over."])
    format: Literal["md", "html"] = Field(
        description="How the house keeps the words: md, or html as an archive brought them. `text` is Markdown in any case; a change keeps Markdown.",
        examples=["md"],
    )
    html: str = Field(examples=["<p>Turn the <strong>washer</strong> over.</p>"])
    reply_to: int | None = Field(description="Number of the post it answers.", examples=[1])
    is_accepted: bool = Field(examples=[True])
    edits: int = Field(examples=[0])
    edited_at: datetime | None
    helped: int = Field(examples=[9])
    reactions: dict[str, int] = Field(examples=[{"heart": 3}])
    mine: list[str] = Field(description="Your own reactions.", examples=[["heart"]])
    helped_me: bool = Field(examples=[True])
    folded: bool = Field(description="You have blocked its author; pages show it folded.", examples=[False])
    for_later: bool = Field(description="Whether you keep it for later.", examples=[False])
    removed_at: datetime | None
    removed_by: Who | None
    removed_reason: str = Field(examples=[""])
    imported: bool
    url: str = Field(examples=["/t/7/2#p2"])


class TopicIn(Schema):
    space: str = Field(max_length=60, examples=["hearth"])
    title: str = Field(examples=["Handle works loose after about three months"])
    text: str = Field(examples=["It turns a few degrees. What can I do?"])
    asks: bool = True
    tags: list[str] = Field([], max_length=20, description="Five at most.", examples=[["lamp"]])
    key: str = Field("", max_length=60, description="Made once by you; sent again, it opens nothing new.", examples=["4f1c"])
    sure: bool = Field(False, description=SURE)


class PostIn(Schema):
    text: str = Field(examples=["Turn the **washer** over, @ben."])
    reply_to: int | None = Field(None, ge=1, description="Number of the post it answers.", examples=[1])
    key: str = Field("", max_length=60, description="Made once by you; sent again, it says nothing new.", examples=["4f1d"])
    sure: bool = Field(False, description=SURE)


class PinIn(Schema):
    place: int = Field(0, ge=0, le=PINS_MAX, description="1 is the first; 0: behind those that are pinned.", examples=[1])
    until: date | None = Field(
        None, description="The last day, in the time zone of the community; without it, until it is unpinned.", examples=["2026-12-24"]
    )


class ReadingIn(Schema):
    number: int | None = Field(
        None, ge=1, le=2**31 - 1, description="The last post that you have read; without it, all of them.", examples=[3]
    )


class ReadingOut(Schema):
    """How far you have read a topic."""

    topic: int = Field(examples=[7])
    number: int = Field(description="Up to this post. A mark only moves forward.", examples=[3])
    unread: int = Field(description="Posts after it.", examples=[0])


class LaterIn(Schema):
    note: str | None = Field(None, description="For yourself alone. Without it, a note that stands stays.", examples=["Try on Sunday"])


class LaterOut(Schema):
    """A post that you keep for later."""

    post: int = Field(description="Its id.", examples=[19])
    number: int = Field(description="Its number in the topic.", examples=[2])
    topic: int = Field(examples=[7])
    title: str = Field(
        description="Of the topic, or what a private conversation is called.", examples=["Handle works loose after about three months"]
    )
    space: Place | None = Field(description="None: it stands in a private conversation.")
    author: Who
    said_at: datetime
    note: str = Field(examples=["Try on Sunday"])
    kept_at: datetime = Field(examples=["2026-03-02T18:30:00Z"])
    url: str = Field(examples=["/t/7/2#p2"])


class EditIn(Schema):
    text: str = Field(examples=["Turn the washer over."])
    title: str = Field("", description="Only with a topic's first post.")
    reason: str = Field("", max_length=200, examples=["clearer"])
    seen_edits: int | None = Field(None, ge=0, description="How many edits you have seen; refuses when there are more.", examples=[0])
    sure: bool = Field(False, description=SURE)


class EditOut(Schema):
    by: str = Field(examples=["ann"])
    at: datetime
    title_before: str = Field(description="Empty but with a topic's first post.", examples=[""])
    text_before: str = Field(description="As it was kept.", examples=["Turn the washer."])
    format_before: Literal["md", "html"] = Field(description="What `text_before` is: md, or the html of an archive.", examples=["md"])
    reason: str = Field(examples=["clearer"])


class RemovalIn(Schema):
    reason: str = Field(examples=["Rule 2: no selling."])


def who(card: Card | None) -> dict[str, Any] | None:
    return {"handle": card.handle, "name": card.name, "is_bot": card.is_bot} if card else None


@lru_cache(maxsize=KEPT)
def topic_text(row: TopicRow) -> str:
    """A row as it goes out: made once for all who are shown it alike."""
    return as_text(topic_out(row))


def topic_out(row: TopicRow) -> dict[str, Any]:
    same = ("id", "title", "asks", "pinned", "tags", "state", "opened_at", "last_post_at", "replies", "helped", "url")
    return {name: getattr(row, name) for name in same} | {
        "space": {"slug": row.space_slug, "name": row.space_name}, "author": who(row.author), "last_author": who(row.last_author),
        "unread": None if row.unread < 0 else row.unread,
    }  # fmt: skip


def head_out(page: TopicPage, today: date) -> dict[str, Any]:
    topic = page.topic
    same = (
        "id",
        "title",
        "asks",
        "opened_at",
        "last_post_at",
        "answered_at",
        "accepted_at",
        "closed_at",
        "closes_on",
        "opens_on",
        "removed_at",
        "pin_place",
        "pin_until",
        "front_place",
        "front_until",
    )
    return {name: getattr(topic, name) for name in same} | {
        "tags": topic.tags or [], "close_reason": topic.close_reason or "", "is_chat": bool(topic.is_chat), "space": {"slug": topic.space.slug, "name": topic.space.name}, "author": who(page.author), "accepted_post": topic.accepted_id,
        "replies": max(topic.posts_count - 1, 0), "helped": topic.helped_count, "url": topic.get_absolute_url(),
        **pins_of(topic, today), "helped_most": [{"who": who(card), "people": n} for card, n in page.helpers],
    }  # fmt: skip


def later_out(row: LaterRow) -> dict[str, Any]:
    same = ("number", "title", "said_at", "note", "kept_at", "url")
    return {name: getattr(row, name) for name in same} | {
        "post": row.post_id, "topic": row.topic_id, "space": {"slug": row.space_slug, "name": row.space_name} if row.space_slug else None,
        "author": who(row.author),
    }  # fmt: skip


def posts_out(rows: Sequence[PostRow]) -> list[dict[str, Any]]:
    words = markdown_of_all((row.id, row.source, row.format) for row in rows)
    return [_post_out(row, words[row.id]) for row in rows]


def posts_text(rows: Sequence[PostRow]) -> list[str]:
    """The same as they go out."""
    words = markdown_of_all((row.id, row.source, row.format) for row in rows)
    return [_post_text(row, words[row.id]) for row in rows]


@lru_cache(maxsize=KEPT)
def _post_text(row: PostRow, words: str) -> str:
    return as_text(_post_out(row, words))


def _post_out(row: PostRow, words: str) -> dict[str, Any]:
    same = (
        "id",
        "number",
        "at",
        "html",
        "format",
        "reply_to",
        "is_accepted",
        "edits",
        "edited_at",
        "helped",
        "folded",
        "for_later",
        "removed_at",
        "removed_reason",
        "imported",
        "url",
    )
    return {name: getattr(row, name) for name in same} | {
        "topic": row.topic_id, "author": who(row.author), "text": words, "mine": sorted(row.mine), "helped_me": row.i_was_helped,
        "reactions": ({"heart": row.thanks} if row.thanks else {}) | row.signs, "removed_by": who(row.removed_by),
    }  # fmt: skip
