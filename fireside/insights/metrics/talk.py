"""What was said: topics, questions, replies, who wrote, what was removed.

Formula: topics = topics opened; questions = those of them that ask; replies = further posts; people = distinct persons who wrote
any; removed = posts taken away by day of removal, less those put back that day or later in the time.
Population: persons (merged traces are one); bots left out; staff included. Removals count whoever's post it was.
Clock: days, weeks from Monday or months of the community's time zone.
Source: our own; plain counts.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.first_reply import REMOVED, RESTORED
from fireside.insights.metrics.parts import ASKED, OPENED, REPLIED, TALK, acts, codes, interval, kind_names, lines
from fireside.insights.metrics.words import span_of
from fireside.insights.rules import day_of

if TYPE_CHECKING:
    import ibis.expr.types as ir


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    ever = acts(t, p)
    ever = ever.filter(ever.kind.isin(codes(TALK)))
    rows = acts(t, p, since=p.since)
    rows = rows.filter(rows.kind.isin(codes(TALK))).select("person_id", "kind", "n", i=interval(rows.day, p.by))
    people, whole = rows.select("i", "person_id").distinct(), rows.select("person_id").distinct()
    tidied = lines(t, p, (REMOVED, RESTORED), since=p.since)
    tidied = tidied.select("kind", i=interval(tidied.day, p.by))
    return {
        "posts": rows.group_by([rows.i, rows.kind]).aggregate(n=rows.n.sum()),
        "people": people.group_by(people.i).aggregate(people=people.count()),
        "whole": whole.aggregate(people=whole.count()),
        "last": ever.aggregate(last=ever.day.max()),
        "tidied": tidied.group_by([tidied.i, tidied.kind]).aggregate(n=tidied.count()),
    }


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    names = kind_names()
    said: dict[tuple[int, str], int] = defaultdict(
        int,
        {(r["i"], names[r["kind"]] if isinstance(r["kind"], int) else r["kind"]): int(r["n"]) for r in (*found["posts"], *found["tidied"])},
    )
    people = {r["i"]: r["people"] for r in found["people"]}
    rows: Rows = [
        {**span_of(i, p), "posts": sum(said[i, kind] for kind in TALK), "topics": said[i, ASKED] + said[i, OPENED],
         "questions": said[i, ASKED], "replies": said[i, REPLIED], "people": people.get(i, 0),
         "removed": said[i, REMOVED] - said[i, RESTORED]}
        for i in range(p.first, p.last + 1)
    ]  # fmt: skip
    total = {name: sum(r[name] for r in rows) for name in ("posts", "topics", "questions", "replies", "removed")}
    return Body(
        headline={"value": total["posts"], **total, "people": found["whole"][0]["people"],
                  "last_day": day_of(found["last"][0]["last"]).isoformat() if found["last"][0]["last"] is not None else None},
        rows=rows,
        columns=[("posts", _("posts"), "number"), ("topics", _("topics"), "number"), ("questions", _("questions"), "number"),
                 ("replies", _("replies"), "number"), ("people", _("people who wrote"), "people"), ("removed", _("removed"), "number")],
    )  # fmt: skip


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    rows = acts(t, p, since=p.since)
    rows = rows.filter(rows.kind.isin(codes(TALK)))
    return Evidence("people", rows.group_by(key=rows.person_id).aggregate(value=rows.n.sum().cast("int64")), _("posts"), "number")


METRIC = Metric(
    name="talk", title=_("What was said"),
    definition=_("Posts written: topics opened, those that ask, replies; and posts removed, less those put back."),
    population=_("Members and staff; bots left out; several traces of one person count once."),
    unit="acts", source="plain counts", tables=tables, shape=shape, evidence=evidence,
    which={"people": _("people who wrote")}, by="week", window=13,
)  # fmt: skip
