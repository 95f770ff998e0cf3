"""How warm it is, of what kind, on how few it rests, what was said."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from math import exp, log
from typing import Any

from .curves import concentration
from .days import Span
from .history import CORE, SAID, WORTH, View

CAP = 24
BANDS = (0, 1, 4, 16, 64, 256)


class Acts(View):
    # ── heat ──
    def daily(self, until: date, *, placed: bool) -> dict[tuple[str, str, date], int]:
        """(person, place, day) -> what the acts were worth, capped. Without places the cap is of the whole day."""
        worth: Counter[tuple[str, str, date]] = Counter()
        for person, day, act in self.done(until=until, staff="exclude"):
            if act.place or not placed:
                worth[person, act.place if placed else "", day] += WORTH[act.what]
        return {key: self.capped(value) for key, value in worth.items()}

    def capped(self, worth: int) -> int:
        return min(CAP, worth)

    def fading(self, worth: int, day: date, at: date, half_life: int) -> float:
        return worth * 2 ** (-(at - day).days / half_life)

    def heat(self, span: Span, mode: str) -> dict[str, Any]:
        half = {"members": 28, "spaces": 7}[mode]
        daily = self.daily(span.until, placed=mode == "spaces")

        def total(at: date) -> float:
            return sum(self.fading(worth, day, at, half) for (_who, _place, day), worth in daily.items() if day <= at)

        rows = [span.row(start, end) | {"heat": total(min(end, span.until))} for start, end in span.each()]
        more: dict[str, Any] = {"half_life_days": half, "daily_cap": CAP}
        if mode == "members":
            warmth: Counter[str] = Counter()
            for (who, _place, day), worth in daily.items():
                warmth[who] += self.fading(worth, day, span.until, half)
            bands = [sum(low <= one < high for one in warmth.values()) for low, high in zip(BANDS, (*BANDS[1:], float("inf")), strict=True)]
            more["bands"] = [{"from": low, "people": people} for low, people in zip(BANDS, bands, strict=True)]
            cold, warm = bands[0], sum(bands[1:])
        else:
            more["spaces"] = self.places_of(daily, span.until, half)
            warm = sum(one["heat"] >= BANDS[1] for one in more["spaces"])
            cold = len(more["spaces"]) - warm
        return {"headline": {"value": warm, "warm": warm, "cold": cold, "heat": total(span.until)}, "rows": rows, "more": more}

    def breadth(self, heats: list[float]) -> float:
        """As how many people who do the same it counts: the exponential of Shannon's entropy of their parts."""
        total = sum(heats)
        return exp(-sum(one / total * log(one / total) for one in heats if one))

    def places_of(self, daily: dict[tuple[str, str, date], int], until: date, half: int) -> list[dict[str, Any]]:
        came, said, now, before = self.came(until), self._answers_of(until), defaultdict(Counter), Counter()
        for (who, place, day), worth in daily.items():
            now[place][who] += self.fading(worth, day, until, half)
            before[place] += self.fading(worth, day, until - timedelta(days=7), half) if day <= until - timedelta(days=7) else 0
        found = []
        for place, people in now.items():
            heat, (posts, answers) = sum(people.values()), said[place]
            new = sum(one for who, one in people.items() if came[who] > until - timedelta(days=28))
            found.append({
                "space_id": place, "heat": heat, "before": before[place], "people": len(people),
                "breadth": self.breadth(list(people.values())) if heat else None, "newcomer_share": new / heat if heat else None,
                "reply_share": answers / posts if posts else None,
            })  # fmt: skip
        return sorted(found, key=lambda one: -one["heat"])

    def _answers_of(self, until: date) -> dict[str, tuple[int, int]]:
        """place -> (posts of the last 28 days, how many of them speak to somebody else)."""
        posts: Counter[str] = Counter()
        answers: Counter[str] = Counter()
        for person, _day, act in self.done(*SAID, since=until - timedelta(days=27), until=until, staff="exclude"):
            posts[act.place] += 1
            answers[act.place] += act.what == "replied" and bool(act.to) and self.person(act.to) != person
        return defaultdict(lambda: (0, 0), {place: (n, answers[place]) for place, n in posts.items()})

    # ── the four cores ──
    def core(self, what: str) -> str:
        return CORE[what]

    def cores(self, span: Span) -> dict[str, Any]:
        found = [(self.core(act.what), who, day) for who, day, act in self.done(since=span.since, until=span.until, staff="exclude")]
        names = ("participate", "share", "interact", "honour")

        def of(low: date, high: date) -> tuple[dict[str, int], dict[str, int]]:
            here = [(core, who) for core, who, day in found if low <= day <= high]
            return ({name: sum(core == name for core, _who in here) for name in names},
                    {f"{name}_people": len({who for core, who in here if core == name}) for name in names})  # fmt: skip

        rows = [span.row(start, end) | acts | people for start, end in span.each() for acts, people in [of(start, end)]]
        acts, people = of(span.since, span.until)
        return {"headline": {"value": len({who for _core, who, _day in found}), **people, **acts}, "rows": rows, "more": {}}

    # ── on how few it rests ──
    def contributions(self, span: Span, mode: str) -> list[tuple[str, date]]:
        """Who contributed, and when: posts, or replies to somebody else's topic (programs are nobody)."""
        said = self.done(*(SAID if mode == "posts" else ("replied",)), since=span.since, until=span.until, staff="exclude")
        if mode == "posts":
            return [(who, day) for who, day, _act in said]
        opener = {
            topic: self.person(act.who) for topic, act in self.opening.items() if self.with_bots or self.person(act.who) not in self.bots
        }
        return [(who, day) for who, day, act in said if act.topic in opener and opener[act.topic] != who]

    def concentration(self, span: Span, mode: str) -> dict[str, Any]:
        found = self.contributions(span, mode)
        rows = [span.row(start, end) | concentration(Counter(who for who, day in found if start <= day <= end).values())
                for start, end in span.each()]  # fmt: skip
        whole = concentration(Counter(who for who, _day in found).values())
        return {"headline": {"value": whole["absence_factor"], **whole}, "rows": rows, "more": {}}

    # ── what was said ──
    def talk(self, span: Span) -> dict[str, Any]:
        found = self.done(*SAID, since=span.since, until=span.until)
        written = {act.post for act in self.acts if act.what in SAID and self.counts(act.who)}
        last: dict[str, tuple[str, date]] = {}
        for act in self.inside:
            if act.what in ("removed", "restored") and act.post in written and span.since <= self.day(act.at) <= span.until:
                last[act.post] = (act.what, self.day(act.at))

        def of(low: date, high: date) -> dict[str, int]:
            here = [act for _who, day, act in found if low <= day <= high]
            n = Counter(act.what for act in here)
            return {"posts": len(here), "topics": n["asked"] + n["opened"], "questions": self.asking(here), "replies": n["replied"],
                    "removed": sum(what == "removed" and low <= day <= high for what, day in last.values())}  # fmt: skip

        rows = [span.row(start, end) | of(start, end) | {"people": len({who for who, day, _act in found if start <= day <= end})}
                for start, end in span.each()]  # fmt: skip
        ever = [day for _who, day, _act in self.done(*SAID, until=span.until)]
        whole = of(span.since, span.until)
        return {"headline": {"value": whole["posts"], **whole, "people": len({who for who, _day, _act in found}),
                             "last_day": max(ever).isoformat() if ever else None}, "rows": rows, "more": {}}  # fmt: skip

    def asking(self, said: list[Any]) -> int:
        return sum(act.what != "replied" and self.asks(act.topic) and act.post not in self.gone for act in said)
