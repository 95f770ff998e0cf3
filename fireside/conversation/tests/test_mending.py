"""Counters that went wrong are found and set right; who somebody is changes what counts."""

from datetime import timedelta

import pytest

from fireside.activity.worker import react_until_quiet
from fireside.conversation import actions
from fireside.conversation.models import Post, Topic
from fireside.conversation.sweeps import mend_counters
from fireside.members.actions import mark_bot, mark_person, merge_members, unmerge_members
from fireside.notifications.models import Notice
from fireside.spaces.models import Space


@pytest.fixture
def talk(world):
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="x")
    world.answer = actions.reply(world.later(minutes=5).as_("ann"), topic=world.topic, text="y")
    actions.reply(world.later(minutes=5).as_("cat"), topic=world.topic, text="z")
    actions.say_helped(world.as_("ben"), post=world.answer)
    actions.say_helped(world.as_("cat"), post=world.answer)
    actions.react(world.as_("cat"), post=world.answer)
    return world


pytestmark = pytest.mark.django_db(transaction=True)  # the log is read below the oldest open transaction
FIELDS = ("posts_count", "answered_at", "helped_count", "last_post_at", "last_author_id")


def state(world):
    world.topic.refresh_from_db(), world.answer.refresh_from_db()
    space = Space.objects.get(pk=world.hearth.pk)
    return (
        *(getattr(world.topic, name) for name in FIELDS), world.answer.helped_count, world.answer.thanks_count, world.answer.reactions,
        space.topics_count, space.last_active_at,
    )  # fmt: skip


def test_the_sweep_finds_every_wrong_counter_and_touches_no_right_one(talk):
    right = state(talk)
    mend_counters(talk.as_("house", "worker"))
    assert state(talk) == right
    Topic.objects.update(posts_count=9, answered_at=None, helped_count=7, last_post_at=talk.now - timedelta(days=9), last_author=talk.dan)
    Post.objects.update(helped_count=5, thanks_count=3, reactions={"heart": 3})
    Space.objects.filter(pk=talk.hearth.pk).update(topics_count=4, last_active_at=None)
    mend_counters(talk.as_("house", "worker"))
    assert state(talk) == right
    assert set(Post.objects.exclude(pk=talk.answer.pk).values_list("helped_count", "thanks_count")) == {(0, 0)}


def test_a_bot_answers_nobody_and_a_merged_person_counts_once(talk):
    mark_bot(talk.as_("dan"), member=talk.ann, reason="operator")
    react_until_quiet(talk.now)
    talk.topic.refresh_from_db()
    assert talk.topic.answered_at == talk.now  # Cat's word, five minutes later
    mark_person(talk.as_("dan"), member=talk.ann)
    merge_members(talk.as_("dan"), member=talk.cat, into=talk.ben, reason="same person")
    react_until_quiet(talk.now)
    talk.topic.refresh_from_db()
    assert (talk.topic.helped_count, talk.topic.answered_at) == (1, talk.answer.at)
    unmerge_members(talk.as_("dan"), member=talk.cat, reason="they are two")
    react_until_quiet(talk.now)
    talk.topic.refresh_from_db()
    assert talk.topic.helped_count == 2


def test_members_are_told_what_concerns_them_and_the_notice_leads_there(talk, client):
    actions.reply(talk.as_("dan"), topic=talk.topic, text="Look here, @cat", reply_to=talk.answer)
    react_until_quiet(talk.now)
    told = {(n.member_id, n.kind.partition(".")[2]) for n in Notice.objects.all()}
    assert {(talk.ben.pk, "replied"), (talk.ann.pk, "helped"), (talk.ann.pk, "thanked"), (talk.cat.pk, "replied")} <= told
    client.force_login(talk.ben)
    assert f"/t/{talk.topic.pk}/" in client.get(
        f"/notices/{Notice.objects.filter(member=talk.ben, kind='conversation.replied').first().pk}"
    ).headers.get("Location", f"/t/{talk.topic.pk}/")
    client.get(f"/t/{talk.topic.pk}")
    assert not Notice.objects.filter(
        member=talk.ben, kind__startswith="conversation.", read_at__isnull=True
    ).exists()  # opening the topic reads them


def test_nobody_is_told_of_what_they_may_not_see(world):
    inside = actions.open_topic(world.as_("ben"), space=world.cellar, title="Inside", text="Dear @cat")
    react_until_quiet(world.now)
    assert not Notice.objects.filter(member=world.cat).exists()
    post = actions.reply(world.as_("ann"), topic=inside, text="yes, @ben")
    actions.remove_post(world.as_("dan"), post=post, reason="a test")
    react_until_quiet(world.now)
    kinds = set(Notice.objects.filter(member=world.ann, kind__startswith="conversation.").values_list("kind", flat=True))
    assert kinds == {"conversation.removed"}
    assert not Notice.objects.filter(member=world.ben, kind="conversation.replied").exists()  # gone before anybody was told
