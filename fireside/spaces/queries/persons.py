"""Where somebody belongs, as others may know it."""

from typing import Any

from django.db.models import F

from fireside.spaces.models import Belonging
from fireside.spaces.queries.places import OwnSpace
from fireside.spaces.queries.sight import person_id, visible_spaces

ORGANISER = Belonging.As.ORGANISER


def spaces_shared(viewer: Any, member: Any, *, limit: int) -> list[OwnSpace]:
    """The open spaces that a person belongs to, under whatever name, as far as the viewer may read there; the liveliest first. One query."""
    rows = (
        Belonging.objects.filter(member__person_id=person_id(member), space__in=visible_spaces(viewer), space__archived_at__isnull=True)
        .order_by(F("space__last_active_at").desc(nulls_last=True), "space_id")
        .values_list("space_id", "space__slug", "space__name", "space__icon", "role")
    )
    found: dict[int, OwnSpace] = {}
    for row in rows:  # a merged person may belong to a space under each of their names
        if len(found) == limit and row[0] not in found:
            break
        if row[0] not in found or row[4] == ORGANISER:
            found[row[0]] = OwnSpace(*row)
    return list(found.values())
