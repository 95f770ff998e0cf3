"""How Discourse writes down a post, in each of its forms: what of it is somebody's word here, and what stays where it was."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from fireside.connectors.rules.gitter import called
from fireside.connectors.rules.html_pictures import pictures_as_links
from fireside.connectors.rules.messages import Message, moment
from fireside.connectors.rules.records import Unusable, cut_id, has_bad_characters, nested_too_deep
from fireside.lib.text import name_key, one_line

SMALL, WHISPER = 3, 4  # types of posts
LIKE = 2  # type of an action on a post
GONE = "[deleted]"
NOWHERE = "0"  # the category of topics that have none
_MENTION = re.compile(r'<a class="mention"[^>]*>@([^<]*)</a>')
_SHUT = re.compile(r"(?:auto)?(?:closed|archived)\.enabled")
Row = Mapping[str, Any]


@dataclass(slots=True)
class TopicThere:
    """A topic as the source tells of it."""

    title: str
    category: str = NOWHERE
    author: str = ""
    direct: bool = False  # between people
    hidden: bool = False  # not listed there, or removed
    closed: bool = False
    closed_at: str = ""  # when a line of the program says so
    pinned_at: str = ""
    pinned_until: str = ""
    above_all: bool = False  # pinned, and in every category
    last: str = ""
    tags: tuple[str, ...] = ()
    posts: int | None = None
    asks: bool | None = None


def number_of(value: Any) -> int | None:
    """A whole number, written as one or as words."""
    if type(value) is int:
        return value if abs(value) < 2**48 else None
    if not isinstance(value, str):
        return None
    try:
        number = int(value)
    except ValueError:
        return None
    return number if abs(number) < 2**48 else None


def key_of(value: Any) -> str:
    number = number_of(value)
    return "" if number is None else str(number)


def topic_key(value: Any) -> str:
    """Topics and posts are counted apart there: 12 is a topic and a post. "" when there is no number."""
    number = key_of(value)
    return f"topic:{number}" if number else ""


def truth(value: Any) -> bool:
    """A yes of JSON, or of a dump."""
    return value is True or value in ("t", "true")


def author_of(row: Row) -> tuple[str, str, bool]:
    """External id, name, and whether only the name tells. An account that is no more leaves one trace for each post."""
    user, name = number_of(row.get("user_id")), one_line(_words(row.get("username")))
    if user is not None:
        return str(user), name or f"user{user}", False
    return (cut_id(f"name:{name_key(name)}"), name, True) if name else (f"gone:{key_of(row.get('id'))}", GONE, True)


def why_left(row: Row, topic: TopicThere | None) -> str:
    """Why a post stays where it was, "" if it comes. What is private or was taken away is written down nowhere here."""
    if topic is None:
        return "no_topic"
    if topic.direct:
        return "direct_message"
    kind = number_of(row.get("post_type"))
    if kind == WHISPER:
        return "whisper"
    if topic.hidden or row.get("deleted_at") or truth(row.get("user_deleted")) or truth(row.get("hidden")):
        return "removed_there"
    return "no_ones_words" if kind == SMALL else ""


def shuts(row: Row) -> bool:
    """Whether a line of the program says that the topic was closed."""
    return number_of(row.get("post_type")) == SMALL and _SHUT.fullmatch(_words(row.get("action_code"))) is not None


def read_post(row: Row, *, now: datetime, topic: TopicThere, reply_to: str = "") -> Message:
    """A post that comes in. Unusable says why not."""
    post, key = key_of(row.get("id")), topic_key(row.get("topic_id"))
    if not post:
        raise Unusable("no_id")
    at = time_of(row.get("created_at"), now)
    if at is None:
        raise Unusable("no_time")
    html, text = _words(row.get("cooked")), _words(row.get("raw"))
    format = "html" if html.strip() else "md"
    words = html if format == "html" else text
    if has_bad_characters(words):
        raise Unusable("bad_characters")
    if not words.strip():
        raise Unusable("no_text")
    if format == "html" and nested_too_deep(words):
        raise Unusable("too_deep")
    named = tuple(dict.fromkeys(unescape(name) for name in _MENTION.findall(words))) if format == "html" else ()
    version = number_of(row.get("version")) or 1
    return Message(
        id=post, at=at, stream=topic.category, topic=key, sender=author_of(row)[0], format=format, reply_to=reply_to, title=topic.title,
        text=pictures_as_links(words) if format == "html" else words, asks=topic.asks,
        mentions=tuple(("", name) for name in named) if format == "html" else called(words),
        edited_at=sure_time(row.get("last_version_at") or row.get("updated_at"), now) if version > 1 else None,
    )  # fmt: skip


def time_of(value: Any, now: datetime) -> datetime | None:
    """`2024-01-05T09:00:00.000Z`, or of a dump `2024-01-05 09:00:00.123456` (UTC). None when there is none."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        at = datetime.fromisoformat(value.strip())
        return moment((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp(), now)
    except (ValueError, OverflowError) as wrong:
        raise Unusable("impossible_time") from wrong


def sure_time(value: Any, now: datetime) -> datetime | None:
    """The same where a time that cannot be is none."""
    try:
        return time_of(value, now)
    except Unusable:
        return None


def tags_of(value: Any) -> tuple[str, ...]:
    """["light"], and as later versions write it [{"name": "light"}]."""
    rows = value if isinstance(value, list) else []
    names = [row.get("name") if isinstance(row, Mapping) else row for row in rows]
    return tuple(name for name in names if isinstance(name, str) and name.strip() and not has_bad_characters(name))


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""
