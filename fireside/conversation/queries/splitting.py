"""What would follow if posts were split off or topics merged, before anybody does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from fireside.conversation import rules
from fireside.conversation.models import Post, Topic
from fireside.conversation.queries.topic import PostRow, topic_page
from fireside.lib.errors import Refused
from fireside.lib.text import shorten, straight
from fireside.members.queries import Card, cards_of

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Merging:
    """Posts that would come along; what becomes of the accepted answer: "taken" by the other question, "left" (it stays counted), or "".

    `obstacle` is the code of what stands against it, "" for nothing.
    """

    posts: int
    answer: str
    obstacle: str


@dataclass(frozen=True, slots=True)
class Splitting:
    """Posts that would go, whose they are, and how many replies would stand in another topic than what they answer."""

    posts: int
    authors: Sequence[Card]
    parted: int
    title: str  # a title to begin with: how the first of them begins


def why_not_merging(topic: Topic, into: Topic) -> str:
    """What keeps a topic from being merged into another one."""
    return rules.why_not_merge(
        same=topic.pk == into.pk, older=(topic.opened_at, topic.pk) < (into.opened_at, into.pk), posts=topic.last_number
    )


def before_merging(topic: Topic, into: Topic) -> Merging:
    """For those who may tidy in both. One query."""
    answer = ""
    if topic.accepted_id is not None:
        answer = "taken" if into.asks and into.accepted_id is None else "left"
    return Merging(Post.objects.filter(topic=topic, removed_at__isnull=True).count(), answer, why_not_merging(topic, into))


def before_splitting(topic: Topic, numbers: Sequence[int]) -> Splitting:
    """For those who may tidy there. Three queries."""
    rows = list(Post.objects.filter(topic=topic, number__in=numbers).order_by("at", "id"))
    ids = {post.pk for post in rows}
    cards = cards_of([post.author_id for post in rows])
    authors = {cards[post.author_id].person_id: cards[post.author_id] for post in rows}
    there = Post.objects.filter(topic=topic, reply_to__topic=F("topic"), reply_to__isnull=False).values_list("pk", "reply_to_id")
    parted = sum((pk in ids) != (to in ids) for pk, to in there)
    words = shorten(straight(rows[0].source_text.split("\n")[0]), 80) if rows and rows[0].format != Post.Format.HTML else ""
    return Splitting(len(rows), list(authors.values()), parted, words)


def posts_to_split(viewer: Any, topic: Topic, number: int | None) -> tuple[Sequence[PostRow], str]:
    """Up to a hundred posts from a number on, and the cursor of those behind them; the first post of the topic stays out of it."""
    page = topic_page(viewer, topic, number=number, size=SHOWN)
    rows = [*page.posts, *([page.accepted] if page.accepted and page.accepted_here else [])]
    return sorted((row for row in rows if not row.is_first), key=lambda row: (row.at, row.id)), page.next


def topic_named(word: str) -> int:
    """The number of a topic given as "7", "/t/7", "/t/7/3#p3" or a whole address; Refused for anything else."""
    tail = word.strip().rpartition("/t/")[2].partition("#")[0].partition("?")[0].partition("/")[0]
    if not (tail.isascii() and tail.isdigit() and len(tail) < 19):
        raise Refused("no_such_topic", _("Give the address of a topic, such as /t/7, or its number."))
    return int(tail)
