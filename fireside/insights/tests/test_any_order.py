"""The log and the rows say the same of a history, and every number too, whatever part of it comes in first."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from fireside.activity.actor import house
from fireside.conversation.actions import (
    HelpIn,
    PostIn,
    TopicIn,
    accept_answer,
    make_question,
    make_talk,
    take_in_help,
    take_in_posts,
    withdraw_acceptance,
)
from fireside.conversation.models import Post, Topic
from fireside.insights import actions, queries
from fireside.insights.metrics.parts import ASKED, OPENED
from fireside.insights.mirror.engine import files_sql, raw_session
from fireside.insights.mirror.state import snapshot
from fireside.members.actions import PersonIn, take_in_people
from fireside.members.models import Member

pytestmark = [pytest.mark.both, pytest.mark.usefixtures("world")]
START = datetime(2024, 1, 28, tzinfo=UTC)
SAID = {"since": "2024-01-01", "until": "2024-03-31"}


def history(space: int) -> list[PostIn]:
    """Six topics over a turn of months; the second words of each ask, so that another beginning is another kind of topic."""
    dice, posts = random.Random(3), []
    for n in range(60):
        topic = n % 6
        words = "Is it loose?" if n // 6 == 1 else f"words {n}"
        posts.append(PostIn(f"m{n}", f"t{topic}", space, dice.randrange(5), START + timedelta(hours=3 * n, minutes=topic), words, "md"))
    return posts


def bring(world, parts: list[list[PostIn]], *, look: bool = False) -> None:
    """Part after part, with the people of each as its first reading knows them; the mirror may move between."""
    importer = world.as_("house", "import")
    for part in parts:
        first: dict[int, datetime] = {}
        for post in part:
            first[post.author_id] = min(post.at, first.get(post.author_id, post.at))
        people = take_in_people(importer, source="old", people=[PersonIn(str(k), f"Person {k}", at) for k, at in first.items()])
        posts = [PostIn(p.external_id, p.topic, p.space_id, people[str(p.author_id)], p.at, p.text, p.format) for p in part]
        take_in_posts(importer, source="old", topics=[TopicIn(f"t{n}", world.hearth.pk, f"Topic {n}") for n in range(6)], posts=posts)
        if look:
            actions.bring_up_to_date(house("worker", now=world.now))


def rows() -> list[tuple[object, ...]]:
    seen = Topic.objects.filter(source="old").order_by("external_id")
    people = Member.objects.filter(imported_from="old").order_by("name")
    found = "external_id", "author__name", "asks", "opened_at", "last_post_at", "last_author__name", "posts_count", "answered_at"
    return [*seen.values_list(*found), *people.values_list("name", "joined_at", "is_bot")]


def openings() -> dict[str, tuple[str, str]]:
    """topic -> (kind, post) as the mirror has them, and that each topic has one."""
    with raw_session() as con:
        query = f"SELECT kind, target_id FROM {files_sql('activity', snapshot().paths['activity'])} WHERE kind IN ('{ASKED}', '{OPENED}') AND imported"
        lines = con.execute(query).fetchall()
    names = {p.pk: (str(p.topic.external_id), str(p.external_id)) for p in Post.objects.filter(source="old").select_related("topic")}
    assert len({names[post][0] for _kind, post in lines}) == len(lines)
    return {names[post][0]: (kind, names[post][1]) for kind, post in lines}


def figures(world) -> dict[str, object]:
    now = house("worker", now=world.now)
    actions.bring_up_to_date(now)
    found: dict[str, object] = {}
    asked = {"talk": {}, "first_reply": {}, "helped": {}, "concentration": {"mode": "answers"}, "members": {}}
    for name, more in [*asked.items(), ("heat", {}), ("heat", {"mode": "spaces"})]:
        answer = queries.answer(name, now=now.now, viewer=now, **SAID, **more)
        spaces = [{k: v for k, v in one.items() if k != "space_id"} for one in answer["more"].pop("spaces", [])]
        found[name + str(more)] = near([answer["headline"], answer["rows"], answer["more"], spaces])
    return found


def near(found: object) -> object:
    """Sums of fractions depend on their order in the last digit."""
    if isinstance(found, dict):
        return {key: near(value) for key, value in found.items()}
    if isinstance(found, list):
        return [near(value) for value in found]
    return round(found, 9) if isinstance(found, float) else found


ORDERS = {  # parts of a history, and whether the mirror moves between them
    "from its beginning": (lambda posts: [posts], False),
    "newer half first": (lambda posts: [posts[30:], posts[:30]], False),
    "backwards": (lambda posts: [posts[i : i + 10] for i in range(50, -1, -10)], True),
    "shuffled": (lambda posts: [random.Random(5).sample(posts, 60)[i::4] for i in range(4)], True),
}


def test_whatever_part_comes_first(world):
    said = {}
    for order, (parts, look) in ORDERS.items():
        mark = transaction.savepoint()
        bring(world, parts(history(world.hearth.pk)), look=look)
        said[order] = rows(), figures(world), openings()
        assert actions.make_rollups(house("worker", now=world.now)) == 0  # nothing is left to be counted anew
        if order == "backwards":
            actions.rebuild_mirror(house("worker", now=world.now))
            assert openings() == said[order][2]
        transaction.savepoint_rollback(mark)
    expected = said.pop("from its beginning")
    assert {kind for kind, _post in expected[2].values()} == {OPENED}
    for order, found in said.items():
        for one, wanted in zip(found, expected, strict=True):
            assert one == wanted, order


def test_what_people_said_of_asking_stands_when_older_words_come(world):
    posts = history(world.hearth.pk)
    bring(world, [posts[6:]])
    waiting, talk = Topic.objects.get(external_id="t0"), Topic.objects.get(external_id="t1")
    assert waiting.asks and talk.asks
    make_talk(world.as_("dan"), topic=talk)
    make_question(world.as_("dan"), topic=make_talk(world.as_("dan"), topic=waiting))
    bring(world, [posts[:6]])
    assert [Topic.objects.get(external_id=f"t{n}").asks for n in range(3)] == [True, False, False]  # t2: the older words ask nothing
    figures(world)
    assert {t: kind for t, (kind, _post) in openings().items()}["t2"] == OPENED


def test_the_last_acceptance_is_true_whichever_came_first(world):
    """Rows and log, in both orders; and what somebody here accepts later stands against an archive of earlier days."""
    posts = history(world.hearth.pk)
    importer, now = world.as_("house", "import"), house("worker", now=world.now)
    for seed, order in enumerate(((0, 1), (1, 0))):
        bring(world, [posts])
        asker = Topic.objects.get(external_id=f"t{seed}").author_id
        answers = Post.objects.filter(topic__external_id=f"t{seed}").exclude(author=asker).order_by("at")[:2]
        said = [HelpIn(f"{seed}a{n}", p.external_id, asker, p.at + timedelta(days=n), accepts=True) for n, p in enumerate(answers)]
        for n in order:
            take_in_help(importer, source="old", said=[said[n]])
        topic = Topic.objects.get(external_id=f"t{seed}")
        assert topic.accepted_id == answers[1].pk
        assert topic.accepted_at == said[1].at
    actions.bring_up_to_date(now)
    front = queries.answer("helped", now=now.now, viewer=now, **SAID)
    assert front["more"]["accepted"] == 2
    topic = Topic.objects.get(external_id="t2")
    Topic.objects.filter(pk=topic.pk).update(asks=True)
    mine, other = Post.objects.filter(topic=topic).exclude(author=topic.author).order_by("at")[:2]
    accept_answer(world.as_("dan"), post=mine)
    take_in_help(importer, source="old", said=[HelpIn("late", other.external_id, topic.author_id, other.at, accepts=True)])
    topic.refresh_from_db()
    assert topic.accepted_id == mine.pk
    withdraw_acceptance(world.as_("dan"), topic=topic)
    take_in_help(importer, source="old", said=[HelpIn("later", other.external_id, topic.author_id, other.at, accepts=True)])
    topic.refresh_from_db()
    assert topic.accepted_id is None


def test_a_machine_that_a_later_part_tells_of_is_counted_no_more_at_once(world):
    posts = history(world.hearth.pk)
    bring(world, [posts], look=True)
    importer, now = world.as_("house", "import"), house("worker", now=world.now + timedelta(minutes=2))
    before = figures(world)["talk{}"][0]["people"]
    take_in_people(importer, source="old", people=[PersonIn("0", "Person 0", START, is_bot=True, bot_reason="rhythm")])
    actions.bring_up_to_date(now, seconds=4)  # a round of the worker: it copies people when a line spoke of them
    assert queries.answer("talk", now=now.now, viewer=now, **SAID)["headline"]["people"] == before - 1
