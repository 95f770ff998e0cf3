"""Who holds it together: ties between people, the core, the edge, who is a bridge, and newcomers whom nobody turned to.

Formula: two persons have a tie when in this time one turned to the other: replied to them (to the post that is answered, else to
whoever opened the topic), thanked them, was helped by them or accepted their answer. Imported talk that asks nothing, such as a day of a
chat room, has nobody who is answered as long as a post does not say whom: there a reply to whoever spoke first is no tie. Removed
replies are none either. Tied = persons with a tie. Core: the largest number h of persons of whom each has ties with at least h others,
and everybody with as many (from h = 2 on). Edge: exactly one tie. Between: the others. Bridge: whoever parts a group of at least two
from the rest of their group by leaving; parted = how many people (the largest part is the rest, and one alone is no group). If three
leave: the part of all ties that the three people with most ties have, and who would be left with none; hidden while fewer than 10 are tied.
Newcomers = persons who came in this time (as in `retention`) and wrote; not met = those of them to whom nobody turned. Alone = persons
who wrote and have no tie.
Population: persons (merged traces are one); bots left out on both sides; staff included. Of the spaces open to who asks.
Clock: days, weeks from Monday or months of the community's time zone; the current interval is unfinished. The graph is of all days asked for.
Source: Borgatti and Everett 1999 (the core, by Lip 2011); Hopcroft and Tarjan 1973 (articulation points).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fireside.insights.metrics import ties
from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Reckoning, Rows, Tables
from fireside.insights.metrics.parts import (
    ASKED,
    OPENED,
    REPLIED,
    TALK,
    gone,
    interval,
    lines,
    of_people,
    questions,
    starts,
    together,
)
from fireside.insights.metrics.words import span_of
from fireside.lib.errors import Refused

if TYPE_CHECKING:
    import ibis.expr.types as ir

TURNED = ("conversation.thanked", "conversation.thanked_by_name", "conversation.helped", "conversation.accepted")
NAMED = 12  # people named one by one beside the picture; the lists hold all
RINGS = {ties.CORE: "core", ties.BETWEEN: "between", ties.EDGE: "edge"}
OTHERS = ngettext_lazy("%(num)s tie", "%(num)s ties", "n")


def _open(rows: "ir.Table", p: Params) -> "ir.Table":
    return rows if p.listed is None else rows.filter(rows.space_id.isin(p.listed or (-1,)))


def _turns(t: Tables, p: Params) -> "ir.Table":
    """(person_id, other, day): one person turned to another."""
    rows = _open(lines(t, p, (*TURNED, REPLIED), since=p.since), p)
    rows = rows.filter(rows.other_id.notnull(), rows.space_id.notnull())  # what is said in private stands in no space
    plain = rows.filter(rows.kind.isin(TURNED)).select("member_id", "other_id", "day")
    replies = rows.filter(rows.kind == REPLIED).select("member_id", "other_id", "day", "target_id", "imported", topic="parent_id")
    replies = replies.anti_join(gone(t, p), [("target_id", "gone_post")])
    opened = lines(t, p, (ASKED, OPENED)).filter(lambda r: r.imported).select(opened_in="parent_id", opened_by="member_id")
    opened = opened.anti_join(questions(t, p).select(asked_in="parent_id"), [("opened_in", "asked_in")])
    told = replies.filter(replies.imported)
    told = told.anti_join(opened, [("topic", "opened_in"), ("other_id", "opened_by")])
    here = replies.filter(~replies.imported)
    rows = together(plain, *(some.select("member_id", "other_id", "day") for some in (told, here)))
    rows = of_people(rows, t, p).select("other_id", "day", speaker="person_id")
    rows = of_people(rows, t, p, column="other_id").select("day", person_id="speaker", other="person_id")
    return rows.filter(rows.person_id != rows.other)


def hold(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    """`met`: (i, low, high, way), the ties of each interval and who turned to whom in them (1 = to the lower, 2 = to the higher number,
    3 = both); `wrote`: who wrote, with the day they came when that is in the time (else 0)."""
    import ibis

    turns = _turns(t, p)
    low = ibis.least(turns.person_id, turns.other)
    met = turns.mutate(i=interval(turns.day, p.by), low=low, high=ibis.greatest(turns.person_id, turns.other))
    met = met.mutate(to_low=ibis.ifelse(met.other == met.low, 1, 0))
    met = met.group_by(["i", "low", "high"]).aggregate(least=met.to_low.min(), most=met.to_low.max())
    way = ibis.ifelse(met.least == 1, ties.TO_LOW, ibis.ifelse(met.most == 0, ties.TO_HIGH, ties.TO_LOW | ties.TO_HIGH))
    met = met.select("low", "high", i=met.i.cast("int32"), way=way.cast("int8"))
    said = _open(lines(t, p, TALK, since=p.since), p).select("member_id", post="target_id")
    said = said.anti_join(gone(t, p), [("post", "gone_post")]).select("member_id").distinct()
    wrote = of_people(said, t, p).select("person_id").distinct()
    came = starts(t, p)
    came = came.filter(came.start >= p.since).select(came_person="person_id", start="start")
    rows = wrote.left_join(came, wrote.person_id == came.came_person).drop("came_person")
    return {"met": met, "wrote": rows.select("person_id", start=rows.start.fill_null(0).cast("int64"))}


def _newcomers(t: Tables) -> "ir.Table":
    """(person_id, start, turned): newcomers who wrote, and whether somebody turned to them (0, 1)."""
    rows, tied = t.held["wrote"], t.held["tied"]
    rows = rows.filter(rows.start > 0)
    rows = rows.left_join(tied.select("turned", tied_person="person_id"), [("person_id", "tied_person")])
    return rows.select("person_id", "start", turned=rows.turned.fill_null(0))


def _alone(t: Tables) -> "ir.Table":
    return t.held["wrote"].anti_join(t.held["tied"].select(tied_person="person_id"), [("person_id", "tied_person")])


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    import ibis

    met, tied, new = t.held["met"], t.held["tied"], _newcomers(t)
    by_i = new.mutate(i=interval(new.start, p.by), not_met=ibis.ifelse(new.turned == 0, 1, 0))
    bridges = tied.filter(tied.parted > 0)
    return {
        "whole": t.held["whole"],
        "rings": tied.group_by(tied.ring).aggregate(n=tied.count(), bridges=ibis.ifelse(tied.parted > 0, 1, 0).sum()),
        "alone": _alone(t).aggregate(n=lambda r: r.count()),
        "ties": met.group_by(i=met.i.cast("int64")).aggregate(ties=met.count()),
        "tied": t.held["by_interval"],
        "newcomers": by_i.group_by(by_i.i).aggregate(n=by_i.count(), not_met=by_i.not_met.sum()),
        "bridges": bridges.aggregate(n=bridges.count(), parted=bridges.parted.max().fill_null(0)),
        "bridging": bridges.order_by([ibis.desc(bridges.parted), ibis.desc(bridges.ties), bridges.person_id.asc()])
        .limit(NAMED)
        .select("person_id", "parted", "ties"),
        "around": t.held["parts"].select("bridge", "around").distinct(),
        "top": tied.filter(tied.top == 1).select("person_id", "ties"),
    }


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    counted, met, new = ({r["i"]: r for r in found[name]} for name in ("tied", "ties", "newcomers"))
    rows: Rows = []
    for i in range(p.first, p.last + 1):
        came = new.get(i, {"n": 0, "not_met": 0})
        rows.append({**span_of(i, p), "tied": counted.get(i, {"tied": 0})["tied"], "ties": met.get(i, {"ties": 0})["ties"],
                     "newcomers": came["n"], "not_met": int(came["not_met"])})  # fmt: skip
    whole, rings, bridges = found["whole"][0], {RINGS[r["ring"]]: r["n"] for r in found["rings"]}, found["bridges"][0]
    people, number, told = whole["people"], whole["ties"], whole["people"] >= ties.FEW
    around: dict[int, list[int]] = {}
    for r in sorted(found["around"], key=lambda r: r["around"]):
        around.setdefault(r["bridge"], []).append(r["around"])
    bridging = sorted(found["bridging"], key=lambda r: (-r["parted"], -r["ties"], r["person_id"]))
    return Body(
        headline={
            "value": people, "tied": people, **{name: rings.get(name, 0) for name in RINGS.values()},
            "alone": found["alone"][0]["n"], "bridges": bridges["n"], "newcomers": sum(r["newcomers"] for r in rows),
            "not_met": sum(r["not_met"] for r in rows), "ties": number, "mean_ties": 2 * number / people if people else None,
            "largest_share": whole["largest"] / people if people else None, "groups": whole["groups"], "h": whole["h"],
            "top_share": whole["lost"] / number if told else None, "left": whole["left"] if told else None,
        },
        rows=rows,
        columns=[("tied", _("people with ties"), "people"), ("ties", _("ties"), "number"), ("newcomers", _("newcomers who wrote"), "people"),
                 ("not_met", _("to whom nobody turned"), "people")],
        more={
            "bridges": {name: int(r["bridges"]) for r in found["rings"] for no, name in RINGS.items() if r["ring"] == no},
            "bridging": [{"person_id": r["person_id"], "parted": r["parted"], "ties": r["ties"],
                          "around": [{"person_id": one} for one in around.get(r["person_id"], [])[:3]]} for r in bridging],
            "top": [{"person_id": r["person_id"], "ties": r["ties"]} for r in sorted(found["top"], key=lambda r: (-r["ties"], r["person_id"]))],
        },
    )  # fmt: skip


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    """Everybody behind a figure: with ties by how many, bridges by whom they would part, newcomers by the day they came, the latest first.
    `parted` are those whom the bridge `of` would part. Raises Refused when it is not said which."""
    import ibis

    tied = t.held["tied"]
    if which in ("not_met", "newcomers"):
        rows = _newcomers(t)
        rows = rows.filter(rows.turned == 0) if which == "not_met" else rows
        return Evidence("people", rows.select(key=rows.person_id, value=rows.start), _("came on"), "day")
    if which == "alone":
        rows = _alone(t)
        return Evidence("people", rows.select(key=rows.person_id, value=ibis.literal(0).cast("int64")), OTHERS, "number")
    if which == "bridges":
        rows = tied.filter(tied.parted > 0)
        return Evidence(
            "people",
            rows.select(key=rows.person_id, value=rows.parted),
            ngettext_lazy("parts %(num)s person", "parts %(num)s people", "n"),
            "number",
        )
    if which == "parted":
        rows = _parted_by(t, asked.get("of", ""))
    elif which in ("top", "left"):
        rows = tied.filter(tied[which] == 1)
    else:
        ring = next((no for no, name in RINGS.items() if name == which), None)
        rows = tied if ring is None else tied.filter(tied.ring == ring)
    return Evidence("people", rows.select(key=rows.person_id, value=rows.ties), OTHERS, "number")


def _parted_by(t: Tables, of: str) -> "ir.Table":
    """Who would be apart from the rest without this one; without anybody said, whom any bridge would part."""
    if of and not (of.isascii() and of.isdigit() and len(of) < 19):
        raise Refused("bad_number", _("%(name)s is the number of a person.") % {"name": "of"}, field="of")
    parts, tied = t.held["parts"], t.held["tied"]
    if of:
        parts = parts.filter(parts.bridge == int(of))
    parts = parts.select(part_low="low", part_high="high")
    rows = tied.cross_join(parts)
    rows = rows.filter(rows.place >= rows.part_low, rows.place < rows.part_high)
    return rows.select("person_id", "ties").distinct()


METRIC = Metric(
    name="network", title=_("Who holds it together"),
    definition=_(
        "Two people have a tie when one replied to the other, thanked them, was helped by them or accepted their answer in this time. The core: the "
        "largest number of people who each have ties with at least as many others. On the edge: one tie. A bridge: without them a group parts "
        "from the rest. Newcomers came in this time and wrote."
    ),
    population=_("Members and staff who wrote or have a tie in this time; bots left out; several traces of one person count once."),
    unit="people", source="Borgatti and Everett 1999 (Lip 2011); Hopcroft and Tarjan 1973", hold=hold, reckon=Reckoning(("met",), ties.work),
    tables=tables, shape=shape, evidence=evidence,
    which={"tied": _("people with ties"), "core": _("the core"), "between": _("between core and edge"), "edge": _("on the edge, with one tie"),
           "alone": _("wrote, and have no tie"), "bridges": _("bridges"), "parted": _("whom a bridge would part from the rest"),
           "top": _("the three with most ties"), "left": _("who would be left with nobody without these three"),
           "not_met": _("newcomers to whom nobody turned"), "newcomers": _("newcomers who wrote")},
    lists_spaces=("",), by="week", window=13,
)  # fmt: skip
