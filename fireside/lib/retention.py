"""How long things are kept. Each app says in its retention.py what it lets go of; the community chooses the days, one round does all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Drop = Callable[[Any, datetime], int]


@dataclass(frozen=True)
class Period:
    """`call(actor, before)` lets go of what is older than `before` and says how much that was; `days` is what counts until somebody chooses."""

    name: str
    words: Any  # what is kept so long, for people
    days: int
    least: int
    most: int
    call: Drop


PERIODS: dict[str, Period] = {}


def keeps(name: str, words: Any, *, days: int, least: int = 1, most: int = 3650) -> Callable[[Drop], Drop]:
    """Mark `def f(actor, before)` as what lets go of one kind of thing."""

    def wrap(call: Drop) -> Drop:
        if PERIODS.setdefault(name, Period(name, words, days, least, most, call)).call is not call:
            raise ValueError(f"How long {name} are kept is said twice.")
        return call

    return wrap
