"""Spaces and belongings of an imported history: few statements for many rows, and twice is as good as once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db.models import BigIntegerField, Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Concat

from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.log import Line, record_many
from fireside.lib.bulk import insert
from fireside.lib.text import one_line, plain, shorten
from fireside.members.rights import require
from fireside.spaces import kinds, rules
from fireside.spaces.actions import _tree
from fireside.spaces.actions._counts import count_people
from fireside.spaces.actions._staying import gone_among, settle_persons
from fireside.spaces.actions._words import ABOUT_LIMIT, unguessable
from fireside.spaces.models import Belonging, Gone, Openness, Space

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SpaceIn:
    """A space as the source tells of it."""

    external_id: str
    name: str
    made_at: datetime
    about: str = ""
    openness: str = "open"
    archived_at: datetime | None = None


@action(right="history.bring_in")
def take_in_spaces(actor: Actor, *, source: str, spaces: Sequence[SpaceIn]) -> dict[str, int]:
    """Bring in the spaces of a source; gives the id of each external id. Those already here stay as they are."""
    require(actor, "history.bring_in")
    _tree.lock_tree()
    ids = _known(source, [one.external_id for one in spaces])
    new = {one.external_id: one for one in spaces if one.external_id not in ids}
    if not new:
        return already(ids)
    slugs = _slugs([one.name for one in new.values()])
    hidden = {
        one.external_id: unguessable(actor, one.name, source, one.external_id) for one in new.values() if one.openness == Openness.HIDDEN
    }
    Space.objects.bulk_create(
        [
            Space(
                name=shorten(one.name, rules.NAME_LIMIT) or one.external_id[: rules.NAME_LIMIT],
                slug=hidden.get(one.external_id, slug),
                about=plain(one.about)[:ABOUT_LIMIT],
                openness=Openness(one.openness),
                reach=Openness(one.openness),
                made_at=one.made_at,
                archived_at=one.archived_at,
                source=source,
                external_id=one.external_id,
            )
            for one, slug in zip(new.values(), slugs, strict=True)
        ],
        batch_size=500,
    )
    made = _known(source, list(new))
    _root(made.values())
    record_many(actor, [
        Line(kinds.MADE, one.made_at, None, "spaces.space", made[key], space_id=made[key], source=source, external_id=f"space:{key}"[:200],
             imported=True, data={"name": one_line(one.name)[: rules.NAME_LIMIT], "openness": one.openness})
        for key, one in new.items()
    ])  # fmt: skip
    return ids | made


@quiet(right="history.bring_in")
def take_in_belongings(actor: Actor, *, rows: Iterable[tuple[int, int, datetime]]) -> int:
    """Bring in who belonged where since when, as (space, member, since). No line of the log a row; returns how many are new.

    Since the earliest moment that any history tells, whichever comes in first. Who left here, or was put out here, stays out, under
    whatever name of theirs the history has them.
    """
    require(actor, "history.bring_in")
    touched: set[int] = set()
    last = Belonging.everywhere.order_by("-pk").values_list("pk", flat=True).first() or 0
    for batch in _batches(rows, 2000):
        told: dict[tuple[int, int], datetime] = {}
        for space, member, since in batch:
            told[space, member] = min(since, told.get((space, member), since))
        insert(
            Belonging._meta.db_table,
            ("space_id", "member_id", "role", "since", "imported", "stays_out"),
            [(space, member, Belonging.As.MEMBER.value, since, True, False) for (space, member), since in told.items()],
            unless_there=True,
        )
        _begin_earlier(told)
        settle_persons(gone_among({member for _space, member in told}))
        touched |= {space for space, _member in told}
    count_people(touched)
    return sum(Belonging.objects.filter(pk__gt=last, space_id__in=part).count() for part in _batches(sorted(touched), 900))


@quiet(right="history.bring_in")
def take_out_belongings(actor: Actor, *, rows: Iterable[tuple[int, int]]) -> int:
    """People of a history who are in a space no more, as (space, member): they stop belonging here too.

    Organisers stay, and whoever joined here or was let in by somebody here: of them the history knows nothing.
    """
    require(actor, "history.bring_in")
    gone: dict[int, set[int]] = {}
    for space, member in rows:
        gone.setdefault(space, set()).add(member)
    count = 0
    for space, members in gone.items():
        for part in _batches(sorted(members), 900):
            theirs = Belonging.everywhere.filter(space=space, member__in=part, role=Belonging.As.MEMBER, imported=True)
            count += theirs.delete()[0]
    if count:
        count_people(gone)
    return count


def _begin_earlier(told: Mapping[tuple[int, int], datetime]) -> None:
    """What is here already began no later than a history tells. Only what somebody began here after they, by another account, had gone
    keeps its beginning, by which it counts.
    """
    gone = Gone.objects.filter(space=OuterRef("space"), member__person=OuterRef("member__person"))
    spaces = {space for space, _member in told}
    for part in _batches(sorted({member for _space, member in told}), 900):
        rows = Belonging.everywhere.filter(Q(imported=True) | ~Exists(gone), member__in=part, space__in=spaces)
        late = [
            Belonging(pk=pk, since=told[space, member])
            for pk, space, member, since in rows.values_list("pk", "space_id", "member_id", "since")
            if since > told.get((space, member), since)
        ]
        Belonging.everywhere.bulk_update(late, ["since"], batch_size=300)


def _known(source: str, external_ids: Sequence[str]) -> dict[str, int]:
    known: dict[str, int] = {}
    for part in _batches(external_ids, 900):
        rows = Space.objects.filter(source=source, external_id__in=part)
        known |= {key or "": pk for key, pk in rows.values_list("external_id", "pk")}
    return known


def _slugs(names: Sequence[str]) -> list[str]:
    """A free address for each name. One query for all, and another only where numbers are needed."""
    taken: set[str] = set()
    for part in _batches([rules.slug_of(name) for name in names], 900):
        taken |= set(Space.objects.filter(slug__in=part).values_list("slug", flat=True))
    given: list[str] = []
    for name in names:
        slug = rules.slug_of(name)
        if slug in taken or slug in rules.RESERVED:
            slug = rules.free_slug(name, lambda names: taken.union(Space.objects.filter(slug__in=names).values_list("slug", flat=True)))
        taken.add(slug)
        given.append(slug)
    return given


def _root(ids: Iterable[int]) -> None:
    """Paths and gates of new spaces at the top: one statement each for many."""
    gate = Case(When(openness__in=[Openness.PRIVATE, Openness.HIDDEN], then=F("id")), default=None, output_field=BigIntegerField())
    for part in _batches(ids, 900):
        Space.objects.filter(pk__in=part).update(
            path=Concat(Value("/"), Cast("id", CharField()), Value("/")),
            known_inside_id=Case(When(openness=Openness.HIDDEN, then=F("id")), default=None, output_field=BigIntegerField()),
            read_inside_id=gate,
        )


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    walk = iter(rows)
    while batch := list(islice(walk, size)):
        yield batch
