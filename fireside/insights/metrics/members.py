"""Where members stand: new, active, returning, resurrected, dormant.

Formula, for each interval i: new = persons who came in i (first trace ever, not first in the window); active = distinct persons
with an act that counts in i; returning = active in i and in i−1, not new in i; resurrected = active in i, not in i−1, not new
in i; dormant = active in i−1 and not in i. So active = new and active + returning + resurrected. members = those who had come by
the end, and whom a list brought in without a day: they are members throughout, came with their first act, and are new only then.
In front, new and active are of the days asked for, also when the first interval begins before them.
An imported “joined” is a day on which somebody came, and no act: who only joined was not active.
The people behind a state are those of the last interval that is over.
Population: persons (merged traces are one); bots left out; staff included. In a space, one came with the first act there.
Clock: days, weeks from Monday or months of the community's time zone; the current interval is unfinished, its dormant too high.
Source: PostHog's lifecycle.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.parts import acting_days, interval, of_people, person_intervals, persons, starts, together
from fireside.insights.metrics.words import span_of
from fireside.insights.rules import UNDATED, day_of, first_day

if TYPE_CHECKING:
    import ibis.expr.types as ir


def _seen(t: Tables, p: Params) -> "ir.Table":
    """person_id, start interval, interval, the one before and the one after in which the person was active."""
    import ibis

    each = person_intervals(t, p, since=first_day(p.first - 1, p.by))
    came = starts(t, p).rename(came_person="person_id")
    each = each.inner_join(came, each.person_id == came.came_person).drop("came_person")
    order = ibis.window(group_by=each.person_id, order_by=each.i)
    return each.mutate(before=each.i.lag(1, -1).over(order), after=each.i.lead(1, -1).over(order), came=interval(each.start, p.by))


def hold(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    return {"seen": _seen(t, p), "came": starts(t, p)}


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    import ibis

    seen, came = t.held["seen"], t.held["came"]
    came = came.mutate(i=interval(came.start, p.by))
    old = seen.came != seen.i
    back = seen.before == seen.i - 1
    states = seen.group_by(seen.i).aggregate(
        active=seen.count(),
        returning=ibis.ifelse(old & back, 1, 0).sum(),
        resurrected=ibis.ifelse(old & ~back, 1, 0).sum(),
        leaving=ibis.ifelse(seen.after != seen.i + 1, 1, 0).sum(),
    )
    active = of_people(acting_days(t, p, since=p.since).select("member_id").distinct(), t, p).select("person_id").distinct()
    days = acting_days(t, p)
    last = of_people(days.group_by(days.member_id).aggregate(day=days.day.max()), t, p)
    known = _members(t, p)
    return {
        "states": states,
        "new": came.filter(came.i >= p.first).group_by("i").aggregate(new=lambda r: r.count()),
        "total": known.aggregate(total=known.count()),
        "active": active.aggregate(active=active.count()),
        "last": last.aggregate(last=last.day.max()),
        "new_in_all": came.filter(came.start >= p.since).aggregate(new=lambda r: r.count()),
    }


def _members(t: Tables, p: Params) -> "ir.Table":
    """(person_id, start) of everybody who had come by the end, or stands on a list without a day (start: UNDATED), and has not gone;
    in a space, of everybody who had acted there."""
    import ibis

    came = t.held["came"].select("person_id", "start")
    if p.spaces is not None:
        return came
    alive = persons(t, p).filter(lambda r: ~r.removed)
    there = came.inner_join(alive.select(alive="person_id"), [("person_id", "alive")]).drop("alive")
    undated = alive.filter(alive.joined_day == UNDATED).anti_join(came, "person_id")
    undated = undated.select("person_id", start=ibis.literal(UNDATED).cast(came.start.type()))
    return together(there, undated)


def last_over(p: Params) -> int:
    """The last interval asked for that is over and wholly inside: before that everybody of the one before would have “gone quiet”.
    While none is, the last."""
    return next((i for i in range(p.last, p.first - 1, -1) if not span_of(i, p)["partial"]), p.last)


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    states = defaultdict(lambda: {"active": 0, "returning": 0, "resurrected": 0, "leaving": 0}, {r["i"]: r for r in found["states"]})
    new = {r["i"]: r["new"] for r in found["new"]}
    rows: Rows = []
    for i in range(p.first, p.last + 1):
        now = states[i]
        rows.append({**span_of(i, p), "new": new.get(i, 0), "active": now["active"], "returning": now["returning"],
                     "resurrected": now["resurrected"], "dormant": states[i - 1]["leaving"]})  # fmt: skip
    return Body(
        headline={"value": found["total"][0]["total"], "members": found["total"][0]["total"], "new": found["new_in_all"][0]["new"],
                  "active": found["active"][0]["active"],
                  "last_day": day_of(found["last"][0]["last"]).isoformat() if found["last"][0]["last"] is not None else None},
        rows=rows,
        columns=[("new", _("new"), "people"), ("active", _("active"), "people"), ("returning", _("returning"), "people"),
                 ("resurrected", _("back after a pause"), "people"), ("dormant", _("gone quiet"), "people")],
    )  # fmt: skip


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    """Everybody, or who came in the time; else people of the last interval that is over, in one state. `value` is the day they came."""
    seen, came, i = t.held["seen"], t.held["came"], last_over(p)
    rows = {
        "all": lambda: _members(t, p),
        "new": lambda: came.filter(came.start >= p.since),
        "active": lambda: seen.filter(seen.i == i),
        "returning": lambda: seen.filter(seen.i == i, seen.came != i, seen.before == i - 1),
        "resurrected": lambda: seen.filter(seen.i == i, seen.came != i, seen.before != i - 1),
        "dormant": lambda: seen.filter(seen.i == i - 1, seen.after != i),
    }[which]()
    return Evidence("people", rows.select(key=lambda r: r.person_id, value=lambda r: r.start), _("came on"), "day")


METRIC = Metric(
    name="members", title=_("Members"),
    definition=_(
        "New: came in this time. Returning: here now and the time before. Back after a pause: "
        "here now, not the time before. Gone quiet: here the time before, not now."
    ),
    population=_("Members and staff; bots left out; several traces of one person count once."),
    unit="people", source="PostHog's lifecycle", hold=hold, tables=tables, shape=shape, evidence=evidence,
    which={"new": _("came in this time"), "all": _("all members"), "active": _("active in the last interval that is over"), "returning": _("returning"),
           "resurrected": _("back after a pause"), "dormant": _("gone quiet")},
    by="week", window=13,
)  # fmt: skip
