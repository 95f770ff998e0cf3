"""Private conversations under real processes: a day's room is counted exactly, and two who begin at once meet in one conversation."""

from datetime import UTC, datetime

import pytest

from fireside.conversation import actions
from fireside.conversation.models import Participant, Post, Topic
from fireside.conversation.privately.rules import CONTACTS_NEW
from fireside.lib.errors import Refused
from fireside.lib.tests.racers import begin_together, wait_for_the_word
from fireside.members.actions import join_community
from fireside.members.models import Member

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]


def actor_of(pk):
    from fireside.activity.actor import Actor

    return Actor(Member.objects.get(pk=pk), "web", datetime(2026, 3, 2, 12, 0, tzinfo=UTC), seed="race")


def bring_in_at_once(line, topic, who, other):
    from django.conf import settings

    settings.PACE = True
    wait_for_the_word(line)
    try:
        actions.add_to_conversation(actor_of(who), topic=Topic.objects.get(pk=topic), member=Member.objects.get(pk=other))
        line.send("in")
    except Refused as no:
        line.send(no.code)


def write_at_once(line, who, other):
    wait_for_the_word(line)
    line.send(actions.begin_conversation(actor_of(who), people=[Member.objects.get(pk=other)], text=f"from {who}").pk)


def test_of_five_whom_a_new_member_turns_to_at_once_so_many_are_reached_as_a_day_has_room_for(transactional_db, racer):
    from fireside.members.tests.world import make_people

    world = make_people()
    world.people["new"] = join_community(world.as_(""), name="New", email="new@example.org")
    others = [join_community(world.as_(""), name=f"P{n}", email=f"p{n}@example.org") for n in range(5)]
    tea = actions.begin_conversation(world.as_("new"), people=[world.ann], text="Tea?", title="Tea")  # the first of the day
    begin_together(five := [racer(bring_in_at_once, tea.pk, world.people["new"].pk, one.pk) for one in others])
    reached = CONTACTS_NEW - 1
    assert sorted(one.hear() for one in five) == ["contacts_full"] * (5 - reached) + ["in"] * reached
    assert Participant.objects.filter(topic=tea).count() == 2 + reached


def test_two_who_begin_at_once_meet_in_one(transactional_db, racer):
    from fireside.members.tests.world import make_people
    from fireside.spaces.tests.world import add_spaces

    world = add_spaces(make_people())
    begin_together(two := [racer(write_at_once, world.ann.pk, world.ben.pk), racer(write_at_once, world.ben.pk, world.ann.pk)])
    (topic,) = {one.hear() for one in two}
    assert Post.objects.filter(topic=topic).count() == 2
    assert Topic.objects.get(pk=topic).last_number == 2
    assert Participant.objects.filter(topic=topic, state="in").count() == 2
