"""Lists of topics, each page one query."""

from collections import namedtuple
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value

from fireside.conversation.models import Reading, Topic
from fireside.conversation.queries.fresh import new_topics, unread_topics
from fireside.conversation.queries.pinned import ABOVE_ALL, IN_SPACE, arranged, first_rows
from fireside.conversation.queries.sight import visible_topics
from fireside.conversation.queries.tags import carrying
from fireside.conversation.rules import is_closed, new_from, state_of, unread_from
from fireside.lib.among import Among
from fireside.lib.paging import Page, keyset_page, page_of
from fireside.members.queries import CARD_COLUMNS, Card, card_from, ids_of_person, traces_of
from fireside.spaces.queries import Seen

FILTERS = ("all", "new", "unread", "waiting", "answered", "mine")
OWN = {"new", "unread", "mine"}  # for members only
_FIELDS = (
    "id", "title", "asks", "opened_at", "last_post_at", "posts_count", "last_number", "answered_at", "accepted_id", "helped_count",
    "closed_at", "closes_on", "opens_on", "space_id", "space__name", "space__slug", "space__icon", "tags",
    "author_id", *(f"author__{name}" for name in CARD_COLUMNS), "last_author_id", *(f"last_author__{name}" for name in CARD_COLUMNS),
)  # fmt: skip
FOUND = (*_FIELDS, "seen")
_AUTHOR = _FIELDS.index("author_id")
_LAST = _FIELDS.index("last_author_id")
Found = namedtuple("Found", (*FOUND, "top"), defaults=(0,))  # type: ignore[misc]  # as it is found, with its place above the list


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
    place = getattr(space, "pk", space)
    if filter == "all" and today is not None and not tag and not cursor:
        return _first_page(viewer, place, size, waiting_since, today)
    since = None
    if filter in ("new", "unread"):
        if viewer is None or now is None:
            return Page([], "")
        since = new_from(now, viewer.joined_at) if filter == "new" else unread_from(now)
    fields, order = _fields_of(filter), ORDERS.get(filter, LATEST)
    if filter in ASKED_ALIKE and not tag and not cursor:
        given = [one for one in (place, since, waiting_since, today) if one is not None]
        known = (place is not None, since is not None, waiting_since is not None, today is not None)
        page = page_of([dict(zip(fields, row, strict=True)) for row in _first_of(filter, known, size).all(viewer, *given)], order, size)
    else:
        rows = _chosen(viewer, filter, place, since, waiting_since, today)
        if tag:
            rows = carrying(rows, tag)
        elif filter == "all" and today is not None:
            rows = rows.filter((ABOVE_ALL if space is None else IN_SPACE).below(today))
        page = keyset_page(with_mark(rows, viewer).values(*fields), order, cursor=cursor, size=size)
    return Page([topic_row([one[name] for name in FOUND], 0, waiting_since, today) for one in page.rows], page.next, page.previous)


LATEST = ("-last_post_at", "-id")
ORDERS = {"new": ("-id",), "unread": ("-said", "-id"), "waiting": ("-opened_at", "-id")}
ASKED_ALIKE = ("new", "unread", "waiting", "answered")  # filters whose first page is one query, whoever asks


def _fields_of(filter: str) -> Sequence[str]:
    return (*FOUND, "said") if filter == "unread" else FOUND


def _chosen(viewer: Any, filter: str, space: Any, since: Any, waiting_since: Any, today: Any) -> QuerySet[Topic]:
    """The topics of a filter. `since`: from when on they are new, or unread."""
    if filter in ("new", "unread"):
        rows = (new_topics if filter == "new" else unread_topics)(viewer, since=since)
    else:
        rows = visible_topics(viewer)
    if space is not None:
        rows = rows.filter(space_id=space)
    if filter == "waiting":
        rows = rows.filter(is_waiting())
        if waiting_since is not None:
            rows = rows.filter(opened_at__gte=waiting_since)
        return rows if today is None else rows.exclude(closes_on__lte=today)
    if filter == "answered":
        return rows.filter(Q(answered_at__isnull=False) | Q(accepted__isnull=False), asks=True)
    return _own(rows, viewer) if filter == "mine" else rows


@cache
def _first_of(filter: str, known: Sequence[bool], size: int) -> Seen:
    """The first page of a filter. `known`: which of space, since, waiting_since and today are given."""

    def rows(viewer: Any, *given: Any) -> QuerySet[Any, Any]:
        values = iter(given)
        found = _chosen(viewer, filter, *(next(values) if one else None for one in known))
        return with_mark(found, viewer).order_by(*ORDERS.get(filter, LATEST)).values_list(*_fields_of(filter))[: size + 1]

    return Seen(rows)


def _first_page(viewer: Any, space: Any, size: int, waiting_since: datetime | None, today: date) -> Page[TopicRow]:
    found = _first(space is None, size).all(viewer, today, space or 0)
    page = arranged(list(map(Found._make, found)), size)
    return Page([topic_row(row, row.top, waiting_since, today) for row in page.rows], page.next)


@cache
def _first(of_all: bool, size: int) -> Seen:
    """The first page of all talk, or of one space: what is asked for most."""

    def rows(viewer: Any, today: Any, space: Any) -> Any:
        inside = visible_topics(viewer) if of_all else visible_topics(viewer).filter(space_id=space)
        return first_rows(inside, ABOVE_ALL if of_all else IN_SPACE, today, lambda rows: with_mark(rows, viewer), FOUND, size)

    return Seen(rows)


def with_mark(rows: QuerySet[Topic], viewer: Any) -> QuerySet[Topic]:
    """With `seen`, up to which post the viewer has read each: of two marks of one person the further one stands. None: never opened."""
    if viewer is None:
        return rows.annotate(seen=Value(None, output_field=IntegerField()))
    marks = Reading.objects.filter(Among("member", traces_of(viewer)), topic=OuterRef("pk"), number__gt=0)
    return rows.annotate(seen=Subquery(marks.values("topic").annotate(far=Max("number")).values("far")))


def _own(rows: QuerySet[Topic], viewer: Any) -> QuerySet[Topic]:
    """What the viewer opened, under whatever of their names. Their ids come first, so that the index of an author's topics serves."""
    if viewer is None:
        return rows.none()
    mine = ids_of_person(viewer)
    return rows.filter(author_id=mine[0]) if len(mine) == 1 else rows.filter(author_id__in=mine)


def is_waiting() -> Q:
    """The one definition of waiting; an index carries it."""
    return Q(asks=True, answered_at__isnull=True, closed_at__isnull=True, accepted__isnull=True)


def topic_row(found: Sequence[Any], top: int, waiting_since: datetime | None, today: date | None) -> TopicRow:
    """`found`: the values of `FOUND`."""
    (
        pk, title, asks, opened_at, last_post_at, posts, last_number, answered_at, accepted, helped, closed_at, closes_on, opens_on,
        space, space_name, space_slug, space_icon, tags,
    ) = found[:_AUTHOR]  # fmt: skip
    closed = closed_at is not None
    state = state_of(
        asks=asks, answered=answered_at is not None, accepted=accepted is not None,
        closed=is_closed(closed, closes_on, opens_on, today) if today else closed, cold=waiting_since is not None and opened_at < waiting_since,
    )  # fmt: skip
    author, seen = card_from(*found[_AUTHOR:_LAST]), found[len(_FIELDS)]
    last_author = card_from(*found[_LAST : len(_FIELDS)]) if found[_LAST] is not None else author
    return TopicRow(
        pk, title, asks, opened_at, last_post_at, max(posts - 1, 0), helped, state, author, last_author, space, space_name, space_slug,
        space_icon, -1 if seen is None else max(last_number - seen, 0), last_number, tuple(tags or ()), bool(top),
    )  # fmt: skip
