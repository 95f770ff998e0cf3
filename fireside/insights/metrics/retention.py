"""Who stays: cohorts of those who came in one interval, followed. Four named modes; the bare word “rolling” is never used.

Formula: cohort i = persons who came in interval i (first trace ever; in a space, first act there), n people. For k ≥ 1:
exact = active in interval i+k; on_or_after = active in i+k or any later finished interval; unbroken = active in each of
i+1 … i+k; bracket = active in at least one of i+a … i+b. Denominator: only members who could have reached the cell by now, so a
cell exists once its interval is over (right-censoring), and the curve at k adds up only cohorts that have it. on_or_after falls
by its own nature at the recent edge: cells with fewer than four intervals to look into are marked. 95 % intervals by Wilson;
a share of fewer than 20 people is hidden. In front stands the share after k = 4 intervals, or after as many as asked for; while it
is hidden, the furthest that is not.
Population: persons (merged traces are one); bots left out; staff included.
Clock: calendar intervals of the community's time zone, weeks from Monday.
Source: Amplitude (only those for whom the time has passed); PostHog; GrowthBook #4353.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.parts import interval, person_days, starts
from fireside.insights.metrics.words import span_of
from fireside.insights.rules import HIDE_BELOW, first_day, interval_of, last_day, shown

if TYPE_CHECKING:
    import ibis.expr.types as ir

LATER = ngettext_lazy("here in %(num)s later interval", "here in %(num)s later intervals", "n")
EDGE = 4  # intervals of on_or_after that a cell should have to look into


def last_over(p: Params) -> int:
    """The last interval that was over when we looked."""
    i = interval_of(min(p.until, p.as_of_day), p.by)
    return i if last_day(i, p.by) < p.as_of_day and last_day(i, p.by) <= p.until else i - 1


def _followed(t: Tables, p: Params) -> "tuple[ir.Table, ir.Table]":
    """(person_id, cohort), and (person_id, cohort, k) for each later finished interval in which they were active."""
    came = starts(t, p)
    came = came.mutate(cohort=interval(came.start, p.by)).filter(lambda r: (r.cohort >= p.first) & (r.cohort <= p.last))
    came = came.select("person_id", "cohort", "start")
    days = person_days(t, p, since=first_day(p.first + 1, p.by), until=last_day(last_over(p), p.by))
    each = days.select("person_id", i=interval(days.day, p.by)).distinct()
    cohort = came.select("cohort", came_person="person_id")
    each = each.inner_join(cohort, each.person_id == cohort.came_person)
    return came, each.select("person_id", "cohort", k=each.i - each.cohort).filter(lambda r: r.k >= 1)


def hold(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    came, each = _followed(t, p)
    return {"came": came, "each": each}


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    import ibis

    came, each = t.held["came"], t.held["each"]
    out = {"cohorts": came.group_by(came.cohort).aggregate(n=came.count())}
    if p.mode == "exact":
        out["cells"] = each.group_by([each.cohort, each.k]).aggregate(people=each.count())
    elif p.mode == "on_or_after":  # the last interval of each person; cells are sums from the right
        last = each.group_by([each.person_id, each.cohort]).aggregate(k=each.k.max())
        out["cells"] = last.group_by([last.cohort, last.k]).aggregate(people=last.count())
    elif p.mode == "unbroken":  # how long the run from k = 1 is; cells are sums from the right
        order = ibis.window(group_by=each.person_id, order_by=each.k)
        run = each.mutate(place=ibis.row_number().over(order) + 1)
        run = run.filter(run.k == run.place)
        run = run.group_by([run.person_id, run.cohort]).aggregate(k=run.k.max())
        out["cells"] = run.group_by([run.cohort, run.k]).aggregate(people=run.count())
    else:
        low, high = p.bracket
        within = each.filter(each.k >= low, each.k <= high).select("person_id", "cohort").distinct()
        out["cells"] = within.group_by("cohort").aggregate(people=within.count()).mutate(k=ibis.literal(high).cast("int64"))
    return out


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    size = {r["cohort"]: r["n"] for r in found["cohorts"]}
    hits: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for r in found["cells"]:
        steps = range(1, r["k"] + 1) if p.mode in {"on_or_after", "unbroken"} else [r["k"]]
        for k in steps:
            hits[r["cohort"]][k] += r["people"]
    over = last_over(p)
    rows: Rows = []
    curve: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for i in range(p.first, p.last + 1):
        n, cells = size.get(i, 0), []
        for k in [p.bracket[1]] if p.mode == "bracket" else range(1, p.offsets + 1):
            if i + k > over:
                break  # nobody of this cohort could have reached the cell yet
            cells.append(_cell(k, hits[i][k], n, edge=p.mode == "on_or_after" and over - (i + k) + 1 < EDGE))
            curve[k][0] += hits[i][k]
            curve[k][1] += n
        rows.append({**span_of(i, p), "n": n, "cells": cells})
    points = [_cell(k, hit, n) for k, (hit, n) in sorted(curve.items())]
    seen = [c for c in points if not c["hidden"]]
    front = next((c for c in seen if c["k"] == p.k), seen[-1] if seen else None)
    return Body(
        headline={"value": front["share"] if front else None, "k": front["k"] if front else None, "n": front["n"] if front else 0,
                  "people": front["people"] if front else 0,
                  "low": front["low"] if front else None, "high": front["high"] if front else None},
        rows=rows,
        columns=[("n", _("came"), "people"), ("cells", _("stayed"), "cells")],
        more={"curve": points, "mode": p.mode, "bracket": list(p.bracket), "hidden_below": HIDE_BELOW},
    )  # fmt: skip


def _cell(k: int, hits: int, n: int, *, edge: bool = False) -> dict[str, Any]:
    return {"k": k, **shown(hits, n), "edge": edge}


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    """People of the cohorts asked for: who was here again (in how many later intervals), who was not, or, as the number in front has
    it, who of those who could by now was there after k intervals, in the mode asked for (`value`: the interval in which they came)."""
    came, each = t.held["came"], t.held["each"]
    if which == "there":
        return Evidence("people", _there(came, each, p), _("came on"), "day")
    stayed = each.group_by(key=each.person_id).aggregate(value=each.count())
    if which == "stayed":
        return Evidence("people", stayed, LATER, "number")
    away = came.filter(came.cohort < last_over(p)).anti_join(stayed, [("person_id", "key")])
    return Evidence("people", away.select(key=away.person_id, value=away.cohort * 0), LATER, "number")


def _there(came: "ir.Table", each: "ir.Table", p: Params) -> "ir.Table":
    """(key, value) of who counts in the cells of k, over all cohorts that have such a cell."""
    low, high = p.bracket if p.mode == "bracket" else (1 if p.mode == "unbroken" else p.k, p.k)
    rows = each.filter(each.cohort + high <= last_over(p), each.k >= low)
    rows = rows if p.mode == "on_or_after" else rows.filter(rows.k <= high)
    times = rows.group_by([rows.person_id, rows.cohort]).aggregate(times=rows.count())
    enough = times.filter(times.times >= (high if p.mode == "unbroken" else 1))
    came = came.select("start", came_person="person_id")
    return enough.inner_join(came, enough.person_id == came.came_person).select(key="person_id", value="start")


METRIC = Metric(
    name="retention", title=_("Who stays"),
    definition=_(
        "Of those who came in one interval, the share active k intervals later. "
        "A cell exists once its interval is over; fewer than 20 people are not shown as a share."
    ),
    population=_("Everybody by when they first came; bots left out; several traces of one person count once."),
    unit="share", source="Amplitude, PostHog, GrowthBook", hold=hold, tables=tables, shape=shape, evidence=evidence,
    which={"stayed": _("came and were here again"), "there": _("were here so many intervals later"), "away": _("came and were not seen again")},
    modes={"exact": _("in that interval"), "on_or_after": _("in that interval or later"), "unbroken": _("in every interval until then"),
           "bracket": _("in at least one interval of a range")},
    by="week", window=13,
)  # fmt: skip
