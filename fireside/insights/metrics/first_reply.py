"""How soon somebody answers: time to the first reply by another person.

Formula: for each question (a topic that asks), wait = first reply in it by another person who is no bot − its own time. Those
without a reply are censored: when we stopped watching, or when the topic was closed or its asker accepted an answer of their own.
We watch until the instant we looked. A question brought in from elsewhere we watch only until the last post of its source, because
of what was said there later nothing is known; but to the instant we looked, once somebody who is no bot has written here
in its space.
Median and p90 are where the Kaplan–Meier curve of the wait falls to one half and one tenth; the share answered within 1 h and 24 h
is one minus the curve there.
Reactions are no replies; one's own further posts neither, nor replies that were removed. A removed question is left out.
Population: questions asked in the time by people who are no bots; replies up to the instant we looked.
Clock: milliseconds of the log; intervals by the day of the question.
Source: CHAOSS Time to First Response; Kaplan and Meier 1958.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.helped import ACCEPTED, WITHDRAWN
from fireside.insights.metrics.parts import (
    ASKED,
    OPENED,
    REPLIED,
    TALK,
    asked_by_people,
    gone,
    in_spaces,
    interval,
    last_words,
    lines,
    of_people,
    together,
)
from fireside.insights.metrics.survival import waits
from fireside.insights.metrics.words import span_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

CLOSED, REOPENED = "conversation.closed", "conversation.reopened"
BINS = (300, 900, 1800, 3600, 7200, 21_600, 86_400)  # seconds: <5 min, 15, 30, 1 h, 2 h, 6 h, 1 day, more
NEVER = 2**62


def questions(t: Tables, p: Params) -> "ir.Table":
    """One row a question: topic, post, person, space_id, day, asked_ms, and reply (2·ms of the first reply, +1 when by staff;
    NEVER without one), closed_ms (NEVER while open), watched_ms (until when we would have seen a reply)."""
    import ibis

    removed = gone(t, p)
    if p.mode == "topics":
        asked = of_people(lines(t, p, (ASKED, OPENED), since=p.since), t, p).anti_join(removed, [("target_id", "gone_post")])
    else:
        asked = asked_by_people(t, p)
    asked = asked.select("person_id", "space_id", "day", topic="parent_id", post="target_id", asked_ms="at_ms",
                         source=ibis.ifelse(asked.imported, asked.source, NEVER))  # fmt: skip
    every = t.lines.filter(t.lines.at_ms <= p.as_of_ms)
    said = in_spaces(every.filter(every.kind == REPLIED, every.day >= p.since), p)  # nobody replies before it was asked
    said = said.select(said_in="parent_id", said_member="member_id", said_ms="at_ms", said_post="target_id")
    pairs = asked.select("topic", "person_id", "asked_ms").inner_join(said, [("topic", "said_in")])
    pairs = pairs.filter(pairs.said_ms >= pairs.asked_ms).anti_join(removed, [("said_post", "gone_post")])
    pairs = pairs.select("topic", "said_member", "said_ms", asker="person_id")
    pairs = of_people(pairs, t, p, staff="include", column="said_member").rename(said_by="person_id", said_staff="is_staff")
    pairs = pairs.filter(pairs.asker != pairs.said_by)
    first = pairs.group_by(first_in=pairs.topic).aggregate(reply=(pairs.said_ms * 2 + ibis.ifelse(pairs.said_staff, 1, 0)).min())
    shut = every.filter(every.kind.isin((CLOSED, REOPENED)))
    shut = shut.group_by(shut_topic=shut.parent_id).aggregate(
        net=ibis.ifelse(shut.kind == CLOSED, 1, -1).sum(), closed_ms=ibis.ifelse(shut.kind == CLOSED, shut.at_ms, 0).max()
    )
    shut = together(shut.filter(shut.net > 0).select("shut_topic", "closed_ms"), _accepted(every))
    shut = shut.group_by("shut_topic").aggregate(closed_ms=shut.closed_ms.min())
    found = asked.left_join(first, asked.topic == first.first_in).drop("first_in")
    found = found.left_join(shut, found.topic == shut.shut_topic).drop("shut_topic")
    told = every.filter(every.kind.isin(TALK))
    ends = told.filter(told.imported).group_by(source_of="source").aggregate(ended_ms=lambda r: r.at_ms.max())
    here = of_people(told.filter(~told.imported, told.space_id.notnull()), t, p, staff="include")
    lives = here.select(lives_in="space_id").distinct().mutate(lives=ibis.literal(1))
    found = found.left_join(ends, found.source == ends.source_of).drop("source_of")
    found = found.left_join(lives, found.space_id == lives.lives_in).drop("lives_in")
    # What a left join does not find is NULL on DuckDB and 0 on ClickHouse; neither is a time here.
    found = found.mutate(
        reply=found.reply.fill_null(0), closed_ms=found.closed_ms.fill_null(0), ended_ms=found.ended_ms.fill_null(0),
        lives=found.lives.fill_null(0),
    )  # fmt: skip
    return found.mutate(
        reply=ibis.ifelse(found.reply == 0, NEVER, found.reply), closed_ms=ibis.ifelse(found.closed_ms == 0, NEVER, found.closed_ms),
        watched_ms=ibis.ifelse((found.ended_ms == 0) | (found.lives == 1), p.as_of_ms, found.ended_ms),
    ).drop("ended_ms", "lives", "source")  # fmt: skip


def _accepted(every: "ir.Table") -> "ir.Table":
    """Topics with an accepted answer by the last word on it: shut_topic, closed_ms. Without a reply by another person: the asker's own."""
    import ibis

    rows = every.filter(every.kind.isin((ACCEPTED, WITHDRAWN)))
    rows = rows.select("id", "parent_id", "at_ms", yes=ibis.ifelse(rows.kind == ACCEPTED, 1, 0))
    now = last_words(rows).filter(lambda r: r.yes == 1)
    return now.select(shut_topic=now.parent_id, closed_ms=now.at_ms)


def hold(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    return {"questions": questions(t, p)}


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    import ibis

    found = t.held["questions"]
    open_now = found.filter((found.reply == NEVER) & (found.closed_ms == NEVER))
    return {
        "waits": found.select(
            i=interval(found.day, p.by), asked_ms=found.asked_ms, reply=found.reply, closed_ms=found.closed_ms, watched_ms=found.watched_ms
        ),
        "waiting": open_now.aggregate(questions=open_now.count(), oldest_ms=open_now.asked_ms.min().fill_null(ibis.literal(0, "int64"))),
        "waiting_people": open_now.select("person_id").distinct().aggregate(people=lambda r: r.count()),
    }


def shape(found: Mapping[str, Any], p: Params) -> Body:
    import numpy as np

    columns = {name: found["waits"][name].to_numpy() for name in ("i", "asked_ms", "reply", "closed_ms", "watched_ms")}
    answered = columns["reply"] != NEVER
    stop = np.minimum(columns["closed_ms"], columns["watched_ms"])
    seconds = np.where(answered, columns["reply"] // 2 - columns["asked_ms"], np.maximum(stop - columns["asked_ms"], 0)) / 1000
    rows: Rows = []
    for i in range(p.first, p.last + 1):
        here = columns["i"] == i
        rows.append({**span_of(i, p), **waits(seconds[here], answered[here])})
    whole = waits(seconds, answered)
    waiting, people = found["waiting"].to_pylist()[0], found["waiting_people"].to_pylist()[0]["people"]
    by_staff = int(np.sum(columns["reply"][answered] % 2))
    return Body(
        headline={"value": whole["median"], **whole, "waiting": waiting["questions"], "waiting_people": people,
                  "oldest_ms": waiting["oldest_ms"] or None, "first_by_staff": by_staff},
        rows=rows,
        columns=[("n", _("questions"), "number"), ("answered", _("answered"), "number"), ("median", _("half wait at most"), "seconds"),
                 ("p90", _("nine in ten wait at most"), "seconds"), ("in_1h", _("in 1 h"), "share"), ("in_24h", _("in 24 h"), "share")],
        more={"bins": list(BINS), "spread": _spread(seconds[answered]), "unanswered": int(np.sum(~answered)),
              "ended": int(np.sum(~answered & (columns["watched_ms"] < np.minimum(columns["closed_ms"], p.as_of_ms)))),
              "hours": _by_hour(columns["asked_ms"], seconds, answered, p.zone)},
    )  # fmt: skip


def _spread(seconds: Any) -> list[int]:
    import numpy as np

    place = np.searchsorted(np.array(BINS, dtype=float), seconds, side="right")
    return [int(n) for n in np.bincount(place, minlength=len(BINS) + 1)]


def _by_hour(asked_ms: Any, seconds: Any, answered: Any, zone: str) -> list[dict[str, Any]]:
    """The same by the local hour of the question, in eight blocks of three hours; of at least 20 questions."""
    from datetime import UTC, datetime

    import numpy as np

    if not len(asked_ms):
        return []
    quarters, where = np.unique(asked_ms // 900_000, return_inverse=True)  # every offset in the world is whole quarters of an hour
    tz = ZoneInfo(zone)
    hour = np.array([datetime.fromtimestamp(int(q) * 900, UTC).astimezone(tz).hour for q in quarters])[where]
    out = []
    for block in range(8):
        here = hour // 3 == block
        if int(np.sum(here)) >= 20:
            one = waits(seconds[here], answered[here])
            out.append({"from": block * 3, "to": block * 3 + 3, "n": one["n"], "median": one["median"], "p90": one["p90"]})
    return out


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    """Questions that wait (the longest first), were answered (the slowest first), or all of them (the oldest first)."""
    found = t.held["questions"]
    if which == "asked":
        return Evidence("topics", found.select("space_id", key=found.topic, value=found.asked_ms), _("asked"), "at_ms", rising=True)
    if which == "answered":
        found = found.filter(found.reply != NEVER)
        found = found.mutate(twice=found.reply - found.reply % 2)
        return Evidence("topics", found.select("space_id", key=found.topic, value=found.twice - 2 * found.asked_ms), _("waited"), "half_ms")
    found = found.filter((found.reply == NEVER) & (found.closed_ms == NEVER))
    return Evidence("topics", found.select("space_id", key=found.topic, value=found.asked_ms), _("asked"), "at_ms", rising=True)


METRIC = Metric(
    name="first_reply", title=_("The first reply"),
    definition=_(
        "From a question to the first reply by another person; bots and one’s own posts do not count. "
        "Those still waiting are counted as waiting, not left out (Kaplan–Meier); of a history that ended, as long as it was watched: "
        "until its last post."
    ),
    population=_("Questions asked in this time; bots left out, removed questions too."),
    unit="seconds", source="CHAOSS Time to First Response; Kaplan and Meier 1958",
    hold=hold, tables=tables, shape=shape, evidence=evidence,
    which={"waiting": _("questions that wait"), "answered": _("answered, slowest first"), "asked": _("all that were asked")},
    modes={"questions": _("questions"), "topics": _("all topics")}, by="week", window=13, columnar=True,
)  # fmt: skip
