"""What each list and page costs, by name; and that it costs the same with a million posts behind it."""

import random
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.test.utils import CaptureQueriesContext

from fireside.activity.models import Activity
from fireside.conversation import actions, queries
from fireside.conversation.actions._batch import COLUMNS
from fireside.conversation.models import Post, Reading, Topic
from fireside.conversation.queries.persons import people_helped_by, said_by
from fireside.lib.bulk import insert, next_ids
from fireside.notifications.queries import has_unread
from fireside.notifications.reactions import tell

TODAY = date(2026, 3, 2)
WHO = ("session and member",)  # who asks
FRAME = ("bell and own spaces",)  # what stands round every page
LIST = ("topics with people and reading marks",)
WEEK = ("who was helped, by word or by an accepted answer",)  # read anew in tests; else kept for a moment by each process
FIRST = ("who waits, what is new and unread, own level", *WEEK)
HEAD = ("space", "spaces below", "own belongings, organisers and their cards")
POSTS = ("posts", "own signs, helped and kept, who helped most", "people")
COSTS = {
    "/talk": (*WHO, *LIST, *FIRST, *FRAME),
    "/talk?show=new": (*WHO, "topics", *FIRST, *FRAME),  # nothing is new to who opened it all
    "/talk?show=unread": (*WHO, "topics", *FIRST, *FRAME),  # read long ago
    "/talk?show=waiting": (*WHO, "topics", *FIRST, *FRAME),  # nobody waits here, so there are no people to name
    "/spaces/{space}": (*WHO, *HEAD, *LIST, *FIRST, *FRAME),
    "/following": (*WHO, "spaces", "topics", "habits", *FRAME),
    "/later": (*WHO, "kept", "people", *FRAME),
    "/start": (*WHO, "spaces", *FRAME),
    "/spaces/{space}/new": (*WHO, *HEAD, "drafts", *FRAME),
    "/t/{topic}": (*WHO, "topic", "where I stand", *POSTS, *FRAME),
    "/t/{topic}/3": (*WHO, "topic", "where I stand", "post of that number", *POSTS, *FRAME),
    "/talk/news?since=2026-03-01T00:00:00Z": (*WHO, "count"),
    "/t/{topic}/news?since=2": (*WHO, "topic", "count"),
    "/t/{topic}/1/edit": (*WHO, "topic", "post", "post again, whole, and the first one", "do I organise", "own signs and helped", "people", "drafts", *FRAME),
    "/talk/mentions?q=a": (*WHO, "by handle", "by name"),
    "/api/v1/topics": (*WHO, *LIST),
    "/api/v1/topics/{topic}": (*WHO, "topic", "do I organise", "who helped most", "people"),
    "/api/v1/topics/{topic}/posts": (*WHO, "topic", "do I organise", *POSTS),
}  # fmt: skip


def fill(world, topics: int, posts: int) -> Topic:
    for n in range(topics):
        topic = actions.open_topic(world.as_("ben"), space=world.hearth, title=f"Topic {n}", text="x @ann")
        for k in range(posts):
            post = actions.reply(world.later(minutes=1).as_("ann" if k % 2 else "cat"), topic=topic, text="y")
            actions.say_helped(world.as_("ben"), post=post)
            actions.react(world.as_("ben"), post=post)
        actions.accept_answer(world.as_("ben"), post=post)
        actions.keep_for_later(world.as_("ben"), post=post)
    return topic


def test_a_page_with_news_asks_once_for_unread_notices(world, client):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose?", text="It turns.")
    client.force_login(world.ben)
    for seen_before in (False, True):  # behind, and not behind
        actions.reply(world.as_("ann"), topic=topic, text="Turn it.")
        tell(list(Activity.objects.order_by("-id")[:1]), world.now)
        if seen_before:
            Reading.objects.update(number=9)
        with CaptureQueriesContext(connection) as ran:
            assert client.get(f"/t/{topic.pk}").status_code == 200
        asks = [one["sql"] for one in ran if '"read_at" IS NULL' in one["sql"] and not one["sql"].startswith("UPDATE")]
        assert len(asks) == 2  # along with where the reader stands; then, because there is something, what it is
        assert not has_unread(world.ben, "conversation.post", [topic.pk])


@pytest.mark.parametrize("size", [2, 6])
def test_each_page_costs_the_named_queries_however_much_it_shows(world, client, size):
    topic = fill(world, size, size * 2)
    client.force_login(world.ben)
    for address, names in COSTS.items():
        path = address.format(space=world.hearth.slug, topic=topic.pk)
        assert client.get(path).status_code == 200  # once, so that marks of reading are in place
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        # of every sixtieth request the limits of all processes are told, whichever it is
        queries = [q["sql"][:160] for q in asked.captured_queries if "serving_hits" not in q["sql"]]
        assert len(queries) == len(names), (path, names, queries)


def pour(world, space: int, posts: int, seed: int) -> int:
    """Many posts in topics of very different sizes, written as an import writes them. Returns the id of the largest topic."""
    dice = random.Random(seed)
    sizes = [posts // 4]
    while sum(sizes) < posts:
        sizes.append(min(dice.choice([1, 1, 3, 10, 40]), posts - sum(sizes)))
    start = world.now - timedelta(days=900)
    people = [world.ann.pk, world.ben.pk, world.cat.pk, world.dan.pk]
    ids = list(next_ids("conversation_topic", len(sizes)))
    post_ids = next_ids("conversation_post", posts)
    topics, rows = [], []
    for pk, size in zip(ids, sizes, strict=True):
        opened = start + timedelta(minutes=dice.randrange(1_200_000))
        last = opened + timedelta(minutes=size)
        topics.append(
            (pk, space, dice.choice(people), f"Topic {pk}", dice.random() < 0.6, opened, last, dice.choice(people), size, size,
             None if size == 1 else opened, 0, True)
        )  # fmt: skip
        rows += [
            (next(post_ids), pk, dice.choice(people), n, None, opened + timedelta(minutes=n), "words", "html", "", 0, 0, 0, 0, {}, "", True,
             "scale", f"{pk}:{n}", None)
            for n in range(1, size + 1)
        ]  # fmt: skip
        if len(rows) > 50_000:
            insert("conversation_post", COLUMNS, rows)
            rows = []
    insert("conversation_post", COLUMNS, rows)
    columns = ("id", "space_id", "author_id", "title", "asks", "opened_at", "last_post_at", "last_author_id", "posts_count", "last_number",
               "answered_at", "helped_count", "imported")  # fmt: skip
    insert("conversation_topic", columns, topics)
    helped = [(one[0], people[n % 4], one[5]) for n, one in enumerate(rows) if n % 3 == 0]
    insert("conversation_helped", ("post_id", "member_id", "at"), helped)
    last = Subquery(Post.objects.filter(topic=OuterRef("pk")).order_by("-number").values("pk")[:1])
    Topic.objects.filter(pk__in=ids[1::5]).update(accepted=last, accepted_by=F("author"), accepted_at=F("opened_at"))
    Topic.objects.filter(pk=ids[2]).update(pin_place=1, front_place=1, front_until=TODAY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return ids[0]


def walk(viewer, space, big: int) -> dict[str, object]:
    """The reads behind the list and the topic page: first pages, pages far inside, a post by its number."""
    topic = queries.get_topic(viewer, big)
    first = queries.latest(viewer)
    return {
        "latest": lambda: queries.latest(viewer),
        "latest, next": lambda: queries.latest(viewer, cursor=first.next),
        "latest, with pinned ones": lambda: queries.latest(viewer, today=TODAY),
        "latest, below pinned ones": lambda: queries.latest(viewer, cursor=first.next, today=TODAY),
        "of a space, with pinned ones": lambda: queries.latest(viewer, space=space, today=TODAY),
        "of a space": lambda: queries.latest(viewer, space=space),
        "waiting": lambda: queries.latest(viewer, filter="waiting"),
        "waiting in a space": lambda: queries.latest(viewer, space=space, filter="waiting"),
        "who waits": lambda: queries.open_questions(viewer, since=None),
        "mine": lambda: queries.latest(viewer, filter="mine"),
        "a topic": lambda: queries.topic_page(viewer, topic),
        "deep in it": lambda: queries.topic_page(viewer, topic, number=topic.last_number // 2),
        "its end": lambda: queries.topic_page(viewer, topic, number=topic.last_number),
    }


def plan_of(sql: str, full: bool) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not full:  # a small table is read whole with good reason: show that an index could serve
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


BAD = {
    "sqlite": re.compile(r"SCAN conversation_(post|topic|helped)(?! USING (COVERING )?INDEX)|TEMP B-TREE FOR ORDER BY"),
    "postgresql": re.compile(r"Seq Scan on conversation_(post|topic|helped)|Sort Key: (?!\w+\.(?:person_id|front_place|pin_place))"),
}


UNIT = {"sqlite": "steps", "postgresql": "pages"}


def work_of(call: Callable[[], object], seen: list[str]) -> int:
    """What the database does for one read: steps of SQLite's machine, pages that PostgreSQL touches. No clock: it says the same on a busy machine.

    The queries are added to `seen`.
    """
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with CaptureQueriesContext(connection) as asked:
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(step, 1)
        try:
            call()
        finally:
            if connection.vendor == "sqlite":
                connection.connection.set_progress_handler(None, 0)
    seen += [query["sql"] for query in asked.captured_queries]
    if connection.vendor == "sqlite":
        return steps
    with connection.cursor() as cursor:
        for sql in seen:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql)
            plan = cursor.fetchone()[0][0]["Plan"]
            steps += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return steps


def test_the_millionth_post_costs_what_the_first_costs(world, full):
    """10,000 posts against 1,000,000 (100,000 without FULL): same plans by index, and about the same work."""
    viewer = world.as_("dan").who
    work: dict[str, list[int]] = {}
    for seed, posts in enumerate((10_000, 990_000 if full else 90_000)):
        big = pour(world, world.hearth.pk, posts, seed)
        quiet = {
            "said by a quiet member": lambda: said_by(viewer, world.mira),
            "helped by a quiet member": lambda: people_helped_by(viewer, world.mira),
        }
        for name, call in (walk(viewer, world.hearth, big) | quiet).items():
            call()  # once, so that what is looked up once is known
            seen: list[str] = []
            work.setdefault(name, []).append(work_of(call, seen))
            for sql in seen:
                if "conversation_" in sql and (seed or connection.vendor == "sqlite"):
                    plan = plan_of(sql, full)
                    assert not BAD[connection.vendor].search(plan), f"{name}: {sql}\n{plan}"
    print("\n" + "\n".join(f"{name}: {a} {UNIT[connection.vendor]}, then {b}" for name, (a, b) in work.items()))
    for name, (small, large) in work.items():
        assert 0 < large < 2 * small + 100, name  # among many posts each row shown, 100 at most, may lie on a page of its own
