"""Ada came with an archive and has an account: whatever is somebody's own, or is counted by people, is so by person."""

import pytest

from fireside.activity.models import Activity
from fireside.conversation import actions, queries
from fireside.conversation.models import Post, Topic
from fireside.conversation.queries.topic import page_head, post_row
from fireside.conversation.reactions import recount
from fireside.members.actions import merge_members

pytestmark = pytest.mark.both


@pytest.fixture
def one(world):
    """Mira is Cat under another name; nobody knows it yet."""

    def merge():
        merge_members(world.as_("olu"), member=world.mira, into=world.cat, reason="the same voice")
        for person in (world.mira, world.cat):
            person.refresh_from_db()
        recount(list(Activity.objects.filter(kind="members.merged")), world.now)

    world.merge = merge
    return world


def test_what_another_name_of_mine_opened_is_mine_and_read_once_is_read(one):
    topic = actions.open_topic(one.as_("mira"), space=one.hearth, title="Loose", text="x")
    assert not queries.latest(one.cat, filter="mine").rows
    one.merge()
    (row,) = queries.latest(one.cat, filter="mine").rows
    assert (row.id, row.unread) == (topic.pk, 0)  # who opened it has read it
    actions.mark_topic_read(one.as_("mira"), topic=topic, number=1)
    (row,) = queries.latest(one.cat, filter="mine").rows
    assert row.unread == 0 and queries.mark_of(one.cat, topic).number == 1
    actions.reply(one.as_("mira"), topic=topic, text="y")
    assert queries.new_since(topic, 1, one.cat) == (0, 0)


def test_two_signs_of_one_person_are_one(one):
    topic = actions.open_topic(one.as_("ben"), space=one.hearth, title="Loose", text="x")
    post = topic.posts.get()
    actions.react(one.as_("cat"), post=post)
    actions.react(one.as_("mira"), post=post)
    post.refresh_from_db()
    assert post.thanks_count == 2
    one.merge()
    post.refresh_from_db()
    assert (post.thanks_count, post.reactions) == (1, {"heart": 1})
    assert post_row(one.mira, post).mine == {"heart"}
    actions.react(one.as_("mira"), post=post, sign="star")
    actions.react(one.as_("cat"), post=post, sign="star")
    assert Post.objects.get().reactions == {"heart": 1, "star": 1}
    actions.take_back_reaction(one.as_("mira"), post=post)
    assert Post.objects.get().thanks_count == 0  # under every name


def test_whoever_thanked_themselves_under_another_name_was_not_helped(one):
    topic = actions.open_topic(one.as_("ben"), space=one.hearth, title="Loose", text="x")
    post = actions.reply(one.as_("cat"), topic=topic, text="y")
    actions.say_helped(one.as_("mira"), post=post)
    actions.say_helped(one.as_("ben"), post=post)
    one.merge()
    assert (Post.objects.get(pk=post.pk).helped_count, Topic.objects.get().helped_count) == (1, 1)
    assert [n for _card, n in page_head(one.ben, Topic.objects.get()).helpers] == [1]


def test_nobody_is_told_of_their_own_words(one):
    topic = actions.open_topic(one.as_("mira"), space=one.hearth, title="Loose", text="x")
    one.merge()
    answer = actions.reply(one.as_("cat"), topic=topic, text="I found it, @mira.")
    actions.edit_post(one.as_("cat"), post=topic.posts.get(number=1), text="x!")
    actions.close_topic(one.as_("cat"), topic=topic)
    lines = Activity.objects.filter(kind__in=["conversation.replied", "conversation.edited", "conversation.closed"])
    assert [(line.other_id, line.data.get("mentioned")) for line in lines] == [(None, None)] * 3
    assert not answer.mentions.exists()
