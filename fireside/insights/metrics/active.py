"""Who is here: DAU, trailing WAU and MAU, stickiness. Distinct people, never sums of days.

Formula: DAU(d) = people with an act that counts on day d. WAU(d) = distinct people in [d−6, d], MAU(d) = in [d−27, d]: 28 days,
not a calendar month, so that every window holds the same weekdays. Exact by the gap method: a person-day whose next active day
is g days later (28 if none) is what makes its person active in the windows of W days that end on d … d+min(g, W)−1; so a table
of (day, gap) counts gives every window, and adds up over shards of members. Stickiness(d) = mean DAU over [d−27, d] / MAU(d).
Population: persons (merged traces are one); bots left out; staff included.
Clock: days of the community's time zone; the last day is unfinished until it is over.
Source: PostHog's usage metric definitions; Amplitude's stickiness.
"""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.parts import interval, person_days
from fireside.insights.metrics.words import span_of
from fireside.insights.rules import last_day

if TYPE_CHECKING:
    import ibis.expr.types as ir

WEEK, MONTH = 7, 28


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    import ibis

    days = person_days(t, p, since=p.since - MONTH + 1)
    order = ibis.window(group_by=days.person_id, order_by=days.day)
    gaps = days.mutate(following=days.day.lead(1, -1).over(order))  # said, because ClickHouse's “none” is 0 and DuckDB's NULL
    gaps = gaps.mutate(gap=ibis.ifelse(gaps.following < 0, MONTH, gaps.following - gaps.day).cast("int64"))
    gaps = gaps.mutate(gap=ibis.ifelse(gaps.gap > MONTH, MONTH, gaps.gap))
    recent = days.filter(days.day > p.until - MONTH)
    per_person = recent.group_by(recent.person_id).aggregate(days=recent.count())
    asked = days.filter(days.day >= p.since)
    each = asked.select("person_id", i=interval(asked.day, p.by)).distinct()
    whole = asked.select("person_id").distinct()
    return {
        "gaps": gaps.group_by([gaps.day, gaps.gap]).aggregate(people=gaps.count()),
        "days_active": per_person.group_by(per_person.days).aggregate(people=per_person.count()),
        "intervals": each.group_by(each.i).aggregate(people=each.count()),
        "whole": whole.aggregate(people=whole.count()),
    }


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    dau: Counter[int] = Counter()
    steps: dict[int, Counter[int]] = {WEEK: Counter(), MONTH: Counter()}
    for row in found["gaps"]:
        dau[row["day"]] += row["people"]
        for width, step in steps.items():
            step[row["day"]] += row["people"]
            step[row["day"] + min(row["gap"], width)] -= row["people"]
    low = p.since - 2 * MONTH
    wau, mau = (_running(step, low, p.until) for step in steps.values())
    people = {row["i"]: row["people"] for row in found["intervals"]}
    rows: Rows = []
    for i in range(p.first, p.last + 1):
        end = min(last_day(i, p.by), p.until)
        rows.append({**span_of(i, p), "people": people.get(i, 0), "dau": dau[end], "wau": wau[end], "mau": mau[end],
                     "stickiness": _stickiness(dau, mau, end)})  # fmt: skip
    end = p.until
    return Body(
        headline={"value": mau[end], "dau": dau[end], "wau": wau[end], "mau": mau[end], "stickiness": _stickiness(dau, mau, end),
                  "people": found["whole"][0]["people"]},
        rows=rows,
        columns=[("people", _("people in this time"), "people"), ("dau", _("on its last day"), "people"),
                 ("wau", _("in 7 days"), "people"), ("mau", _("in 28 days"), "people"), ("stickiness", _("stickiness"), "share")],
        more={"days_active": sorted([r["days"], r["people"]] for r in found["days_active"])},
    )  # fmt: skip


def _running(steps: Counter[int], low: int, high: int) -> Counter[int]:
    out: Counter[int] = Counter()
    now = 0
    for day in range(low, high + 1):
        now += steps[day]
        out[day] = now
    return out


def _stickiness(dau: Counter[int], mau: Counter[int], day: int) -> float | None:
    """Mean DAU over the window / MAU. None when nobody was there."""
    return sum(dau[d] for d in range(day - MONTH + 1, day + 1)) / MONTH / mau[day] if mau[day] else None


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    days = person_days(t, p, since=p.since)
    rows = days.group_by(key=days.person_id).aggregate(value=days.count())
    return Evidence("people", rows, ngettext_lazy("active on %(num)s day", "active on %(num)s days", "n"), "days")


METRIC = Metric(
    name="active", title=_("Who is here"),
    definition=_(
        "Distinct people with an act that counts: on a day, in the 7 and in the 28 days that end on it. "
        "Stickiness is the mean day against the 28 days."
    ),
    population=_("Members and staff; bots left out; several traces of one person count once."),
    unit="people", source="PostHog, Amplitude", tables=tables, shape=shape, evidence=evidence,
    which={"people": _("people who were here")}, by="day", window=28,
)  # fmt: skip
