"""The ChatLab interchange format, into which most exporters of chats convert: one conversation a file, JSON or JSON lines.

A conversation of many becomes a space for those who were in it. One of two is nobody else's, and stays out unless it is asked for.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Archive
from fireside.connectors.readers.json_lists import json_lists
from fireside.connectors.readers.lines import json_lines
from fireside.connectors.readers.talks import Talk, Talks
from fireside.connectors.readers.texts import files_in, first_characters
from fireside.connectors.rules.chatlab import id_of, name_of, read_record, sender_of
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.plain_words import Ordinals
from fireside.connectors.rules.records import Found, Unusable, cut_id, storable
from fireside.lib.text import name_key, one_line

WANTED = re.compile(r"(^|/)[^/]+\.(json|jsonl|ndjson)(\.gz)?$", re.I)
_START = 64 * 1024
_HEADER = re.compile(r'"chatlab"\s*:\s*\{')
_LINES = re.compile(r'\s*(#[^\n]*\n\s*)*\{[^\n]*"_type"\s*:\s*"header"')
_REMARKS = re.compile(r"\s*(#[^\n]*\n\s*)*")


LISTS = {
    "members": r'"(?:platformId|accountName|groupNickname|aliases|avatar|roles)"',
    "messages": r'"(?:sender|accountName|groupNickname|timestamp|type|content|platformMessageId|replyToMessageId)"',
}


class Conversations(Talks):
    """People are known by their accounts on the platform, whichever conversation they speak in."""

    form = "chatlab"

    def __init__(self, paths: list[Path]) -> None:
        super().__init__()
        self.paths = paths
        self._of = {path: self.talks.setdefault(one.stream, one) for path in paths for one in (_talk(path),)}

    def site(self) -> str:
        """The platform, so that somebody who speaks in several of its conversations is one person here."""
        platforms = {one.platform for one in self.talks.values()}
        return platforms.pop() if len(platforms) == 1 else "mixed"

    def files(self) -> list[Path]:
        return self.paths

    def read(self, value: Any, now: datetime) -> Message:
        stream, record, ordinal = value
        talk = self.talks[stream]
        self.in_doubt = "@" in str(record.get("content"))  # who bears a name is known at the end
        return read_record(record, stream, ordinal, platform=talk.platform, names=talk.names, now=now)

    def messages(self) -> Iterator[Found]:
        for path, talk in self._of.items():
            if not self.let_in(talk):
                yield from (Found(found.place, None, "one_to_one") for what, found in records(path) if what == "message")
                continue
            ordinals = Ordinals()
            for what, found in records(path):
                if found.reason:
                    yield found
                elif what == "member":
                    self._met(talk, found.value, found.value.get("platformId"), listed=True)
                elif what == "message":
                    one = found.value
                    self._met(talk, one, sender_of(one, talk.stream), listed=False)
                    same = [str(one.get(key)) for key in ("sender", "accountName", "type", "content")]
                    yield Found(found.place, (talk.stream, one, ordinals.next(str(one.get("timestamp")), *same)), "", found.raw)

    def _met(self, talk: Talk, record: dict[str, Any], person: Any, *, listed: bool) -> None:
        aliases = record.get("aliases")
        called = (record.get("accountName"), record.get("groupNickname"), *(aliases if isinstance(aliases, list) else ()))
        self.note(talk, cut_id(id_of(person)), name_of(record), called, listed=listed)


def records(path: Path) -> Iterator[tuple[str, Found]]:
    """("member" | "message", record) of a file in either form."""
    if not _in_lines(path):
        for key, found in json_lists(path, LISTS):
            if key in LISTS and (found.reason or isinstance(found.value, dict)):
                yield key.removesuffix("s"), found
            elif found.reason:
                yield "message", found
        return
    for found in json_lines(path):
        if found.reason == "bad_json" and found.raw.startswith("#"):
            continue  # a remark
        if not found.reason and not isinstance(found.value, dict):
            yield "message", Found(found.place, None, "not_a_record", found.raw)
        elif found.reason or (what := found.value.get("_type")) in ("member", "message"):
            yield ("message" if found.reason else what), found
        elif what != "header":
            yield "message", Found(found.place, None, "no_kind", found.raw)


def _in_lines(path: Path) -> bool:
    return _LINES.match(first_characters(path, _START)) is not None


def _talk(path: Path) -> Talk:
    """What the file says of the conversation. Unusable("not_chatlab") when it says nothing of one."""
    found: dict[str, Any] = {}
    for key, one in _fields(path):
        if key in ("chatlab", "meta") and isinstance(one.value, dict):
            found[key] = one.value
        if len(found) == 2:
            break
    meta = found.get("meta")
    if meta is None:
        raise Unusable("not_chatlab")
    words = {key: one_line(storable(str(meta.get(key) or ""))) for key in ("name", "platform", "type", "groupId")}
    name = words["name"] or words["groupId"] or path.name.partition(".")[0]
    of_two = words["type"] != "group"
    stream = words["groupId"] or f"name:{name_key(name)}"
    return Talk(cut_id(f"private/{stream}" if of_two else stream, 160), name, of_two, words["platform"].lower()[:40] or "chat")


def _fields(path: Path) -> Iterator[tuple[str, Found]]:
    if not _in_lines(path):
        yield from json_lists(path, LISTS)
        return
    head = next((found.value for found in json_lines(path) if isinstance(found.value, dict)), {})
    yield from ((key, Found(path.name, value)) for key, value in head.items())


def open_archive(path: Path) -> Archive:
    """Unusable("not_chatlab") when no file says that it is one."""
    found = files_in(path, WANTED, is_chatlab)
    if not found or not is_chatlab(found[0]):
        raise Unusable("not_chatlab")
    return Conversations(found)


def is_chatlab(path: Path) -> bool:
    return looks_like_it(first_characters(path, _START))


def looks_like_it(start: str) -> bool:
    """By its head: every file of this format says so before its messages."""
    return _REMARKS.sub("", start, count=1).startswith("{") and _HEADER.search(start) is not None
