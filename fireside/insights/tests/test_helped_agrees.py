"""People helped has one definition: pages read it from the rows, the metric from the log, and both say the same."""

from datetime import timedelta

from fireside.activity.actor import house
from fireside.conversation.actions import accept_answer, open_topic, remove_post, reply, restore_post, say_helped, take_back_helped
from fireside.conversation.queries import helped_since
from fireside.conversation.queries.persons import people_helped_by
from fireside.insights import actions, queries
from fireside.members.actions import mark_bot, merge_members, unmerge_members


def three(world) -> tuple[int, int, int]:
    """The metric, the page of Ann (the only one who helps here), the first number of every page."""
    by_itself = house("worker", now=world.now + timedelta(hours=1))
    actions.bring_up_to_date(by_itself)
    metric = queries.answer("helped", now=by_itself.now, viewer=by_itself)["headline"]["confirmed"]
    return metric, people_helped_by(world.olu, world.ann), helped_since(world.olu, world.now - timedelta(days=1)).people


def test_removed_words_did_help_and_the_metric_and_every_page_say_so(world):
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Which washer?", text="It turns.")
    flat, thick, plain = (reply(world.as_("ann"), topic=topic, text=words) for words in ("The flat one.", "The thick one.", "Neither."))
    say_helped(world.as_("cat"), post=flat)
    say_helped(world.as_("mira"), post=plain)
    accept_answer(world.as_("ben"), post=thick)
    assert three(world) == (3, 3, 3)
    remove_post(world.as_("dan"), post=flat, reason="a broken link")
    assert three(world) == (3, 3, 3)  # it had helped Cat
    remove_post(world.as_("dan"), post=thick, reason="wrong size")
    assert three(world) == (2, 2, 2)  # a removed answer is accepted no more
    restore_post(world.as_("dan"), post=thick)
    accept_answer(world.as_("ben"), post=thick)
    remove_post(world.as_("dan"), post=topic.posts.get(number=1), reason="said twice")
    assert three(world) == (3, 3, 3)  # the topic is out of sight, and Ben has his washer
    restore_post(world.as_("dan"), post=topic.posts.get(number=1))
    take_back_helped(world.as_("mira"), post=plain)
    assert three(world) == (2, 2, 2)
    mark_bot(world.as_("dan"), member=world.cat, reason="operator")
    assert three(world) == (1, 1, 1)  # programs are not helped


def test_who_has_a_bot_among_their_traces_neither_helps_nor_is_helped(world):
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Which washer?", text="It turns.")
    flat, thick = (reply(world.as_("ann"), topic=topic, text=words) for words in ("The flat one.", "The thick one."))
    say_helped(world.as_("cat"), post=flat)
    accept_answer(world.as_("ben"), post=thick)
    mark_bot(world.as_("olu"), member=world.mira, reason="operator")
    assert three(world) == (2, 2, 2)
    for person in (world.cat, world.ben):
        merge_members(world.as_("olu"), member=world.mira, into=person, reason="their script")
        assert three(world) == (1, 1, 1), person
        unmerge_members(world.as_("olu"), member=world.mira, reason="not theirs")
    merge_members(world.as_("olu"), member=world.mira, into=world.ann, reason="her script")
    assert three(world) == (0, 0, 0)
