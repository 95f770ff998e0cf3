"""Lists of topics, each page one query for the rows and one for the people."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from fireside.conversation.models import Reading, Topic
from fireside.conversation.queries.fresh import new_topics, unread_topics
from fireside.conversation.queries.pinned import ABOVE_ALL, IN_SPACE, arranged, first_rows
from fireside.conversation.queries.sight import visible_topics
from fireside.conversation.queries.tags import carrying
from fireside.conversation.rules import is_closed, new_from, state_of, unread_from
from fireside.lib.paging import Page, keyset_page
from fireside.lib.ready_rows import Many, Rows
from fireside.members.queries import Card, cards_of, ids_of_person, traces_of_person
from fireside.spaces.queries import Seen, person_id

FILTERS = ("all", "new", "unread", "waiting", "answered", "mine")
OWN = {"new", "unread", "mine"}  # for members only
_FIELDS = (
    "id", "title", "asks", "opened_at", "last_post_at", "posts_count", "last_number", "answered_at", "accepted_id", "helped_count",
    "closed_at", "closes_on", "opens_on", "author_id", "last_author_id", "space_id", "space__name", "space__slug", "space__icon", "tags",
)  # fmt: skip

_WITH_TOP = (*_FIELDS, "top")


class TopicRow(NamedTuple):
    """What a list shows of a topic."""

    id: int
    title: str
    asks: bool
    opened_at: datetime
    last_post_at: datetime
    replies: int
    helped: int
    state: str  # "waiting", "answered", "closed" or ""
    author: Card
    last_author: Card
    space_id: int
    space_name: str
    space_slug: str
    space_icon: str
    unread: int  # posts since the viewer read it; -1 = never opened
    last_number: int
    tags: Sequence[str] = ()
    pinned: bool = False  # it stands above the list

    @property
    def url(self) -> str:
        return f"/t/{self.id}"

    @property
    def read(self) -> bool:
        return self.unread == 0


def latest(
    viewer: Any, *, space: Any = None, filter: str = "all", cursor: str = "", size: int = 30, waiting_since: datetime | None = None,
    today: date | None = None, tag: str = "", now: datetime | None = None,
) -> Page[TopicRow]:  # fmt: skip
    """One page of topics, the latest word first; "waiting" by when they were asked, the newest first.

    `filter`: all, new (the last opened first) and unread (see fresh; both ask for `now`), waiting (questions nobody else has spoken to, and nobody answered for themselves), answered, mine.
    Questions asked before `waiting_since` (see rules) wait no more. With `today`, what is pinned on this day stands above the first
    page of all topics, beyond its `size`, and nowhere below. `tag`: only those that carry it.
    """
    if filter == "all" and today is not None and not tag and not cursor:
        return _first_page(viewer, space, size, waiting_since, today)
    rows: QuerySet[Topic] = _fresh(viewer, filter, now) if filter in ("new", "unread") else visible_topics(viewer)
    if space is not None:
        rows = rows.filter(space_id=getattr(space, "pk", space))
    if tag:
        rows = carrying(rows, tag)
    order: Sequence[str] = ("-last_post_at", "-id")
    if filter == "new":
        order = ("-id",)
    elif filter == "unread":
        order = ("-said", "-id")
    elif filter == "waiting":
        rows, order = rows.filter(is_waiting()), ("-opened_at", "-id")
        if waiting_since is not None:
            rows = rows.filter(opened_at__gte=waiting_since)
        if today is not None:
            rows = rows.exclude(closes_on__lte=today)
    elif filter == "answered":
        rows = rows.filter(Q(answered_at__isnull=False) | Q(accepted__isnull=False), asks=True)
    elif filter == "mine":
        rows = _own(rows, viewer)
    elif today is not None and not tag:
        rows = rows.filter((ABOVE_ALL if space is None else IN_SPACE).below(today))
    page = keyset_page(rows.values(*_FIELDS, *(("said",) if filter == "unread" else ())), order, cursor=cursor, size=size)
    return Page(rows_of(viewer, page.rows, waiting_since=waiting_since, today=today), page.next, page.previous)


def _first_page(viewer: Any, space: Any, size: int, waiting_since: datetime | None, today: date) -> Page[TopicRow]:
    found = _first(space is None, size).all(viewer, today, getattr(space, "pk", space) or 0)
    page = arranged([dict(zip(_WITH_TOP, row, strict=True)) for row in found], size)
    return Page(rows_of(viewer, page.rows, waiting_since=waiting_since, today=today), page.next)


@cache
def _first(of_all: bool, size: int) -> Seen:
    """The first page of all talk, or of one space: what is asked for most."""

    def rows(viewer: Any, today: Any, space: Any) -> Any:
        inside = visible_topics(viewer) if of_all else visible_topics(viewer).filter(space_id=space)
        return first_rows(inside, ABOVE_ALL if of_all else IN_SPACE, today, _FIELDS, size)

    return Seen(rows)


_MARKS = Rows(
    lambda person, topics: Reading.objects.filter(
        member__in=traces_of_person(person), topic_id__in=Many(topics), number__gt=0
    ).values_list("topic_id", "number")
)  # fmt: skip


def _fresh(viewer: Any, filter: str, now: datetime | None) -> QuerySet[Topic]:
    if viewer is None or now is None:
        return Topic.objects.none()
    return new_topics(viewer, since=new_from(now, viewer.joined_at)) if filter == "new" else unread_topics(viewer, since=unread_from(now))


def _own(rows: QuerySet[Topic], viewer: Any) -> QuerySet[Topic]:
    """What the viewer opened, under whatever of their names. Their ids come first, so that the index of an author's topics serves."""
    if viewer is None:
        return rows.none()
    mine = ids_of_person(viewer)
    return rows.filter(author_id=mine[0]) if len(mine) == 1 else rows.filter(author_id__in=mine)


def is_waiting() -> Q:
    """The one definition of waiting; an index carries it."""
    return Q(asks=True, answered_at__isnull=True, closed_at__isnull=True, accepted__isnull=True)


def rows_of(viewer: Any, topics: Sequence[Any], *, waiting_since: datetime | None = None, today: date | None = None) -> list[TopicRow]:
    """Rows for topics given as dictionaries of the fields above (or as a queryset of topics): two queries."""
    found = list(topics.values(*_FIELDS)) if isinstance(topics, QuerySet) else list(topics)
    cards = cards_of([i for t in found for i in (t["author_id"], t["last_author_id"])])
    seen: dict[int, int] = {}
    if viewer is not None and found:
        for topic, number in _MARKS.all(person_id(viewer), [t["id"] for t in found]):
            seen[topic] = max(number, seen.get(topic, 0))  # of two marks of one person the further one stands
    return [_row(t, cards, seen, waiting_since, today) for t in found]


def _row(t: dict[str, Any], cards: dict[int, Card], seen: dict[int, int], waiting_since: datetime | None, today: date | None) -> TopicRow:
    closed = t["closed_at"] is not None
    state = state_of(
        asks=t["asks"], answered=t["answered_at"] is not None, accepted=t["accepted_id"] is not None, closed=is_closed(closed, t["closes_on"], t["opens_on"], today) if today else closed,
        cold=waiting_since is not None and t["opened_at"] < waiting_since,
    )  # fmt: skip
    unread = max(t["last_number"] - seen[t["id"]], 0) if t["id"] in seen else -1
    author = cards[t["author_id"]]
    return TopicRow(
        t["id"], t["title"], t["asks"], t["opened_at"], t["last_post_at"], max(t["posts_count"] - 1, 0), t["helped_count"], state, author,
        cards.get(t["last_author_id"], author), t["space_id"], t["space__name"], t["space__slug"], t["space__icon"],
        unread, t["last_number"], tuple(t["tags"] or ()), bool(t.get("top")),
    )  # fmt: skip
