"""Closing with a reason, from a day on, up to another: the days count by themselves, a round only says so."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.conversation import actions, rules
from fireside.conversation.models import Topic
from fireside.conversation.queries import latest, story_of
from fireside.conversation.sweeps import close_and_open
from fireside.lib.errors import Refused

pytestmark = pytest.mark.both
TODAY = date(2026, 3, 2)  # the noon of the world
DAY = timedelta(days=1)


@pytest.fixture
def talk(world):
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose?", text="x")
    return world


def kinds():
    return [
        kind.partition(".")[2]
        for kind in Activity.objects.order_by("id").values_list("kind", flat=True)
        if "clos" in kind or "reop" in kind
    ]


def state(world, days=0):
    row = latest(world.ben, space=world.hearth, today=TODAY + days * DAY).rows[0]
    return row.state


@pytest.mark.parametrize(
    ("closed", "closes", "opens", "is_closed"),
    [
        (False, None, None, False), (True, None, None, True), (False, TODAY, None, True), (False, TODAY + DAY, None, False),
        (True, None, TODAY, False), (True, None, TODAY + DAY, True), (False, TODAY - DAY, TODAY, False),
    ],
)  # fmt: skip
def test_what_the_days_say(closed, closes, opens, is_closed):
    assert rules.is_closed(closed, closes, opens, TODAY) is is_closed


def test_now_with_a_reason_until_a_day(talk):
    for _ in range(2):
        done = actions.close_topic(talk.as_("ann"), topic=talk.topic, reason="See the handbook.", until=TODAY + 2 * DAY)
    assert (done.close_reason, done.opens_on, state(talk), state(talk, 2)) == ("See the handbook.", TODAY + 2 * DAY, "closed", "waiting")
    assert [(line.what, line.why) for line in story_of(None, done)] == [("closed", "See the handbook.")]
    with pytest.raises(Refused) as no:
        actions.reply(talk.as_("cat"), topic=talk.topic, text="y")
    assert no.value.code == "closed"
    close_and_open(talk.later(days=1).as_("house", "worker"))
    assert Topic.objects.get(pk=talk.topic.pk).closed_at is not None
    actions.reply(talk.later(days=1).as_("cat"), topic=talk.topic, text="on that day, whether or not a round has run")
    close_and_open(talk.as_("house", "worker"))
    opened = Topic.objects.get(pk=talk.topic.pk)
    assert (opened.closed_at, opened.opens_on, opened.close_reason) == (None, None, None)
    assert kinds() == ["closed", "reopened"]


def test_from_a_day_on(talk):
    actions.close_topic(talk.as_("ben"), topic=talk.topic, on=TODAY + DAY)
    actions.reply(talk.as_("cat"), topic=talk.topic, text="y")
    assert (state(talk), state(talk, 1)) == ("", "closed")
    with pytest.raises(Refused):
        actions.reply(talk.later(days=1).as_("cat"), topic=talk.topic, text="z")
    later = talk.later(days=9)
    for _ in range(2):
        close_and_open(later.as_("house", "worker"))
    assert kinds() == ["closing_changed", "closed"]
    actions.reopen_topic(later.as_("ben"), topic=talk.topic)
    actions.close_topic(later.as_("ben"), topic=talk.topic, on=TODAY + 20 * DAY)
    for _ in range(2):
        actions.reopen_topic(later.as_("ben"), topic=talk.topic)
    assert kinds()[2:] == ["reopened", "closing_changed", "closing_changed"]


@pytest.mark.parametrize(
    ("given", "code"),
    [({"on": TODAY - DAY}, "close_past"), ({"until": TODAY}, "reopen_past"), ({"on": TODAY + DAY, "until": TODAY + DAY}, "reopen_past"),
     ({"reason": "x" * 301}, "long_reason")],
)  # fmt: skip
def test_what_cannot_be_meant(talk, given, code):
    with pytest.raises(Refused) as no:
        actions.close_topic(talk.as_("ann"), topic=talk.topic, **given)
    assert no.value.code == code


def test_doors(talk, client):
    at = f"/t/{talk.topic.pk}"
    client.force_login(talk.cat)
    assert client.get(f"{at}/closing").status_code == 404
    client.force_login(talk.ben)
    assert f'href="{at}/closing"' in client.get(at).content.decode()
    assert client.post(f"{at}/closing", {"on": "2001-01-01"}).status_code == 422
    assert client.post(f"{at}/closing", {"on": "2999-01-01", "reason": "Enough"}).headers["Location"] == at
    assert "This topic closes on" in client.get(at).content.decode()
    client.post(f"{at}/closing", {"reason": "Enough", "until": "2999-01-01"})
    page = client.get(at).content.decode()
    assert "Closed: Enough" in page and "It opens again on" in page and "Ben closed this: Enough" in page
    answer = client.put(f"/api/v1/topics/{talk.topic.pk}/closing", {"on": "2999-01-01"}, content_type="application/json").json()
    assert (answer["closed_at"], answer["closes_on"], answer["opens_on"]) == (None, "2999-01-01", None)
    call_command("act", "conversation.close_topic", "as=ann", f"topic={talk.topic.pk}", "until=2999-12-31", stdout=StringIO())
    assert Topic.objects.get(pk=talk.topic.pk).opens_on == date(2999, 12, 31)
    assert client.delete(f"/api/v1/topics/{talk.topic.pk}/closing").json()["closed_at"] is None
