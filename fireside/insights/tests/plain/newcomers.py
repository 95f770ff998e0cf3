"""How newcomers get on, step by step, and who speaks again after a first topic."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from .answers import Answers
from .days import Span
from .history import SAID, Act
from .people import People, cell

DAY = 86_400
STEPS = {"wrote": 7, "answered": 9, "again": 37, "helped": 90}


class Newcomers(People, Answers):
    def watched_long_enough(self, since: date, days: int) -> bool:
        """Right-censoring: all of these days were watched to their end."""
        return since + timedelta(days=days) < self.day(self.watched)

    def posts(self) -> dict[str, list[Act]]:
        """person -> posts that stand, in order."""
        found: dict[str, list[Act]] = {}
        for person, _day, act in self.done(*SAID, until=self.today):
            if act.post not in self.gone:
                found.setdefault(person, []).append(act)
        return {who: sorted(acts, key=lambda act: act.at) for who, acts in found.items()}

    def reply_after(self, act: Act) -> float | None:
        """Seconds until another person, staff or not, wrote in the same topic."""
        staff, self.staff_said = self.staff_said, "include"
        times = [other.at - act.at for other in self.replies_to(act)]
        self.staff_said = staff
        return min(times, default=None)

    def steps_of(self, came: date, posts: list[Act], helped: date | None) -> dict[str, bool]:
        first = posts[0] if posts and self.day(posts[0].at) <= came + timedelta(days=7) else None
        wait = self.reply_after(first) if first else None
        taken = {
            "wrote": first is not None,
            "answered": wait is not None and wait <= DAY,
            "again": len(posts) > 1 and first is not None and self.day(posts[1].at) <= self.day(first.at) + timedelta(days=30),
            "helped": helped is not None and helped <= came + timedelta(days=90),
        }
        steps = list(STEPS)
        return {step: all(taken[one] for one in steps[: n + 1]) for n, step in enumerate(steps)}

    def later_words(self, opened: Act, posts: list[Act]) -> bool:
        """From a day after it, for thirty days: answered or not, everybody is asked about the same time."""
        return any(act.at > opened.at + DAY and self.day(act.at) <= self.day(opened.at) + timedelta(days=30) for act in posts)

    def first_topic(self, came: date, posts: list[Act]) -> Act | None:
        opened = next((act for act in posts if act.what != "replied"), None)
        return opened if opened and self.day(opened.at) <= came + timedelta(days=30) else None

    def how_answered(self, opened: Act) -> str:
        wait = self.reply_after(opened)
        if wait is None or self.day(opened.at + wait) > self.day(opened.at) + timedelta(days=30):
            return "never"
        return "soon" if wait <= DAY else "later"

    def newcomers(self, span: Span) -> dict[str, Any]:
        came = {who: day for who, day in self.came(span.until).items() if day >= span.since}
        posts, helped = self.posts(), self.first_help(span)
        took = {who: self.steps_of(day, posts.get(who, []), helped.get(who)) for who, day in came.items()}

        def steps(low: date, high: date) -> dict[str, dict[str, Any]]:
            found, before = {}, ""
            for step, days in STEPS.items():
                could = [who for who, day in came.items() if low <= day <= high and self.watched_long_enough(day, days)]
                one = {
                    key: value
                    for key, value in cell(0, sum(took[who][step] for who in could), len(could)).items()
                    if key not in ("k", "edge")
                }
                on = sum(took[who][before] for who in could) if before else len(could)
                found[step] = one | {"before": None if one["hidden"] else on}
                before = step
            return found

        rows = []
        for start, end in span.each():
            row = span.row(start, end) | {"n": sum(start <= day <= end for day in came.values())}
            for step, one in steps(start, end).items():
                row |= {step: one["share"], f"{step}_of": one["n"], f"{step}_people": one["people"]}
            rows.append(row)
        spoke: dict[str, list[bool]] = {"soon": [], "later": [], "never": []}
        for who, day in came.items():
            opened = self.first_topic(day, posts.get(who, []))
            if opened and self.watched_long_enough(self.day(opened.at), 30):
                spoke[self.how_answered(opened)].append(self.later_words(opened, posts[who]))
        topics = []
        for reply, said in spoke.items():
            one = cell(0, sum(said), len(said))
            topics.append({"reply": reply} | {key: value for key, value in one.items() if key not in ("k", "edge")})
        whole = steps(span.since, span.until)
        front = whole["again"]
        return {
            "headline": {"value": front["share"], "came": len(came), **{key: front[key] for key in ("n", "people", "low", "high")}}, "rows": rows,
            "more": {"steps": [{"step": step} | one for step, one in whole.items()], "first_topics": topics, "hidden_below": 20},
        }  # fmt: skip

    def first_help(self, span: Span) -> dict[str, date]:
        """helper -> the first day on which they are known to have helped somebody, staff or not."""
        staff, self.staff_said = self.staff_said, "include"
        every = self.helps(replace(span, since=date.min, until=self.today))
        self.staff_said = staff
        found: dict[str, date] = {}
        for one in every:
            found[one.helper] = min(one.day, found.get(one.helper, one.day))
        return found
