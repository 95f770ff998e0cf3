"""After topics were moved, split, merged and parted, every number agrees with a count in plain Python over what stands in the house."""

import os
import random

import pytest

from fireside.activity.actor import house
from fireside.conversation.actions import accept_answer, merge_topic, move_topic, open_topic, part_topics, reply, say_helped, split_topic
from fireside.conversation.models import Post, Topic
from fireside.conversation.queries import get_topic, helped_since, waiting
from fireside.insights import actions, queries
from fireside.lib.errors import Refused
from fireside.spaces.models import Space

pytestmark = pytest.mark.both


def house_says(world, slug=""):
    actor = house("worker", now=world.now)
    said = {"since": "2026-01-01", "until": "2026-12-31"} | ({"space": slug} if slug else {})
    first, talk, helped = (
        queries.answer(name, now=actor.now, viewer=actor, **said)["headline"] for name in ("first_reply", "talk", "helped")
    )
    return {
        "questions": first["n"], "answered": first["answered"], "waiting": first["waiting"], "median": first["median"],
        "topics": talk["topics"], "replies": talk["replies"], "people": talk["people"], "helped": helped["confirmed"],
    }  # fmt: skip


def plainly(world, slug=""):
    """The same from the rows, post by post."""
    topics = [one for one in Topic.objects.select_related("author", "space").filter(removed_at=None) if slug in ("", one.space.slug)]
    waits, stands = [], []
    for topic in topics:
        posts = sorted(Post.objects.select_related("author").filter(topic=topic), key=lambda post: (post.at, post.pk))
        stands += posts
        if topic.asks:
            others = [p.at for p in posts if p.author.person_id != topic.author.person_id and not p.joined]
            waits.append((min(others) - topic.opened_at).total_seconds() if others else None)
    answered = sorted(one for one in waits if one is not None)
    space = Space.objects.get(slug=slug) if slug else None
    return {
        "questions": len(waits), "answered": len(answered), "waiting": waiting(world.olu, space=space).count(),
        "topics": len(topics), "replies": len(stands) - len(topics), "people": len({post.author.person_id for post in stands}),
        "helped": helped_since(world.olu, world.began, space=space).people,
    }  # fmt: skip


def one_act(world, dice):
    """Something that organisers do, somewhere."""
    topics = list(Topic.objects.filter(removed_at=None).order_by("pk"))
    topic, act = dice.choice(topics), dice.choice(("split", "split", "merge", "part", "move"))
    ann = world.later(minutes=1).as_("ann")
    if act == "split":
        posts = list(Post.objects.filter(topic=topic).order_by("at", "id"))[1:]
        if posts:
            split_topic(
                ann, posts=dice.sample(posts, dice.randint(1, min(3, len(posts)))), title=f"Part of {topic}"[:60], asks=dice.random() < 0.5
            )
    elif act == "merge":
        merge_topic(ann, topic=topic, into=dice.choice(topics))
    elif act == "part":
        gone = Topic.objects.filter(merged_into__isnull=False).first()
        if gone is not None:
            into = get_topic(world.ann, gone.pk)
            part_topics(ann, topic=into, number=gone.pk)
    else:
        move_topic(ann, topic=topic, space=dice.choice([world.hearth, world.workshop]))


@pytest.mark.parametrize("seed", range(12) if os.environ.get("FULL") else range(2))
def test_every_number_agrees_whenever_the_mirror_looks(world, seed):
    dice, world.began = random.Random(seed), world.now
    people = ["ben", "cat", "dan", "ann"]
    for n in range(6):
        topic = open_topic(world.later(minutes=1).as_(dice.choice(people[:2])), space=world.hearth, title=f"T{n}", text="x", asks=n % 3 > 0)
        for _ in range(dice.randint(0, 5)):
            post = reply(world.later(minutes=1).as_(dice.choice(people)), topic=topic, text="y")
            for who in people:
                if dice.random() < 0.3 and post.author != world.people[who]:
                    say_helped(world.as_(who), post=post)
            if dice.random() < 0.2 and topic.asks and post.author != topic.author and Topic.objects.get(pk=topic.pk).accepted_id is None:
                accept_answer(world.as_(topic.author.handle), post=post)
    for step in range(14):
        try:
            one_act(world, dice)
        except Refused:
            continue
        if step % 3 == 0:
            actions.bring_up_to_date(house("worker", now=world.now))
    world.later(minutes=5)
    actions.bring_up_to_date(house("worker", now=world.now))
    told = {slug: house_says(world, slug) for slug in ("", "hearth", "workshop")}
    for slug, numbers in told.items():
        plain = plainly(world, slug)
        assert {name: numbers[name] for name in plain} == plain, (seed, slug)
    actions.rebuild_mirror(house("worker", now=world.now))
    assert {slug: house_says(world, slug) for slug in told} == told, "made anew, the mirror says the same"
