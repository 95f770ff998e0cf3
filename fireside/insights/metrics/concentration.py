"""On how few people it rests: the part of the top 1 % and 10 %, Gini, the absence factor.

Formula: n_m = contributions of person m in the time (posts written, or replies to somebody else's topic). Over persons with at
least one: top q = the part of all contributions by the ⌈q·people⌉ most active; Gini = 2·Σ rank·n / (people·Σn) − (people+1)/people;
absence factor = the smallest number of people who made half of everything: if they leave, half is gone.
Population: members; staff and bots left out; several traces of one person are one.
Clock: the days asked for.
Source: CHAOSS Contributor Absence Factor (worked example 1000, 433, 343, 332, 202, 90, 42, 33 gives 2).
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.parts import ASKED, OPENED, REPLIED, TALK, acts, codes, interval, lines, of_people
from fireside.insights.metrics.words import span_of
from fireside.insights.rules import absence_factor, gini, top_share

if TYPE_CHECKING:
    import ibis.expr.types as ir


def _contributions(t: Tables, p: Params) -> "ir.Table":
    """(person_id, day, n)."""
    if p.mode == "posts":
        rows = acts(t, p, since=p.since)
        return rows.filter(rows.kind.isin(codes(TALK))).select("person_id", "day", "n")
    said = of_people(lines(t, p, (REPLIED,), since=p.since), t, p).select("person_id", "day", topic="parent_id")
    opened = of_people(t.lines.filter(t.lines.kind.isin((ASKED, OPENED))), t, p, staff="include")
    opened = opened.select(opened_topic="parent_id", opened_by="person_id")
    both = said.inner_join(opened, said.topic == opened.opened_topic)
    both = both.filter(both.person_id != both.opened_by)
    return both.group_by([both.person_id, both.day]).aggregate(n=both.count())


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    rows = _contributions(t, p)
    whole = rows.group_by(rows.person_id).aggregate(n=rows.n.sum())
    each = rows.group_by(rows.person_id, i=interval(rows.day, p.by)).aggregate(n=rows.n.sum())
    return {
        "whole": whole.group_by(whole.n).aggregate(people=whole.count()),
        "intervals": each.group_by([each.i, each.n]).aggregate(people=each.count()),
    }


def _figures(pairs: list[tuple[int, int]]) -> dict[str, Any]:
    one, ten = top_share(pairs, 0.01), top_share(pairs, 0.10)
    return {
        "people": sum(n for _v, n in pairs), "contributions": sum(v * n for v, n in pairs), "absence_factor": absence_factor(pairs),
        "top_1": one[1] if one else None, "top_1_people": one[0] if one else 0,
        "top_10": ten[1] if ten else None, "top_10_people": ten[0] if ten else 0, "gini": gini(pairs),
    }  # fmt: skip


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    by_interval: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for r in found["intervals"]:
        by_interval[r["i"]].append((int(r["n"]), r["people"]))
    rows: Rows = [{**span_of(i, p), **_figures(by_interval[i])} for i in range(p.first, p.last + 1)]
    whole = _figures([(int(r["n"]), r["people"]) for r in found["whole"]])
    return Body(
        headline={"value": whole["absence_factor"], **whole},
        rows=rows,
        columns=[("absence_factor", _("make half of it"), "people"), ("top_1", _("top 1%"), "share"), ("top_10", _("top 10%"), "share"),
                 ("gini", _("Gini"), "ratio"), ("people", _("who contributed"), "people"), ("contributions", _("contributions"), "number")],
    )  # fmt: skip


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    """Everybody, or only the fewest who made half of it: as many as the absence factor. Of equals the smaller number comes first, as
    in the list, and in every engine: the order of the window leaves nothing open."""
    import ibis

    rows = _contributions(t, p)
    each = rows.group_by(key=rows.person_id).aggregate(value=rows.n.sum().cast("int64"))
    if which == "half":
        whole = each.aggregate(everything=each.value.sum())
        above = ibis.window(order_by=[each.value.desc(), each.key.asc()], preceding=None, following=0)
        each = each.mutate(made=each.value.sum().over(above)).cross_join(whole)
        each = each.filter((each.made - each.value) * 2 < each.everything).select("key", "value")
    return Evidence("people", each, ngettext_lazy("%(num)s contribution", "%(num)s contributions", "n"), "number")


METRIC = Metric(
    name="concentration", title=_("On how few it rests"),
    definition=_(
        "The fewest people who together made half of all contributions; the part made by the most active 1% and 10%; "
        "Gini’s coefficient."
    ),
    population=_("Members who contributed in this time; staff and bots left out; several traces of one person count once."),
    unit="people", source="CHAOSS Contributor Absence Factor; Gini 1912", tables=tables, shape=shape, evidence=evidence,
    which={"people": _("who contributed most"), "half": _("who made half of it")}, modes={"posts": _("posts written"), "answers": _("replies to somebody else’s topic")},
    staff="exclude", by="month", window=12,
)  # fmt: skip
