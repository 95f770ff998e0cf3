"""A house with something in it, made by the actions that bring history in. Words are made up; sizes are those of a lively community."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from fireside.activity.actor import Actor, house
from fireside.activity.worker import react_until_quiet
from fireside.conversation.actions import open_topic, reply, take_in_posts
from fireside.conversation.actions.taking_in_rows import PostIn, TopicIn
from fireside.members.actions import join_community, set_up_community, take_in_people
from fireside.members.actions.taking_in import PersonIn
from fireside.spaces.actions import make_space, take_in_belongings, take_in_spaces
from fireside.spaces.actions.bulk import SpaceIn

WORDS = "lamp wick glass brass flame oil shade chimney burner solder hinge grip 灯 芯 玻璃 火焰 修好 换了 试试 谢谢".split()  # noqa: SIM905
SOURCE = "bench"


@dataclass(frozen=True)
class Filled:
    """Where to knock: a topic with a page of replies, and the cookie of a signed-in member."""

    topic: int
    cookie: str
    posts: int


def fill(*, members: int, topics: int, posts: int) -> Filled:
    dice, now = Random(7), datetime.now(UTC)  # noqa: S311  made-up words
    actor = house("cli", now=now)
    set_up_community(
        actor,
        name="Bench",
        purpose="",
        kind="product",
        languages=["en", "zh-hans"],
        time_zone="UTC",
        owner_name="Olu",
        owner_email="olu@example.org",
    )
    people = take_in_people(
        actor, source=SOURCE, people=[PersonIn(str(n), f"Person {n}", now - timedelta(days=200)) for n in range(members)]
    )
    spaces = take_in_spaces(
        actor, source=SOURCE, spaces=[SpaceIn(str(n), f"Space {n}", now - timedelta(days=200), openness="public") for n in range(12)]
    )
    authors, places = list(people.values()), list(spaces.values())
    take_in_belongings(actor, rows=((dice.choice(places), one, now) for one in authors))
    where = [dice.choice(places) for _ in range(topics)]
    begun = [TopicIn(str(n), where[n], f"{dice.choice(WORDS)} {dice.choice(WORDS)} {n}?") for n in range(topics)]
    said = [
        PostIn(str(n), str(t := n % topics), where[t], dice.choice(authors), now - timedelta(minutes=posts - n),
               f"<p>{' '.join(dice.choices(WORDS, k=40))}</p>")
        for n in range(posts)
    ]  # fmt: skip
    for start in range(0, posts, 5000):
        take_in_posts(actor, source=SOURCE, topics=begun, posts=said[start : start + 5000])
    ben = join_community(house("cli", now=now), name="Ben", email="ben@example.org", language="en")
    as_ben = Actor(ben, "web", now)
    space = make_space(Actor(None, "cli", now), name="Hearth", openness="public")
    topic = open_topic(as_ben, space=space, title="Which wick burns longest?", text="Mine is gone in a week. What do you use?")
    for n in range(20):
        reply(as_ben, topic=topic, text=f"**{n}.** " + " ".join(dice.choices(WORDS, k=40)))
    react_until_quiet(now)
    session = SessionStore()
    session.update({
        SESSION_KEY: str(ben.pk), BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
        HASH_SESSION_KEY: ben.get_session_auth_hash(),
    })  # fmt: skip
    session.save()
    return Filled(topic.pk, str(session.session_key), posts + 21)
