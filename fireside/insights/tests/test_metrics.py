"""Edge cases of single metrics, on lines written by hand: days of summer time, censoring at the edge, one member, nobody."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fireside.activity.log import Line, record_many
from fireside.conversation import kinds as talk
from fireside.insights import metrics
from fireside.insights.queries.answering import finite
from fireside.insights.tests.plain import Plain
from fireside.insights.tests.plain.days import Span
from fireside.insights.tests.plain.history import Act, History
from fireside.members import kinds as people
from fireside.members.models import Member

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
]  # arithmetic over the mirror; test_mirror proves how lines of either database come into it
NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)  # a Monday, the day after Europe's clocks went forward


def member(name, *, at=NOON - timedelta(days=100), **more):
    row = Member.objects.create(name=name, handle=name.lower(), joined_at=at, **more)
    Member.objects.filter(pk=row.pk).update(person=row.pk)
    return row.pk


def said(kind, at, who, *, topic=1, post=1, other=None, space=5, imported=False, **source):
    return Line(kind, at, who, "conversation.post", post, space, other_id=other, parent_id=topic, imported=imported, **source)


def test_an_empty_house_answers_every_metric_without_a_number(mirror, ask):
    actor = mirror("UTC", NOON)
    for metric in metrics.every():
        for mode in metric.modes or [""]:
            answer = ask(actor, metric.name, mode=mode)
            assert not answer["headline"]["value"], (metric.name, mode)
            assert len(answer["rows"]) == metric.window
            for key in ("definition", "population", "title"):
                assert set(answer[key]) == {"en", "zh-hans"}
                assert answer[key]["en"] != answer[key]["zh-hans"], (metric.name, key)
            assert answer["clock"]["watermark"]
            assert answer["links"]["evidence"]


def test_a_community_of_one_is_no_reason_to_divide_by_nothing(mirror, ask):
    actor = mirror("UTC", NOON)
    ann = member("Ann", at=NOON - timedelta(days=3))
    record_many(actor, [Line(people.JOINED, NOON - timedelta(days=3), ann), said(talk.ASKED, NOON - timedelta(days=2), ann)])
    assert ask(actor, "members")["headline"]["members"] == 1
    assert ask(actor, "active")["headline"]["mau"] == 1
    assert ask(actor, "concentration")["headline"]["absence_factor"] == 1
    assert ask(actor, "concentration")["headline"]["gini"] == pytest.approx(0)
    front = ask(actor, "first_reply")["headline"]
    assert (front["n"], front["answered"], front["median"], front["waiting"]) == (1, 0, None, 1)
    assert (front["in_1h"], front["in_24h"]) == (0.0, 0.0)
    assert ask(actor, "helped")["headline"]["value"] == 0
    assert ask(actor, "heat", mode="spaces")["more"]["spaces"][0]["breadth"] == pytest.approx(1)
    assert ask(actor, "retention")["headline"]["value"] is None


def test_a_space_silent_for_decades_is_cold_and_breaks_nothing(mirror, ask):
    """Heat halves every week: after 21 years the number itself is 0, and nothing may be divided by it."""
    actor = mirror("UTC", NOON)
    long_ago = NOON - timedelta(days=366 * 36)
    ann = member("Ann", at=long_ago)
    record_many(actor, [said(talk.ASKED, long_ago, ann, imported=True), said(talk.ASKED, NOON - timedelta(days=1), ann, topic=2, space=6)])
    warm, cold = ask(actor, "heat", mode="spaces")["more"]["spaces"]
    assert (warm["space_id"], warm["breadth"]) == (6, pytest.approx(1))
    assert (cold["space_id"], cold["heat"], cold["breadth"], cold["newcomer_share"], cold["people"]) == (5, 0.0, None, None, 1)
    assert finite({"a": [float("nan"), 1.5], "b": float("inf")}) == {"a": [None, 1.5], "b": None}


def test_the_front_of_members_is_of_the_days_asked_for_and_not_of_whole_intervals(mirror, ask):
    """Asked from Wednesday by weeks: who was here on Monday only is in the week's row, and not in front; nobody is in front twice."""
    actor = mirror("UTC", NOON + timedelta(days=6))
    ann, ben = member("Ann"), member("Ben")
    both = [said(talk.OPENED, NOON + timedelta(days=d), ben, topic=10 + d, post=10 + d) for d in (2, 3, -4)]
    record_many(actor, [said(talk.OPENED, NOON, ann), *both])
    answer = ask(actor, "members", by="week", since="2026-04-01")
    assert (answer["headline"]["active"], answer["rows"][0]["active"]) == (1, 2)
    span = Span(date(2026, 4, 1), date(2026, 4, 5), "week", date(2026, 4, 5))
    history = History(
        [Act("opened", (NOON + timedelta(days=d)).timestamp(), who) for who, d in (("ben", -4), ("ann", 0), ("ben", 2), ("ben", 3))]
    )
    again = Plain(history, "UTC", actor.now).members(span)
    assert (again["headline"]["active"], again["rows"][0]["active"]) == (1, 2)


def test_days_are_those_of_the_community_also_when_its_clocks_jump(mirror, ask):
    """In Berlin 29 March 2026 has 23 hours: 22:30 UTC the day before is still the 28th, 22:30 UTC on the day is the 30th."""
    actor = mirror("Europe/Berlin", NOON + timedelta(days=1))
    ann, ben = member("Ann"), member("Ben")
    record_many(actor, [
        said(talk.OPENED, datetime(2026, 3, 28, 22, 30, tzinfo=UTC), ann, topic=1),  # 23:30 on the 28th
        said(talk.OPENED, datetime(2026, 3, 28, 23, 30, tzinfo=UTC), ann, topic=2),  # 00:30 on the 29th
        said(talk.OPENED, datetime(2026, 3, 29, 21, 59, tzinfo=UTC), ben, topic=3),  # 23:59 on the 29th, summer time
        said(talk.OPENED, datetime(2026, 3, 29, 22, 30, tzinfo=UTC), ben, topic=4),  # 00:30 on the 30th
    ])  # fmt: skip
    rows = {r["start"]: r for r in ask(actor, "active", since="2026-03-27", until="2026-03-31")["rows"]}
    assert [rows[f"2026-03-{d}"]["dau"] for d in (27, 28, 29, 30, 31)] == [0, 1, 2, 1, 0]
    assert rows["2026-03-30"]["wau"] == 2
    assert rows["2026-03-31"]["partial"]
    assert not rows["2026-03-30"]["partial"]


def test_weeks_begin_on_monday(mirror, ask):
    actor = mirror("UTC", NOON)
    ann = member("Ann")
    record_many(
        actor,
        [
            said(talk.OPENED, datetime(2026, 3, 22, 23, 59, tzinfo=UTC), ann),
            said(talk.OPENED, datetime(2026, 3, 23, 0, 1, tzinfo=UTC), ann),
        ],
    )
    rows = {r["start"]: r["posts"] for r in ask(actor, "talk", since="2026-03-16", until="2026-03-29")["rows"]}
    assert rows == {"2026-03-16": 1, "2026-03-23": 1}


def test_who_still_waits_is_censored_and_who_asked_a_closed_topic_stops_waiting(mirror, ask):
    actor = mirror("UTC", NOON)
    ann, ben, bot = member("Ann"), member("Ben"), member("Robot", is_bot=True)
    hour = timedelta(hours=1)
    record_many(actor, [
        said(talk.ASKED, NOON - 10 * hour, ann, topic=1, post=1), said(talk.REPLIED, NOON - 9 * hour, ben, topic=1, post=2, other=ann),
        said(talk.ASKED, NOON - 8 * hour, ann, topic=2, post=3), said(talk.REPLIED, NOON - 7 * hour, bot, topic=2, post=4, other=ann),
        said(talk.REPLIED, NOON - 6 * hour, ann, topic=2, post=5),
        said(talk.ASKED, NOON - 5 * hour, ben, topic=3, post=6), said(talk.CLOSED, NOON - 3 * hour, ben, topic=3, post=3),
        said(talk.ASKED, NOON - 4 * hour, ben, topic=4, post=7), said(talk.REMOVED, NOON - 3 * hour, ann, topic=4, post=7),
        said(talk.ASKED, NOON - hour / 2, ann, topic=5, post=8),
    ])  # fmt: skip
    front = ask(actor, "first_reply")["headline"]
    # Four questions: answered after 1 h; waiting for 8 h (bots and oneself do not answer); closed after 2 h; waiting for half an hour.
    assert (front["n"], front["answered"], front["waiting"], front["waiting_people"]) == (4, 1, 2, 1)
    assert front["in_1h"] == pytest.approx(1 / 3)  # the half hour has left the risk set before the first answer
    assert front["median"] is None
    assert ask(actor, "first_reply", bots="include")["headline"]["answered"] == 2


def test_who_answers_their_own_question_waits_no_more_until_they_withdraw_that(mirror, ask):
    actor = mirror("UTC", NOON)
    ann, hour = member("Ann"), timedelta(hours=1)
    record_many(actor, [
        said(talk.ASKED, NOON - 9 * hour, ann, topic=1, post=1), said(talk.REPLIED, NOON - 8 * hour, ann, topic=1, post=2),
        said(talk.ACCEPTED, NOON - 8 * hour, ann, topic=1, post=2, other=ann),
        said(talk.ASKED, NOON - 6 * hour, ann, topic=3, post=3), said(talk.REPLIED, NOON - 5 * hour, ann, topic=3, post=4),
        said(talk.ACCEPTED, NOON - 5 * hour, ann, topic=3, post=4, other=ann),
        said(talk.ACCEPTANCE_TAKEN_BACK, NOON - 4 * hour, ann, topic=3, post=4, other=ann),
    ])  # fmt: skip
    front = ask(actor, "first_reply")["headline"]
    assert (front["n"], front["answered"], front["waiting"]) == (2, 0, 1)


def test_the_last_word_on_whether_a_topic_asks_holds(mirror, ask):
    actor = mirror("UTC", NOON)
    ann, hour = member("Ann"), timedelta(hours=1)
    record_many(actor, [
        said(talk.ASKED, NOON - 9 * hour, ann, topic=1, post=1), said(talk.MADE_TALK, NOON - 8 * hour, ann, topic=1, post=1),
        said(talk.OPENED, NOON - 9 * hour, ann, topic=2, post=2), said(talk.MADE_QUESTION, NOON - 8 * hour, ann, topic=2, post=2),
        said(talk.ASKED, NOON - 9 * hour, ann, topic=3, post=3), said(talk.MADE_TALK, NOON - 8 * hour, ann, topic=3, post=3),
        said(talk.MADE_QUESTION, NOON - 7 * hour, ann, topic=3, post=3), said(talk.OPENED, NOON - 9 * hour, ann, topic=4, post=4),
    ])  # fmt: skip
    assert ask(actor, "first_reply")["headline"]["waiting"] == 2  # topics 2 and 3


def test_help_counts_people_once_and_what_is_taken_back_not_at_all(mirror, ask):
    actor = mirror("UTC", NOON)
    ann, ben, cat, dan = member("Ann"), member("Ben"), member("Cat"), member("Dan", role="support")
    twin = member("Ann2")
    Member.objects.filter(pk=twin).update(person=ann)
    day = timedelta(days=1)
    record_many(actor, [
        said(talk.ASKED, NOON - 5 * day, ann, topic=1, post=1), said(talk.REPLIED, NOON - 5 * day, ben, topic=1, post=2, other=ann),
        said(talk.HELPED, NOON - 4 * day, ann, topic=1, post=2, other=ben), said(talk.HELPED, NOON - 4 * day, twin, topic=1, post=3, other=dan),
        said(talk.HELPED, NOON - 4 * day, cat, topic=1, post=2, other=ben), said(talk.HELP_TAKEN_BACK, NOON - 3 * day, cat, topic=1, post=2, other=ben),
        said(talk.HELPED, NOON - 3 * day, ann, topic=2, post=4, other=twin),  # oneself, under another name
        said(talk.ASKED, NOON - 3 * day, cat, topic=3, post=5), said(talk.ACCEPTED, NOON - 2 * day, dan, topic=3, post=6, other=ben),
    ])  # fmt: skip
    front = ask(actor, "helped")["headline"]
    assert (front["value"], front["confirmed"], front["inferred"], front["helps"]) == (1, 1, 0, 2)
    assert (front["helpers"], front["peers"], front["staff"], front["peer_share"]) == (2, 1, 1, 0.5)
    record_many(actor, [said(talk.ACCEPTED, NOON - day, cat, topic=3, post=6, other=ben)])  # now the asker does
    assert ask(actor, "helped")["headline"]["value"] == 2
    record_many(actor, [said(talk.ACCEPTANCE_TAKEN_BACK, NOON - day / 2, cat, topic=3, post=6, other=ben)])
    assert ask(actor, "helped")["headline"]["value"] == 1


def test_a_person_with_two_traces_is_one_and_joined_with_the_first(mirror, ask):
    actor = mirror("UTC", NOON)
    old, new = member("Old", at=NOON - timedelta(days=300)), member("New", at=NOON - timedelta(days=2))
    record_many(actor, [said(talk.OPENED, NOON - timedelta(days=1), old), said(talk.OPENED, NOON - timedelta(days=1), new, topic=2)])
    assert ask(actor, "active")["headline"]["mau"] == 2
    assert ask(actor, "members")["headline"]["new"] == 1
    Member.objects.filter(pk=new).update(person=old)
    record_many(actor, [Line(people.MERGED, NOON, None, other_id=new)])
    later = actor.at(NOON + timedelta(hours=1))
    assert ask(later, "active")["headline"]["mau"] == 1
    assert (ask(later, "members")["headline"]["new"], ask(later, "members")["headline"]["members"]) == (0, 1)


def test_staff_and_bots_are_where_the_definition_puts_them(mirror, ask):
    actor = mirror("UTC", NOON)
    ann, dan, bot = member("Ann"), member("Dan", role="operator"), member("Robot", is_bot=True)
    record_many(actor, [said(talk.OPENED, NOON - timedelta(days=1), who, topic=i) for i, who in enumerate((ann, dan, bot), 1)])
    assert ask(actor, "active")["headline"]["mau"] == 2
    assert ask(actor, "active", bots="include")["headline"]["mau"] == 3
    assert ask(actor, "cores")["headline"]["value"] == 1
    assert ask(actor, "cores", staff="include")["headline"]["value"] == 2
    assert ask(actor, "cores", staff="only")["headline"]["value"] == 1
    assert "bots are included" in ask(actor, "active", bots="include")["population"]["en"]


def test_a_busy_day_is_capped_and_fades_by_half(mirror, ask):
    actor = mirror("UTC", NOON)
    ann = member("Ann")
    record_many(actor, [said(talk.REPLIED, NOON - timedelta(days=28), ann, post=i) for i in range(50)])
    answer = ask(actor, "heat", mode="members", until="2026-03-30", since="2026-03-01")
    assert answer["headline"]["heat"] == pytest.approx(12)  # 24 at most a day, half of it 28 days later
    assert answer["more"]["daily_cap"] == 24
