"""How newcomers get on: came, wrote, got a reply, wrote again, helped; and how many speak again after a first topic.

Formula: of the persons who came in an interval (as in `retention`), each step is of those who took all steps before it. wrote = a first
post within 7 days of the day they came; answered = within 24 h of it another person who is no bot replied in the same topic; again =
a further post within 30 days of the first; helped = within 90 days of the day they came a post of theirs helped somebody, as
`helped` counts it, inferred ones included. Who came too late to reach a step is not counted against it (right-censored): it is of
those who have been watched for as long as the step may take, 7, 9, 37 and 90 whole days after the day they came, whatever they did
meanwhile. First topics: the first topic of a newcomer, opened within 30 days of the day they came and watched for 30 whole days after its
own; by whether another person’s first reply came within 24 h, later in these 30 days, or not in them. Speaks again = a post more
than 24 h and at most 30 days later, so that all three are asked about the same time, after it is known who was answered within a day.
Whether “later” is told apart from “never” depends on what came after, also on the newcomers themselves: who writes again is answered
sooner. All of it is observed, not caused. 95 % intervals by Wilson; a share of fewer than 20 people is hidden.
Removed posts are neither posts nor replies; staff’s replies count. Until when we watch: to the instant we looked. Of people who came with a
history, only until the last post of its source; but to the instant we looked, once they did something here themselves, or once
anybody who is no bot has written here.
Population: persons who came in the time (merged traces are one); bots left out; staff included. In a space, one came with the first
act there, and only what was written there counts. In a history that does not tell who joined when, one came with the first post, and so everybody wrote.
Clock: days of the community's time zone; the 24 h are milliseconds of the log.
Source: CHAOSS Conversion Rate; GrowthBook #4353.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from fireside.insights.metrics import helped
from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.parts import JOINED, MS_A_DAY, REPLIED, TALK, gone, in_spaces, interval, lines, of_people, starts, together
from fireside.insights.metrics.words import span_of
from fireside.insights.rules import HIDE_BELOW, shown

if TYPE_CHECKING:
    import ibis.expr.types as ir

POST_DAYS, AGAIN_DAYS, HELP_DAYS, TOPIC_DAYS, SPEAK_DAYS = 7, 30, 90, 30, 30
# whole days after which a step is decided: the 24 h may reach into the second day after, where clocks are put forward
STEPS = {"wrote": POST_DAYS, "answered": POST_DAYS + 2, "again": POST_DAYS + AGAIN_DAYS, "helped": HELP_DAYS}
SOON, LATER, NEVER = 0, 1, 2
REPLIES = {"soon": SOON, "later": LATER, "never": NEVER}


def _posts(t: Tables, p: Params) -> "ir.Table":
    """Posts that stand, by whomever, from the first day asked for (nobody wrote before they came) up to the instant we looked. Numbers only: no text goes into a join (see parts.questions)."""
    import ibis

    rows = lines(t, p, TALK, since=p.since, until=p.as_of_day)
    opens = ibis.ifelse(rows.kind.isin((REPLIED, JOINED)), 0, 1)
    rows = rows.select("id", "member_id", "at_ms", "day", "space_id", post=rows.target_id, topic=rows.parent_id, opens=opens)
    return rows.anti_join(gone(t, p), [("post", "gone_post")])


def _first(rows: "ir.Table") -> "ir.Table":
    """Of each person the earliest row; of several in one instant the one written down first."""
    early = rows.group_by(early_of=rows.person_id).aggregate(early_ms=rows.at_ms.min())
    rows = rows.inner_join(early, (rows.person_id == early.early_of) & (rows.at_ms == early.early_ms)).drop("early_of", "early_ms")
    one = rows.group_by(one_of=rows.person_id).aggregate(one_id=rows.id.min())
    return rows.inner_join(one, rows.id == one.one_id).drop("one_of", "one_id")


def _watched(t: Tables, p: Params) -> "ir.Table":
    """(watched_person, watched): the day up to which we see what somebody does; that day itself may not be whole."""
    import ibis

    every = t.lines.filter(t.lines.at_ms <= p.as_of_ms)
    told = every.filter(every.kind.isin(TALK))
    ends = told.filter(told.imported).group_by(source_of="source").aggregate(ended=lambda r: r.day.max())
    here = of_people(in_spaces(told.filter(~told.imported), p).select("member_id"), t, p, staff="include")
    lives = here.aggregate(lives=here.count())
    each = every.select("member_id", source=ibis.ifelse(every.imported, every.source, 0)).distinct()
    each = each.left_join(ends, each.source == ends.source_of).drop("source_of").cross_join(lives)
    ended = each.ended.fill_null(0)  # what a left join does not find: NULL on DuckDB, 0 on ClickHouse
    today = (each.source == 0) | (ended == 0) | (each.lives > 0)
    each = each.select("member_id", watched=ibis.ifelse(today, p.as_of_day, ended).cast("int64"))
    each = of_people(each, t, p)
    return each.group_by(watched_person=each.person_id).aggregate(watched=each.watched.max())


def _soon_after(first: "ir.Table", said: "ir.Table") -> "ir.Table":
    """(answered_person): whose first post had a reply within 24 h. Met by topic and day: a room for everybody may be one topic."""
    import ibis

    asked = first.select("person_id", "topic", "at_ms", bucket=first.at_ms // MS_A_DAY)
    asked = together(asked, asked.mutate(bucket=asked.bucket + 1))
    said = said.mutate(said_bucket=said.said_ms // MS_A_DAY)
    both = asked.inner_join(said, (asked.topic == said.said_in) & (asked.bucket == said.said_bucket))
    both = both.filter(both.said_by != both.person_id, both.said_ms >= both.at_ms, both.said_ms <= both.at_ms + MS_A_DAY)
    return both.select(answered_person="person_id").distinct().mutate(answered=ibis.literal(1))


def _of_topics(mine: "ir.Table", said: "ir.Table") -> "ir.Table":
    """First topics of newcomers: topic_person, topic, topic_space, topic_ms, topic_day, reply (SOON, LATER, NEVER), spoke (0, 1)."""
    import ibis

    first = _first(mine.filter(mine.opens == 1))
    first = first.filter(first.day <= first.start + TOPIC_DAYS)
    first = first.select(topic_person="person_id", first_topic="topic", topic_space="space_id", topic_ms="at_ms", topic_day="day")
    pairs = first.inner_join(said, first.first_topic == said.said_in)
    pairs = pairs.filter(
        pairs.said_by != pairs.topic_person, pairs.said_ms >= pairs.topic_ms, pairs.said_day <= pairs.topic_day + SPEAK_DAYS
    )
    replied = pairs.group_by(replied_in=pairs.first_topic).aggregate(reply_ms=pairs.said_ms.min())
    own = mine.select("person_id", "at_ms", "day")
    own = first.inner_join(own, first.topic_person == own.person_id)
    own = own.filter(own.at_ms > own.topic_ms + MS_A_DAY, own.day <= own.topic_day + SPEAK_DAYS)
    own = own.select(spoke_person="topic_person").distinct().mutate(spoke=ibis.literal(1))
    found = first.left_join(replied, first.first_topic == replied.replied_in).drop("replied_in")
    found = found.left_join(own, found.topic_person == own.spoke_person).drop("spoke_person")
    wait = found.reply_ms.fill_null(0)
    reply = ibis.cases((wait == 0, NEVER), (wait <= found.topic_ms + MS_A_DAY, SOON), else_=LATER)
    return found.mutate(reply=reply, spoke=found.spoke.fill_null(0)).drop("reply_ms")


def _helpers(t: Tables, p: Params) -> "ir.Table":
    """(helper, help_day): the first day on which somebody is known to have helped, whoever was helped."""
    known = helped.hold(t, replace(p, staff="include", until=p.as_of_day))
    every = together(known["known"], known["guessed"])
    return every.group_by(helper=every.helper_id).aggregate(help_day=every.day.min())


def hold(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    """`got_on`: one row a newcomer, with the steps taken (0, 1), each with all before it, and their first topic (0 = none)."""
    import ibis

    came = starts(t, p)
    came = came.filter(came.start >= p.since).select(came_person="person_id", start=came.start.cast("int64"))
    posts = _posts(t, p)
    said = of_people(posts.filter(posts.opens == 0), t, p, staff="include")
    said = said.select(said_in="topic", said_by="person_id", said_ms="at_ms", said_day="day")
    mine = of_people(posts, t, p).select("id", "person_id", "at_ms", "day", "space_id", "topic", "opens")
    mine = mine.inner_join(came, mine.person_id == came.came_person).drop("came_person")
    first = _first(mine).filter(lambda r: r.day <= r.start + POST_DAYS)
    answered = _soon_after(first, said)
    begun = first.select(begun_person="person_id", begun_id="id", begun_day="day")
    more = mine.select("id", "person_id", "day").inner_join(begun, mine.person_id == begun.begun_person)
    more = more.filter(more.id != more.begun_id, more.day <= more.begun_day + AGAIN_DAYS)
    more = more.select(again_person="person_id").distinct().mutate(again=ibis.literal(1))
    wrote = begun.select(wrote_person="begun_person", wrote=ibis.literal(1))
    helpers, watched, topics = _helpers(t, p), _watched(t, p), _of_topics(mine, said)
    rows = came.left_join(wrote, came.came_person == wrote.wrote_person).drop("wrote_person")
    rows = rows.left_join(answered, rows.came_person == answered.answered_person).drop("answered_person")
    rows = rows.left_join(more, rows.came_person == more.again_person).drop("again_person")
    rows = rows.left_join(helpers, rows.came_person == helpers.helper).drop("helper")
    rows = rows.left_join(watched, rows.came_person == watched.watched_person).drop("watched_person")
    rows = rows.left_join(topics, rows.came_person == topics.topic_person).drop("topic_person")
    filled = {name: rows[name].fill_null(0).cast("int64") for name in rows.columns if name not in ("came_person", "start")}
    rows = rows.mutate(**filled)
    rows = rows.mutate(
        watched=ibis.ifelse(rows.watched == 0, p.as_of_day, rows.watched),  # on a list only: no line tells of them
        answered=rows.wrote * rows.answered,
        again=rows.wrote * rows.answered * rows.again,
        helped=rows.wrote * rows.answered * rows.again * ibis.ifelse((rows.help_day > 0) & (rows.help_day <= rows.start + HELP_DAYS), 1, 0),
    )
    return {"got_on": rows.drop("help_day").rename(person_id="came_person")}


def _topics(rows: "ir.Table") -> "ir.Table":
    """First topics that have been watched for long enough."""
    return rows.filter(rows.first_topic > 0, rows.watched > rows.topic_day + SPEAK_DAYS)


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    import ibis

    rows = t.held["got_on"]
    steps, before = rows.mutate(i=interval(rows.start, p.by)), ibis.literal(1)
    sums: dict[str, ir.Scalar] = {}
    for step, days in STEPS.items():
        could = ibis.ifelse(steps.watched > steps.start + days, 1, 0)
        sums |= {f"{step}_of": could.sum(), f"{step}_before": (could * before).sum(), f"{step}_people": (could * steps[step]).sum()}
        before = steps[step]
    first = _topics(rows)
    return {
        "steps": steps.group_by(steps.i).aggregate(n=steps.count(), **sums),
        "topics": first.group_by(first.reply).aggregate(n=first.count(), people=first.spoke.sum()),
    }


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    each, rows = {r["i"]: r for r in found["steps"]}, []
    for i in range(p.first, p.last + 1):
        row: dict[str, Any] = {**span_of(i, p), "n": each[i]["n"] if i in each else 0}
        for step in STEPS:
            cell = _cell([each[i]] if i in each else [], step)
            row |= {step: cell["share"], f"{step}_of": cell["n"], f"{step}_people": cell["people"]}
        rows.append(row)
    steps = [{"step": step, **_cell(found["steps"], step)} for step in STEPS]
    by_reply = {r["reply"]: r for r in found["topics"]}
    none = {"n": 0, "people": 0}
    topics = [{"reply": name, **shown(int(by_reply.get(no, none)["people"]), by_reply.get(no, none)["n"])} for name, no in REPLIES.items()]
    front = steps[2]
    return Body(
        headline={"value": front["share"], "came": sum(r["n"] for r in rows), **{key: front[key] for key in ("n", "people", "low", "high")}},
        rows=rows,
        columns=[("n", _("came"), "people"), ("wrote", _("wrote"), "share"), ("answered", _("got a reply"), "share"),
                 ("again", _("wrote again"), "share"), ("helped", _("helped somebody"), "share")],
        more={"steps": steps, "first_topics": topics, "hidden_below": HIDE_BELOW},
    )  # fmt: skip


def _cell(rows: Rows, step: str) -> dict[str, Any]:
    """The share of those who could have taken the step; `before` = how many of them took the one before it."""
    n, before, people = (int(sum(r[f"{step}_{part}"] for r in rows)) for part in ("of", "before", "people"))
    cell = shown(people, n)
    return {**cell, "before": None if cell["hidden"] else before}


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    """Newcomers who came, or are counted for a step, the latest first; first topics by their reply, or who of their authors spoke again."""
    rows = t.held["got_on"]
    kind, _dash, spoke = which.partition("_")
    if kind in REPLIES:
        first = _topics(rows)
        first = first.filter(first.reply == REPLIES[kind])
        if spoke:
            first = first.filter(first.spoke == 1)
            return Evidence("people", first.select(key=first.person_id, value=first.topic_ms), _("first topic"), "at_ms")
        return Evidence(
            "topics", first.select(key=first.first_topic, value=first.topic_ms, space_id=first.topic_space), _("opened"), "at_ms"
        )
    if which in STEPS:
        rows = rows.filter(rows[which] == 1, rows.watched > rows.start + STEPS[which])
    return Evidence("people", rows.select(key=rows.person_id, value=rows.start), _("came on"), "day")


METRIC = Metric(
    name="newcomers", title=_("How newcomers get on"),
    definition=_(
        "Of those who came: who wrote within 7 days, then got a reply within 24 h, then wrote again within 30 days, then helped somebody within "
        "90 days of coming. Who came too late to reach a step is not counted against it; fewer than 20 people are not shown as a share. "
        "Observed, not caused."
    ),
    population=_("Everybody by when they first came; bots left out; several traces of one person count once."),
    unit="share", source="CHAOSS Conversion Rate; GrowthBook", hold=hold, tables=tables, shape=shape, evidence=evidence,
    which={"came": _("came"), "wrote": _("came and wrote"), "answered": _("wrote and got a reply"), "again": _("got a reply and wrote again"),
           "helped": _("wrote again and helped somebody"), "soon": _("first topics answered within 24 h"), "later": _("first topics answered later"),
           "never": _("first topics not answered"), "soon_spoke": _("spoke again, answered within 24 h"),
           "later_spoke": _("spoke again, answered later"), "never_spoke": _("spoke again, not answered")},
    by="month", window=12,
)  # fmt: skip
