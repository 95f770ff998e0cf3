"""How DiscordChatExporter writes a message of Discord down, and what of its records is somebody's word."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from fireside.connectors.rules.messages import Message, day_of, moment
from fireside.connectors.rules.records import Unusable, cut_id, has_bad_characters
from fireside.connectors.rules.slack_words import SIGN
from fireside.lib.text import one_line

SAID = frozenset(["Default", "Reply", "0", "19", "20", "23"])  # 20 and 23: what a program answers to a command
JOINED = frozenset(["GuildMemberJoin", "7"])
DIRECT = frozenset(["DirectTextChat", "DirectGroupTextChat"])
THREADS = frozenset(["GuildPublicThread", "GuildNewsThread"])
PRIVATE_THREAD = "GuildPrivateThread"
STICKER, FORWARDED = "\U0001f609 ", "\U0001f4e8 "
_ID = re.compile(r"\d{1,24}", re.ASCII)
_TOKEN = re.compile(r"<(?:@[!&]?|#)(\d{1,24})>|<a?(:\w{1,40}:)\d{1,24}>|<t:(-?\d{1,11})(?::\w)?>", re.ASCII)
Names = Mapping[str, str]


def id_of(value: Any) -> str:
    """A number of Discord, written as a word. "" of anything else."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def name_of(person: Mapping[str, Any]) -> str:
    """What somebody is called in this community, else by their account."""
    return next((one_line(one) for one in (person.get("nickname"), person.get("name")) if isinstance(one, str) and one.strip()), "")


def kind_of(record: Mapping[str, Any]) -> str:
    kind = record.get("type", "Default")
    return kind if isinstance(kind, str) else str(kind)


def rows(record: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The objects of one of its lists."""
    given = record.get(name)
    return (one for one in (given if isinstance(given, list) else ()) if isinstance(one, Mapping))


def people_of(record: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Who is told of in a message, and whether they did something themselves: its author, who gave a sign, who is called."""
    author = record.get("author")
    if isinstance(author, Mapping):
        yield author, True
    for sign in rows(record, "reactions"):
        yield from ((person, True) for person in rows(sign, "users"))
    yield from ((person, False) for person in rows(record, "mentions"))


def sign_of(reaction: Mapping[str, Any]) -> str:
    """The sign itself, or the name of one that only this community has."""
    emoji = reaction.get("emoji")
    name = emoji.get("name") if isinstance(emoji, Mapping) else ""
    return name[:40] if isinstance(name, str) else ""


def time_of(record: Mapping[str, Any], now: datetime) -> datetime:
    said = record.get("timestamp")
    if not isinstance(said, str) or not said.strip():
        raise Unusable("no_time")
    try:
        at = datetime.fromisoformat(said.strip())
        seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise Unusable("impossible_time") from None
    return moment(seconds, now)


def sure_time(said: Any, now: datetime) -> datetime | None:
    """None where there is none, or one that cannot be."""
    try:
        return time_of({"timestamp": said}, now)
    except Unusable:
        return None


def read_record(record: Any, stream: str, thread: tuple[str, str], *, people: Names, channels: Names, now: datetime) -> Message:
    """A message of a channel. `thread`: the id of its topic and what stands above it; ("", "") outside of threads. Unusable says why not."""
    if not isinstance(record, Mapping):
        raise Unusable("not_a_record")
    if kind_of(record) not in SAID:
        raise Unusable("no_ones_words")
    own, author = id_of(record.get("id")), record.get("author")
    if not own:
        raise Unusable("no_id")
    at, sender = time_of(record, now), id_of(author.get("id")) if isinstance(author, Mapping) else ""
    if not sender:
        raise Unusable("no_sender")
    words, files = _words(record, people, channels)
    if has_bad_characters(words):
        raise Unusable("bad_characters")
    if not words.strip():
        raise Unusable("no_text")
    topic, title = thread if thread[0] else day_of(stream, at)
    called = dict.fromkeys((id_of(one.get("id")), name_of(one)) for one in rows(record, "mentions"))
    answered = record.get("reference")
    return Message(
        id=own, at=at, stream=stream, topic=topic, sender=sender, text=words, format="md", mentions=tuple(one for one in called if one[0]),
        reply_to=id_of(answered.get("messageId")) if isinstance(answered, Mapping) and kind_of(record) in ("Reply", "19") else "",
        files=files, title=title, asks=None if thread[0] else False, edited_at=sure_time(record.get("timestampEdited"), now),
    )  # fmt: skip


def _words(record: Mapping[str, Any], people: Names, channels: Names) -> tuple[str, tuple[str, ...]]:
    """What it says, with the names of its files and stickers below; and which files these are. They stay at Discord."""
    parts = [_said(record, people, channels)]
    forwarded = record.get("forwardedMessage")
    if isinstance(forwarded, Mapping):
        said = _said(forwarded, people, channels)
        parts.append(FORWARDED + "\n" + "\n".join(f"> {line}" for line in said.splitlines()) if said else FORWARDED)
    files = {}
    for one in rows(record, "attachments"):
        name = one_line(str(one.get("fileName") or ""))
        if name:
            files[cut_id(str(one.get("id") or name))] = SIGN + name
    stickers = [STICKER + one_line(str(one.get("name") or "")) for one in rows(record, "stickers")]
    return "\n\n".join(one for one in (*parts, *files.values(), *stickers) if one.strip()), tuple(files)


def _said(record: Mapping[str, Any], people: Names, channels: Names) -> str:
    """Its own words; of a message without any what a program shows below it."""
    content = record.get("content")
    if isinstance(content, str) and content.strip():
        return _TOKEN.sub(lambda one: _named(one, people, channels), content).strip()
    shown = ((one.get("title"), one.get("description")) for one in rows(record, "embeds"))
    return "\n\n".join(words for pair in shown for words in pair if isinstance(words, str) and words.strip())


def _named(token: re.Match[str], people: Names, channels: Names) -> str:
    number, sign, seconds = token.groups()
    if sign:
        return sign
    if seconds:
        try:
            return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d %H:%M} UTC"
        except (OverflowError, ValueError, OSError):
            return token[0]
    mark = "#" if token[0].startswith("<#") else "@"
    return f"{mark}{(channels if mark == '#' else people).get(number) or number}"
