"""One message, whatever it comes from: the shape in which every chat is brought in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fireside.connectors.rules.records import Unusable
from fireside.lib.text import shorten, straight

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
TITLE = 100  # characters of a topic's first words that stand for a title it does not have


@dataclass(frozen=True, slots=True)
class Message:
    """`sender` is the external id of a person; `mentions` are (their id or "", name) as the source writes them.

    `topic` is the name of the topic, or its id where the source has such; then `title` says what stands above it.
    """

    id: str
    at: datetime
    stream: str
    topic: str
    sender: str
    text: str
    format: str = "html"
    mentions: tuple[tuple[str, str], ...] = ()
    reply_to: str = ""
    files: tuple[str, ...] = ()  # of the archive, which the text names
    title: str = ""
    asks: bool | None = None  # is its topic a question? None: its first words decide
    edited_at: datetime | None = None  # when its words were last changed there
    lost: bool = False  # what its topic is called is not in this archive: it comes in only if the topic is here already


def moment(value: Any, now: datetime) -> datetime:
    """Seconds since 1970 as a time; Unusable when it cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unusable("no_time" if value is None else "impossible_time")
    if not EARLIEST <= value <= now.timestamp() + 86_400:
        raise Unusable("impossible_time")
    return datetime.fromtimestamp(value, UTC)


def day_of(stream: str, at: datetime) -> tuple[str, str]:
    """The topic of what was said in a room without topics, and its title: one day there. By UTC, so that every part of it agrees."""
    day = at.date().isoformat()
    return f"{stream}/{day}", day


def opening(text: str) -> str:
    """The first words of a topic, as its title."""
    return shorten(straight(text), TITLE)
