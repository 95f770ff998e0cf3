"""What an importer hands over: plain rows, ids of the source as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class TopicIn:
    """A topic of an archive. `asks` None: its first words decide."""

    external_id: str
    space_id: int
    title: str
    asks: bool | None = None


@dataclass(frozen=True, slots=True)
class PostIn:
    """A post of an archive. `topic` and `reply_to` are the archive's own ids; `mentions` are ids of members."""

    external_id: str
    topic: str
    space_id: int
    author_id: int
    at: datetime
    text: str
    format: str = "html"
    mentions: Sequence[int] = ()
    reply_to: str | None = None
    edited_at: datetime | None = None  # when its words were last changed there; what they said before is not told


@dataclass(frozen=True, slots=True)
class ReactionIn:
    """A reaction of an archive to one of its posts; the sign keeps the archive's name for it."""

    external_id: str
    post: str
    member_id: int
    sign: str
    at: datetime


class Counts(NamedTuple):
    """What became of the rows: `imported` are new, `unchanged` were here before, `rejected` answer to nothing here."""

    imported: int
    unchanged: int
    rejected: int = 0


def pieces(rows: Sequence[Any], size: int = 900) -> list[Sequence[Any]]:
    """In pieces that fit into one statement."""
    return [rows[i : i + size] for i in range(0, len(rows), size)]
