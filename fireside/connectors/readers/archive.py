"""What every history of talk looks like to the work that brings it in: people, streams, messages, and what stands beside them."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fireside.connectors.rules.asked import Asked
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found, cut_id
from fireside.lib.text import name_key

FILE_LIMIT = 512 * 1024 * 1024  # of one file that is read whole


@dataclass(slots=True)
class Stream:
    id: str
    name: str
    about: str = ""
    openness: str = "open"
    made_at: float | None = None
    archived: bool = False
    protected: bool = False  # who comes later does not read what was said before
    parent: str = ""  # the stream in which it stands
    unsure: bool = False  # nobody says who may read there: hidden until somebody here opens it

    @property
    def private(self) -> bool:
        """Read by those who were let in, and by nobody else."""
        return self.openness == "hidden" and not self.unsure


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


@dataclass(frozen=True, slots=True)
class HelpSaid:
    """`person` says that a post helped them, or (`accepts`) that it is the answer. `id` is the source's own or made of what it says."""

    id: str
    post: str
    person: str
    at: datetime
    accepts: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the source says of a whole topic: its tags, since when nobody replies there any more, and where it is pinned."""

    topic: str
    tags: tuple[str, ...] = ()
    closed_at: datetime | None = None
    pinned_at: datetime | None = None
    pinned_until: datetime | None = None  # None: until somebody unpins it
    above_all: bool = False  # it is pinned above the talk of every space


class Names(dict[str, str]):
    """Names that are learnt while reading; `missed`: one was asked for that is not known, or not yet."""

    missed = False

    def get(self, key: str, default: Any = None) -> Any:
        found = super().get(key)
        self.missed = self.missed or found is None
        return default if found is None else found


@dataclass(slots=True)
class Known:
    """What a source tells besides its messages; filled while reading."""

    streams: dict[str, Stream] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


class Archive(ABC):
    """What every form has; most tell of nothing but messages."""

    form: str
    known: Known
    asked = Asked()  # by whoever brings it in
    slow_to_open = False  # a glance only says what it is
    signs_have_times = False
    named_topics = True  # a topic is told by its name, which may change there; else by an id of its own
    in_doubt = False  # told by `read`: once everything has been read it would make something else of this record; it is asked again then

    @abstractmethod
    def read(self, value: Any, now: datetime) -> Message:
        """One of its records as a message. Unusable says why not. What it makes of a record stands, unless it says that it is in doubt."""

    def settled(self, message: Message) -> Message:
        """A message of the first reading, once everything was read."""
        return message

    def why_not(self) -> str:
        """Why nothing in it may come in as it was asked for: a reason, or ""."""
        return ""

    def site(self) -> str:
        return ""

    @abstractmethod
    def files(self) -> list[Path]:
        """What is read: by these a run knows the same archive again."""

    @abstractmethod
    def messages(self) -> Iterator[Found]:
        """Every message, or the place and the reason of what is none."""

    def reactions(self) -> Iterator[tuple[Any, ...]]:
        """Message, person, sign; where the source keeps it, also when."""
        return iter(())

    def helps(self) -> Iterator[HelpSaid]:
        """Which answers were accepted, and who was helped by what."""
        return iter(())

    def standings(self) -> Iterator[Standing]:
        """Topics that are closed, are pinned or bear tags."""
        return iter(())

    def counters(self) -> Iterator[tuple[str, str, int]]:
        """What the source itself counts: one of COUNTERS (connectors/agreement.py), the id of the topic or message, how many."""
        return iter(())

    def threads(self) -> set[tuple[str, str]] | None:
        """(stream, topic) of every topic, where only the whole first reading tells which there are."""
        return None

    def left_out(self) -> Iterator[tuple[str, str, int]]:
        """Of these counters, by topic or message, how many of what they count was left out, and is among the rejected."""
        return iter(())

    def unmet(self) -> dict[str, str]:
        """Counters that cannot be met by this archive, and why (a code of WHY)."""
        return {}

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

    def also(self) -> dict[str, int]:
        """What else whoever brings it in should know: counts of NOTES."""
        return {}

    def attachments(self) -> int | None:
        """How many files lie in the archive; None when it does not say."""
        return None


def by_name(name: str) -> str:
    """The weak external id of somebody whom the source knows by name only."""
    return cut_id(f"name:{name_key(name)}")


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
