"""What a digest is made of: sections, each from the app that owns what it tells of. Higher apps register theirs in queries/digest.py.

    @section("talk", order=10)
    def popular(viewer, since, now) -> Section | None

A section asks only for what the viewer may read, and answers None when it has nothing to say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Item:
    """One thing of a section. `words` stands under it: where it is, who speaks there."""

    title: str
    url: str  # an address of this house: "/t/7"
    words: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    items: Sequence[Item]


Make = Callable[[Any, datetime, datetime], Section | None]
SECTIONS: dict[str, tuple[int, Make]] = {}


def section(name: str, *, order: int) -> Callable[[Make], Make]:
    """Mark a question as a section of the digest; the lowest order stands first."""

    def wrap(call: Make) -> Make:
        if SECTIONS.setdefault(name, (order, call))[1] is not call:
            raise ValueError(f"Section {name} is declared twice.")
        return call

    return wrap


def sections_for(viewer: Any, since: datetime, now: datetime) -> list[Section]:
    """What a digest for this member says, in the language in force. Empty: nothing happened that concerns them."""
    made = (call(viewer, since, now) for _order, call in sorted(SECTIONS.values(), key=lambda one: one[0]))
    return [one for one in made if one is not None and one.items]
