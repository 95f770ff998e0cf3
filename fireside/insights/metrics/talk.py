"""What was said: topics, questions, replies, who wrote, what was removed.

Formula: topics = topics opened; questions = those of them that ask, by the last word of people on it, and are not removed since: the
same ones whose first reply is timed; replies = further posts; people = distinct persons who wrote any; removed = posts whose last
word in the time, of those that take away and those that put back, takes away; by its day, whenever the post was written.
Population: persons (merged traces are one); bots left out; staff included. Of removed posts, by who wrote them.
Clock: days, weeks from Monday or months of the community's time zone.
Source: our own; plain counts.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy

from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.parts import (
    ASKED,
    JOINED,
    OPENED,
    REMOVED,
    REPLIED,
    RESTORED,
    TALK,
    acts,
    asked_by_people,
    codes,
    interval,
    kind_names,
    lines,
    of_people,
)
from fireside.insights.metrics.words import span_of
from fireside.insights.rules import day_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

POSTS = ngettext_lazy("%(num)s post", "%(num)s posts", "n")


def removed(t: Tables, p: Params) -> "ir.Table":
    """Posts of people taken away in the time and not put back in it: post, space_id, day, at_ms of the removal. Whose it was is told by
    the line with which the post came."""
    import ibis

    rows = lines(t, p, (REMOVED, RESTORED), since=p.since)
    rows = rows.select("id", "space_id", "day", "at_ms", post=rows.target_id, gone=ibis.ifelse(rows.kind == REMOVED, 1, 0))
    last = rows.group_by(last_of=rows.post).aggregate(last_id=rows.id.max())
    found = rows.inner_join(last, rows.id == last.last_id)
    found = found.filter(found.gone == 1).select("post", "space_id", "day", "at_ms")
    wrote = of_people(t.lines.filter(t.lines.kind.isin(TALK)), t, p).select(wrote="target_id")
    return found.semi_join(wrote, [("post", "wrote")])


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    ever = acts(t, p)
    ever = ever.filter(ever.kind.isin(codes(TALK)))
    rows = acts(t, p, since=p.since)
    rows = rows.filter(rows.kind.isin(codes(TALK))).select("person_id", "kind", "n", i=interval(rows.day, p.by))
    people, whole = rows.select("i", "person_id").distinct(), rows.select("person_id").distinct()
    gone = removed(t, p)
    gone = gone.select(i=interval(gone.day, p.by))
    asked = asked_by_people(t, p)
    asked = asked.select(i=interval(asked.day, p.by))
    return {
        "asked": asked.group_by(asked.i).aggregate(n=asked.count()),
        "posts": rows.group_by([rows.i, rows.kind]).aggregate(n=rows.n.sum()),
        "people": people.group_by(people.i).aggregate(people=people.count()),
        "whole": whole.aggregate(people=whole.count()),
        "last": ever.aggregate(last=ever.day.max()),
        "removed": gone.group_by(gone.i).aggregate(n=gone.count()),
    }


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    names = kind_names()
    said: dict[tuple[int, str], int] = defaultdict(int, {(r["i"], names[r["kind"]]): int(r["n"]) for r in found["posts"]})
    people = {r["i"]: r["people"] for r in found["people"]}
    gone, asked = ({r["i"]: r["n"] for r in found[name]} for name in ("removed", "asked"))
    rows: Rows = [
        {**span_of(i, p), "posts": sum(said[i, kind] for kind in TALK), "topics": said[i, ASKED] + said[i, OPENED],
         "questions": asked.get(i, 0), "replies": said[i, REPLIED] + said[i, JOINED], "people": people.get(i, 0),
         "removed": gone.get(i, 0)}
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
    """People who wrote, who wrote most first; posts, topics or posts removed, the latest first; or questions, the oldest first."""
    if which == "posts":
        written = of_people(lines(t, p, TALK, since=p.since), t, p)
        return Evidence("posts", written.select("space_id", key=written.target_id, value=written.at_ms), _("written"), "at_ms")
    if which == "topics":
        opened = of_people(lines(t, p, (ASKED, OPENED), since=p.since), t, p)
        return Evidence("topics", opened.select("space_id", key=opened.parent_id, value=opened.at_ms), _("opened"), "at_ms")
    if which == "questions":
        found = asked_by_people(t, p)
        return Evidence("topics", found.select("space_id", key=found.parent_id, value=found.at_ms), _("asked"), "at_ms", rising=True)
    if which == "removed":
        gone = removed(t, p)
        return Evidence("posts", gone.select("space_id", key=gone.post, value=gone.at_ms), _("removed"), "at_ms")
    rows = acts(t, p, since=p.since)
    rows = rows.filter(rows.kind.isin(codes(TALK)))
    return Evidence("people", rows.group_by(key=rows.person_id).aggregate(value=rows.n.sum().cast("int64")), POSTS, "number")


METRIC = Metric(
    name="talk", title=_("What was said"),
    definition=_("Posts written: topics opened, those that ask and stand, replies; and posts removed and not put back, by the day of removal."),
    population=_("Members and staff; bots left out; several traces of one person count once."),
    unit="acts", source=gettext_noop("plain counts"), tables=tables, shape=shape, evidence=evidence,
    which={"people": _("people who wrote"), "posts": _("posts written"), "topics": _("topics opened"), "questions": _("topics that ask"), "removed": _("posts removed")},
    by="week", window=13,
)  # fmt: skip
