"""The three forms of a Zulip history, told apart by themselves, as one stream of records in one normal form.

A record: id, timestamp, stream (id), topic, sender (external id of a person), content, format. People and streams are known at
the end of the first reading (an archive names them only in its messages).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Archive, Known, Person, Stream, by_name, read_json
from fireside.connectors.readers.lines import json_lines
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found, Unusable, has_bad_characters, in_words, readable, storable
from fireside.connectors.rules.zulip import decode, looks_encoded, read_message, split_stream
from fireside.lib.text import one_line

WANTED = re.compile(
    r"(^|/)(realm\.json|messages-\d+\.json(\.partial)?|attachment\.json|(avatars|uploads)/records\.json|avatars/\d+/[^/]+|stream_index\.json|zulip_json/[^/]+/[^/]+\.json|[^/]+\.(jsonl|ndjson)(\.gz)?)$"
)
_SITE = re.compile(rb'href="(https?://[A-Za-z0-9.:-]+)/?#narrow/')


class ZulipArchive(Archive):
    """What the three forms share: how a message is read."""

    @cached_property
    def _site(self) -> str:
        return self.site()

    def read(self, value: Any, now: datetime) -> Message:
        return read_message(value, now=now, site=self._site)


class JsonLines(ZulipArchive):
    """One message a line: id, timestamp, stream, topic, sender_full_name, content; also in several files (parts)."""

    form = "lines"

    def __init__(self, paths: list[Path]) -> None:
        self.paths, self.known = paths, Known()
        self._encoded: bool | None = None  # known after the first reading
        self._words: dict[str, tuple[str, str]] = {}
        self._senders: dict[str, str] = {}

    def files(self) -> list[Path]:
        return self.paths

    def messages(self) -> Iterator[Found]:
        """The first reading leaves topics as they are and learns whether they are written as addresses; the next ones decode.

        They are only if every one of them could be: a single plain space anywhere says that none is.
        """
        first, encoded = self._encoded is None, True
        for path in self.paths:
            for found in json_lines(path):
                if not isinstance(found.value, dict):
                    yield found if found.reason else Found(found.place, None, "not_a_record", found.raw)
                    continue
                if first and encoded:
                    topic = _topic_of(found.value)
                    encoded = not isinstance(topic, str) or looks_encoded(topic)
                yield Found(found.place, self._normal(found.value), "", found.raw)
        if first:
            self._encoded = encoded
            self.known.streams = {number: Stream(number, name) for number, name in map(self._split, self._words)}
            self._words.clear()

    def settled(self, message: Message) -> Message:
        return replace(message, topic=decode(message.topic)) if self._encoded else message

    @property
    def encoded(self) -> bool:
        return bool(self._encoded)

    def _split(self, stream: str) -> tuple[str, str]:
        return split_stream(stream, encoded=bool(self._encoded))

    def _normal(self, record: dict[str, Any]) -> dict[str, Any]:
        stream, topic = record.get("stream"), _topic_of(record)
        normal = {"id": record.get("id"), "timestamp": record.get("timestamp"), "content": record.get("content"), "topic": topic}
        if isinstance(stream, str) and stream:
            if stream not in self._words and not has_bad_characters(stream):
                self._words[stream] = self._split(stream)
            normal["stream"] = self._words[stream][0] if stream in self._words else stream
        if self._encoded and isinstance(topic, str):
            normal["topic"] = decode(topic)
        normal["sender"] = _sender(self.known, self._senders, record)
        return normal


def _topic_of(record: dict[str, Any]) -> Any:
    return record.get("topic", record.get("subject"))


def _sender(known: Known, seen: dict[str, str], record: dict[str, Any]) -> str | None:
    """Who wrote it: the source's own number where it has one, else the name. None when there is neither."""
    name, number = record.get("sender_full_name"), record.get("sender_id")
    if not isinstance(name, str):
        return None
    weak = isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 2**63
    if weak and name in seen:
        return seen[name]
    plain = one_line(name)
    if not plain or has_bad_characters(name):
        return None
    person = by_name(plain) if weak else str(number)
    if weak:
        seen[name] = person
    if person not in known.people:
        known.people[person] = Person(person, plain, weak=weak)
    return person


class Folder(ZulipArchive):
    """What zulip-archive writes: zulip_json/stream_index.json and zulip_json/STREAM/TOPIC.json, a list of messages each."""

    form = "folder"

    def __init__(self, folder: Path) -> None:
        self.folder, self.known = folder, Known()
        self._senders: dict[str, str] = {}
        self._names: dict[str, str] = {}
        try:
            index = json.loads((folder / "stream_index.json").read_bytes())
            for name, row in index["streams"].items():
                self._names[str(row["id"])] = storable(name)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass  # the folders' own names will do

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*/*.json") if path.is_file() and not path.is_symlink())

    def site(self) -> str:
        """Where it was: the archive's pages beside its JSON link every message back."""
        for page in (self.folder.parent / "stream").glob("*/topic/*.html"):
            if found := _SITE.search(page.read_bytes()[:20_000]):
                return found[1].decode().partition("//")[2]
        return ""

    def messages(self) -> Iterator[Found]:
        for path in self.files():
            number, name = split_stream(storable(path.parent.name), encoded=looks_encoded(path.parent.name))
            if number not in self.known.streams:
                self.known.streams[number] = Stream(number, self._names.get(number, storable(name)))
            topic, place = decode(path.stem), f"{path.parent.name}/{path.name}"
            records, reason = read_json(path)
            if not isinstance(records, list):
                yield Found(place, None, reason or "not_a_record", reason and readable(path.read_bytes()[:4096]))
                continue
            for i, record in enumerate(records):
                if not isinstance(record, dict):
                    yield Found(f"{place}[{i}]", None, "not_a_record", in_words(record))
                    continue
                sender = _sender(self.known, self._senders, record)
                yield Found(f"{place}[{i}]", {
                    "id": record.get("id"), "timestamp": record.get("timestamp"), "content": record.get("content"),
                    "stream": number, "topic": topic, "sender": sender,
                })  # fmt: skip


def open_archive(path: Path) -> ZulipArchive:
    """Whatever lies at `path`, as an archive. Unusable("not_zulip") when it is none of the three forms."""
    from fireside.connectors.readers.zulip_export import Export

    if path.is_file():
        if path.name.endswith((".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json.gz")):
            return JsonLines([path])
        if path.name in {"stream_index.json", "realm.json"}:
            return open_archive(path.parent)
        raise Unusable("not_zulip")
    if not path.is_dir():
        raise Unusable("no_such_path")
    for folder in [path, *sorted(one for one in path.iterdir() if one.is_dir() and not one.is_symlink())]:
        if (folder / "realm.json").is_file():
            return Export(folder)
        if (folder / "stream_index.json").is_file() or folder.name == "zulip_json":
            return Folder(folder)
    lines = sorted(one for one in path.iterdir() if one.is_file() and one.name.endswith((".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")))
    if lines:
        return JsonLines(lines)
    raise Unusable("not_zulip")
