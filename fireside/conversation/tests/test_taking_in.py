"""History from elsewhere: each message once, right counters whatever the order of the archives, quickly."""

import itertools
import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from fireside.activity.models import Activity
from fireside.conversation.actions import PostIn, ReactionIn, TopicIn, edit_post, open_topic, take_in_posts, take_in_reactions
from fireside.conversation.models import Mention, Post, Reaction, Topic
from fireside.conversation.queries import topic_page
from fireside.lib.errors import NotAllowed, Refused
from fireside.members.actions import PersonIn, mark_bot, take_in_people

START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def crowd(world):
    people = [PersonIn(external_id=str(n), name=f"Person {n}", first_seen_at=START) for n in range(20)]
    ids = take_in_people(world.as_("house", "import"), source="old", people=people)
    return [ids[str(n)] for n in range(20)]


def say(n: int, who: int, *, minutes: float | None = None, topic: str = "t1", space: int = 0, **more: object) -> PostIn:
    at = START + timedelta(minutes=n if minutes is None else minutes)
    return PostIn(external_id=f"m{n}", topic=topic, space_id=space, author_id=who, at=at, text=f"<p>words {n}</p>", **more)  # type: ignore[arg-type]


def state(topic: Topic) -> tuple[object, ...]:
    topic.refresh_from_db()
    return (
        topic.author_id,
        topic.opened_at,
        topic.last_post_at,
        topic.last_author_id,
        topic.posts_count,
        topic.last_number,
        topic.answered_at,
    )


def test_no_title_turns_the_words_around_it(world):
    topic = open_topic(world.as_("ann"), space=world.hearth, title="Lamp", text="words")
    turned = open_topic(world.as_("ann"), space=topic.space, title="  Lamp \u202egnp.exe\u202c \u2066x\u2069 ", text="words")
    assert turned.title == "Lamp gnp.exe x"
    edit_post(world.as_("ann"), post=turned.posts.get(number=1), text="words", title="\u202eOther")
    turned.refresh_from_db()
    assert turned.title == "Other"
    with pytest.raises(Refused) as no:
        open_topic(world.as_("ann"), space=topic.space, title="\u202e\u200f", text="words")
    assert no.value.code == "no_title"


def test_no_title_from_elsewhere_turns_the_words_around_it(world, crowd):
    topics = [TopicIn("t1", world.hearth.pk, "Lamp \u202egnp.exe"), TopicIn("t2", world.hearth.pk, "\u202e\u200b")]
    take_in_posts(world.as_("house", "import"), source="old", topics=topics, posts=[
        say(1, crowd[0], space=world.hearth.pk), say(2, crowd[0], space=world.hearth.pk, topic="t2"),
    ])  # fmt: skip
    assert dict(Topic.objects.filter(source="old").values_list("external_id", "title")) == {"t1": "Lamp gnp.exe", "t2": "…"}
    assert (
        Activity.objects.filter(source="old", kind__startswith="conversation").exclude(data__title="…").get().data["title"]
        == "Lamp gnp.exe"
    )


def test_a_batch(world, crowd):
    a, b, c, *_ = crowd
    house, space = world.as_("house", "import"), world.hearth.pk
    posts = [say(1, a, space=space), say(2, a, space=space), say(3, b, space=space, mentions=[a, c], reply_to="m1")]
    posts += [say(4, c, topic="t2", space=space)]
    topics = [TopicIn("t1", space, "How do I mend it?"), TopicIn("t2", space, "Notes")]
    assert take_in_posts(house, source="old", topics=topics, posts=posts) == (4, 0, 0)
    assert take_in_posts(house, source="old", topics=topics, posts=posts) == (0, 4, 0)
    topic, other = Topic.objects.order_by("external_id")
    assert (topic.asks, other.asks) == (True, False)
    assert state(topic) == (a, START + timedelta(minutes=1), START + timedelta(minutes=3), b, 3, 3, START + timedelta(minutes=3))
    assert Mention.objects.count() == 2
    assert Post.objects.get(external_id="m3").reply_to == Post.objects.get(external_id="m1")
    rows = Activity.objects.filter(source="old", kind__startswith="conversation.").order_by("at")
    assert [(r.kind.partition(".")[2], r.external_id, r.member_id, r.other_id, r.imported) for r in rows] == [
        ("asked", "m1", a, None, True), ("replied", "m2", a, None, True), ("replied", "m3", b, a, True), ("opened", "m4", c, None, True),
    ]  # fmt: skip
    assert {r.parent_id for r in rows} == {topic.pk, other.pk}
    world.hearth.refresh_from_db()
    assert (world.hearth.topics_count, world.hearth.last_active_at) == (2, START + timedelta(minutes=4))


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_overlap_of_archives_gives_the_same_counters(world, crowd, seed):
    """Bots answer nobody; an older archive that comes later moves the opening back."""
    dice = random.Random(seed)
    mark_bot(world.as_("dan"), member=_member(crowd[3]), reason="operator")
    posts = [say(n, dice.choice(crowd[:5]), space=world.hearth.pk) for n in range(30)]
    parts = [posts[i : i + 13] for i in (0, 6, 12, 17)]
    dice.shuffle(parts)
    topics = [TopicIn("t1", world.hearth.pk, "Talk")]
    imported = sum(take_in_posts(world.as_("house", "import"), source="old", topics=topics, posts=part).imported for part in parts)
    assert imported == 30 == Post.objects.count() == Activity.objects.filter(source="old", external_id__startswith="m").count()
    topic = Topic.objects.get()
    first = posts[0]
    answer = next(p.at for p in posts if p.author_id not in {first.author_id, crowd[3]})
    assert state(topic) == (first.author_id, first.at, posts[-1].at, posts[-1].author_id, 30, 30, answer)
    assert sorted(topic.posts.values_list("number", flat=True)) == list(range(1, 31))
    shown = [row.at for row in topic_page(world.ann, topic, size=40).posts]
    assert shown == [p.at for p in posts]


def _member(pk):
    from fireside.members.models import Member

    return Member.objects.get(pk=pk)


def test_dangerous_html_is_gone_before_it_is_kept(world, crowd):
    bad = '<p onclick="x()">a<script>steal()</script><img src=x onerror=y()><a href="javascript:z()">b</a></p>'
    post = PostIn("m1", "t1", world.hearth.pk, crowd[0], START, bad)
    take_in_posts(world.as_("house", "import"), source="old", topics=[TopicIn("t1", world.hearth.pk, "T")], posts=[post])
    assert Post.objects.get().source_text == '<p>a<a rel="nofollow ugc noopener">b</a></p>'


def test_reactions_come_once_and_counters_follow(world, crowd):
    house = world.as_("house", "import")
    take_in_posts(house, source="old", topics=[TopicIn("t1", world.hearth.pk, "T")], posts=[say(1, crowd[0], space=world.hearth.pk)])
    rows = [ReactionIn(f"r{n}", "m1", who, sign, START) for n, (who, sign) in enumerate(itertools.product(crowd[1:4], ["heart", "tada"]))]
    rows.append(ReactionIn("r9", "nowhere", crowd[1], "tada", START))
    assert take_in_reactions(house, source="old", reactions=rows) == (6, 0, 1)
    assert take_in_reactions(house, source="old", reactions=rows) == (0, 6, 1)
    post = Post.objects.get()
    assert (post.reactions, post.thanks_count, Reaction.objects.count()) == ({"heart": 3, "tada": 3}, 3, 6)
    assert Activity.objects.filter(kind="conversation.thanked", imported=True, external_id__startswith="reaction:").count() == 3


def test_only_those_who_run_the_community_bring_history_in(world, crowd):
    with pytest.raises(NotAllowed):
        take_in_posts(world.as_("ann"), source="old", topics=[], posts=[say(1, crowd[0], space=world.hearth.pk)])
    with pytest.raises(Refused, match="neither here nor"):
        take_in_posts(world.as_("dan"), source="old", topics=[], posts=[say(1, crowd[0], space=world.hearth.pk)])


def test_speed(world, crowd, full):
    """2,000 posts a call: posts a second with their lines of the log (aim 10,000)."""
    n, space = (60_000 if full else 8_000), world.hearth.pk
    dice = random.Random(1)
    words = "<p>" + "It turned, then it stopped, and nobody saw why. " * 4 + '<a href="https://example.org/x">there</a></p>'
    posts = [
        PostIn(
            f"m{i}", f"t{i // 12 if i % 3 else dice.randrange(i // 12 + 1)}", space, dice.choice(crowd), START + timedelta(minutes=i), words
        )
        for i in range(n)
    ]
    topics = {p.topic: TopicIn(p.topic, space, f"Topic {p.topic}") for p in posts}
    house = world.as_("house", "import")
    began, worked = time.perf_counter(), time.process_time()
    for i in range(0, n, 2000):
        part = posts[i : i + 2000]
        take_in_posts(house, source="old", topics=[topics[ext] for ext in {p.topic for p in part}], posts=part)
    took, cpu = time.perf_counter() - began, time.process_time() - worked
    print(f"\n{n} posts, {len(topics)} topics in {took:.1f} s: {n / took:,.0f} posts/s, {n / cpu:,.0f} a second of our own work")
    assert Post.objects.count() == n == Activity.objects.filter(source="old", external_id__startswith="m").count()
    assert n / cpu > 4_000  # the clock says nothing on a machine that others use too
