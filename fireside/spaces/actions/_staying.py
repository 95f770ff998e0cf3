"""Whoever is gone stays out: which belongings count, worked out again when somebody goes, comes, or turns out to be somebody else."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from fireside.members.actions.merges import can_sign_in, same_person
from fireside.members.models import Member
from fireside.spaces import rules
from fireside.spaces.actions._counts import count_people
from fireside.spaces.models import Belonging, Gone, Openness, Space

PART = 900


def settle_persons(persons: Iterable[int]) -> int:
    """Mark the belongings of these persons that do not count, and no others. Returns how many changed."""
    ids = sorted(set(persons))
    return sum(_settle(ids[n : n + PART]) for n in range(0, len(ids), PART))


def _settle(persons: Collection[int]) -> int:
    gone: dict[int, dict[int, list[rules.Going]]] = defaultdict(lambda: defaultdict(list))
    marks = Gone.objects.filter(member__person__in=persons)
    for person, space, at, put_out in marks.values_list("member__person_id", "space_id", "at", "put_out"):
        gone[person or 0][space].append(rules.Going(at, put_out))
    rows = Belonging.everywhere.filter(Q(member__person__in=list(gone)) | Q(member__person__in=persons, stays_out=True))
    found = list(rows.values_list("id", "member__person_id", "space_id", "space__path", "imported", "since", "stays_out"))
    if not found:
        return 0
    places: dict[int, list[rules.Place]] = defaultdict(list)
    for pk, person, _space, path, imported, since, _out in found:
        places[person or 0].append(rules.Place(pk, rules.ids_on(path), imported, since))
    on_paths = {pk for theirs in places.values() for one in theirs for pk in one.path[:-1]}
    gates = set(Space.objects.filter(pk__in=on_paths, openness__in=[Openness.PRIVATE, Openness.HIDDEN]).values_list("pk", flat=True))
    out = {pk for person, theirs in places.items() for pk in rules.out_of(theirs, gone[person], gates)}
    changed = [(pk, space) for pk, _person, space, _path, _imported, _since, was in found if was != (pk in out)]
    for n in range(0, len(changed), PART):
        part = [pk for pk, _space in changed[n : n + PART]]
        Belonging.everywhere.filter(pk__in=set(part) & out).update(stays_out=True)
        Belonging.everywhere.filter(pk__in=set(part) - out).update(stays_out=False)
    if changed:
        count_people({space for _pk, space in changed})
    return len(changed)


def settle_below(space: Space, *, left: Collection[int] = ()) -> int:
    """The same for whoever has gone from this space, one above it or one in it, or from those (`left`) that it stood in until now."""
    above = {*rules.ids_on(space.path), *left}
    gone = Gone.objects.filter(Q(space__in=above) | Q(space__path__startswith=space.path)).values("member__person_id")
    rows = Belonging.everywhere.filter(space__path__startswith=space.path, member__person__in=gone)
    return settle_persons(pk for pk in rows.values_list("member__person_id", flat=True).distinct() if pk)


def gone_among(members: Collection[int]) -> set[int]:
    """The persons behind these members who are gone from anywhere."""
    ids, found = sorted(members), set[int]()
    if not Gone.objects.exists():
        return found
    for n in range(0, len(ids), PART):
        rows = Gone.objects.filter(member__person__traces__in=ids[n : n + PART])
        found.update(pk for pk in rows.values_list("member__person_id", flat=True).distinct() if pk)
    return found


def accounts_of(member: Member) -> list[Member]:
    """Every account of the person; not the traces, which go back to what they were when they part from it."""
    return [one for one in same_person(member) if can_sign_in(one) or not one.imported_from]
