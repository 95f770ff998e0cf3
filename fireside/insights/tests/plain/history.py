"""What people did, one act after another, and a view of it: in one time zone, with or without bots, everywhere or in some places."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from .days import ONE, Span

WORTH = {"belonged": 1, "joined": 1, "asked": 2, "opened": 3, "replied": 3, "reacted": 1, "thanked": 1, "helped": 1, "accepted": 2}
CORE = {"belonged": "participate", "joined": "participate", "asked": "participate", "opened": "share", "replied": "interact",
        "reacted": "interact", "thanked": "interact", "helped": "honour", "accepted": "honour"}  # fmt: skip
SAID = ("asked", "opened", "replied")


@dataclass(frozen=True)
class Act:
    """One act of one trace. `post` and `topic` are what it is about, `to` is the trace whom it concerns ("" = nobody)."""

    what: str
    at: float  # seconds
    who: str = ""
    place: str = ""
    topic: str = ""
    post: str = ""
    to: str = ""


@dataclass(frozen=True)
class History:
    """Acts in the order in which they were written down, and who is who among the traces."""

    acts: list[Act]
    bots: Collection[str] = ()
    staff: Collection[str] = ()
    same: Mapping[str, str] = field(default_factory=dict)  # trace -> the trace that stands for the person
    elsewhere: bool = True  # brought in: nobody there could say that something helped


class View:
    """A history as somebody asks for it."""

    def __init__(
        self, history: History, zone: str, now: datetime, *, places: Collection[str] | None = None, with_bots: bool = False, staff: str = ""
    ) -> None:
        self.history, self.places, self.with_bots, self.staff_said = history, places, with_bots, staff
        self.zone, self.now = ZoneInfo(zone), int(now.timestamp() * 1000) / 1000
        self._days: dict[float, date] = {}
        self.today = self.day(self.now)
        self.bots = {self.person(trace) for trace in history.bots}
        self.staff = {self.person(trace) for trace in history.staff}
        self.acts = [act for act in history.acts if act.at <= self.now]
        self.inside = [act for act in self.acts if places is None or act.place in places]
        self.opening = {act.topic: act for act in reversed(self.acts) if act.what in ("asked", "opened")}
        self.about: dict[str, list[Act]] = defaultdict(list)  # topic -> what was done there, in order
        for act in self.acts:
            self.about[act.topic].append(act)
        self.gone = self.removed()
        self.watched = max((act.at for act in self.acts if act.what in SAID), default=self.now) if history.elsewhere else self.now

    def day(self, at: float) -> date:
        if at not in self._days:
            self._days[at] = self.local(at).date()
        return self._days[at]

    def local(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, UTC).astimezone(self.zone)

    def person(self, trace: str) -> str:
        return self.history.same.get(trace, trace)

    def counts(self, trace: str, staff: str = "include") -> bool:
        """Is this one of the people asked about?"""
        person, staff = self.person(trace), self.staff_said or staff
        if not person or (person in self.bots and not self.with_bots):
            return False
        return staff == "include" or (person in self.staff) == (staff == "only")

    def span(self, since: date, until: date, by: str) -> Span:
        return Span(since, min(until, self.today), by, self.today)

    def done(self, *what: str, until: date, since: date = date.min, staff: str = "include") -> list[tuple[str, date, Act]]:
        """(person, day, act) of what was done in the time, here, by those asked about."""
        found = []
        for act in self.inside:
            if act.what in (what or WORTH) and self.counts(act.who, staff):
                day = self.day(act.at)
                if since <= day <= until:
                    found.append((self.person(act.who), day, act))
        return found

    def active_days(self, until: date) -> dict[str, set[date]]:
        """person -> days with an act that counts."""
        days: dict[str, set[date]] = defaultdict(set)
        for person, day, _act in self.done(until=until):
            days[person].add(day)
        return dict(days)

    def seen(self, days: Mapping[str, set[date]], low: date, high: date) -> set[str]:
        """Distinct people active in a time: each once, however many days."""
        each = {low + i * ONE for i in range((high - low).days + 1)}
        return {who for who, when in days.items() if not each.isdisjoint(when)}

    def came(self, until: date) -> dict[str, date]:
        """person -> the day of the first trace ever; in a place, of the first act there."""
        return {who: min(days) for who, days in self.active_days(until).items()}

    def asks(self, topic: str) -> bool:
        """Does the topic ask, by its own first post or by the last word of people on it?"""
        said = [act.what for act in self.about[topic] if act.what in ("made_question", "made_talk")]
        return said[-1] == "made_question" if said else self.opening[topic].what == "asked"

    def removed(self) -> set[str]:
        """Posts that are gone now."""
        gone: dict[str, int] = defaultdict(int)
        for act in self.acts:
            gone[act.post] += {"removed": 1, "restored": -1}.get(act.what, 0)
        return {post for post, net in gone.items() if net > 0}
