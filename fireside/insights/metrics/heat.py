"""Heat: what was done, fading. Members by halves in 28 days, spaces in 7.

Formula: a(m, d) = min(cap, Σ weight of m's acts on day d); heat of a member at T = Σ_d a(m, d) · 2^(−(T−d)/28); heat of a space
= Σ_m Σ_d a(m, d, space) · 2^(−(T−d)/7). Day resolution is the definition: ages are whole days. The daily cap (24, twice the
weightiest act) is what keeps one busy day from being a community. Weights are the merits of the kinds.
Beside a space's heat: breadth = effective participants exp(−Σ p ln p) over the members' shares of it; newcomer share = its part
by people who came in the last 28 days; reply share = replies to another person / posts of the last 28 days; before = its heat
a week earlier.
Population: members; staff and bots left out; several traces of one person are one. Of spaces: those open to who asks, in every figure.
Clock: the end of the last day asked for.
Source: exponential decay; Shannon's entropy as effective number.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from fireside.activity.kinds import KINDS
from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.parts import JOINED, REPLIED, TALK, acts, codes, lines, of_people, starts, who
from fireside.insights.metrics.words import span_of
from fireside.insights.rules import last_day

if TYPE_CHECKING:
    import ibis.expr.types as ir

CAP = 24
HALF_LIFE = {"members": 28, "spaces": 7}
BANDS = (1, 4, 16, 64, 256)  # heat at which the next band begins; below 1 is cold
NEW_DAYS = 28
COLD: dict[str, Any] = {"breadth": None, "newcomer_share": None}  # of no heat at all there are no parts


def weights() -> dict[str, int]:
    return {kind.name: kind.merit for kind in sorted(KINDS.values(), key=lambda k: k.name) if kind.merit}


def _capped(t: Tables, p: Params, *keys: str) -> "ir.Table":
    """(keys…, day, a): the day's weight of each, capped."""
    import ibis

    rows = acts(t, p, kinds=tuple(weights()))
    worth = ibis.cases(*((rows.kind == no, weight) for no, weight in zip(codes(weights()), weights().values(), strict=True)), else_=0).cast(
        "int64"
    )
    daily = rows.group_by([*keys, "day"]).aggregate(a=(rows.n * worth).sum())
    return daily.mutate(a=ibis.ifelse(daily.a > CAP, CAP, daily.a).cast("int16"))


def _open(rows: "ir.Table", p: Params) -> "ir.Table":
    return rows if p.listed is None else rows.filter(rows.space_id.isin(p.listed or (-1,)))


def _by_space(t: Tables, p: Params) -> "ir.Table":
    """(person_id, space_id, day, a), of the spaces open to who asks: a space that is hidden from them is as if it were not there."""
    daily = _capped(t, p, "person_id", "space_id")
    return _open(daily.filter(daily.space_id != 0), p)


def hold(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    """`daily`: what the days of each were worth, once for all that is made of it."""
    return {"daily": _daily(t, p, p.mode)}


def _daily(t: Tables, p: Params, of: str) -> "ir.Table":
    if of == p.mode and "daily" in t.held:
        return t.held["daily"]
    return _capped(t, p, "person_id") if of == "members" else _by_space(t, p)


def _faded(rows: "ir.Table", until: int, half_life: int) -> "ir.FloatingColumn":
    import ibis

    return rows.a * ibis.literal(2.0) ** ((rows.day - until).cast("float64") / float(half_life))


def member_heat(t: Tables, p: Params) -> "ir.Table":
    """(person_id, heat)."""
    daily = _daily(t, p, "members")
    return daily.group_by(daily.person_id).aggregate(heat=_faded(daily, p.until, HALF_LIFE["members"]).sum())


def space_heat(t: Tables, p: Params) -> "ir.Table":
    """One row a space: heat, before, people, breadth, newcomers."""
    import ibis

    half = HALF_LIFE["spaces"]
    daily = _daily(t, p, "spaces")
    week_ago = ibis.ifelse(daily.day <= p.until - 7, _faded(daily, p.until - 7, half), 0.0)
    each = daily.group_by([daily.space_id, daily.person_id]).aggregate(h=_faded(daily, p.until, half).sum(), before=week_ago.sum())
    came = starts(t, p).rename(came_person="person_id")
    each = each.inner_join(came, each.person_id == came.came_person)
    some = ibis.ifelse(each.h > 0, each.h, 1.0)  # after twenty years of silence the number itself has gone down to 0
    total = each.group_by(each.space_id).aggregate(
        heat=each.h.sum(), before=each.before.sum(), people=each.count(), plogp=(each.h * some.ln()).sum(),
        newcomers=ibis.ifelse(each.start > p.until - NEW_DAYS, each.h, 0.0).sum(),
    )  # fmt: skip
    heat = ibis.ifelse(total.heat > 0, total.heat, 1.0)
    return total.mutate(breadth=(heat.ln() - total.plogp / heat).exp(), newcomer_share=total.newcomers / heat)


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    import ibis

    half, daily = HALF_LIFE[p.mode], t.held["daily"]
    if p.mode == "members":
        heat = member_heat(t, p)
        band = sum((ibis.ifelse(heat.heat >= edge, 1, 0) for edge in BANDS[1:]), ibis.ifelse(heat.heat >= BANDS[0], 1, 0))
        banded = heat.mutate(band=band.cast("int64"))
        out = {"bands": banded.group_by(banded.band).aggregate(people=banded.count(), heat=banded.heat.sum())}
    else:
        posts = _posts(t, p)
        posts = _open(posts.filter(posts.space_id.notnull()), p)
        out = {
            "spaces": space_heat(t, p).select("space_id", "heat", "before", "people", "breadth", "newcomer_share"),
            "posts": posts.group_by("space_id").aggregate(
                posts=posts.count(), replies=posts.answers.sum()
            ),
        }  # fmt: skip
    return out | {"daily": daily.group_by(daily.day).aggregate(a=daily.a.sum(), age=_age(half, daily, p))}


def _posts(t: Tables, p: Params) -> "ir.Table":
    """(space_id, person_id, answers) of each post of the last 28 days: 1 where it replies to another person, under whatever name."""
    import ibis

    posts = lines(t, p, TALK, since=p.until - NEW_DAYS + 1)
    posts = posts.select("member_id", "space_id", "other_id", reply=ibis.ifelse(posts.kind.isin((REPLIED, JOINED)), 1, 0))
    posts = of_people(posts, t, p).select("space_id", "person_id", "other_id", "reply")
    others = who(t).select(other_member="who_member", other_person="person_id")
    posts = posts.left_join(others, posts.other_id == others.other_member)
    other = posts.other_person.fill_null(0)  # nobody: NULL on DuckDB, 0 on ClickHouse
    answers = ibis.ifelse((posts.reply == 1) & (other != 0) & (other != posts.person_id), 1, 0)
    return posts.select("space_id", "person_id", answers=answers)


def _age(half: int, daily: "ir.Table", p: Params) -> "ir.FloatingScalar":
    return _faded(daily, p.until, half).sum()


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    half = HALF_LIFE[p.mode]
    added = {r["day"]: r["a"] for r in found["daily"]}
    heat, at_end, fade = 0.0, {}, 2 ** (-1 / half)
    ends = {min(last_day(i, p.by), p.until): i for i in range(p.first, p.last + 1)}
    for day in range(min(added, default=p.since), p.until + 1):
        heat = heat * fade + added.get(day, 0)  # H(d) = 2^(−1/h)·H(d−1) + A(d)
        if day in ends:
            at_end[ends[day]] = heat
    rows: Rows = [{**span_of(i, p), "heat": at_end.get(i, 0.0)} for i in range(p.first, p.last + 1)]
    columns: list[tuple[str, Any, str]] = [("heat", _("heat at its end"), "heat")]
    more: dict[str, Any] = {"half_life_days": half, "daily_cap": CAP, "weights": weights()}
    if p.mode == "members":
        band = {r["band"]: r for r in found["bands"]}
        more["bands"] = [{"from": ([0, *BANDS])[i], "people": band[i]["people"] if i in band else 0} for i in range(len(BANDS) + 1)]
        warm = sum(b["people"] for b in more["bands"][1:])
        return Body({"value": warm, "warm": warm, "cold": more["bands"][0]["people"], "heat": heat}, rows, columns, more)
    posts = {r["space_id"]: r for r in found["posts"]}
    more["spaces"] = [
        {
            **r,
            **({} if r["heat"] else COLD),
            "reply_share": posts[r["space_id"]]["replies"] / posts[r["space_id"]]["posts"] if r["space_id"] in posts else None,
        }
        for r in sorted(found["spaces"], key=lambda r: (-r["heat"], r["space_id"]))
    ]
    warm = sum(r["heat"] >= BANDS[0] for r in more["spaces"])
    return Body({"value": warm, "warm": warm, "cold": len(more["spaces"]) - warm, "heat": heat}, rows, columns, more)


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    """Hottest first. Heat travels in thousandths, so that pages are found by whole numbers."""
    if which == "spaces":
        rows = space_heat(t, p)
        return Evidence("spaces", rows.select(key=rows.space_id, value=(rows.heat * 1000).floor().cast("int64")), _("heat"), "milli")
    rows = member_heat(t, p)
    return Evidence("people", rows.select(key=rows.person_id, value=(rows.heat * 1000).floor().cast("int64")), _("heat"), "milli")


METRIC = Metric(
    name="heat", title=_("Heat"),
    definition=_(
        "Acts weighed by their merit, at most 24 a person and day, fading by half in 28 days for members and in 7 for spaces. "
        "Warm is a heat of 1 or more."
    ),
    population=_("Members; staff and bots left out; several traces of one person count once."),
    unit="heat", source=gettext_noop("exponential decay"), hold=hold, tables=tables, shape=shape, evidence=evidence,
    which={"people": _("warmest members"), "spaces": _("warmest spaces")},
    modes={"members": _("members"), "spaces": _("spaces")}, lists_spaces=("spaces",), staff="exclude", by="week", window=26,
)  # fmt: skip
