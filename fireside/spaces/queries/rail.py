"""The spaces of one's own, as the rail beside every page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import F, QuerySet

from fireside.lib.ready_rows import Rows
from fireside.spaces import rules
from fireside.spaces.models import Belonging
from fireside.spaces.queries.sight import person_id


@dataclass(frozen=True, slots=True)
class OwnSpace:
    """One line of the rail."""

    id: int
    slug: str
    name: str
    icon: str
    role: str


def spaces_of(member: Any, *, limit: int = 12) -> list[OwnSpace]:
    """The open spaces that somebody belongs to: the liveliest `limit`, by name. One query."""
    if member is None:
        return []
    return own_spaces(_own_spaces(2 * limit).all(person_id(member)), limit)


def own_spaces(rows: Iterable[tuple[Any, ...]], limit: int) -> list[OwnSpace]:
    """Rows of `rail_rows`, the liveliest first, as `limit` lines of the rail by name."""
    found: dict[int, OwnSpace] = {}
    for row in rows:  # a merged person may belong twice to a space
        found.setdefault(row[0], OwnSpace(*row))
    return sorted(list(found.values())[:limit], key=lambda one: (rules.slug_of(one.name), one.id))


def rail_rows(person: Any, most: int) -> QuerySet[Any, Any]:
    """The open spaces that a person belongs to, the liveliest first; part of another query, with a slot for the person."""
    rows = Belonging.objects.filter(member__person_id=person, space__archived_at__isnull=True)
    rows = rows.order_by(F("space__last_active_at").desc(nulls_last=True), "space__name", "space_id")
    return rows.values_list("space_id", "space__slug", "space__name", "space__icon", "role")[:most]


@cache
def _own_spaces(most: int) -> Rows:
    return Rows(lambda person: rail_rows(person, most))
