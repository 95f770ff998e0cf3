"""The table of people that the numbers read."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from fireside.members.models import STAFF, Block, Identity, Member
from fireside.members.queries.people import traces_of


class PersonRow(NamedTuple):
    """One member in the table of people that the numbers read. Flags are the person's: true when true of any trace."""

    member_id: int
    person_id: int
    is_bot: bool
    is_staff: bool
    is_sample: bool
    joined_at: datetime | None  # of this trace; a person joined with the earliest of its traces. None: a list told of them, without a day
    removed: bool


def saying_undated(rows: QuerySet[Member]) -> QuerySet[Member]:
    """The same members; each says whether it is `undated`: a list told of it without a day, so that nobody knows since when."""
    return rows.annotate(undated=Exists(Identity.objects.filter(member=OuterRef("pk"), data__undated=True)))


def joined_day(member: Member) -> datetime | None:
    """When this member joined; None if nobody knows. At most one query, none for whoever signed up here."""
    if not member.imported_from:
        return member.joined_at
    undated = getattr(member, "undated", None)
    if undated is None:
        undated = Identity.objects.filter(member=member, data__undated=True).exists()
    return None if undated else member.joined_at


def joined_and_blocked(viewer: Member, member: Member) -> tuple[datetime | None, bool]:
    """When this member joined, as `joined_day`; whether the viewer has blocked them, as `has_blocked`. One query."""
    blocked = Block.objects.filter(member__in=traces_of(viewer), blocked__person_id=member.person_id or member.pk)
    undated, shut = saying_undated(Member.objects.filter(pk=member.pk)).values_list("undated", Exists(blocked)).get()
    return None if member.imported_from and undated else member.joined_at, shut


def people_table() -> Iterator[PersonRow]:
    """Every member with the person it resolves to, streamed in the order of ids. Four queries, whatever their number."""
    every = Member.objects.all()
    bots = set(every.filter(is_bot=True).values_list("person_id", flat=True))
    staff = set(every.filter(role__in=STAFF).values_list("person_id", flat=True))
    undated = set(Identity.objects.filter(data__undated=True).values_list("member_id", flat=True))
    rows: Any = every.order_by("pk").values_list("pk", "person_id", "is_sample", "joined_at", "removed_at")
    for pk, person, sample, joined, removed in rows.iterator(chunk_size=5000):
        person = person or pk
        yield PersonRow(pk, person, person in bots, person in staff, sample, None if pk in undated else joined, removed is not None)
