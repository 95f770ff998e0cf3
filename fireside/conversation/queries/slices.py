"""Which posts stand on a page of a topic: from its beginning, from a post, before or after a place."""

from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from fireside.conversation.models import Post, Topic
from fireside.conversation.queries.said import COLUMNS, Said, columns_of, said
from fireside.lib.errors import NotFound, Refused
from fireside.lib.paging import decode_cursor, encode_cursor
from fireside.lib.ready_rows import Rows

LAST = "last"  # a cursor: the newest posts


def posts_of(topic: Any) -> QuerySet[Post]:
    return Post.objects.filter(topic_id=getattr(topic, "pk", topic))


def _one(topic: Any, pk: Any) -> QuerySet[Post, Any]:
    first = Subquery(posts_of(topic).order_by("at", "id").values("pk")[:1])
    return posts_of(topic).filter(pk=pk).annotate(first=first).values_list("first", *COLUMNS)


_ONE = Rows(_one)


def one_of(topic: Topic, pk: int) -> tuple[Said, bool] | None:
    """A post of the topic, as pages show it, and whether the topic begins with it."""
    found = _ONE.one(topic.pk, pk)
    return (said([found[1:]])[0], found[0] == pk) if found is not None else None


@cache
def _first(size: int) -> Rows:
    return Rows(lambda topic: columns_of(posts_of(topic)).order_by("at", "id")[: size + 1])


@cache
def _from(size: int) -> Rows:
    return Rows(lambda topic, at, pk: columns_of(posts_of(topic).filter(_bound("gte", at, pk))).order_by("at", "id")[: size + 1])


@cache
def _place(size: int, *, behind: bool) -> Rows:
    """Where a post stands, by its number or as the first one behind a number: (at, id, whether a whole page stands before it)."""

    def rows(topic: Any, number: Any) -> QuerySet[Any, Any]:
        before = Post.objects.filter(topic_id=OuterRef("topic_id")).filter(_bound("lt", OuterRef("at"), OuterRef("id")))
        found = Post.objects.filter(topic_id=topic, **{"number__gt" if behind else "number": number}).order_by("number")
        return found.annotate(far=Exists(before.order_by("-at", "-id")[size - 1 : size])).values_list("at", "id", "far")[:1]

    return Rows(rows)


def slice_of(topic: Topic, cursor: str, number: int | None, size: int, after: int | None = None) -> tuple[list[Said], bool, bool]:
    """The posts of the page, whether any stand before, whether any stand behind."""
    if number is not None or after is not None:
        nth = after if after is not None else number or 0
        start = _place(size, behind=after is not None).one(topic.pk, nth) if 0 <= nth < 2**31 else None
        if start is None and after is None:
            raise NotFound()
        if start is not None and start[2]:
            found = said(_from(size).all(topic.pk, start[0], start[1]))
            return found[:size], True, len(found) > size
        cursor = ""  # it stands on the first page: show that, and let the anchor lead
    if not cursor:
        found = said(_first(size).all(topic.pk))
        return found[:size], False, len(found) > size
    rows = columns_of(posts_of(topic)).order_by("at", "id")
    if cursor == LAST:
        found = said(rows.order_by("-at", "-id")[: size + 1])
        return found[:size][::-1], len(found) > size, False
    way, at, pk = decode_cursor(cursor, 3)
    try:
        when = datetime.fromisoformat(at)
        if when.tzinfo is None or not 0 < int(pk) < 2**63 or way not in ("before", "after"):
            raise ValueError
        bound = _bound("lt" if way == "before" else "gt", when, int(pk))
    except (TypeError, ValueError) as wrong:
        raise Refused("bad_cursor", _damaged()) from wrong
    if way == "before":
        found = said(rows.filter(bound).order_by("-at", "-id")[: size + 1])
        return found[:size][::-1], len(found) > size, True
    found = said(rows.filter(bound)[: size + 1])
    return found[:size], True, len(found) > size


def _bound(way: str, at: Any, pk: Any) -> Q:
    """(at, id) beyond the bound; the plain bound on `at` lets both databases seek the index."""
    outer = {"gt": "gte", "lt": "lte"}.get(way, way)
    return Q(**{f"at__{outer}": at}) & (Q(**{f"at__{way.removesuffix('e')}": at}) | Q(**{"at": at, f"id__{way}": pk}))


def cursor_at(way: str, post: Said) -> str:
    return encode_cursor([way, post.at, post.pk])


def _damaged() -> Any:
    from django.utils.translation import gettext_lazy as _

    return _("This page address is damaged. Start again from the first page.")
