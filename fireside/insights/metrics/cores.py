"""The four cores: participate 参与, share 分享, interact 互动, honour 荣耀. Measured apart, never added.

Formula: for each core and interval, acts = lines of its kinds, people = distinct persons who did them. Every kind declares its
core; kinds without one are housekeeping.
Population: members; staff and bots left out; several traces of one person are one.
Clock: days, weeks from Monday or months of the community's time zone; the current interval is unfinished.
Source: plain counts, each core apart.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy

from fireside.activity.kinds import CORES, KINDS
from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.parts import acts, codes, interval
from fireside.insights.metrics.words import span_of

if TYPE_CHECKING:
    import ibis.expr.types as ir


def _by_core(t: Tables, p: Params) -> "ir.Table":
    import ibis

    kinds = {kind.name: kind.core for kind in sorted(KINDS.values(), key=lambda k: k.name) if kind.core}
    rows = acts(t, p, since=p.since)
    rows = rows.filter(rows.kind.isin(codes(kinds)))
    core = ibis.cases(*((rows.kind.isin(codes(k for k, c in kinds.items() if c == core)), core) for core in CORES), else_="")
    return rows.select("person_id", "n", core=core, i=interval(rows.day, p.by))


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    rows = _by_core(t, p)
    people = rows.select("core", "i", "person_id").distinct()
    each = rows.select("core", "person_id").distinct()
    whole = rows.select("person_id").distinct()
    return {
        "acts": rows.group_by([rows.core, rows.i]).aggregate(acts=rows.n.sum()),
        "people": people.group_by([people.core, people.i]).aggregate(people=people.count()),
        "all": each.group_by(each.core).aggregate(people=each.count()),
        "anybody": whole.aggregate(people=whole.count()),
    }


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    acts_of = {(r["core"], r["i"]): r["acts"] for r in found["acts"]}
    people = {(r["core"], r["i"]): r["people"] for r in found["people"]}
    rows: Rows = [
        {**span_of(i, p), **{core: acts_of.get((core, i), 0) for core in CORES},
         **{f"{core}_people": people.get((core, i), 0) for core in CORES}}
        for i in range(p.first, p.last + 1)
    ]  # fmt: skip
    whole = {r["core"]: r["people"] for r in found["all"]}
    total = {core: sum(n for (c, _i), n in acts_of.items() if c == core) for core in CORES}
    return Body(
        headline={"value": found["anybody"][0]["people"], **{f"{core}_people": whole.get(core, 0) for core in CORES}, **total},
        rows=rows,
        columns=[(core, words, "acts") for core, words in CORES.items()],
    )


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    rows = _by_core(t, p)
    if which != "anybody":
        rows = rows.filter(rows.core == which)
    each = rows.group_by(key=rows.person_id).aggregate(value=rows.n.sum().cast("int64"))
    return Evidence("people", each, ngettext_lazy("%(num)s act", "%(num)s acts", "n"), "number")


METRIC = Metric(
    name="cores", title=_("The four cores"),
    definition=_("Acts of each core, counted apart and never added up. In front: distinct members who did any of them."),
    population=_("Members; staff and bots left out; several traces of one person count once."),
    unit="people", source=gettext_noop("plain counts"), tables=tables, shape=shape, evidence=evidence,
    which={"anybody": _("who took part"), **CORES}, staff="exclude", by="week", window=13,
)  # fmt: skip
