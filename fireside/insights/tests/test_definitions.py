"""What the definitions say at their edges: one meaning of “question”, of “removed”, of how long a question is watched; odd clocks."""

from datetime import timedelta

import pytest

from fireside.activity.log import Line, record_many
from fireside.conversation import kinds as talk
from fireside.insights import actions, metrics, queries
from fireside.insights.tests.test_metrics import NOON, member, said
from fireside.lib.errors import Refused
from fireside.members import kinds as people
from fireside.members.models import Community, Member
from fireside.members.queries import forget_community

pytestmark = [pytest.mark.django_db]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def behind(actor, metric, which, **asked):
    """How many stand behind a number, page by page."""
    found, cursor = 0, ""
    while True:
        page = queries.evidence(metric, now=actor.now, viewer=actor, which=which, cursor=cursor, size=100, asked=asked).page
        found, cursor = found + len(page.rows), page.next
        if not cursor:
            return found


@pytest.mark.once
def test_what_is_made_a_question_is_one_for_every_metric(mirror, ask):
    actor = mirror("UTC", NOON)
    ann, ben = member("Ann"), member("Ben")
    record_many(actor, [
        said(talk.OPENED, NOON - 9 * HOUR, ann, topic=1, post=1), said(talk.MADE_QUESTION, NOON - 8 * HOUR, ann, topic=1, post=1),
        said(talk.REPLIED, NOON - 7 * HOUR, ben, topic=1, post=2, other=ann),
        said(talk.ASKED, NOON - 9 * HOUR, ann, topic=2, post=3), said(talk.MADE_TALK, NOON - 8 * HOUR, ann, topic=2, post=3),
        said(talk.ASKED, NOON - 9 * HOUR, ben, topic=3, post=4), said(talk.REMOVED, NOON - 8 * HOUR, ann, topic=3, post=4, other=ben),
        said(talk.ASKED, NOON - 9 * HOUR, ben, topic=4, post=5),
    ])  # fmt: skip
    words, replies = (ask(actor, name)["headline"] for name in ("talk", "first_reply"))
    assert (words["topics"], words["questions"]) == (4, 2)
    assert (replies["n"], replies["answered"]) == (2, 1)


@pytest.mark.once
def test_removed_posts_are_counted_of_those_who_are_counted(mirror, ask):
    """Neither a program's posts nor what a program took away from somebody else makes the two figures speak of different people."""
    actor = mirror("UTC", NOON)
    ann, bot = member("Ann"), member("Robot", is_bot=True)
    record_many(actor, [
        said(talk.OPENED, NOON - 5 * HOUR, ann, topic=1, post=1), said(talk.REPLIED, NOON - 5 * HOUR, ann, topic=1, post=2),
        said(talk.REPLIED, NOON - 4 * HOUR, bot, topic=1, post=3), said(talk.REMOVED, NOON - 3 * HOUR, ann, topic=1, post=3, other=bot),
        said(talk.REMOVED, NOON - 3 * HOUR, ann, topic=1, post=2),
    ])  # fmt: skip
    front = ask(actor, "talk")["headline"]
    assert (front["posts"], front["removed"]) == (2, 1)
    front = ask(actor, "talk", bots="include")["headline"]
    assert (front["posts"], front["removed"]) == (3, 2)


def archive(name, at, *, asks, ends, space, topic, who):
    """A question and, `ends` hours later, the last words of its history, in another topic."""
    told = {"imported": True, "source": name, "space": space}
    return [
        said(talk.ASKED, at, who, topic=topic, post=topic, external_id=f"{topic}", **told),
        said(talk.OPENED, at + ends, who, topic=topic + 1, post=topic + 1, external_id=f"{topic + 1}", **told),
    ]


@pytest.mark.once
def test_a_question_of_a_history_that_ended_is_watched_until_its_last_post(mirror, ask):
    """Two archives, one of them now in the space of a bot, and a third whose space lives on here: how long a question without a reply is
    known to have waited."""
    actor = mirror("UTC", NOON)
    ann, ben, bot = member("Ann"), member("Ben"), member("Robot", is_bot=True)
    long_ago = NOON - 60 * DAY
    record_many(actor, [
        *archive("zulip:a", long_ago, asks=1, ends=30 * HOUR, space=5, topic=1, who=ann),
        *archive("zulip:b", long_ago, asks=1, ends=10 * DAY, space=6, topic=11, who=ann),
        *archive("zulip:c", long_ago, asks=1, ends=2 * HOUR, space=7, topic=21, who=ann),
        said(talk.OPENED, NOON - DAY, ben, topic=31, post=31, space=7),
        said(talk.OPENED, NOON - DAY, bot, topic=32, post=32, space=6),
    ])  # fmt: skip
    answer = ask(actor, "first_reply", by="month", since="2026-01-01")
    assert (answer["headline"]["n"], answer["headline"]["waiting"], answer["more"]["ended"]) == (3, 3, 2)
    assert "until its last post" in answer["definition"]["en"]
    from fireside.insights.metrics.base import Params
    from fireside.insights.metrics.first_reply import METRIC, questions
    from fireside.insights.mirror.reading import session
    from fireside.insights.mirror.state import snapshot
    from fireside.insights.queries.asking import Ask, read

    state = snapshot()
    params: Params = read(METRIC, Ask(since="2026-01-01", by="month"), viewer=actor, snapshot=state, now=actor.now)
    with session(state) as (con, tables):
        rows = con.to_pyarrow(questions(tables, params).select("topic", "asked_ms", "watched_ms")).to_pylist()
    watched = {row["topic"]: timedelta(milliseconds=row["watched_ms"] - row["asked_ms"]) for row in rows}
    assert watched == {1: 30 * HOUR, 11: 10 * DAY, 21: 60 * DAY}


@pytest.mark.once
def test_what_the_log_dates_in_days_to_come_has_not_happened(mirror, ask):
    actor = mirror("UTC", NOON)
    ann, eve = member("Ann"), member("Eve", at=NOON + 3 * DAY)
    later = {"imported": True}
    record_many(actor, [
        said(talk.ASKED, NOON - DAY, ann), Line(people.JOINED, NOON + 3 * DAY, eve, imported=True),
        said(talk.ASKED, NOON + 3 * DAY, eve, topic=2, post=2, **later), said(talk.REPLIED, NOON + 3 * DAY, eve, topic=1, post=3, other=ann, **later),
        said(talk.HELPED, NOON + 3 * DAY, ann, topic=1, post=3, other=eve, **later),
    ])  # fmt: skip
    fronts = {name: ask(actor, name)["headline"] for name in metrics.NAMES}
    assert (fronts["members"]["members"], fronts["members"]["active"], fronts["active"]["mau"]) == (1, 1, 1)
    assert (fronts["first_reply"]["n"], fronts["first_reply"]["answered"], fronts["helped"]["value"]) == (1, 0, 0)
    assert (fronts["talk"]["posts"], fronts["talk"]["questions"], fronts["cores"]["value"]) == (1, 1, 1)


def test_an_answer_kept_in_one_time_zone_is_not_shown_in_another(mirror, ask):
    actor = mirror("UTC", NOON)
    ann = member("Ann")
    record_many(actor, [said(talk.OPENED, NOON.replace(hour=1) - DAY, ann)])
    actions.bring_up_to_date(actor)
    said_then = actions.keep_answer(actor, metric="active", since="2026-03-27", until="2026-03-30", by="day")
    Community.objects.update(time_zone="America/Los_Angeles")
    forget_community()
    assert actions.rebuild_here(actor)
    now = actions.keep_answer(actor, metric="active", since="2026-03-27", until="2026-03-30", by="day")
    assert [{r["start"]: r["dau"] for r in one["rows"]} for one in (said_then, now)] == [
        {"2026-03-27": 0, "2026-03-28": 0, "2026-03-29": 1, "2026-03-30": 0}, {"2026-03-27": 0, "2026-03-28": 1, "2026-03-29": 0, "2026-03-30": 0},
    ]  # fmt: skip


def test_who_is_removed_is_no_member_any_more_and_was_one(mirror, ask):
    actor = mirror("UTC", NOON)
    ann, ben = member("Ann"), member("Ben", at=NOON - DAY)
    record_many(actor, [said(talk.OPENED, NOON - DAY, who, topic=who) for who in (ann, ben)])
    Member.objects.filter(pk=ben).update(removed_at=NOON)
    front = ask(actor, "members")["headline"]
    assert (front["members"], front["new"], front["active"]) == (1, 1, 2)
    assert (behind(actor, "members", "all"), behind(actor, "members", "new")) == (1, 1)


@pytest.mark.once
def test_a_time_with_one_end_and_a_time_that_has_not_come(mirror):
    actor = mirror("UTC", NOON)
    open_end = queries.answer("talk", now=NOON, viewer=actor, since="2026-03-16")["clock"]
    assert (open_end["since"], open_end["until"]) == ("2026-03-16", "2026-03-30")
    open_start = queries.answer("talk", now=NOON, viewer=actor, until="2026-03-16", by="day")["clock"]
    assert (open_start["since"], open_start["until"]) == ("2026-02-17", "2026-03-16")
    beyond = queries.answer("talk", now=NOON, viewer=actor, since="2026-03-16", until="2027-01-01")["clock"]
    assert beyond["until"] == "2026-03-30"
    for words, field, says in (
        ({"since": "2026-04-02"}, "since", "not come yet"), ({"since": "2026-03-16", "until": "2026-03-15"}, "until", "after the last"),
    ):  # fmt: skip
        with pytest.raises(Refused) as no:
            queries.answer("talk", now=NOON, viewer=actor, **words)
        assert (no.value.facts["field"], says in str(no.value)) == (field, True)


def test_gone_quiet_is_said_of_an_interval_that_is_over(mirror):
    """At noon hardly anybody of yesterday has been here today: that is no news of them."""
    actor = mirror("UTC", NOON)
    ann, ben, cat = member("Ann"), member("Ben"), member("Cat")
    record_many(actor, [
        *(said(talk.OPENED, NOON - days * DAY, ann, topic=days) for days in (1, 2)), said(talk.OPENED, NOON - DAY, ben, topic=7),
        said(talk.OPENED, NOON - 2 * DAY, cat, topic=8),
    ])  # fmt: skip
    actions.bring_up_to_date(actor)
    days = {"by": "day", "since": "2026-03-24"}
    quiet = queries.evidence("members", now=NOON, viewer=actor, which="dormant", asked=days).page.rows
    assert [one["id"] for one in quiet] == [cat]
    row = queries.answer("members", now=NOON, viewer=actor, **days)["rows"][-2]
    assert [row[state] for state in ("active", "returning", "resurrected", "dormant")] == [
        behind(actor, "members", state, **days) for state in ("active", "returning", "resurrected", "dormant")
    ]


def test_who_stayed_is_listed_in_every_mode(mirror, ask):
    """Forty came in one week; who counts in the cell in front stands in the list behind it."""
    actor = mirror("UTC", NOON)
    start, lines = NOON - 70 * DAY, []
    for n in range(40):
        who = member(f"P{n}", at=start)
        weeks = [w for w in range(1, 9) if (n + w) % 3 or n % 4 == 0]
        lines += [said(talk.OPENED, start + w * 7 * DAY, who, topic=n * 10 + w) for w in weeks]
    record_many(actor, lines)
    for mode in metrics.get("retention").modes:
        for k in ("2", "4"):
            asked = {"since": "2026-01-05", "by": "week", "mode": mode, "k": k, "bracket": "2-3"}
            front = ask(actor, "retention", **asked)["headline"]
            assert front["n"] == 40
            assert front["k"] == (3 if mode == "bracket" else int(k))
            assert 0 < front["people"] == behind(actor, "retention", "there", **asked), (mode, k)
