"""Days, weeks from Monday, months; and which of them are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE = timedelta(days=1)


def interval(day: date, by: str) -> date:
    """The first day of the day, week or month."""
    return {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[by]


def following(start: date, by: str, k: int = 1) -> date:
    if by != "month":
        return start + timedelta(days=k * (7 if by == "week" else 1))
    month = start.year * 12 + start.month - 1 + k
    return date(month // 12, month % 12 + 1, 1)


def last_of(start: date, by: str) -> date:
    return following(start, by) - ONE


@dataclass(frozen=True)
class Span:
    """What is asked for: both days included; `today` is the day on which we look."""

    since: date
    until: date
    by: str
    today: date

    def each(self) -> Iterator[tuple[date, date]]:
        """First and last day of every interval that is touched."""
        start = interval(self.since, self.by)
        while start <= self.until:
            yield start, last_of(start, self.by)
            start = following(start, self.by)

    def row(self, start: date, end: date) -> dict[str, object]:
        partial = end >= self.today or start < self.since or end > self.until
        return {"start": start.isoformat(), "end": end.isoformat(), "partial": partial}

    def finished(self) -> date:
        """The first day of the last interval that was over."""
        start = interval(min(self.until, self.today), self.by)
        return start if last_of(start, self.by) < self.today and last_of(start, self.by) <= self.until else following(start, self.by, -1)
