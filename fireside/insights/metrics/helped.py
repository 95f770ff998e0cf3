"""People helped: the first number of every front page.

Formula: distinct people who in this time (said) said that a post by another person helped them and have not taken it back, or
(accepted) accepted another person’s answer to their own question, dated by the last acceptance. Confirmed = said or
accepted. It happened: it stays counted when the words are removed later (removing an accepted answer withdraws its acceptance,
and the log says so). Pages of talk count the same from the rows (conversation/queries/helping.py). Helpers = distinct people whose posts did it. Peer share = helps by members who are no staff / all helps.
For history brought in from elsewhere, where nobody could say so, an inferred figure is kept apart and marked: an imported
question without any confirmed help counts as helped when another person replied and the asker then wrote again or gave thanks
in the same topic within 7 days of that first reply; dated by that return, credited to the first who replied (of several in
one instant: whose reply was written down first). It says “came back after an answer”, no more. Imported talk that asks nothing, such
as a day of a chat room, has no asker: there a post that thanks somebody by name counts as their help to whoever wrote it, once for each
post and each who is named; dated by it. Thanks are told by words of both languages, outside of code and quotes, not in advance
(conversation/markup/thanks.py). A person both confirmed and inferred is confirmed.
Population: persons (merged traces are one); bots left out on both sides; nobody helps themselves.
Clock: the day on which it was said, accepted or inferred, in the community's time zone.
Source: Savannah's rule of thanks.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy

from fireside.insights.metrics.base import Body, Evidence, Metric, Params, Rows, Tables
from fireside.insights.metrics.parts import (
    ASKED,
    JOINED,
    MS_A_DAY,
    OPENED,
    REPLIED,
    interval,
    last_words,
    lines,
    of_people,
    questions,
    together,
)
from fireside.insights.metrics.words import span_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

HELPED, TAKEN_BACK, THANKED = "conversation.helped", "conversation.help_taken_back", "conversation.thanked"
THANKED_BY_NAME = "conversation.thanked_by_name"
ACCEPTED, WITHDRAWN = "conversation.accepted", "conversation.acceptance_taken_back"
RETURN_DAYS = 7
TIMES = ngettext_lazy("once", "%(num)s times", "n")
SAID, CHOSEN, GUESSED = 0, 1, 2  # how we know
RAW = ("member_id", "other_id", "topic", "post", "day", "at_ms", "line", "how")  # line: of the log, one for each help
COLUMNS = ("person_id", "helper_id", "helper_staff", "topic", "post", "day", "at_ms", "line", "how")
LISTS = {"said": (SAID, _("said")), "accepted": (CHOSEN, _("accepted")), "inferred": (GUESSED, _("inferred"))}


def _said(t: Tables, p: Params) -> "ir.Table":
    """Members who said that a post helped: RAW."""
    import ibis

    rows = lines(t, p, (HELPED, TAKEN_BACK))
    yes = rows.kind == HELPED
    net = rows.group_by([rows.member_id, rows.target_id]).aggregate(
        net=ibis.ifelse(yes, 1, -1).sum(), day=ibis.ifelse(yes, rows.day, 0).max(), at_ms=ibis.ifelse(yes, rows.at_ms, 0).max(),
        line=ibis.ifelse(yes, rows.id, 0).max(), other_id=rows.other_id.max(), topic=rows.parent_id.max()
    )  # fmt: skip
    net = net.filter(net.net > 0)
    return net.select(*(c for c in RAW if c not in ("post", "how")), post=net.target_id, how=ibis.literal(SAID).cast("int64"))


def _accepted(t: Tables, p: Params) -> "ir.Table":
    """Askers who accepted an answer to their own question, by the last word on it. What others accept for them helps nobody yet."""
    import ibis

    rows = lines(t, p, (ACCEPTED, WITHDRAWN))
    rows = rows.select(
        "id", "at_ms", "member_id", "other_id", "day", "parent_id", "target_id", yes=ibis.ifelse(rows.kind == ACCEPTED, 1, 0)
    )
    now = last_words(rows).filter(lambda r: r.yes == 1)
    now = now.select("other_id", "day", "at_ms", "member_id", topic=now.parent_id, post=now.target_id, line=now.id)
    now = of_people(now, t, p, staff="include").rename(accepter="person_id").drop("is_bot", "is_staff", "joined_day")
    asked = of_people(t.lines.filter(t.lines.kind.isin((ASKED, OPENED, JOINED))), t, p, staff="include")
    asked = asked.select(asked_in="parent_id", asker="person_id")
    both = now.inner_join(asked, now.topic == asked.asked_in)
    both = both.filter(both.asker == both.accepter)
    return both.select(*RAW[:-1], how=ibis.literal(CHOSEN).cast("int64"))


def _persons(rows: "ir.Table", t: Tables, p: Params) -> "ir.Table":
    """Both sides as persons; nobody helps themselves. Staff is 0 or 1: a stored truth value comes back as a number on ClickHouse."""
    import ibis

    rows = of_people(rows, t, p).drop("is_bot", "is_staff", "joined_day")
    helpers = of_people(rows.rename(helped_person="person_id"), t, p, staff="include", column="other_id")
    rows = helpers.select(
        "topic",
        "post",
        "day",
        "at_ms",
        "line",
        "how",
        person_id=helpers.helped_person,
        helper_id=helpers.person_id,
        helper_staff=ibis.ifelse(helpers.is_staff, 1, 0).cast("int64"),
    )
    return rows.filter(rows.person_id != rows.helper_id).select(*COLUMNS)


def _guessed(t: Tables, p: Params, known: "ir.Table") -> "ir.Table":
    """Imported questions whose asker came back after another's reply, and of which nothing is confirmed."""
    import ibis

    asked = questions(t, p).filter(lambda r: r.imported)
    asked = of_people(asked, t, p)
    asked = asked.select(asker="person_id", topic="parent_id", asked_ms="at_ms")
    asked = asked.anti_join(known.select(known_topic=known.topic).distinct(), [("topic", "known_topic")])
    said = lines(t, p, (REPLIED, THANKED))
    # No text goes into a join: DuckDB 2.0.0 fails inside when a joined column of text comes from many files (“dict-surviving join”).
    said = said.select("id", "member_id", "day", "parent_id", "at_ms", "target_id", reply=ibis.ifelse(said.kind == REPLIED, 1, 0))
    said = of_people(said, t, p, staff="include")
    said = said.select("id", "reply", "day", by="person_id", by_staff="is_staff", topic_of="parent_id", at="at_ms", post="target_id")
    both = asked.inner_join(said, asked.topic == said.topic_of)
    replies = both.filter(both.reply == 1, both.by != both.asker, both.at >= both.asked_ms)
    first = replies.group_by(first_in=replies.topic).aggregate(first_at=replies.at.min())
    of_first = replies.inner_join(first, (replies.topic == first.first_in) & (replies.at == first.first_at))
    written_first = of_first.group_by(helper_in=of_first.topic).aggregate(helper_line=of_first.id.min())  # of several in one instant
    helper = of_first.inner_join(written_first, of_first.id == written_first.helper_line)
    helper = helper.select(
        "helper_in", "first_at", "post", "helper_line", helper_id=helper.by, staff=ibis.ifelse(helper.by_staff, 1, 0)
    )  # fmt: skip
    own = both.filter(both.by == both.asker).drop("post", "id")
    back = own.inner_join(helper, own.topic == helper.helper_in)
    back = back.filter(back.at > back.first_at, back.at <= back.first_at + RETURN_DAYS * MS_A_DAY)
    return back.group_by([back.asker, back.topic]).aggregate(
        day=back.day.min(), at_ms=back.at.min(), line=back.helper_line.min(), helper_id=back.helper_id.min(), post=back.post.min(), staff=back.staff.min()
    ).select(
        person_id="asker", helper_id="helper_id", helper_staff=lambda r: r.staff.cast("int64"), topic="topic", post="post", day="day", at_ms="at_ms", line="line",
        how=ibis.literal(GUESSED).cast("int64"),
    )  # fmt: skip


def _thanked(t: Tables, p: Params, known: "ir.Table") -> "ir.Table":
    """Imported posts that thank somebody by name, in talk that asks nothing and of which nothing is confirmed: RAW."""
    import ibis

    rows = lines(t, p, (THANKED_BY_NAME,))
    rows = rows.select("member_id", "other_id", "day", "at_ms", topic=rows.parent_id, post=rows.target_id, line=rows.id)
    asked = questions(t, p).select(asked_in="parent_id").distinct()
    rows = rows.anti_join(asked, [("topic", "asked_in")])
    rows = rows.anti_join(known.select(known_topic=known.topic).distinct(), [("topic", "known_topic")])
    return rows.select(*RAW[:-1], how=ibis.literal(GUESSED).cast("int64"))


def hold(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    """Every help known up to the end asked for."""
    known = _persons(together(_said(t, p).select(*RAW), _accepted(t, p).select(*RAW)), t, p)
    guessed = together(_guessed(t, p, known).select(*COLUMNS), _persons(_thanked(t, p, known), t, p))
    return {"known": known, "guessed": guessed}


def helps(t: Tables, p: Params) -> "ir.Table":
    return together(t.held["known"], t.held["guessed"])


def tables(t: Tables, p: Params) -> "Mapping[str, ir.Table]":
    import ibis

    found = helps(t, p)
    found = found.filter(found.day >= p.since, found.day <= p.until)
    found = found.mutate(
        i=interval(found.day, p.by), sure=ibis.ifelse(found.how == GUESSED, 0, 1), peer=ibis.ifelse(found.helper_staff == 1, 0, 1)
    )
    each = found.group_by([found.i, found.person_id]).aggregate(sure=found.sure.max())
    whole = found.group_by(found.person_id).aggregate(sure=found.sure.max())
    helpers = found.select("i", "helper_id", "peer").distinct()
    all_helpers = found.select("helper_id", "peer").distinct()
    return {
        "people": each.group_by(each.i).aggregate(people=each.count(), sure=each.sure.sum()),
        "all_people": whole.aggregate(people=whole.count(), sure=whole.sure.sum().fill_null(0)),
        "helps": found.group_by([found.i, found.how]).aggregate(helps=found.count(), peer=found.peer.sum()),
        "helpers": helpers.group_by(helpers.i).aggregate(helpers=helpers.count(), peers=helpers.peer.sum()),
        "all_helpers": all_helpers.aggregate(helpers=all_helpers.count(), peers=all_helpers.peer.sum().fill_null(0)),
    }


def shape(found: Mapping[str, Rows], p: Params) -> Body:
    people, helpers = ({r["i"]: r for r in found[name]} for name in ("people", "helpers"))
    rows: Rows = []
    for i in range(p.first, p.last + 1):
        one, by = people.get(i, {"people": 0, "sure": 0}), helpers.get(i, {"helpers": 0, "peers": 0})
        helps_now = [r for r in found["helps"] if r["i"] == i]
        rows.append({**span_of(i, p), "helped": one["people"], "confirmed": one["sure"], "inferred": one["people"] - one["sure"],
                     "helpers": by["helpers"], **_share(helps_now)})  # fmt: skip
    whole, by = found["all_people"][0], found["all_helpers"][0]
    how = {h: sum(r["helps"] for r in found["helps"] if r["how"] == h) for h in (SAID, CHOSEN, GUESSED)}
    return Body(
        headline={"value": whole["people"], "confirmed": whole["sure"], "inferred": whole["people"] - whole["sure"],
                  "helpers": by["helpers"], "peers": by["peers"], "staff": by["helpers"] - by["peers"], **_share(found["helps"])},
        rows=rows,
        columns=[("helped", _("people who were helped"), "people"), ("confirmed", _("confirmed"), "people"), ("inferred", _("inferred"), "people"),
                 ("helpers", _("helpers"), "people"), ("peer_share", _("by members"), "share")],
        more={"said": how[SAID], "accepted": how[CHOSEN], "inferred_helps": how[GUESSED]},
    )  # fmt: skip


def _share(rows: Rows) -> dict[str, float | int | None]:
    total = sum(r["helps"] for r in rows)
    return {"helps": total, "peer_share": sum(r["peer"] for r in rows) / total if total else None}


def evidence(t: Tables, p: Params, which: str, asked: Mapping[str, str]) -> Evidence:
    found = helps(t, p)
    found = found.filter(found.day >= p.since, found.day <= p.until)
    if which in LISTS or which == "topics":
        spaces = t.lines.filter(t.lines.kind.isin((ASKED, OPENED, JOINED))).select(
            space_of=lambda r: r.parent_id, space_id=lambda r: r.space_id
        )
    if which in LISTS:
        how, words = LISTS[which]
        each = found.filter(found.how == how)
        each = each.inner_join(spaces, each.topic == spaces.space_of)
        each = each.select("space_id", "post", "person_id", key=each.line, value=each.at_ms)
        return Evidence("helps", each, words, "at_ms")
    if which == "topics":
        topics = found.group_by(topic=found.topic).aggregate(value=found.count())
        topics = topics.inner_join(spaces, topics.topic == spaces.space_of)
        return Evidence("topics", topics.select("space_id", "value", key=topics.topic), TIMES, "number")
    if which == "confirmed":
        found = found.filter(found.how != GUESSED)
    key = found.helper_id if which == "helpers" else found.person_id
    return Evidence("people", found.group_by(key=key).aggregate(value=found.count()), TIMES, "number")


METRIC = Metric(
    name="helped", title=_("People helped"),
    definition=_(
        "Distinct people who said a post helped them or who accepted an answer to their own question; also when the words were removed since. "
        "Inferred, and counted apart: imported questions whose asker came back within 7 days of another’s first reply, and imported talk in which somebody thanked another by name."
    ),
    population=_("Members and staff who were helped by somebody else; bots left out; several traces of one person count once."),
    unit="people", source=gettext_noop("distinct people"), hold=hold, tables=tables, shape=shape, evidence=evidence,
    which={"people": _("people who were helped"), "confirmed": _("people who said so themselves"), "helpers": _("people who helped"), "topics": _("topics in which it happened"),
           "said": _("times that somebody said that a post helped"), "accepted": _("answers accepted by those who asked"),
           "inferred": _("inferred: came back or gave thanks")},
    by="week", window=13,
)  # fmt: skip
