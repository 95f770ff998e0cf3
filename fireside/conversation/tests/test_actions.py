"""What talk changes, what it records, whom it refuses."""

import pytest

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.conversation.models import Edit, Helped, Mention, Post, Topic
from fireside.conversation.queries import waiting
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.members.actions import merge_members
from fireside.spaces.actions import archive_space
from fireside.spaces.models import Belonging


def lines(kind: str) -> list[Activity]:
    return list(Activity.objects.filter(kind=f"conversation.{kind}").order_by("id"))


@pytest.fixture
def topic(world):
    return actions.open_topic(world.as_("ben"), space=world.hearth, title=" Handle  loose ", text="It turns. What else, @ann?")


@pytest.fixture
def answer(world, topic):
    return actions.reply(world.later(minutes=22).as_("ann"), topic=topic, text="Turn the washer over.")


def test_open_topic(world, topic):
    post = topic.posts.get()
    assert (topic.title, topic.posts_count, topic.last_number, topic.answered_at) == ("Handle loose", 1, 1, None)
    assert post.number == 1
    assert '<a href="/people/ann" class="mention"' in post.html
    assert list(Mention.objects.values_list("post_id", "member_id")) == [(post.pk, world.ann.pk)]
    [line] = lines("asked")
    assert (line.target_type, line.target_id, line.parent_id, line.space_id) == ("conversation.post", post.pk, topic.pk, world.hearth.pk)
    assert line.data == {"title": "Handle loose", "mentioned": [world.ann.pk]}
    world.hearth.refresh_from_db()
    assert (world.hearth.topics_count, world.hearth.last_active_at) == (1, world.now)
    actions.open_topic(world.as_("ben"), space=world.hearth, title="A walk", text="On Sunday.", asks=False)
    assert len(lines("opened")) == 1


def test_whoever_writes_in_an_open_space_joins_it(world, topic):
    actions.reply(world.as_("cat"), topic=topic, text="Mine too.")
    assert Belonging.objects.filter(space=world.hearth, member=world.cat).exists()
    assert Activity.objects.filter(kind="spaces.joined", member_id=world.cat.pk).count() == 1


def test_reply_counts_answers_and_tells_whom_it_concerns(world, topic, answer):
    topic.refresh_from_db()
    assert (topic.posts_count, topic.last_number, topic.answered_at, topic.last_author_id) == (2, 2, world.now, world.ann.pk)
    [line] = lines("replied")
    assert (line.other_id, line.parent_id, line.data["number"]) == (world.ben.pk, topic.pk, 2)
    to = actions.reply(world.as_("cat"), topic=topic, text="Thanks", reply_to=answer)
    assert lines("replied")[1].other_id == world.ann.pk
    assert to.reply_to_id == answer.pk
    elsewhere = actions.open_topic(world.as_("ann"), space=world.hearth, title="Other", text="x")
    with pytest.raises(Refused, match="not in this topic"):
        actions.reply(world.as_("cat"), topic=elsewhere, text="x", reply_to=answer)


def test_own_reply_and_bots_do_not_answer(world, topic):
    actions.reply(world.as_("ben"), topic=topic, text="Nobody?")
    from fireside.members.actions import mark_bot

    mark_bot(world.as_("dan"), member=world.cat, reason="operator")
    actions.reply(world.as_("cat"), topic=topic, text="Beep.")
    topic.refresh_from_db()
    assert topic.answered_at is None


def test_a_form_sent_twice_speaks_once(world, topic):
    first = actions.reply(world.as_("ann"), topic=topic, text="Once.", key="k1")
    assert actions.reply(world.as_("ann"), topic=topic, text="Once.", key="k1") == first
    assert actions.reply(world.as_("cat"), topic=topic, text="Mine.", key="k1") != first
    one = actions.open_topic(world.as_("ann"), space=world.hearth, title="T", text="x", key="k2")
    assert actions.open_topic(world.as_("ann"), space=world.hearth, title="T", text="x", key="k2") == one
    assert topic.posts.count() == 3


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("", "x", "no_title"),
        ("x" * 201, "x", "long_title"),
        ("x", " \u200b\n", "no_text"),
        ("x", "x" * 40_001, "long_text"),
        ("x", "> " * 40 + "x", "too_deep"),
    ],
)
def test_words_that_cannot_be_kept_are_refused_with_a_reason(world, title, text, code):
    with pytest.raises(Refused) as no:
        actions.open_topic(world.as_("ben"), space=world.hearth, title=title, text=text)
    assert no.value.code == code
    assert not Topic.objects.exists()


def test_private_and_hidden_spaces_are_missing_for_others(world):
    for space in (world.workshop, world.cellar):
        inside = actions.open_topic(world.as_("ben"), space=space, title="Inside", text="x")
        post = inside.posts.get()
        for name in ("cat", ""):
            for calls, call in enumerate(
                (
                    lambda who, s=space: actions.open_topic(who, space=s, title="x", text="x"),  # Cat may know of the private one
                    lambda who, t=inside: actions.reply(who, topic=t, text="x"),
                    lambda who, p=post: actions.say_helped(who, post=p),
                    lambda who, p=post: actions.react(who, post=p),
                    lambda who, p=post: actions.edit_post(who, post=p, text="x"),
                    lambda who, p=post: actions.remove_post(who, post=p, reason="x"),
                    lambda who, t=inside: actions.close_topic(who, topic=t),
                )
            ):
                with pytest.raises((NotFound, NotAllowed)) as no:
                    call(world.as_(name))
                assert no.value.code in {"not_found", "sign_in", "ask_first"}
                assert name == "" or no.value.code == ("ask_first" if space == world.workshop and calls == 0 else "not_found")


def test_accept_and_withdraw(world, topic, answer):
    with pytest.raises(NotAllowed):
        actions.accept_answer(world.as_("cat"), post=answer)
    with pytest.raises(Refused, match="question itself"):
        actions.accept_answer(world.as_("ben"), post=topic.posts.get(number=1))
    actions.accept_answer(world.as_("ben"), post=answer)
    assert actions.accept_answer(world.as_("ben"), post=answer).accepted_id == answer.pk  # again: harmless
    assert len(lines("accepted")) == 1
    assert (lines("accepted")[0].other_id, lines("accepted")[0].data["asker"]) == (world.ann.pk, world.ben.pk)
    second = actions.reply(world.as_("cat"), topic=topic, text="Or this.")
    with pytest.raises(Refused, match="Withdraw"):
        actions.accept_answer(world.as_("ann"), post=second)  # organiser
    actions.withdraw_acceptance(world.as_("ben"), topic=topic)
    actions.withdraw_acceptance(world.as_("ben"), topic=topic)
    assert len(lines("acceptance_taken_back")) == 1
    actions.accept_answer(world.as_("dan"), post=second)
    topic.refresh_from_db()
    assert (topic.accepted_id, topic.accepted_by_id) == (second.pk, world.dan.pk)
    chat = actions.open_topic(world.as_("ben"), space=world.hearth, title="Chat", text="x", asks=False)
    said = actions.reply(world.as_("ann"), topic=chat, text="y")
    with pytest.raises(Refused, match="asks nothing"):
        actions.accept_answer(world.as_("ben"), post=said)


def test_helped_counts_people(world, topic, answer):
    more = actions.reply(world.as_("ann"), topic=topic, text="And this.")
    for post in (answer, more, answer):
        actions.say_helped(world.as_("ben"), post=post)
    actions.say_helped(world.as_("cat"), post=answer)
    with pytest.raises(Refused, match="own words"):
        actions.say_helped(world.as_("ann"), post=answer)
    topic.refresh_from_db(), answer.refresh_from_db()
    assert (topic.helped_count, answer.helped_count, len(lines("helped"))) == (2, 2, 3)
    actions.take_back_helped(world.as_("ben"), post=answer)
    actions.take_back_helped(world.as_("ben"), post=answer)
    topic.refresh_from_db(), answer.refresh_from_db()
    assert (topic.helped_count, answer.helped_count) == (2, 1)  # the other post still helped Ben
    actions.take_back_helped(world.as_("ben"), post=more)
    topic.refresh_from_db()
    assert (topic.helped_count, len(lines("help_taken_back"))) == (1, 2)


def test_a_merged_person_is_one_person(world, topic, answer):
    merge_members(world.as_("dan"), member=world.cat, into=world.ann, reason="same person")
    with pytest.raises(Refused, match="own words"):
        actions.say_helped(world.as_("cat"), post=answer)
    merge_members(world.as_("olu"), member=world.mira, into=world.ben, reason="same person")
    actions.say_helped(world.as_("ben"), post=answer)
    actions.say_helped(world.as_("mira"), post=answer)
    assert Helped.objects.count() == 1


def test_reactions(world, topic, answer):
    actions.react(world.as_("ben"), post=answer)
    actions.react(world.as_("ben"), post=answer)
    actions.react(world.as_("cat"), post=answer, sign="star")
    answer.refresh_from_db()
    assert (answer.reactions, answer.thanks_count) == ({"heart": 1, "star": 1}, 1)
    assert (len(lines("thanked")), len(lines("reacted"))) == (1, 1)
    actions.take_back_reaction(world.as_("ben"), post=answer)
    actions.take_back_reaction(world.as_("ben"), post=answer)
    answer.refresh_from_db()
    assert (answer.reactions, answer.thanks_count, len(lines("reaction_taken_back"))) == ({"star": 1}, 0, 1)
    for post, sign, code in ((answer, "skull", "unknown_sign"), (topic.posts.get(number=1), "heart", "own_post")):
        with pytest.raises(Refused) as no:
            actions.react(world.as_("ben"), post=post, sign=sign)
        assert no.value.code == code


def test_edit_keeps_what_it_said_and_detects_conflicts(world, topic):
    post = topic.posts.get()
    actions.edit_post(world.as_("ben"), post=post, text="It turns. @cat?", title="Handle works loose", reason="clearer", seen_edits=0)
    topic.refresh_from_db(), post.refresh_from_db()
    assert (topic.title, post.edits_count, post.source_text) == ("Handle works loose", 1, "It turns. @cat?")
    assert list(Mention.objects.values_list("member_id", flat=True)) == [world.cat.pk]
    edit = Edit.objects.get()
    assert (edit.title_before, edit.text_before) == ("Handle loose", "It turns. What else, @ann?")
    assert lines("edited")[0].data["mentioned"] == [world.cat.pk]
    with pytest.raises(Refused) as no:
        actions.edit_post(world.as_("ann"), post=post, text="Mine", seen_edits=0)  # the organiser had not seen the edit
    assert (no.value.code, no.value.facts["edits"]) == ("edited_meanwhile", 1)
    assert actions.edit_post(world.as_("ben"), post=post, text="It turns. @cat?", seen_edits=0).edits_count == 1  # a retry
    with pytest.raises(NotAllowed):
        actions.edit_post(world.as_("cat"), post=post, text="Not mine")
    answer = actions.reply(world.as_("ann"), topic=topic, text="y")
    with pytest.raises(Refused, match="reply has none"):
        actions.edit_post(world.as_("ann"), post=answer, text="z", title="T")


def test_remove_and_restore_a_reply(world, topic, answer):
    actions.accept_answer(world.as_("ben"), post=answer)
    with pytest.raises(NotAllowed):
        actions.remove_post(world.as_("cat"), post=answer, reason="x")
    with pytest.raises(Refused, match="Say why"):
        actions.remove_post(world.as_("dan"), post=answer, reason=" ")
    actions.remove_post(world.as_("dan"), post=answer, reason="selling")
    actions.remove_post(world.as_("dan"), post=answer, reason="selling")
    topic.refresh_from_db()
    assert (topic.posts_count, topic.answered_at, topic.accepted_id, topic.last_author_id) == (1, None, None, world.ben.pk)
    assert (len(lines("removed")), len(lines("acceptance_taken_back"))) == (1, 1)
    own = actions.reply(world.as_("ben"), topic=topic, text="x")
    actions.remove_post(world.as_("dan"), post=own, reason="y")
    with pytest.raises(NotAllowed, match="organiser removed"):  # an author may bring back only what they took away themselves
        actions.restore_post(world.as_("ben"), post=own)
    actions.restore_post(world.as_("dan"), post=answer)
    topic.refresh_from_db()
    assert (topic.posts_count, topic.answered_at) == (2, answer.at)
    assert topic.last_number == 3  # numbers are never given twice


def test_removing_the_first_post_removes_the_topic(world, topic, answer):
    post = topic.posts.get(number=1)
    with pytest.raises(Refused, match="Others have replied"):
        actions.remove_post(world.as_("ben"), post=post, reason="never mind")
    actions.remove_post(world.as_("ann"), post=post, reason="rule 2")
    world.hearth.refresh_from_db()
    assert world.hearth.topics_count == 0
    with pytest.raises(NotFound):
        actions.reply(world.as_("cat"), topic=topic, text="x")
    actions.restore_post(world.as_("ann"), post=post)
    world.hearth.refresh_from_db()
    assert world.hearth.topics_count == 1
    lonely = actions.open_topic(world.as_("ben"), space=world.hearth, title="Never mind", text="x")
    actions.remove_post(world.as_("ben"), post=lonely.posts.get(), reason="solved it")
    actions.restore_post(world.as_("ben"), post=lonely.posts.get())


def test_close_and_reopen(world, topic):
    with pytest.raises(NotAllowed):
        actions.close_topic(world.as_("cat"), topic=topic)
    actions.close_topic(world.as_("ben"), topic=topic)
    actions.close_topic(world.as_("ann"), topic=topic)
    assert len(lines("closed")) == 1
    with pytest.raises(Refused, match="closed"):
        actions.reply(world.as_("ann"), topic=topic, text="x")
    actions.reopen_topic(world.as_("ann"), topic=topic)
    actions.reply(world.as_("ann"), topic=topic, text="x")
    archive_space(world.as_("dan"), space=world.hearth)
    with pytest.raises(Refused, match="space is closed"):
        actions.reply(world.as_("ann"), topic=topic, text="x")


def test_a_topic_is_made_talk_and_a_question_again(world, topic):
    with pytest.raises(NotAllowed):
        actions.make_talk(world.as_("cat"), topic=topic)
    assert topic in waiting(world.ben)
    actions.make_talk(world.as_("ben"), topic=topic)
    actions.make_talk(world.as_("ann"), topic=topic)
    assert len(lines("made_talk")) == 1
    topic.refresh_from_db()
    assert topic not in waiting(world.ben)
    answer = actions.reply(world.as_("ann"), topic=topic, text="x")
    with pytest.raises(Refused, match="asks nothing"):
        actions.accept_answer(world.as_("ben"), post=answer)
    actions.make_question(world.as_("dan"), topic=topic)
    actions.accept_answer(world.as_("ben"), post=answer)
    with pytest.raises(Refused, match="answer is accepted"):
        actions.make_talk(world.as_("ben"), topic=topic)


def test_drafts_of_two_tabs_do_not_destroy_each_other(world):
    ben = world.as_("ben")
    one = actions.keep_draft(ben, place="reply:7", text="first")
    one = actions.keep_draft(ben, place="reply:7", text="first tab", slot=one.slot, seen=one.version)
    assert (one.slot, one.version) == (1, 2)
    two = actions.keep_draft(ben, place="reply:7", text="second tab", slot=1, seen=1)  # has not seen version 2
    assert two.slot == 2
    again = actions.keep_draft(ben, place="reply:7", text="second tab", slot=1, seen=1)  # a retry
    assert again == two
    assert actions.keep_draft(ben, place="reply:7", text="", slot=1, seen=2) is None
    assert list(Post.objects.all()) == []
    assert actions.drop_draft(ben, place="reply:7", slot=2, seen=9) == 1
    for n in range(9):
        actions.keep_draft(ben, place="new:1", text=f"words {n}")
    with pytest.raises(Refused, match="nine drafts"):
        actions.keep_draft(ben, place="new:1", text="one more")
