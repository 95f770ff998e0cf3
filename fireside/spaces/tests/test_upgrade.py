"""A house that is full already is upgraded: what its rows held before is read rightly after."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fireside.conversation.actions import accept_answer, open_topic, reply
from fireside.conversation.models import Topic
from fireside.spaces import actions
from fireside.spaces.models import Belonging

BEFORE = [("spaces", "0002_board"), ("conversation", "0003_waiting_without_accepted")]


@pytest.mark.django_db(transaction=True)
def test_whom_a_history_brought_before_the_upgrade_a_newer_one_may_still_take_out(world):
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Which washer?", text="It turns.")
    accept_answer(world.as_("ben"), post=reply(world.as_("ann"), topic=topic, text="The flat one."))
    for name in ("cat", "mira"):
        actions.take_in_belongings(world.as_("house"), rows=[(world.cellar.pk, getattr(world, name).pk, world.now)])
    type(world.cat).objects.filter(pk=world.cat.pk).update(imported_from="zulip:example.org")
    latest = [one for one in MigrationExecutor(connection).loader.graph.leaf_nodes() if one[0] in {"spaces", "conversation"}]
    try:
        MigrationExecutor(connection).migrate(BEFORE)
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert Topic.objects.get(pk=topic.pk).accepted is not None
    assert list(Belonging.objects.filter(imported=True).values_list("member", flat=True)) == [world.cat.pk]
    gone = [(world.cellar.pk, one.pk) for one in (world.cat, world.mira, world.ben, world.ann)]
    assert actions.take_out_belongings(world.as_("house"), rows=gone) == 1
