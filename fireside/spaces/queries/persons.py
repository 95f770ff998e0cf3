"""Where somebody belongs, as others may know it, and where two do."""

from collections.abc import Collection
from typing import Any

from django.db.models import F

from fireside.spaces.models import Belonging, Space
from fireside.spaces.queries.rail import OwnSpace
from fireside.spaces.queries.sight import own_belongings, person_id, visible_spaces
from fireside.spaces.rules import ids_on

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


def looking_after(space: Space, persons: Collection[int]) -> set[int]:
    """Those of these persons who look after the space, as organisers of it or of one it stands in. One query."""
    rows = Belonging.objects.filter(space_id__in=ids_on(space.path), role=ORGANISER, member__person_id__in=persons)
    return {one for one in rows.values_list("member__person_id", flat=True) if one}


def looked_after_by(space_id: int, member_id: int) -> bool:
    """Whether this member looks after this space, or one it stands in. Two queries."""
    space = Space.objects.filter(pk=space_id).first()
    mine = Belonging.objects.filter(member__person__traces=member_id, role=ORGANISER)
    return space is not None and mine.filter(space_id__in=ids_on(space.path)).exists()


def ties_of(member: Any, persons: Collection[int]) -> tuple[set[int], set[int]]:
    """Of these persons those who belong to a space to which the member belongs, too, and those to whose space the member looks after. Two queries."""
    mine = dict(
        own_belongings(member).order_by("role").values_list("space_id", "role")
    )  # a merged person may have two: "organiser" is last
    organised = {space for space, role in mine.items() if role == ORGANISER}
    shares, organises = set(), set()
    rows = Belonging.objects.filter(member__person_id__in=persons) if mine else Belonging.objects.none()
    for person, space, path in rows.values_list("member__person_id", "space_id", "space__path"):
        if space in mine:
            shares.add(person)
        if organised and not organised.isdisjoint(ids_on(path)):
            organises.add(person)
    return {one for one in shares if one}, {one for one in organises if one}
