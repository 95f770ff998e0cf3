"""Who is here, who comes, who stays."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from .curves import wilson
from .days import ONE, Span, following, interval, last_of
from .history import View

FEW, EDGE = 20, 4  # people below whom no share is shown; intervals that on_or_after should have to look into


def cell(k: int, hits: int, n: int, *, edge: bool = False) -> dict[str, Any]:
    if n < FEW:
        return {"k": k, "n": n, "people": None, "share": None, "low": None, "high": None, "hidden": True, "edge": edge}
    low, high = wilson(hits, n)
    return {"k": k, "n": n, "people": hits, "share": hits / n, "low": low, "high": high, "hidden": False, "edge": edge}


class People(View):
    def members(self, span: Span) -> dict[str, Any]:
        days, came, rows = self.active_days(span.until), self.came(span.until), []
        for start, end in span.each():
            now, then = self.seen(days, start, end), self.seen(days, following(start, span.by, -1), start - ONE)
            new = {who for who, day in came.items() if start <= day <= end}
            rows.append(span.row(start, end) | {
                "new": len(new), "active": len(now), "returning": len(now & then - new), "resurrected": len(now - then - new),
                "dormant": len(then - now),
            })  # fmt: skip
        active = self.seen(days, span.since, span.until)
        last = max((max(when) for when in days.values()), default=None)
        return {"headline": {"value": len(came), "members": len(came), "new": sum(day >= span.since for day in came.values()),
                             "active": len(active), "last_day": last and last.isoformat()}, "rows": rows, "more": {}}  # fmt: skip

    def window(self, days: dict[str, set[date]], end: date, width: int) -> int:
        """Distinct people in so many days up to this one."""
        return len(self.seen(days, end - timedelta(days=width - 1), end))

    def active(self, span: Span) -> dict[str, Any]:
        days, rows = self.active_days(span.until), []

        def at(end: date) -> dict[str, Any]:
            mau = self.window(days, end, 28)
            mean = sum(self.window(days, end - timedelta(days=i), 1) for i in range(28)) / 28
            return {
                "dau": self.window(days, end, 1),
                "wau": self.window(days, end, 7),
                "mau": mau,
                "stickiness": mean / mau if mau else None,
            }

        for start, end in span.each():
            people = self.seen(days, max(start, span.since), min(end, span.until))
            rows.append(span.row(start, end) | {"people": len(people)} | at(min(end, span.until)))
        front = at(span.until)
        each = Counter(sum(span.until - day < timedelta(days=28) for day in when) for when in days.values())
        return {"headline": front | {"value": front["mau"], "people": len(self.seen(days, span.since, span.until))}, "rows": rows,
                "more": {"days_active": sorted([n, people] for n, people in each.items() if n)}}  # fmt: skip

    def could_reach(self, start: date, k: int, span: Span) -> bool:
        """Right-censoring: a cell is there only once its whole interval is over."""
        return following(start, span.by, k) <= span.finished()

    def stayed(self, mode: str, later: set[int], k: int, bracket: tuple[int, int]) -> bool:
        """By the numbers of the later finished intervals in which somebody was active."""
        low, high = bracket
        return {"exact": k in later, "on_or_after": any(n >= k for n in later), "unbroken": set(range(1, k + 1)) <= later,
                "bracket": any(low <= n <= high for n in later)}[mode]  # fmt: skip

    def retention(self, span: Span, mode: str, offsets: int, bracket: tuple[int, int] = (1, 4)) -> dict[str, Any]:
        days, came = self.active_days(span.until), self.came(span.until)
        rows, curve = [], defaultdict(lambda: [0, 0])
        for start, end in span.each():
            steps, k = {}, 1
            while following(start, span.by, k) <= span.finished():
                steps[following(start, span.by, k)], k = k, k + 1
            cohort = [who for who, day in came.items() if start <= day <= end]
            later = {who: {steps[one] for one in {interval(day, span.by) for day in days[who]} if one in steps} for who in cohort}
            cells = []
            for k in [bracket[1]] if mode == "bracket" else range(1, offsets + 1):
                if not self.could_reach(start, k, span):
                    break
                hits = sum(self.stayed(mode, which, k, bracket) for which in later.values())
                edge = mode == "on_or_after" and following(start, span.by, k + EDGE - 1) > span.finished()
                cells.append(cell(k, hits, len(later), edge=edge))
                curve[k][0] += hits
                curve[k][1] += len(later)
            rows.append(span.row(start, last_of(start, span.by)) | {"n": len(later), "cells": cells})
        points = [cell(k, hits, n) for k, (hits, n) in sorted(curve.items())]
        shown = [point for point in points if not point["hidden"]]
        front = next((point for point in shown if point["k"] == 4), shown[-1] if shown else None)
        headline = {
            "value": front and front["share"],
            **{key: front and front[key] for key in ("k", "low", "high")},
            "n": front["n"] if front else 0,
            "people": front["people"] if front else 0,
        }
        return {"headline": headline, "rows": rows, "more": {"curve": points, "mode": mode, "bracket": list(bracket), "hidden_below": FEW}}
