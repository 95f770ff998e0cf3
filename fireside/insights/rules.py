"""Pure decisions and small formulas: intervals of the calendar, Wilson, Gini, which files to merge."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Any, Literal

By = Literal["day", "week", "month"]
EPOCH = date(1970, 1, 1)
UNDATED = 0  # the day on which somebody joined of whom nobody knows when: before every other day
HIDE_BELOW = 20  # people: a share of fewer says more about chance than about the community
Z = 1.959963984540054  # 95 %

SMALL = 500_000  # rows: segments below this are merged when there are many
MANY = 6  # small segments of one month
LARGE = 4_000_000  # rows: a month above this is cut into buckets of the members' hash
BUCKETS = 16


def day_no(day: date) -> int:
    return (day - EPOCH).days


def day_of(no: int) -> date:
    return EPOCH + timedelta(days=no)


def month_of(no: int) -> str:
    """ "2026-11", of a day's number."""
    return day_of(no).isoformat()[:7]


def interval_of(no: int, by: By) -> int:
    """The running number of the day, week (from Monday) or month that the day is in."""
    if by == "day":
        return no
    if by == "week":
        return (no + 3) // 7  # 1 January 1970 was a Thursday
    day = day_of(no)
    return day.year * 12 + day.month - 1


def first_day(interval: int, by: By) -> int:
    """The first day of an interval."""
    if by == "day":
        return interval
    if by == "week":
        return interval * 7 - 3
    return day_no(date(interval // 12, interval % 12 + 1, 1))


def last_day(interval: int, by: By) -> int:
    return first_day(interval + 1, by) - 1


def wilson(hits: int, n: int) -> tuple[float, float] | None:
    """Wilson's interval of a share, 95 %. None of nothing. (E. B. Wilson, JASA 22, 1927.)"""
    if n <= 0:
        return None
    share, zz = hits / n, Z * Z
    middle = (share + zz / (2 * n)) / (1 + zz / n)
    half = Z * sqrt(share * (1 - share) / n + zz / (4 * n * n)) / (1 + zz / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def shown(hits: int, n: int) -> dict[str, Any]:
    """A share of people with its interval; of too few people only how many they are."""
    span = wilson(hits, n)
    if n < HIDE_BELOW or span is None:
        return {"n": n, "people": None, "share": None, "low": None, "high": None, "hidden": True}
    return {"n": n, "people": hits, "share": hits / n, "low": span[0], "high": span[1], "hidden": False}


def gini(counts: Iterable[tuple[int, int]]) -> float | None:
    """Gini's coefficient from (value, how many people) pairs: 0 = all the same, towards 1 = one does everything."""
    pairs = sorted((v, n) for v, n in counts if n > 0)
    people, total = sum(n for _v, n in pairs), sum(v * n for v, n in pairs)
    if not people or not total:
        return None
    before = weighted = 0
    for value, n in pairs:
        weighted += value * (n * before + n * (n + 1) // 2)  # the sum of ranks of these n people
        before += n
    return 2 * weighted / (people * total) - (people + 1) / people


def top_share(counts: Iterable[tuple[int, int]], share: float) -> tuple[int, float] | None:
    """(people, their part of everything) of the most active `share` of people, at least one person."""
    pairs = sorted(counts, reverse=True)
    people, total = sum(n for _v, n in pairs), sum(v * n for v, n in pairs)
    if not people or not total:
        return None
    wanted = left = max(1, ceil(people * share - 1e-9))
    taken = 0
    for value, n in pairs:
        taken += value * min(n, left)
        left -= min(n, left)
        if not left:
            break
    return wanted, taken / total


def absence_factor(counts: Iterable[tuple[int, int]], half: float = 0.5) -> int | None:
    """The smallest number of people who together make at least `half` of everything (CHAOSS, Contributor Absence Factor)."""
    pairs = sorted(counts, reverse=True)
    total = sum(v * n for v, n in pairs)
    if not total:
        return None
    people = made = 0
    for value, n in pairs:
        need = ceil((half * total - made) / value - 1e-9)
        if need <= n:
            return people + max(need, 0)
        people, made = people + n, made + value * n
    return people


def to_merge(segments: Sequence[tuple[int, int]]) -> list[int]:
    """Which segments of one month to merge: `(key, rows)` in, keys out. All small ones together, once there are many."""
    small = [(key, rows) for key, rows in segments if rows < SMALL]
    return [key for key, _rows in small] if len(small) >= MANY else []


def buckets_for(rows: int) -> int:
    """Into how many files of the members' hash a merged segment goes."""
    return BUCKETS if rows > LARGE else 1
