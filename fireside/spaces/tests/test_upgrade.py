"""A house that is full already is upgraded: what its rows held before is read rightly after."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fireside.conversation.actions import accept_answer, open_topic, reply
from fireside.conversation.models import Topic
from fireside.members.actions import join_community, merge_members
from fireside.spaces import actions
from fireside.spaces.models import Belonging, Gone
from fireside.spaces.queries import belongs

BEFORE = [("spaces", "0002_board"), ("conversation", "0003_waiting_without_accepted")]


@pytest.mark.django_db(transaction=True)
def test_whom_a_history_brought_before_the_upgrade_a_newer_one_may_still_take_out(world):
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Which washer?", text="It turns.")
    accept_answer(world.as_("ben"), post=reply(world.as_("ann"), topic=topic, text="The flat one."))
    for name in ("cat", "mira"):
        actions.take_in_belongings(world.as_("house"), rows=[(world.cellar.pk, getattr(world, name).pk, world.now)])
    type(world.cat).objects.filter(pk=world.cat.pk).update(imported_from="zulip:example.org")
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate(BEFORE)
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert Topic.objects.get(pk=topic.pk).accepted is not None
    assert list(Belonging.objects.filter(imported=True).values_list("member", flat=True)) == [world.cat.pk]
    gone = [(world.cellar.pk, one.pk) for one in (world.cat, world.mira, world.ben, world.ann)]
    assert actions.take_out_belongings(world.as_("house"), rows=gone) == 1


@pytest.mark.django_db(transaction=True)
def test_whom_a_merge_brought_back_before_the_upgrade_is_out_again(world):
    """Ben was put out of the cellar and left the workshop; Cat was put out of the cellar and let in anew. A history has both in both."""
    ann, house = world.as_("ann"), world.as_("house")
    actions.bring_in(ann, space=world.cellar, member=world.cat)
    for one in (world.ben, world.cat):
        actions.put_out(world.later(minutes=1).as_("ann"), space=world.cellar, member=one, reason="Selling")
    actions.leave_space(world.as_("ben"), space=world.workshop)
    Gone.objects.update(put_out=False)
    actions.bring_in(world.later(minutes=2).as_("ann"), space=world.cellar, member=world.cat)
    Gone.objects.create(space=world.cellar, member=world.cat, at=world.now)  # until then the mark was kept
    for name in ("ben", "cat"):
        old = join_community(world.as_(""), name=f"{name} of old")
        actions.take_in_belongings(house, rows=[(one.pk, old.pk, world.now) for one in (world.cellar, world.workshop)])
        merge_members(world.as_("olu"), member=old, into=world.people[name], reason="Same")
    Belonging.everywhere.update(stays_out=False)
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate([("spaces", "0004_gone")])
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert not any(belongs(world.ben, one) for one in (world.cellar, world.workshop))
    assert all(belongs(world.cat, one) for one in (world.cellar, world.workshop))
    marks = Gone.objects.filter(member__in=[world.ben, world.cat]).values_list("member__name", "space__name", "put_out")
    assert set(marks) == {("Ben", "Cellar", True), ("Ben", "Workshop", False)}
