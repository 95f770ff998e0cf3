"""Many who act in one instant, as real processes on a real database."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.conversation.models import Draft, Edit, Helped, Post, Reaction, Topic
from fireside.members.actions import join_community
from fireside.members.tests.world import make_people
from fireside.spaces.tests.world import add_spaces

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]
RACERS = 4


@pytest.fixture(scope="module")
def racers(django_db_setup) -> Iterator[list["subprocess.Popen[str]"]]:
    command = [sys.executable, "-m", "fireside.conversation.tests.race"]
    all_of_them = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ, bufsize=1)
        for _ in range(RACERS)
    ]
    yield all_of_them
    for one in all_of_them:
        one.stdin.close()
        one.wait(30)


@pytest.fixture
def race(racers):
    """race([acts of the first], [acts of the second], …): all begin at once; gives how each act ended, counted."""

    def run(*shares):
        running = racers[: len(shares)]
        for one, share in zip(running, shares, strict=True):
            one.stdin.write(json.dumps(share) + "\n")
        for one in running:
            assert one.stdout.readline() == "ready\n"
        for one in running:
            one.stdin.write("go\n")
        return Counter(code for one in running for code in json.loads(one.stdout.readline()))

    return run


@pytest.fixture
def rounds(full):
    return 40 if full else 4


@pytest.fixture
def talk(transactional_db):
    world = add_spaces(make_people())
    world.crowd = [join_community(world.as_(""), name=f"Reader {n}") for n in range(8)]
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="x")
    world.answers = [actions.reply(world.later(minutes=1).as_(who), topic=world.topic, text=f"by {who}") for who in ("ann", "cat")]
    return world


def lines(kind: str) -> int:
    return Activity.objects.filter(kind=f"conversation.{kind}").count()


def test_two_accept_at_once(talk, race, rounds):
    for n in range(rounds):
        one, two = talk.answers
        ended = race(
            [["conversation.accept_answer", talk.ben.pk, {"post": one.pk}]], [["conversation.accept_answer", talk.dan.pk, {"post": two.pk}]]
        )
        assert ended == {"done": 1, "already_accepted": 1}
        assert lines("accepted") == n + 1
        topic = Topic.objects.get(pk=talk.topic.pk)
        assert (topic.accepted_id, topic.accepted_by_id) in {(one.pk, talk.ben.pk), (two.pk, talk.dan.pk)}
        actions.withdraw_acceptance(talk.as_("ben"), topic=topic)


def test_eight_say_helped_at_once_each_twice(talk, race, rounds):
    for _n in range(rounds):
        post = actions.reply(talk.later(minutes=1).as_("ann"), topic=talk.topic, text="again")
        acts = [["conversation.say_helped", reader.pk, {"post": post.pk}] for reader in talk.crowd]
        before = lines("helped")
        assert race(*(acts[i::RACERS] + acts[(i + 1) % RACERS :: RACERS] for i in range(RACERS))) == {"done": 16}
        post.refresh_from_db()
        assert (post.helped_count, Helped.objects.filter(post=post).count(), lines("helped") - before) == (8, 8, 8)
        talk.topic.refresh_from_db()
        assert talk.topic.helped_count == 8  # people, however many of the posts helped them
    acts = [["conversation.take_back_helped", reader.pk, {"post": post.pk}] for reader in talk.crowd]
    assert race(*(acts for _i in range(RACERS))) == {"done": 32}
    post.refresh_from_db()
    assert (post.helped_count, Helped.objects.filter(post=post).count(), lines("help_taken_back")) == (0, 0, 8)


def test_replies_are_numbered_without_gap_or_double(talk, race, rounds):
    each = 5 * rounds
    shares = [
        [["conversation.reply", talk.crowd[i].pk, {"topic": talk.topic.pk, "text": f"{i} says {n}"}] for n in range(each)]
        for i in range(RACERS)
    ]
    assert race(*shares) == {"done": RACERS * each}
    talk.topic.refresh_from_db()
    total = 3 + RACERS * each
    assert sorted(talk.topic.posts.values_list("number", flat=True)) == list(range(1, total + 1))
    assert (talk.topic.posts_count, talk.topic.last_number) == (total, total)
    talk.hearth.refresh_from_db()
    assert talk.hearth.members_count == 3 + RACERS  # Ann, Ben, Cat, and one reader a racer, who joined by their first reply


def test_one_form_sent_by_four_at_once_speaks_once(talk, race, rounds):
    for n in range(rounds):
        act = ["conversation.reply", talk.ben.pk, {"topic": talk.topic.pk, "text": "once", "key": f"k{n}"}]
        assert race(*([act] for _i in range(RACERS))) == {"done": RACERS}
        assert Post.objects.filter(external_id=f"k{n}").count() == 1
        act = ["conversation.open_topic", talk.ben.pk, {"space": talk.hearth.pk, "title": f"T{n}", "text": "once", "key": f"t{n}"}]
        assert race(*([act] for _i in range(RACERS))) == {"done": RACERS}
        assert Topic.objects.filter(title=f"T{n}").count() == 1


def test_two_edits_at_once_lose_nothing(talk, race, rounds):
    post = talk.answers[0]
    for n in range(rounds):
        acts = [
            ["conversation.edit_post", who, {"post": post.pk, "text": f"{n} by {who}", "seen_edits": n}]
            for who in (talk.ann.pk, talk.dan.pk)
        ]
        assert race(*([act] for act in acts)) == {"done": 1, "edited_meanwhile": 1}
    post.refresh_from_db()
    said = [*Edit.objects.filter(post=post).order_by("id").values_list("text_before", flat=True), post.source_text]
    assert (post.edits_count, len(said)) == (rounds, rounds + 1)
    assert [words.partition(" ")[0] for words in said[1:]] == [str(n) for n in range(rounds)]


def test_reactions_and_drafts_at_once(talk, race, rounds):
    post = talk.answers[0]
    acts = [["conversation.react", reader.pk, {"post": post.pk, "sign": sign}] for reader in talk.crowd for sign in ("heart", "star")]
    assert race(*(acts for _i in range(RACERS))) == {"done": RACERS * 16}
    post.refresh_from_db()
    assert (post.reactions, post.thanks_count, Reaction.objects.count()) == ({"heart": 8, "star": 8}, 8, 16)
    assert (lines("thanked"), lines("reacted")) == (8, 8)
    for n in range(rounds):
        tabs = [["conversation.keep_draft", talk.ben.pk, {"place": f"reply:{n}", "text": f"tab {i}"}] for i in range(RACERS)]
        assert race(*([tab] for tab in tabs)) == {"done": RACERS}
        assert sorted(Draft.objects.filter(place=f"reply:{n}").values_list("text", flat=True)) == [f"tab {i}" for i in range(RACERS)]


def test_four_bring_in_the_same_archive_at_once(talk, race, rounds):
    by = [talk.ann.pk, talk.ben.pk, talk.cat.pk]
    for n in range(rounds):
        act = ["conversation.take_in_posts", None, {"source": f"old{n}", "space": talk.hearth.pk, "by": by, "many": 100}]
        assert race(*([act] for _i in range(RACERS))) == {"done": RACERS}
        topics = Topic.objects.filter(source=f"old{n}")
        assert (topics.count(), Post.objects.filter(source=f"old{n}").count()) == (10, 100)
        assert set(topics.values_list("posts_count", "last_number")) == {(10, 10)}
        assert Activity.objects.filter(source=f"old{n}").count() == 100
    talk.hearth.refresh_from_db()
    assert talk.hearth.topics_count == 1 + 10 * rounds
