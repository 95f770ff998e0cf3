"""Many who act in one instant, as real processes on a real database."""

from datetime import UTC, datetime, timedelta

import pytest

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.conversation.models import Draft, Edit, Helped, Post, Reaction, Topic
from fireside.members.actions import join_community
from fireside.members.tests.world import make_people
from fireside.spaces.tests.world import add_spaces

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]
RACERS = 4


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
        ended = race((actions.accept_answer, talk.ben, {"post": one}), (actions.accept_answer, talk.dan, {"post": two}))
        assert ended == {"done": 1, "already_accepted": 1}
        assert lines("accepted") == n + 1
        topic = Topic.objects.get(pk=talk.topic.pk)
        assert (topic.accepted_id, topic.accepted_by_id) in {(one.pk, talk.ben.pk), (two.pk, talk.dan.pk)}
        actions.withdraw_acceptance(talk.as_("ben"), topic=topic)


def test_eight_say_helped_at_once_each_twice(talk, race, rounds):
    for _n in range(rounds):
        post = actions.reply(talk.later(minutes=1).as_("ann"), topic=talk.topic, text="again")
        acts = [(actions.say_helped, reader, {"post": post}) for reader in talk.crowd]
        before = lines("helped")
        assert race(*(acts[i::RACERS] + acts[(i + 1) % RACERS :: RACERS] for i in range(RACERS))) == {"done": 16}
        post.refresh_from_db()
        assert (post.helped_count, Helped.objects.filter(post=post).count(), lines("helped") - before) == (8, 8, 8)
        talk.topic.refresh_from_db()
        assert talk.topic.helped_count == 8  # people, however many of the posts helped them
    acts = [(actions.take_back_helped, reader, {"post": post}) for reader in talk.crowd]
    assert race(*[acts] * RACERS) == {"done": 32}
    post.refresh_from_db()
    assert (post.helped_count, Helped.objects.filter(post=post).count(), lines("help_taken_back")) == (0, 0, 8)


def test_replies_are_numbered_without_gap_or_double(talk, race, rounds):
    each = 5 * rounds
    shares = [[(actions.reply, talk.crowd[i], {"topic": talk.topic, "text": f"{i} says {n}"}) for n in range(each)] for i in range(RACERS)]
    assert race(*shares) == {"done": RACERS * each}
    talk.topic.refresh_from_db()
    total = 3 + RACERS * each
    assert sorted(talk.topic.posts.values_list("number", flat=True)) == list(range(1, total + 1))
    assert (talk.topic.posts_count, talk.topic.last_number) == (total, total)
    talk.hearth.refresh_from_db()
    assert talk.hearth.members_count == 3 + RACERS  # Ann, Ben, Cat, and one reader a racer, who joined by their first reply


def test_one_form_sent_by_four_at_once_speaks_once(talk, race, rounds):
    for n in range(rounds):
        act = (actions.reply, talk.ben, {"topic": talk.topic, "text": "once", "key": f"k{n}"})
        assert race(*[act] * RACERS) == {"done": RACERS}
        assert Post.objects.filter(external_id=f"k{n}").count() == 1
        act = (actions.open_topic, talk.ben, {"space": talk.hearth, "title": f"T{n}", "text": "once", "key": f"t{n}"})
        assert race(*[act] * RACERS) == {"done": RACERS}
        assert Topic.objects.filter(title=f"T{n}").count() == 1


def test_two_edits_at_once_lose_nothing(talk, race, rounds):
    post = talk.answers[0]
    for n in range(rounds):
        acts = [(actions.edit_post, who, {"post": post, "text": f"{n} by {who.handle}", "seen_edits": n}) for who in (talk.ann, talk.dan)]
        assert race(*acts) == {"done": 1, "edited_meanwhile": 1}
    post.refresh_from_db()
    said = [*Edit.objects.filter(post=post).order_by("id").values_list("text_before", flat=True), post.source_text]
    assert (post.edits_count, len(said)) == (rounds, rounds + 1)
    assert [words.partition(" ")[0] for words in said[1:]] == [str(n) for n in range(rounds)]


def test_reactions_and_drafts_at_once(talk, race, rounds):
    post = talk.answers[0]
    acts = [(actions.react, reader, {"post": post, "sign": sign}) for reader in talk.crowd for sign in ("heart", "star")]
    assert race(*[acts] * RACERS) == {"done": RACERS * 16}
    post.refresh_from_db()
    assert (post.reactions, post.thanks_count, Reaction.objects.count()) == ({"heart": 8, "star": 8}, 8, 16)
    assert (lines("thanked"), lines("reacted")) == (8, 8)
    for n in range(rounds):
        tabs = [(actions.keep_draft, talk.ben, {"place": f"reply:{n}", "text": f"tab {i}"}) for i in range(RACERS)]
        assert race(*tabs) == {"done": RACERS}
        assert sorted(Draft.objects.filter(place=f"reply:{n}").values_list("text", flat=True)) == [f"tab {i}" for i in range(RACERS)]


def test_four_bring_in_the_same_archive_at_once(talk, race, rounds):
    by, at = [talk.ann.pk, talk.ben.pk, talk.cat.pk], datetime(2024, 1, 1, tzinfo=UTC)
    topics = [actions.TopicIn(f"t{n}", talk.hearth.pk, f"Topic {n}") for n in range(10)]
    posts = [
        actions.PostIn(f"m{n}", f"t{n % 10}", talk.hearth.pk, by[n % 3], at + timedelta(minutes=n), "<p>words</p>") for n in range(100)
    ]
    for n in range(rounds):
        act = (actions.take_in_posts, None, {"source": f"old{n}", "topics": topics, "posts": posts})
        assert race(*[act] * RACERS) == {"done": RACERS}
        found = Topic.objects.filter(source=f"old{n}")
        assert (found.count(), Post.objects.filter(source=f"old{n}").count()) == (10, 100)
        assert set(found.values_list("posts_count", "last_number")) == {(10, 10)}
        assert Activity.objects.filter(source=f"old{n}").count() == 100
    talk.hearth.refresh_from_db()
    assert talk.hearth.topics_count == 1 + 10 * rounds


def test_two_organisers_at_once_lose_no_post(talk, race, rounds):
    """One splits, the other splits the same, merges or closes, while members go on talking: every word stands in one place, once."""
    for n in range(rounds):
        one = actions.open_topic(talk.as_("ben"), space=talk.hearth, title=f"One {n}", text="a")
        two = actions.open_topic(talk.later(minutes=1).as_("cat"), space=talk.hearth, title=f"Two {n}", text="b")
        posts = [actions.reply(talk.later(minutes=1).as_("ann"), topic=one, text=f"{n}.{i}") for i in range(3)]
        there = set(Post.objects.values_list("pk", flat=True))
        ended = race(
            (actions.split_topic, talk.ann, {"posts": posts[1:], "title": f"Part {n}"}),
            (actions.split_topic, talk.dan, {"posts": posts[1:2], "title": f"Other {n}"}),
            [(actions.merge_topic, talk.dan, {"topic": two, "into": one}), (actions.merge_topic, talk.ann, {"topic": two, "into": one})],
            [
                (actions.reply, talk.crowd[i], {"topic": (one, two)[i % 2], "text": f"{n} on an open page", "reply_to": None})
                for i in range(4)
            ],
        )
        assert ended["moved_meanwhile"] <= 1 and ended["done"] >= 6, ended
        fresh = Post.objects.exclude(pk__in=there)
        assert fresh.count() == 4 and set(Post.objects.values_list("pk", flat=True)) >= there
        two.refresh_from_db()
        assert two.merged_into_id == one.pk and not Post.objects.filter(topic=two).exists()
        for topic in Topic.objects.filter(removed_at=None):
            standing = Post.objects.filter(topic=topic)
            assert standing.count() == topic.posts_count
            assert max(standing.values_list("number", flat=True)) <= topic.last_number
