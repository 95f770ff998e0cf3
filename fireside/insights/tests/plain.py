"""Every metric a second time, in plain Python over the lines of the source file: no mirror, no engine, no code of the house.

Slow and simple on purpose. What an importer adds to the file is stated here once: a person joins with the first message, the
first message of a topic opens it, and an opening message with a question mark asks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from math import ceil, exp, log, sqrt
from zoneinfo import ZoneInfo

from fireside.insights.tests.archive import Said, is_bot

WORTH = {"joined": 1, "asked": 2, "opened": 3, "replied": 3}
CORE = {"joined": "participate", "asked": "participate", "opened": "share", "replied": "interact"}


def interval(day: date, by: str) -> date:
    """The first day of the day, week or month."""
    return {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[by]


def following(start: date, by: str, k: int = 1) -> date:
    if by != "month":
        return start + timedelta(days=k * (7 if by == "week" else 1))
    month = start.year * 12 + start.month - 1 + k
    return date(month // 12, month % 12 + 1, 1)


class Plain:
    """The archive as people did it, without bots."""

    def __init__(
        self, messages: Sequence[Said], zone: str, streams: Iterable[str] | None = None, bots: Iterable[str] | None = None
    ) -> None:
        tz = ZoneInfo(zone)
        self.bots = {m.who for m in messages if is_bot(m.who)} if bots is None else set(bots)
        self.inside = set(streams) if streams is not None else None
        self.acts: list[tuple[str, str, str, date, Said]] = []  # who, what, stream, day, message
        self.topics: dict[tuple[str, str], list[Said]] = defaultdict(list)
        known: set[str] = set()
        for m in messages:
            opens = m.topic not in self.topics
            self.topics[m.topic].append(m)
            if m.who in self.bots:
                continue
            day = datetime.fromtimestamp(m.at, UTC).astimezone(tz).date()
            if m.who not in known:
                known.add(m.who)
                if self.inside is None:
                    self.acts.append((m.who, "joined", "", day, m))
            if self.inside is None or m.stream in self.inside:
                self.acts.append((m.who, ("asked" if m.asks else "opened") if opens else "replied", m.stream, day, m))
        self.days: dict[str, set[date]] = defaultdict(set)
        for who, _what, _stream, day, _m in self.acts:
            self.days[who].add(day)
        self.came = {who: min(days) for who, days in self.days.items()}

    def here(self, low: date, high: date) -> set[str]:
        return {who for who, days in self.days.items() if any(low <= d <= high for d in days)}

    def active(self, day: date) -> tuple[int, int, int, float | None]:
        dau, wau, mau = (len(self.here(day - timedelta(days=n - 1), day)) for n in (1, 7, 28))
        each = [len(self.here(day - timedelta(days=i), day - timedelta(days=i))) for i in range(28)]
        return dau, wau, mau, sum(each) / 28 / mau if mau else None

    def members(self, start: date, by: str) -> dict[str, int]:
        end, before = following(start, by) - timedelta(days=1), following(start, by, -1)
        now, then = self.here(start, end), self.here(before, start - timedelta(days=1))
        new = {who for who, day in self.came.items() if start <= day <= end}
        return {"new": len(new), "active": len(now), "returning": len(now & then - new), "resurrected": len(now - then - new),
                "dormant": len(then - now)}  # fmt: skip

    def stayed(self, start: date, by: str, k: int, mode: str, last_over: date, bracket: tuple[int, int] = (1, 4)) -> tuple[int, int] | None:
        """(stayed, came) of a cohort after k intervals; None while nobody could have got there."""
        end = following(start, by) - timedelta(days=1)
        cohort = [who for who, day in self.came.items() if start <= day <= end]
        if following(start, by, bracket[1] if mode == "bracket" else k) > last_over:
            return None

        def was(who: str, n: int) -> bool:
            low = following(start, by, n)
            return any(low <= d < following(low, by) for d in self.days[who])

        reach = 0
        while following(start, by, reach + 1) <= last_over:
            reach += 1
        test = {"exact": lambda w: was(w, k), "on_or_after": lambda w: any(was(w, n) for n in range(k, reach + 1)),
                "unbroken": lambda w: all(was(w, n) for n in range(1, k + 1)),
                "bracket": lambda w: any(was(w, n) for n in range(bracket[0], bracket[1] + 1))}[mode]  # fmt: skip
        return sum(test(who) for who in cohort), len(cohort)

    def questions(self, low: date, high: date) -> list[tuple[Said, int | None]]:
        """Questions asked in the time, with the seconds to the first reply by another person."""
        out = []
        for who, what, _stream, day, m in self.acts:
            if what == "asked" and low <= day <= high:
                replies = [r.at for r in self.topics[m.topic][1:] if r.who != who and r.who not in self.bots]
                out.append((m, min(replies) - m.at if replies else None))
        return out

    def inferred(self, low: date, high: date) -> tuple[set[str], set[str], int]:
        """(helped, helpers, helps): askers who came back within 7 days of the first reply of another."""
        tz_days = {m.id: day for _w, _k, _s, day, m in self.acts}
        helped, helpers, helps = set(), set(), 0
        for who, what, _stream, _day, m in self.acts:
            if what != "asked":
                continue
            thread = self.topics[m.topic][1:]
            others = [r for r in thread if r.who != who and r.who not in self.bots]
            if not others:
                continue
            first = min(r.at for r in others)
            back = [r for r in thread if r.who == who and first < r.at <= first + 7 * 86_400]
            if back and low <= min(tz_days[r.id] for r in back) <= high:
                helped.add(who)
                helps += 1
                helpers |= {r.who for r in others if r.at == first} if len({r.who for r in others if r.at == first}) == 1 else set()
        return helped, helpers, helps

    def daily(self, *, by_stream: bool = False) -> dict[tuple[str, ...], float]:
        """(who, day) or (who, stream, day) -> capped worth."""
        worth: Counter[tuple[object, ...]] = Counter()
        for who, what, stream, day, _m in self.acts:
            if not by_stream or stream:
                worth[(who, stream, day) if by_stream else (who, day)] += WORTH[what]
        return {key: min(24, value) for key, value in worth.items()}

    def heat(self, at: date) -> dict[str, float]:
        out: dict[str, float] = defaultdict(float)
        for (who, day), worth in self.daily().items():
            if day <= at:
                out[who] += worth * 2 ** (-(at - day).days / 28)
        return dict(out)

    def space_heat(self, at: date) -> dict[str, tuple[float, float, int]]:
        """stream -> (heat, breadth, people)."""
        each: dict[str, Counter[str]] = defaultdict(Counter)
        for (who, stream, day), worth in self.daily(by_stream=True).items():
            if day <= at:
                each[stream][who] += worth * 2 ** (-(at - day).days / 7)
        out = {}
        for stream, people in each.items():
            total = sum(people.values())
            out[stream] = total, exp(-sum(h / total * log(h / total) for h in people.values())), len(people)
        return out

    def cores(self, low: date, high: date) -> dict[str, tuple[int, int]]:
        """core -> (acts, people)."""
        found = [(CORE[what], who) for who, what, _s, day, _m in self.acts if low <= day <= high]
        return {
            core: (sum(c == core for c, _w in found), len({w for c, w in found if c == core})) for core in set(CORE.values()) | {"honour"}
        }

    def posts(self, low: date, high: date) -> Counter[str]:
        return Counter(who for who, what, _s, day, _m in self.acts if what != "joined" and low <= day <= high)

    def answers(self, low: date, high: date) -> Counter[str]:
        return Counter(who for who, what, _s, day, m in self.acts
                       if what == "replied" and low <= day <= high and self.topics[m.topic][0].who != who
                       and self.topics[m.topic][0].who not in self.bots)  # fmt: skip


def kaplan_meier(waits: list[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(time, how many of all still wait), the product over the times of answers. By the definition."""
    still, out = 1.0, []
    for time in sorted({t for t, answered in waits if answered}):
        at_risk = sum(t >= time for t, _a in waits)
        still *= 1 - sum(t == time and answered for t, answered in waits) / at_risk
        out.append((time, still))
    return out


def reached(curve: list[tuple[float, float]], level: float) -> float | None:
    return next((time for time, still in curve if still <= level + 1e-12), None)


def concentration(counts: Counter[str]) -> dict[str, float | int | None]:
    values = sorted(counts.values(), reverse=True)
    n, total = len(values), sum(values)
    if not n:
        return {"absence_factor": None, "top_1": None, "top_10": None, "gini": None}
    made, factor = 0, 0
    while made * 2 < total:
        made, factor = made + values[factor], factor + 1
    return {"absence_factor": factor, "top_1": sum(values[: max(1, ceil(n / 100))]) / total, "top_10": sum(values[: max(1, ceil(n / 10))]) / total,
            "gini": sum(abs(a - b) for a in values for b in values) / (2 * n * total)}  # fmt: skip


def wilson(k: int, n: int) -> tuple[float, float]:
    """The two roots of (p − k/n)² = z²·p(1−p)/n: the definition, solved."""
    z2, share = 1.959963984540054**2, k / n
    a, b, c = 1 + z2 / n, -(2 * share + z2 / n), share * share
    root = sqrt(max(0.0, b * b - 4 * a * c))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)
