"""What the first page shows: who was helped, who waits, what is new, who thanked you."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from fireside.conversation.queries import TopicRow, helped_since, latest, latest_rows, open_questions, visible_topics, waiting_rows
from fireside.conversation.rules import waiting_since, week_since
from fireside.members.queries import Card, cards_of, get_community
from fireside.notifications.queries import notices_of_person
from fireside.spaces.queries import OwnSpace, Seen, visible_spaces

THANKS = ("conversation.helped", "conversation.thanked", "conversation.accepted")


@dataclass(frozen=True)
class Ring:
    """The first number of the page."""

    helped: int
    helpers: int
    waiting: int
    oldest: datetime | None
    mine: bool  # the viewer is among the helpers


@dataclass(frozen=True)
class Thanked:
    """One topic in which the viewer was thanked, by the newest of them and `others` more."""

    kind: str
    card: Card
    others: int
    at: datetime
    title: str
    space: str
    url: str


def ring_for(viewer: Any, now: datetime) -> Ring:
    """Who was helped in the seven days of the cockpit (two queries), and who waits: the set and the count of Talk, Waiting (one)."""
    helped = helped_since(viewer, week_since(now, get_community().time_zone))
    count, oldest = open_questions(viewer, since=waiting_since(now))
    mine = viewer is not None and (viewer.person_id or viewer.pk) in helped.helper_ids
    return Ring(helped.people, helped.helpers, count, oldest, mine)


def they_wait(viewer: Any, own: Sequence[OwnSpace], now: datetime, most: int = 3) -> list[TopicRow]:
    """Questions the viewer may know something about: in their own spaces first, the longest waiting first; never their own. One query."""
    since, mine = waiting_since(now), {space.id for space in own}
    found = waiting_rows(viewer, since=since, near=mine, most=most)
    return sorted(found, key=lambda row: (row.space_id not in mine, row.opened_at, row.id))[:most]


def latest_near(viewer: Any, own: Sequence[OwnSpace], now: datetime, most: int = 8) -> list[TopicRow]:
    """The latest talk in the viewer's spaces; where they have none, everywhere they may read. Four queries."""
    near = latest_rows(viewer, near={space.id for space in own}, waiting_since=waiting_since(now), most=most) if own else []
    return near or list(latest(viewer, size=most, waiting_since=waiting_since(now)).rows)


class Line(NamedTuple):
    """Of what somebody was told: who did it when, in which topic as the viewer sees it today (title None: not any more)."""

    kind: str
    topic: int | None
    member_id: int
    at: datetime
    title: str | None
    space: str | None


def _thanked(viewer: Any) -> QuerySet[Any, Any]:
    told = notices_of_person(viewer.person_id).filter(kind__in=THANKS, actor_id__isnull=False).order_by("-pk")
    told = told.annotate(topic=Coalesce("activity__parent_id", "activity__target_id"))
    seen = visible_topics(viewer).filter(pk=OuterRef("topic"))
    here = (Subquery(seen.values("title")), Subquery(seen.values("space__name")))
    return told.values_list("activity__kind", "topic", "activity__member_id", "activity__at", *here)[:30]


_THANKED = Seen(_thanked)


def thanks_to(viewer: Any, most: int = 3) -> list[Thanked]:
    """Where people said lately that the viewer helped them, thanked them or took their answer; one row a topic. Two queries, one
    where there is nothing."""
    grouped: dict[tuple[str, int], list[Line]] = {}
    for one in map(Line._make, _THANKED.all(viewer)):
        if one.topic and one.title is not None:
            grouped.setdefault((one.kind, one.topic), []).append(one)
    cards = cards_of([lines[0].member_id for lines in grouped.values()])
    return [
        Thanked(
            kind, cards[new.member_id], len({line.member_id for line in lines}) - 1, new.at, new.title or "", new.space or "", f"/t/{topic}"
        )
        for (kind, topic), lines in grouped.items()
        if (new := lines[0]).member_id in cards
    ][:most]


def open_doors(viewer: Any, most: int = 8) -> list[Any]:
    """Public spaces, the liveliest first: what a visitor sees of the house. One query."""
    rows = visible_spaces(viewer).filter(archived_at__isnull=True).order_by("-members_count", "name")
    return list(rows.values("slug", "name", "about", "icon", "members_count", "topics_count")[:most])
