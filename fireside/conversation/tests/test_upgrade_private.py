"""A house full of talk is upgraded to one with private conversations: nothing of what stood there is one of them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fireside.conversation.actions import begin_conversation, change_habits, open_topic, reply
from fireside.conversation.models import Habits, Participant, Topic
from fireside.conversation.queries import get_topic, talks, wish_of

BEFORE = [("conversation", "0018_links")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_what_was_said_before_stands_in_its_space_and_the_first_private_words_come_after(world):
    topics = [open_topic(world.as_("ben"), space=world.hearth, title=f"Wick {n}", text="Which?") for n in range(3)]
    reply(world.as_("ann"), topic=topics[0], text="The flat one.")
    change_habits(world.as_("ben"), follow_spoken=False)
    before = list(Topic.objects.order_by("pk").values_list("pk", "space_id", "title", "posts_count", "last_number"))
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        old = MigrationExecutor(connection).migrate(BEFORE)
        was = old.apps.get_model("conversation", "Topic")
        assert "pair" not in {field.name for field in was._meta.fields} and not was._meta.get_field("space").null
        assert was.objects.count() == 3
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert list(Topic.objects.order_by("pk").values_list("pk", "space_id", "title", "posts_count", "last_number")) == before
    assert not Topic.objects.filter(pair__isnull=False).exists() and not Participant.objects.exists()
    assert Habits.objects.get(member=world.ben).follow_spoken is False and wish_of(world.ben) == "everyone"
    assert get_topic(world.cat, topics[0].pk).posts_count == 2
    talk = begin_conversation(world.as_("ann"), people=[world.ben], text="Between us.")
    assert [row.id for row in talks(world.ben).rows] == [talk.pk] and talks(world.cat).rows == []
