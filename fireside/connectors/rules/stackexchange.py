"""How Stack Exchange writes down questions, answers and comments. Times are UTC; a body is HTML, a comment is Markdown."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from fireside.connectors.rules.gitter import called
from fireside.connectors.rules.html_pictures import pictures_as_links
from fireside.connectors.rules.messages import Message, moment
from fireside.connectors.rules.records import Unusable, cut_id, has_bad_characters, nested_too_deep
from fireside.lib.text import name_key, one_line

QUESTION, ANSWER = "1", "2"
SITE = "site"  # the one place that a dump tells of
GONE = "[deleted]"  # how the site itself calls an account that is no more and left no name
_ID = re.compile(r"-?\d{1,18}", re.ASCII)
_TAG = re.compile(r"<([^<>]+)>")
Row = Mapping[str, str]


def id_of(row: Row, field: str) -> str:
    """A number of the source as it counts here, without zeros before it; "" when there is none."""
    word = row.get(field, "").strip()
    if word.isdecimal() and word.isascii() and word[0] != "0" and len(word) < 19:
        return word
    return str(int(word)) if _ID.fullmatch(word) else ""


def number_of(row: Row, field: str) -> int | None:
    word = id_of(row, field)
    return int(word) if word else None


def author_of(row: Row, post: str, who: str = "Owner") -> tuple[str, str, bool]:
    """Who wrote it: external id, name, and whether nothing but a name tells. Whose account was deleted keeps the name that stands there."""
    user, name = id_of(row, f"{who}UserId"), one_line(row.get(f"{who}DisplayName", ""))
    if user:
        return user, name or ("Community" if int(user) < 0 else f"user{user}"), False
    return (cut_id(f"name:{name_key(name)}"), name, True) if name else (f"gone:{post}", GONE, True)


def time_of(row: Row, field: str, now: datetime) -> datetime | None:
    """When something happened; None when the row does not say, Unusable when it cannot be."""
    word = row.get(field, "").strip()
    if not word:
        return None
    try:
        at = datetime.fromisoformat(word)
        return moment((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp(), now)
    except (ValueError, OverflowError) as wrong:
        raise Unusable("impossible_time") from wrong


def sure_time(row: Row, field: str, now: datetime) -> datetime | None:
    """The same where a time that cannot be is none."""
    try:
        return time_of(row, field, now)
    except Unusable:
        return None


def tags_of(row: Row) -> tuple[str, ...]:
    """`<hops><lager>`, and as later dumps write it `|hops|lager|`."""
    words = row.get("Tags", "")
    return tuple(_TAG.findall(words) if "<" in words else [one for one in words.split("|") if one.strip()])


def read_post(row: Row, *, now: datetime, titles: Mapping[str, str]) -> Message:
    """A question or an answer. `titles`: question -> title, of those in the archive. Unusable says why not."""
    if row.get("PostTypeId") not in (QUESTION, ANSWER):
        raise Unusable("no_talk" if row.get("PostTypeId") else "no_kind")
    post, asks = id_of(row, "Id"), row["PostTypeId"] == QUESTION
    topic = post if asks else id_of(row, "ParentId")
    text = row.get("Body", "")
    author = author_of(row, post)[0]
    at = _at(row, post, topic, text, now, author)
    if nested_too_deep(text):
        raise Unusable("too_deep")
    return Message(
        id=post, at=at, stream=SITE, topic=topic, sender=author, text=pictures_as_links(text), title=titles.get(topic, ""), asks=True,
        edited_at=sure_time(row, "LastEditDate", now), lost=topic not in titles,
    )  # fmt: skip


def read_comment(row: Row, *, now: datetime, titles: Mapping[str, str], topic: str) -> Message:
    """A comment below a post of that topic."""
    number, text = id_of(row, "Id"), row.get("Text", "")
    comment = f"comment:{number}" if number else ""
    author = author_of(row, comment, "")[0]
    return Message(
        id=comment, at=_at(row, comment, topic, text, now, author), stream=SITE, topic=topic, sender=author, text=text, format="md",
        title=titles.get(topic, ""), asks=True, mentions=called(text), reply_to=id_of(row, "PostId"), lost=topic not in titles,
    )  # fmt: skip


def _at(row: Row, number: str, topic: str, text: str, now: datetime, author: str) -> datetime:
    """When a whole post or comment was written. Unusable says what it lacks."""
    if not number:
        raise Unusable("no_id")
    if not topic:
        raise Unusable("no_topic")
    at = time_of(row, "CreationDate", now)
    if at is None:
        raise Unusable("no_time")
    if has_bad_characters(text) or has_bad_characters(author):
        raise Unusable("bad_characters")
    if not text.strip():
        raise Unusable("no_text")
    return at
