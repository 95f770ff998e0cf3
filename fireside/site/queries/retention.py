"""How long things are kept here."""

from dataclasses import dataclass
from typing import Any

from fireside.lib.retention import PERIODS
from fireside.members.queries import kept_days


@dataclass(frozen=True)
class PeriodRow:
    name: str
    words: Any
    kept: int  # days, as this community chose
    days: int  # as the house does by itself
    least: int
    most: int


def periods() -> list[PeriodRow]:
    return [PeriodRow(one.name, one.words, kept_days(one.name), one.days, one.least, one.most) for one in PERIODS.values()]
