"""How Gitter writes things down: one message a row, words in Markdown, people called by their handles."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from fireside.connectors.rules.messages import Message, day_of, moment
from fireside.connectors.rules.records import Unusable, cut_id, has_bad_characters
from fireside.connectors.rules.times import read_time

COLUMNS = ("room_id", "room_uri", "sent_at", "from_userid", "from_username", "message_id", "text")
_CODE = re.compile(r"```.*?(?:```|$)|`[^`\n]*`", re.S)
_CALLED = re.compile(r"(?<![\w@./`-])@([A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}))")
_EVERYBODY = {"all", "everyone", "here", "channel"}


def read_row(row: Mapping[str, str], *, now: datetime) -> Message:
    """A message out of a row of the table. Unusable says why not."""
    for field, reason in (("message_id", "no_id"), ("room_id", "no_place"), ("from_userid", "no_sender"), ("sent_at", "no_time")):
        if not row.get(field, "").strip():
            raise Unusable(reason)
    text = row.get("text", "")
    if any(has_bad_characters(row[field]) for field in ("message_id", "room_id", "from_userid")) or has_bad_characters(text):
        raise Unusable("bad_characters")
    if not text.strip():
        raise Unusable("no_text")
    at, room = _time(row["sent_at"], now), cut_id(row["room_id"].strip(), 160)
    topic, title = day_of(room, at)
    return Message(
        id=cut_id(row["message_id"].strip()), at=at, stream=room, topic=topic, sender=cut_id(row["from_userid"].strip()), text=text,
        format="md", mentions=called(text), title=title, asks=False,
    )  # fmt: skip


def called(text: str) -> tuple[tuple[str, str], ...]:
    """Whom a message calls by handle, not in code."""
    if "@" not in text:
        return ()
    names = dict.fromkeys(name.rstrip("-_") for name in _CALLED.findall(_CODE.sub(" ", text)))
    return tuple(("", name) for name in names if name.casefold() not in _EVERYBODY)


def _time(words: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(words.strip())
        return moment((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp(), now)
    except (ValueError, OverflowError) as wrong:
        if isinstance(wrong, Unusable):
            raise
        return read_time(words, zone=UTC, now=now)
