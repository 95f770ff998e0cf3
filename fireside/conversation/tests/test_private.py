"""Private conversations: two write to each other, whom one does not know is asked first, and a day has room for so many."""

import pytest

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.conversation.models import Participant, Sought, Topic
from fireside.conversation.privately.rules import CONTACTS_NEW, Tie, how_reached, why_not_write
from fireside.conversation.queries import mark_of, own_talk, talks, unread_talks
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.members.actions import join_community
from fireside.notifications.models import Notice
from fireside.notifications.reactions import tell

pytestmark = pytest.mark.both


def begin(world, who="ann", to=("ben",), text="Between us.", **more):
    return actions.begin_conversation(world.as_(who), people=[world.people[one] for one in to], text=text, **more)


def tell_all(world):
    tell(list(Activity.objects.order_by("pk")), world.now)


def refused(act):
    with pytest.raises(Refused) as no:
        act()
    return no.value.code


@pytest.mark.parametrize(("tie", "runs", "new", "how"), [
    (Tie(), False, False, "asks"), (Tie(shares=True), False, False, "in"), (Tie(shares=True), False, True, "asks"),
    (Tie(known=True), False, True, "in"), (Tie(here=False), True, False, "no"), (Tie(wish="nobody", known=True, shares=True), False, False, "no"),
    (Tie(wish="nobody"), True, False, "in"), (Tie(wish="nobody", organises=True), False, False, "in"), (Tie(wish="spaces"), False, False, "no"),
    (Tie(wish="spaces", shares=True), False, False, "in"), (Tie(blocked=True, shares=True, organises=True), False, False, "no"),
    (Tie(blocked=True), True, False, "in"),
])  # fmt: skip
def test_how_somebody_is_reached(tie, runs, new, how):
    assert how_reached(tie, runs=runs, new=new) == how


def test_of_two_the_one_who_has_not_said_yes_hears_nothing_more():
    assert why_not_write(others=["asked"], pair=True, reached=True) == "waits_for_them"
    assert why_not_write(others=["declined"], pair=True, reached=True) == "waits_for_them"
    assert why_not_write(others=["in"], pair=True, reached=False) == "unreachable"
    assert why_not_write(others=["asked", "in"], pair=False, reached=True) == ""
    assert why_not_write(others=["left"], pair=False, reached=True) == "nobody_left"


def test_two_write_to_each_other(world):
    topic = begin(world)
    assert topic.space_id is None
    assert begin(world, "ben", ("ann",), "And back.").pk == topic.pk  # one conversation of two, whoever begins
    said = actions.write_privately(world.as_("ann"), topic=topic, text="**Good** @ben @cat", key="k")
    assert actions.write_privately(world.as_("ann"), topic=topic, text="again", key="k").pk == said.pk
    assert list(said.mentions.values_list("member__handle", flat=True)) == ["ben"]
    topic.refresh_from_db()
    assert (topic.posts_count, topic.last_number, topic.answered_at) == (3, 3, None)
    (row,) = talks(world.ben).rows
    assert (row.name, row.begins, row.unread, row.asked, row.pair) == ("Ann", "Good @ben @cat", True, False, True)
    assert unread_talks(world.ben).count() == 1
    actions.mark_topic_read(world.as_("ben"), topic=topic)
    assert (unread_talks(world.ben).count(), mark_of(world.ben, topic).number) == (0, 3)
    edited = actions.edit_post(world.as_("ann"), post=said, text="Better")
    assert edited.edits_count == 1
    actions.react(world.as_("ben"), post=said)
    with pytest.raises(NotAllowed):
        actions.edit_post(world.as_("ben"), post=said, text="Mine now")
    actions.remove_post(world.as_("ann"), post=said, reason="")
    assert talks(world.ben).rows[0].begins == ""
    actions.restore_post(world.as_("ann"), post=said)


def test_what_the_log_and_the_index_keep_holds_no_word_of_it(world):
    topic = begin(world, text="a secret word", title="Our plan")
    actions.edit_post(world.as_("ann"), post=topic.posts.get(), text="a secret word, better", reason="secret reason")
    tell_all(world)
    lines = Activity.objects.filter(parent_id=topic.pk)
    assert {line.kind for line in lines} == {"conversation.talk_said", "conversation.talk_changed"}
    assert not any(word in str(line.data) for line in lines for word in ("secret", "plan"))
    assert not Sought.objects.filter(post__topic=topic).exists()
    assert {one.member.handle for one in Notice.objects.filter(activity__parent_id=topic.pk)} == {"ben"}


def test_muted_it_does_not_ring_and_is_not_counted(world):
    topic = begin(world)
    actions.follow_topic(world.as_("ben"), topic=topic, level="mute")
    Notice.objects.all().delete()
    actions.write_privately(world.as_("ann"), topic=topic, text="Hello?")
    tell_all(world)
    assert not Notice.objects.filter(member=world.ben, kind__startswith="conversation.").exists()
    assert (unread_talks(world.ben).count(), talks(world.ben).rows[0].unread) == (0, True)


def test_whom_one_does_not_know_is_asked(world):
    topic = begin(world, "cat", ("ben",), "We have not met.")
    assert Participant.objects.get(topic=topic, member=world.ben).state == "asked"
    assert refused(lambda: actions.write_privately(world.as_("cat"), topic=topic, text="Hello?")) == "waits_for_them"
    assert refused(lambda: begin(world, "cat", ("ben",), "Hello again?")) == "waits_for_them"
    assert own_talk(world.cat, topic).waits
    assert [row.id for row in talks(world.ben, which="asked").rows] == [topic.pk]
    assert not talks(world.ben).rows
    tell_all(world)
    assert Notice.objects.filter(member=world.ben).latest("pk").kind == "conversation.talk_asked"
    actions.accept_conversation(world.as_("ben"), topic=topic)
    actions.write_privately(world.as_("cat"), topic=topic, text="Good.")
    assert [row.id for row in talks(world.ben).rows] == [topic.pk]


def test_whoever_declines_is_gone_and_the_other_goes_on_waiting(world):
    topic = begin(world, "cat", ("ben",))
    before = own_talk(world.cat, topic)
    actions.decline_conversation(world.as_("ben"), topic=topic)
    assert own_talk(world.cat, topic) == before
    assert refused(lambda: actions.write_privately(world.as_("cat"), topic=topic, text="x")) == "waits_for_them"
    with pytest.raises(NotFound):
        own_talk(world.ben, topic)
    assert begin(world, "ben", ("cat",), "I thought about it.").pk == topic.pk  # writing to them is a yes
    actions.write_privately(world.as_("cat"), topic=topic, text="Good.")


def test_several_have_a_name_and_need_not_all_say_yes(world):
    assert refused(lambda: begin(world, "ben", ("ann", "cat"))) == "no_name"
    topic = begin(world, "ben", ("ann", "cat"), title="Saturday")
    assert {one.member.handle: one.state for one in topic.participants.all()} == {"ben": "in", "ann": "in", "cat": "asked"}
    actions.write_privately(world.as_("ben"), topic=topic, text="Who brings tea?")
    actions.write_privately(world.as_("cat"), topic=topic, text="I do.")  # a yes, too
    assert Participant.objects.get(topic=topic, member=world.cat).state == "in"
    assert talks(world.ann).rows[0].name == "Saturday"
    assert begin(world, "ben", ("ann", "cat"), title="Saturday").pk != topic.pk


@pytest.mark.parametrize("wish", ["nobody", "spaces"])
def test_who_may_write_is_ones_own_choice(world, wish):
    actions.choose_who_writes(world.as_("ben"), wish=wish)
    assert refused(lambda: begin(world, "cat", ("ben",))) == "unreachable"
    begin(world, "ann", ("ben",))  # looks after a space of his
    begin(world, "dan", ("ben",))  # runs the community
    assert not Participant.objects.filter(member=world.cat).exists()


def test_a_new_member_turns_to_few_and_holds_no_link_out(world, settings):
    settings.PACE = True
    world.people["new"] = join_community(world.as_(""), name="New", email="new@example.org")
    for name in ("fay", "gus", "hal"):
        world.people[name] = join_community(world.as_(""), name=name.title(), email=f"{name}@example.org")
    as_new = world.as_("new", via="web")

    def to(name, text="Hello."):
        return actions.begin_conversation(as_new.at(as_new.now), people=[world.people[name]], text=text)

    assert refused(lambda: to("fay", "See https://shop.example/")) == "first_words_only"
    for n, name in enumerate(("fay", "gus", "hal")[:CONTACTS_NEW]):
        as_new = as_new.at(as_new.now.replace(hour=13 + n))
        to(name, f"Hello {name}.")
    as_new = as_new.at(as_new.now.replace(hour=20))
    assert refused(lambda: to("ben")) == "contacts_full"
    assert Topic.objects.filter(space=None).count() == CONTACTS_NEW
