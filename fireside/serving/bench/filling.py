"""A house with something in it: made-up words in the sizes of a lively community, written as an import writes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from fireside.activity.actor import house
from fireside.activity.log import COLUMNS as LINE
from fireside.conversation.actions._batch import COLUMNS as POST
from fireside.conversation.markup import VERSION
from fireside.conversation.rules import Level
from fireside.lib.bulk import insert, next_ids
from fireside.members.actions import join_community, set_up_community, take_in_people
from fireside.members.actions.taking_in import PersonIn
from fireside.spaces.actions import take_in_belongings, take_in_spaces
from fireside.spaces.actions.bulk import SpaceIn

WORDS = "lamp wick glass brass flame oil shade chimney burner solder hinge grip 灯 芯 玻璃 火焰 修好 换了 试试 谢谢".split()  # noqa: SIM905
SOURCE = "bench"
TOPIC = ("id", "space_id", "author_id", "title", "asks", "opened_at", "last_post_at", "last_author_id", "posts_count", "last_number",
         "answered_at", "accepted_id", "accepted_at", "accepted_by_id", "helped_count", "tags", "imported")  # fmt: skip
READING = ("member_id", "topic_id", "number", "at", "level", "level_by")
NOTICE = ("member_id", "activity_id", "kind", "actor_id", "named", "thing", "at", "seen_at", "read_at")
SPACES, MEMBERS, READERS = 200, 1000, 16
RECENT = 300  # topics that each reader has read of late
LONG = 24  # posts of a recent topic: a page of 20 and what stands behind
PIECE = 20_000  # rows at once


@dataclass(frozen=True)
class Filled:
    """Where to knock: recent topics, each a page of posts and more, and the cookies of members who belong to every space."""

    topics: list[int]
    for_all: list[int]  # those of them that visitors read
    cookies: list[str]
    posts: int


def fill(posts: int) -> Filled:
    """200 spaces, 1,000 members, `posts` posts of forty words; 16 readers belong to all, with reading marks and an unseen bell."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-500000")  # pages of every index stay at hand while a million rows come in
    with transaction.atomic():
        return _filled(posts)


def _filled(posts: int) -> Filled:
    dice, now = Random(7), datetime.now(UTC)  # noqa: S311  made-up words
    actor = house("cli", now=now)
    set_up_community(
        actor, name="Bench", purpose="", kind="product", languages=["en", "zh-hans"], time_zone="UTC", owner_name="Olu",
        owner_email="olu@example.org",
    )  # fmt: skip
    past = now - timedelta(days=900)
    people = list(take_in_people(actor, source=SOURCE, people=[PersonIn(str(n), f"Person {n}", past) for n in range(MEMBERS)]).values())
    made = take_in_spaces(
        actor, source=SOURCE, spaces=[SpaceIn(str(n), f"Space {n}", past, openness="public" if n % 4 else "private") for n in range(SPACES)]
    )  # fmt: skip
    spaces = list(made.values())
    readers = [join_community(actor, name=f"Reader {n}", email=f"reader{n}@example.org", language="en") for n in range(READERS)]
    take_in_belongings(actor, rows=((space, one, past) for one in people for space in dice.sample(spaces, 3)))
    take_in_belongings(actor, rows=((space, one.pk, past) for one in readers for space in spaces))
    recent = _pour(_Talk(dice, people, spaces, now, past), posts)
    for one in readers:
        _marks(one.pk, recent, now, dice)
        _bell(one.pk, recent, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    public = {space for n, space in made.items() if int(n) % 4}
    return Filled(
        [one.topic for one in recent[:40]],
        [one.topic for one in recent if one.space in public][:40],
        [_cookie(one) for one in readers],
        posts,
    )


@dataclass(frozen=True, slots=True)
class _Recent:
    """A topic of this week, with its last word."""

    topic: int
    space: int
    last: int  # its number
    line: int  # in the log
    who: int
    at: datetime


@dataclass
class _Talk:
    dice: Random
    people: list[int]
    spaces: list[int]
    now: datetime
    past: datetime

    def __post_init__(self) -> None:
        self.texts = [" ".join(self.dice.choices(WORDS, k=40)) for _ in range(500)]
        self.titles = [" ".join(self.dice.choices(WORDS, k=5)) for _ in range(500)]

    def sizes(self, posts: int) -> Iterator[tuple[int, datetime]]:
        """Of each topic: how many posts, and when it was opened. The latest RECENT ones have LONG posts each and were opened this week."""
        recent = max(1, min(RECENT, posts // 2 // LONG))
        left = posts - recent * LONG
        span = (self.now - timedelta(days=8) - self.past) / max(1, left)
        n = 0
        while n < left:
            size = min(self.dice.choice((1, 3, 8, 20, 60)), left - n)
            yield size, self.past + span * n
            n += size
        for k in range(recent):
            yield LONG, self.now - timedelta(days=7) + timedelta(days=6.5) / recent * k


def _pour(talk: _Talk, posts: int) -> list[_Recent]:
    """Write topics, posts and their lines. Returns the topics of this week, the newest first."""
    dice = talk.dice
    sizes = list(talk.sizes(posts))
    topic_ids, post_ids = next_ids("conversation_topic", len(sizes)), next_ids("conversation_post", posts)
    line_ids = next_ids("activity_activity", posts)
    rows: dict[str, list[Any]] = {"topic": [], "post": [], "line": [], "helped": []}
    recent: list[_Recent] = []

    def flush() -> None:
        insert("conversation_topic", TOPIC, rows["topic"])
        insert("conversation_post", POST, rows["post"])
        insert("activity_activity", ("id", *LINE), rows["line"])
        insert("conversation_helped", ("post_id", "member_id", "at"), rows["helped"])
        for part in rows.values():
            part.clear()

    for topic, (size, opened) in zip(topic_ids, sizes, strict=True):
        space, title, asks = dice.choice(talk.spaces), dice.choice(talk.titles), dice.random() < 0.6
        asker = author = dice.choice(talk.people)
        at, accepted, helped_here, line = opened, None, 0, 0
        for number in range(1, size + 1):
            post, line = next(post_ids), next(line_ids)
            if number > 1:
                author, at = dice.choice(talk.people), opened + timedelta(minutes=number * 7)
            helped = number > 1 and dice.random() < 0.05
            if helped:
                rows["helped"].append((post, dice.choice(talk.people), at))
                helped_here += 1
            if asks and number == 3 and helped:
                accepted = post
            text = dice.choice(talk.texts)
            heart = dice.random() < 0.1
            rows["post"].append((
                post, topic, author, number, None, at, text, "md", f"<p>{text}</p>\n", VERSION, 0, int(helped), int(heart),
                {"heart": 1} if heart else {}, "", False, None, None, None,
            ))  # fmt: skip
            rows["line"].append((
                line, "conversation.replied" if number > 1 else "conversation.asked", at, author, None, space, "conversation.post", post,
                topic, "web", {"title": title}, None, None, False,
            ))  # fmt: skip
        answered = opened + timedelta(minutes=14) if size > 1 else None
        rows["topic"].append((
            topic, space, asker, title, asks, opened, at, author, size, size, answered, accepted,
            answered if accepted else None, asker if accepted else None, helped_here, '["brass", "care"]' if topic % 5 == 0 else None, False,
        ))  # fmt: skip
        if size == LONG and opened > talk.now - timedelta(days=7, hours=1):
            recent.append(_Recent(topic, space, size, line, author, at))
        if len(rows["post"]) >= PIECE:
            flush()
    flush()
    return recent[::-1]


def _marks(reader: int, recent: list[_Recent], now: datetime, dice: Random) -> None:
    """Of the latest topics every third is read to its end, every third in part, and a third was never opened."""
    rows = [
        (
            reader,
            one.topic,
            one.last if n % 3 else max(1, one.last - dice.randrange(1, 9)),
            now - timedelta(minutes=n),
            int(Level.FOLLOW),
            "spoke",
        )
        for n, one in enumerate(recent)
        if n % 3 != 2
    ]
    insert("conversation_reading", READING, rows)


def _bell(reader: int, recent: list[_Recent], now: datetime) -> None:
    """Told of the last word of 200 topics; the latest twelve are unseen."""
    rows = [
        (
            reader,
            one.line,
            "conversation.replied",
            one.who,
            False,
            f"conversation:{one.topic}",
            one.at,
            None if n < 12 else now,
            None if n < 40 else now,
        )
        for n, one in enumerate(recent[:200])
    ]
    insert("notifications_notice", NOTICE, rows)


def _cookie(member: Any) -> str:
    session = SessionStore()
    session.update({
        SESSION_KEY: str(member.pk), BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
        HASH_SESSION_KEY: member.get_session_auth_hash(),
    })  # fmt: skip
    session.save()
    return str(session.session_key)
