"""Topics that stand above a list for a while, and the first page of a list with them: one query, as without them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from fireside.conversation.models import Topic
from fireside.conversation.rules import is_pinned
from fireside.lib.paging import Page, encode_cursor

MOST_PINNED = 20  # shown above one list: three may be pinned by hand, an import may bring more


@dataclass(frozen=True)
class Spot:
    """Above what a topic is pinned: the columns that say at which place and to which day."""

    place: str
    until: str

    def held(self, space_id: int) -> QuerySet[Topic]:
        """Whatever holds a place there, also past its day."""
        rows = Topic.objects.filter(**{f"{self.place}__isnull": False})
        return rows.filter(space_id=space_id) if self is IN_SPACE else rows

    def pinned(self, space_id: int, today: date) -> QuerySet[Topic]:
        """What is pinned there today, in its order."""
        return self.held(space_id).filter(self.above(today), removed_at__isnull=True).order_by(self.place, "pk")

    def above(self, today: date) -> Q:
        return Q(**{f"{self.place}__isnull": False}) & (Q(**{f"{self.until}__isnull": True}) | Q(**{f"{self.until}__gte": today}))

    def below(self, today: date) -> Q:
        return Q(**{f"{self.place}__isnull": True}) | Q(**{f"{self.until}__lt": today})

    def is_pinned(self, topic: Topic, today: date) -> bool:
        return is_pinned(getattr(topic, self.place), getattr(topic, self.until), today)


IN_SPACE, ABOVE_ALL = Spot("pin_place", "pin_until"), Spot("front_place", "front_until")


def pins_of(topic: Topic, today: date) -> dict[str, Any]:
    """Where it is pinned today and up to which day; after its last day nowhere."""
    both = [(spot, spot.is_pinned(topic, today)) for spot in (IN_SPACE, ABOVE_ALL)]
    return {name: getattr(topic, name) if stands else None for spot, stands in both for name in (spot.place, spot.until)}


def first_rows(
    rows: QuerySet[Topic], spot: Spot, today: Any, shown: Callable[[QuerySet[Topic]], QuerySet[Topic]], fields: Sequence[str], size: int
) -> Any:
    """The pinned ones of `rows`, and the first `size` of the others by their last word with one more, with `fields` as `shown` brings
    them and `top`. One query; `arranged` puts them in order."""
    pinned = rows.filter(spot.above(today)).order_by(spot.place, "pk")[:MOST_PINNED]
    latest = rows.filter(spot.below(today)).order_by("-last_post_at", "-id")[: size + 1]
    # each half is a set of its own, so that each index serves; SQLite takes no LIMIT in a half, but in what a half looks among
    top = shown(Topic.objects.filter(pk__in=pinned.values("pk"))).annotate(top=F(spot.place)).values_list(*fields, "top")
    rest = shown(Topic.objects.filter(pk__in=latest.values("pk"))).annotate(top=Value(0)).values_list(*fields, "top")
    return top.union(rest, all=True)


def arranged(found: Sequence[Any], size: int) -> Page[Any]:
    """The pinned ones in their order, then the others. Each has id, last_post_at and top."""
    above = sorted((one for one in found if one.top), key=lambda one: (one.top, one.id))
    others = sorted((one for one in found if not one.top), key=lambda one: (one.last_post_at, one.id), reverse=True)
    shown = others[:size]
    return Page([*above, *shown], encode_cursor([shown[-1].last_post_at, shown[-1].id]) if len(others) > size else "")
