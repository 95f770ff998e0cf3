"""@action records or refuses; @quiet is silent; the log keeps every source's record once."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from fireside.activity import action as action_module
from fireside.activity.action import NothingRecorded, action, already, quiet
from fireside.activity.actor import Actor, house
from fireside.activity.kinds import KINDS, Kind
from fireside.activity.log import Line, known_external_ids, record, record_many
from fireside.activity.models import Activity, Sweep
from fireside.lib.errors import NotAllowed, Refused

NOON = datetime(2026, 6, 18, 12, tzinfo=UTC)
SAID = KINDS.get("activity.proof_said") or Kind("activity.proof_said", "said")


@pytest.fixture
def actions(monkeypatch):
    monkeypatch.setattr(action_module, "ACTIONS", {})


@pytest.mark.django_db
def test_an_action_that_says_nothing_rolls_back(actions):
    @action
    def change_in_silence(actor):
        Sweep.objects.create(name="silent", due_at=actor.now)

    with pytest.raises(NothingRecorded):
        change_in_silence(house(now=NOON))
    assert not Sweep.objects.exists()


@pytest.mark.django_db
def test_an_action_records_refuses_or_says_already(actions):
    @action(right="talk.write")
    def say(actor, *, how):
        if how == "refuse":
            raise Refused("no", "No.")
        if how == "already":
            return already("before")
        record(actor, SAID, n=1)
        return "said"

    assert say(house(now=NOON), how="record") == "said"
    assert say(house(now=NOON), how="already") == "before"
    with pytest.raises(Refused):
        say(house(now=NOON), how="refuse")
    assert Activity.objects.count() == 1
    assert action_module.ACTIONS["activity.say"].right == "talk.write"


@pytest.mark.django_db
def test_an_inner_action_speaks_for_the_outer_and_fails_with_it(actions):
    @action
    def inner(actor):
        record(actor, SAID)

    @action
    def outer(actor, *, break_it=False):
        inner(actor)
        if break_it:
            raise Refused("broken", "Broken.")

    outer(house(now=NOON))
    with pytest.raises(Refused):
        outer(house(now=NOON), break_it=True)
    assert Activity.objects.count() == 1


@pytest.mark.django_db
def test_a_quiet_action_leaves_no_line(actions):
    @quiet
    def keep(actor):
        Sweep.objects.create(name="kept", due_at=actor.now)

    keep(house(now=NOON))
    assert Sweep.objects.exists() and not Activity.objects.exists()


@pytest.mark.django_db
def test_a_record_of_a_source_enters_once():
    actor = house("import", now=NOON)
    lines = [Line(SAID, NOON, source="zulip:x", external_id=str(i), imported=True) for i in range(5)]
    record_many(actor, lines)
    record_many(actor, [*lines, Line(SAID, NOON, source="zulip:x", external_id="5", imported=True)])
    assert Activity.objects.count() == 6
    assert known_external_ids("zulip:x", ["4", "5", "6"]) == {"4", "5"}
    with pytest.raises(IntegrityError), transaction.atomic():
        record(actor, SAID, source="zulip:x", external_id="5")
    with pytest.raises(IntegrityError), transaction.atomic():
        record(actor, SAID, source="zulip:x")


def test_dice_fall_the_same_way_for_the_same_words():
    actor = Actor(None, "web", NOON, seed="s")
    assert actor.dice("packet", 7).random() == actor.dice("packet", 7).random()
    assert actor.dice("packet", 7).random() != actor.dice("packet", 8).random()
    assert actor.dice("ab", "c").random() != actor.dice("a", "bc").random()


def test_a_visitor_is_told_to_sign_in():
    with pytest.raises(NotAllowed) as refusal:
        _ = Actor(None, "web", NOON).member
    assert refusal.value.code == "sign_in"
    assert not Actor(None, "web", NOON).is_house
    assert house("cli").is_house


@pytest.mark.parametrize("name", ["nodot", "app.", ".done", "app.two words"])
def test_kinds_are_named_app_past_tense(name):
    with pytest.raises(ValueError):
        Kind(name, "x")


def test_a_kind_is_declared_once():
    with pytest.raises(ValueError):
        Kind("activity.proof_said", "again")
