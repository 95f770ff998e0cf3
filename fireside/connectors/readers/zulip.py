"""The three forms of a Zulip history, told apart by themselves, as one stream of records in one normal form.

A record: id, timestamp, stream (id), topic, sender (external id of a person), content, format. People and streams are known at
the end of the first reading (an archive names them only in its messages).
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fireside.connectors.readers.lines import json_lines
from fireside.connectors.rules.records import Found, Unusable, cut_id, has_bad_characters, in_words, readable, storable
from fireside.connectors.rules.zulip import decode, looks_encoded, split_stream
from fireside.lib.text import name_key, one_line

FILE_LIMIT = 512 * 1024 * 1024  # of one topic file or one part of an export
_SITE = re.compile(rb'href="(https?://[A-Za-z0-9.:-]+)/?#narrow/')


@dataclass(slots=True)
class Stream:
    id: str
    name: str
    about: str = ""
    openness: str = "open"
    made_at: float | None = None
    archived: bool = False
    protected: bool = False  # who comes later does not read what was said before

    @property
    def private(self) -> bool:
        """Read by those who were let in, and by nobody else."""
        return self.openness == "hidden"


@dataclass(slots=True)
class Person:
    id: str
    name: str
    weak: bool = False
    email: str = ""
    is_bot: bool = False
    joined: float | None = None
    active: bool = True
    listed: bool = False  # the source lists them, whether they ever wrote or not


@dataclass(slots=True)
class Known:
    """What a source tells besides its messages; filled while reading."""

    streams: dict[str, Stream] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


class Archive(ABC):
    """What every form has; most tell of nothing but messages."""

    form: str
    known: Known

    def site(self) -> str:
        return ""

    @abstractmethod
    def files(self) -> list[Path]:
        """What is read: by these a run knows the same archive again."""

    @abstractmethod
    def messages(self) -> Iterator[Found]:
        """Every message, or the place and the reason of what is none."""

    def reactions(self) -> Iterator[tuple[str, str, str]]:
        """Message, person, sign."""
        return iter(())

    def subscriptions(self) -> Iterator[tuple[str, str]]:
        """Stream, person."""
        return iter(())

    def gone(self) -> Iterator[tuple[str, str]]:
        """Stream, person: who was there once, and is not any more."""
        return iter(())

    def reads_all(self, stream: str, person: str) -> bool:
        """Whether somebody subscribed may read everything that was ever said there; known after the first reading."""
        return True

    def pictures(self) -> Iterator[tuple[str, list[Path]]]:
        """Person, and the files of their picture, the best first."""
        return iter(())

    def attachments(self) -> int | None:
        """How many files lie in the archive; None when it does not say."""
        return None


def by_name(name: str) -> str:
    """The weak external id of somebody whom the source knows by name only."""
    return cut_id(f"name:{name_key(name)}")


class JsonLines(Archive):
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


class Folder(Archive):
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


def read_json(path: Path) -> tuple[Any, str]:
    """A whole JSON file: (value, "") or (None, reason)."""
    if path.stat().st_size > FILE_LIMIT:
        return None, "too_long"
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig")), ""
    except UnicodeDecodeError:
        return None, "bad_encoding"
    except (ValueError, RecursionError):
        return None, "bad_json"


def open_archive(path: Path) -> Archive:
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
