"""Acceptance at its edges: for oneself, and after somebody else has done it for the asker."""

import pytest

from fireside.activity.models import Activity
from fireside.conversation import actions, queries
from fireside.conversation.models import Topic


@pytest.fixture
def topic(world):
    return actions.open_topic(world.as_("ben"), space=world.hearth, title="Which washer?", text="It turns.")


def accepted() -> list[int]:
    return list(Activity.objects.filter(kind="conversation.accepted").order_by("id").values_list("member_id", flat=True))


def test_who_answers_their_own_question_waits_no_more(world, topic):
    found = actions.reply(world.later(hours=1).as_("ben"), topic=topic, text="Found it: the flat one.")
    assert [row.id for row in queries.latest(world.ben, filter="waiting").rows] == [topic.pk]
    actions.accept_answer(world.as_("ben"), post=found)
    assert not queries.latest(world.ben, filter="waiting").rows and not queries.waiting(world.ben).exists()
    assert [row.state for row in queries.latest(world.ben, filter="answered").rows] == ["answered"]
    actions.withdraw_acceptance(world.as_("ben"), topic=topic)
    assert queries.waiting(world.ben).exists()


def test_the_askers_own_word_counts_after_an_organiser_has_accepted_for_them(world, topic):
    answer = actions.reply(world.later(hours=1).as_("cat"), topic=topic, text="The flat one.")
    actions.accept_answer(world.as_("ann"), post=answer)  # who organises
    since = world.now.replace(hour=0)
    assert queries.helped_since(world.ben, since).people == 0
    actions.accept_answer(world.as_("dan"), post=answer)  # somebody else again: nothing new
    for _twice in range(2):
        actions.accept_answer(world.as_("ben"), post=answer)
    assert accepted() == [world.ann.pk, world.ben.pk]
    assert Topic.objects.get(pk=topic.pk).accepted_by_id == world.ben.pk
    assert queries.helped_since(world.ben, since).people == 1
