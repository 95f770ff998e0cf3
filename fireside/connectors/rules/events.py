"""One line of an activity file: who did what, when, where, to what. The format is told in docs/importing.md."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from fireside.connectors.rules.records import Unusable, has_bad_characters, nested_too_deep
from fireside.connectors.rules.times import read_time
from fireside.lib.text import one_line

KINDS = ("joined", "asked", "opened", "replied", "reacted", "thanked", "helped", "accepted")
SAID = ("asked", "opened", "replied")
SECOND = frozenset({"reacted", "thanked", "helped", "accepted"})  # they speak of posts, so they come in after all posts
_WORDS = {
    "join": "joined", "member_joined": "joined", "ask": "asked", "question": "asked", "open": "opened", "topic": "opened", "post": "opened",
    "reply": "replied", "answer": "replied", "answered": "replied", "comment": "replied", "react": "reacted", "reaction": "reacted",
    "like": "reacted", "liked": "reacted", "thank": "thanked", "thanks": "thanked", "help": "helped", "accept": "accepted", "solved": "accepted",
    "加入": "joined", "提问": "asked", "发起": "opened", "发帖": "opened", "回复": "replied", "回帖": "replied", "点赞": "reacted",
    "感谢": "thanked", "帮到": "helped", "采纳": "accepted",
}  # fmt: skip
HEART = "heart"
UNTOLD = "…"  # the words of a reply of which only is told that it was given


@dataclass(frozen=True, slots=True)
class Event:
    """A line that can be taken in. Ids are the source's own; `at` is UTC."""

    id: str
    kind: str
    at: datetime
    actor: str
    actor_name: str = ""
    actor_email: str = ""
    is_bot: bool = False
    space: str = ""
    topic: str = ""
    title: str = ""
    text: str = ""
    format: str = "md"
    target: str = ""
    sign: str = ""
    reply_to: str = ""
    mentions: tuple[str, ...] = ()
    raw: Any = field(default=None, compare=False)


def kind_of(record: Any) -> str:
    """The kind a line names, or "": in short, in full, or in a usual word of either language."""
    word = record.get("kind") if isinstance(record, Mapping) else None
    word = word.strip().casefold() if isinstance(word, str) else ""
    word = word.rpartition(".")[2] if word.count(".") == 1 else word
    return word if word in KINDS else _WORDS.get(word, "")


def read_event(record: Any, *, zone: tzinfo, now: datetime, raw: Any = None) -> Event:
    """The line as an event, or Unusable. Without an id of its own it gets one from everything it says, so that a copy is known again."""
    if not isinstance(record, Mapping):
        raise Unusable("not_a_record")
    kind = kind_of(record)
    if not kind:
        raise Unusable("no_kind")
    words = {key: _word(record.get(key)) for key in LINES}
    text = record.get("text") or ""
    if not isinstance(text, str):
        raise Unusable("no_text")
    mentions = record.get("mentions") or ()
    if isinstance(mentions, str):
        mentions = [word for word in mentions.replace(";", ",").split(",") if word.strip()]
    if not isinstance(mentions, list | tuple):
        mentions = ()
    called = tuple(_word(one) for one in mentions)
    if any(has_bad_characters(one) for one in (*words.values(), text, *called)):
        raise Unusable("bad_characters")
    if not words["actor"]:
        raise Unusable("no_actor")
    if any(len(words[key]) > 180 for key in ("id", "actor", "space", "topic", "target", "reply_to")):
        raise Unusable("too_long")
    if words["format"].casefold() == "html" and nested_too_deep(text):
        raise Unusable("too_deep")
    at = read_time(record.get("at"), zone=zone, now=now)
    text = text.strip() or (words["title"] if kind in ("asked", "opened") else "")
    if kind in ("asked", "opened") and not text:
        raise Unusable("no_text")
    if kind in SECOND and not words["target"]:
        raise Unusable("no_target")
    number = words["id"] or _made_id(kind, at, words, text)  # of what the line says: a reply without words has none in it
    if kind in ("asked", "opened"):
        words["topic"] = words["topic"] or number
    text = text or (UNTOLD if kind == "replied" else "")
    if kind == "replied" and not words["topic"]:
        raise Unusable("no_place")
    return Event(
        id=number, kind=kind, at=at, actor=words["actor"], actor_name=words["actor_name"], actor_email=words["actor_email"],
        is_bot=words["bot"].casefold() in {"1", "true", "yes", "是"}, space=words["space"], topic=words["topic"], title=words["title"],
        text=text, format="html" if words["format"].casefold() == "html" else "md", target=words["target"],
        sign=HEART if kind == "thanked" else words["sign"][:40] or "agree", reply_to=words["reply_to"], mentions=called, raw=raw,
    )  # fmt: skip


LINES = ("id", "actor", "actor_name", "actor_email", "bot", "space", "topic", "title", "format", "target", "sign", "reply_to")


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return one_line(str(value)) if isinstance(value, str | int | float) else ""


def _made_id(kind: str, at: datetime, words: Mapping[str, str], text: str) -> str:
    said = json.dumps([kind, at.isoformat(), *(words[key] for key in ("actor", "space", "topic", "title", "target", "sign")), text])
    return f"line:{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
