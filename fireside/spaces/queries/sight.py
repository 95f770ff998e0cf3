"""What a viewer may see, and who may do what in a space.

Two circles, and it matters which one you ask for:
visible_spaces  what is said there is open to the viewer: topics, posts and figures follow this one.
known_spaces    the viewer may know that it exists: lists, heads and the way in. Adds the private spaces that stand open to be asked for.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.lib.errors import NotAllowed, NotFound
from fireside.lib.ready import Ready
from fireside.lib.ready_rows import Many, Rows
from fireside.members.queries import holders_by_role
from fireside.members.rights import RIGHTS, may, require
from fireside.spaces.models import Belonging, Space
from fireside.spaces.rules import OPEN, PUBLIC, ids_on


def own_belongings(viewer: Any) -> QuerySet[Belonging]:
    """Belongings of a person: of the account and of every trace merged into it."""
    return Belonging.objects.filter(member__person_id=person_id(viewer))


def person_id(member: Any) -> int:
    return member.person_id or member.pk  # type: ignore[no-any-return]


def visible_spaces(viewer: Any) -> QuerySet[Space]:
    """Spaces whose talk the viewer may read; closed ones too. Visitors read what is public from the top down."""
    return _inside(viewer, "read_inside")


def in_sight(viewer: Any, space: str = "space_id") -> Q | Exists:
    """What rows of other tables must be, whose column `space` names a space, for the viewer to read them. Asked of each row by itself, so
    that an index of those rows serves, however many spaces there are."""
    if sees_every_space(viewer):
        return Q(**{f"{space}__isnull": False})  # whoever runs every space reads no private conversation, which stands in none
    return Exists(visible_spaces(viewer).filter(pk=OuterRef(space)))


def known_spaces(viewer: Any) -> QuerySet[Space]:
    """Spaces that the viewer may know of: the visible ones, and private ones that one may ask to join."""
    return _inside(viewer, "known_inside")


def _inside(viewer: Any, gate: str) -> QuerySet[Space]:
    if viewer is None:
        return Space.objects.filter(reach=PUBLIC)
    if _sees_all(viewer):
        return Space.objects.all()
    mine = own_belongings(viewer).filter(
        space_id=OuterRef(f"{gate}_id")
    )  # looked up for each gate: nobody's list of spaces is walked through
    return Space.objects.filter(Q(**{f"{gate}__isnull": True}) | Exists(mine))


def _sees_all(viewer: Any) -> bool:
    """Who runs every space, and the house itself when it looks (`fireside act` without `as=`)."""
    return bool(viewer.is_house if isinstance(viewer, Actor) else may(viewer, "spaces.run"))


def sees_every_space(viewer: Any) -> bool:
    """Whether no space is hidden from the viewer: what lists spaces need not be cut to measure for them. No query."""
    return viewer is not None and _sees_all(viewer)


def may_read(viewer: Any, space: Space) -> bool:
    """Whether what is said in the space is open to the viewer. No query for spaces without a private or hidden one above."""
    if viewer is None:
        return space.reach == PUBLIC
    if space.read_inside_id is None or _sees_all(viewer):
        return True
    return bool(_BELONGS.all(person_id(viewer), space.read_inside_id))


def may_know(viewer: Any, space: Space) -> bool:
    """Whether the viewer may know that the space exists: `known_spaces`, for one space that is at hand."""
    if viewer is None:
        return space.reach == PUBLIC
    if space.known_inside_id is None or _sees_all(viewer):
        return True
    return bool(_BELONGS.all(person_id(viewer), space.known_inside_id))


_SPACE = Ready(lambda pk: Space.objects.filter(pk=pk))


def space_to_read(viewer: Any, pk: int) -> Space:
    """The space as it is now, if what is said there is open to the viewer.

    Raises NotFound; for a private one that the viewer may know of, NotAllowed with the way in, as its page shows it.
    """
    found = _SPACE.first(pk)
    if found is not None and may_read(viewer, found):
        return found
    if found is None or not may_know(viewer, found):
        raise NotFound()
    if found.archived_at is not None:
        raise NotAllowed("closed_inside", _("“%(space)s” is private and closed: nobody joins any more.") % {"space": found.name})
    raise NotAllowed("ask_first", _("“%(space)s” is private. Ask to join, and an organiser lets you in.") % {"space": found.name})


def readers_among(space_ids: Iterable[int], members: Mapping[int, Any], *, gate: str = "read_inside_id") -> set[tuple[int, int]]:
    """Pairs (space, member) where the member may read the space: for those who tell many members at once. One query.

    `members` maps ids to cards of members that stand. With gate="known_inside_id": may know of it.
    """
    ids, people = list(space_ids), {card.person_id for card in members.values()}
    found = _gates(gate).all(ids, [one for one in people if one]) if ids else []
    gates = {space: asked for space, asked, is_gate in found if is_gate}
    inside = {(space, person) for space, person, is_gate in found if not is_gate}
    return {
        (space, member)
        for space, asked in gates.items()
        for member, card in members.items()
        if asked is None or (asked, card.person_id) in inside or holds_by_role(card, "spaces.run")
    }


@cache
def _gates(gate: str) -> Rows:
    """Of these spaces the one that one must be inside of; and which of these people belong to that."""

    def rows(ids: Any, people: Any) -> QuerySet[Any, Any]:
        asked_for = Space.objects.order_by().filter(pk__in=Many(ids))
        belonging = Belonging.objects.order_by().filter(space_id__in=asked_for.values(gate), member__person_id__in=Many(people))
        return asked_for.values_list("pk", gate, Value(True)).union(
            belonging.values_list("space_id", "member__person_id", Value(False)), all=True
        )

    return Rows(rows)


def holds_by_role(card: Any, right: str) -> bool:
    """As `may`, for a card of a member that stands."""
    return card.role in RIGHTS[right].roles


_BELONGS = Rows(lambda person, space: Belonging.objects.filter(member__person_id=person, space_id=space).values_list("id")[:1])


def belongs(member: Any, space: Space) -> bool:
    """Whether the member, or a trace of the same person, belongs to the space."""
    return member is not None and bool(_BELONGS.all(person_id(member), space.pk))


def organises(member: Any, space: Space) -> bool:
    """Whether the member looks after the space: as an organiser of it, or of a space it stands in."""
    if member is None:
        return False
    return bool(_ORGANISING.all(person_id(member), list(ids_on(space.path))))


def organising(person: Any, spaces: Any) -> QuerySet[Belonging]:
    """Belongings by which a person organises one of these spaces; part of another query, with slots for both."""
    return Belonging.objects.filter(member__person_id=person, space_id__in=spaces, role=Belonging.As.ORGANISER)


_ORGANISING = Rows(lambda person, spaces: organising(person, Many(spaces)).values_list("id")[:1])


def organiser_ids(space: Space, limit: int) -> list[int]:
    """The persons who look after the space or, where it has nobody of its own, the nearest one above it. One query."""
    rows = Belonging.objects.filter(space_id__in=ids_on(space.path), role=Belonging.As.ORGANISER, member__person__removed_at__isnull=True)
    found = list(rows.order_by("-space__depth", "since", "id").values_list("space__depth", "member__person_id")[:limit])
    return list(dict.fromkeys(person for depth, person in found if depth == found[0][0] and person))


def organised_among(member: Any, spaces: Iterable[Space]) -> set[int]:
    """Those of these spaces that the member looks after, as `organises`, for any number of them: one query."""
    if member is None:
        return set()
    mine = set(own_belongings(member).filter(role=Belonging.As.ORGANISER).values_list("space_id", flat=True))
    return {space.pk for space in spaces if not mine.isdisjoint(ids_on(space.path))}


def may_in(actor: Actor, right: str, space: Space) -> bool:
    """Whether the actor holds the right in this space, by role or as its organiser. Asks the database only when the role does not do."""
    if actor.is_house:
        return True
    if actor.scopes is not None and RIGHTS[right].scope not in actor.scopes:
        return False
    return actor.who is not None and (may(actor.who, right) or (may(actor.who, right, organiser=True) and organises(actor.who, space)))


def require_in(actor: Actor, right: str, space: Space) -> None:
    """Go on, or raise NotAllowed with what would change that."""
    by_role = actor.is_house or actor.who is None or may(actor.who, right)
    require(actor, right, organiser=not by_role and organises(actor.who, space))


def names_of(space_ids: Iterable[int | None]) -> dict[int, tuple[str, str]]:
    """Name and address of many spaces in one query: for lists whose rows have been checked already."""
    wanted = {pk for pk in space_ids if pk}
    return {pk: (name, f"/spaces/{slug}") for pk, name, slug in _NAMES.all(list(wanted))} if wanted else {}


_NAMES = Rows(lambda ids: Space.objects.order_by().filter(pk__in=Many(ids)).values_list("pk", "name", "slug"))


def known_to_all(space_ids: Iterable[int | None]) -> set[int]:
    """Those of these spaces of which every member may know. One query."""
    return set(Space.objects.filter(pk__in={pk for pk in space_ids if pk}, known_inside__isnull=True).values_list("pk", flat=True))


def open_of_source(source: str, external_ids: Iterable[str]) -> set[str]:
    """Which spaces of an imported history stand open here: what is said in them is not kept to those who belong. For who brings history in."""
    rows = Space.objects.filter(source=source, external_id__in=list(external_ids), openness__in=[PUBLIC, OPEN])
    return {str(one) for one in rows.values_list("external_id", flat=True)}


def known_of_source(source: str, external_ids: Iterable[str]) -> set[str]:
    """Which spaces of an imported history stand here. For who brings history in."""
    rows = Space.objects.filter(source=source, external_id__in=list(external_ids))
    return {str(one) for one in rows.values_list("external_id", flat=True)}


def who_belong(spaces: Iterable[int]) -> set[tuple[int, int]]:
    """(space, member) of everybody who belongs to these spaces, each trace of a person by itself. For who brings history in."""
    return set(Belonging.everywhere.filter(space__in=list(spaces)).values_list("space_id", "member_id"))


def ids_below(space: Space) -> list[int]:
    """The space itself and all that stand in it, at any depth. One query."""
    return list(Space.objects.filter(path__startswith=space.path).order_by("depth", "pk").values_list("pk", flat=True))


def those_who_look_after(space: Space, *, most: int = 100) -> list[int]:
    """Ids of members to be told when something waits in a space: its organisers and those of what it stands in, and who runs every
    space. Two queries."""
    rows = Belonging.objects.filter(space_id__in=ids_on(space.path), role=Belonging.As.ORGANISER)
    return list(dict.fromkeys([*rows.order_by("id").values_list("member_id", flat=True)[:most], *holders_by_role("spaces.run")]))
