"""Questions about people, each for a viewer."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from fireside.activity.actor import Actor
from fireside.activity.finding import finds
from fireside.lib.errors import NotFound
from fireside.members import rules
from fireside.members.models import STAFF, Community, Member
from fireside.members.rights import may

RECHECK_SECONDS = 10.0  # how long another machine may show the community as it was; on this machine: not at all
_seen: tuple[Community, float, float] | None = None  # the row, the stamp of its version, when it was read


@dataclass(frozen=True, slots=True)
class Card:
    """What a page shows of somebody beside their words. A merged trace shows its person."""

    id: int  # the member asked for
    name: str
    handle: str
    picture: str  # an address, or "" (then the first sign of the name stands in)
    tint: int  # 0 to 4: the colour of the face
    role: str
    is_bot: bool
    is_staff: bool
    person_id: int
    is_sample: bool = False

    @property
    def url(self) -> str:
        return f"/people/{self.handle}"


def the_community() -> Community | None:
    """The community of this house, or None before set-up. Kept in the process until a file's stamp says that it changed."""
    global _seen
    stamp = _stamp()
    if _seen is not None and _seen[1] == stamp and time.monotonic() - _seen[2] < RECHECK_SECONDS:
        return _seen[0]
    row = Community.objects.filter(pk=1).first()
    _seen = (row, stamp, time.monotonic()) if row is not None else None  # nothing is kept of an empty house
    return row


def forget_community() -> None:
    """The community changed: this process forgets it now, the others on this machine after the commit."""
    global _seen
    _seen = None
    transaction.on_commit(_touch)


def _stamp() -> float:
    try:
        return (settings.DATA / "community.version").stat().st_mtime_ns
    except OSError:
        return 0


def _touch() -> None:
    global _seen
    _seen = None
    (settings.DATA / "community.version").write_text(str(time.time_ns()))


def visible_members(viewer: Member | None) -> QuerySet[Member]:
    """Members that the viewer may see: one row a person, no bots. Visitors see nobody's list."""
    if viewer is None:
        return Member.objects.none()
    return Member.objects.filter(person_id=F("id"), removed_at__isnull=True, is_bot=False)


def get_member(viewer: Member | None, handle: str) -> Member:
    """The member with this handle; a merged trace leads to its person."""
    if viewer is not None:
        found = Member.objects.select_related("person").filter(handle=handle, removed_at__isnull=True).first()
        if found is not None and found.person is not None and found.person.removed_at is None:
            return found.person
    raise NotFound()


def get_trace(viewer: Member | None, handle: str) -> Member:
    """The member with this handle itself, merged or not: for those who tend members."""
    if may(viewer, "members.tend"):
        found = Member.objects.select_related("person").filter(handle=handle).first()
        if found is not None:
            return found
    raise NotFound()


@finds(Member)
def find_member(viewer: Member | Actor | None, word: str) -> Member:
    """A member by handle, for the command line: those who tend members, and the house, name a trace itself."""
    word = word.removeprefix("@")
    if isinstance(viewer, Actor):
        found = Member.objects.filter(handle=word).first() if viewer.is_house else None
        if found is None:
            raise NotFound()
        return found
    return get_trace(viewer, word) if may(viewer, "members.tend") else get_member(viewer, word)


def people_by_prefix(viewer: Member | None, words: str) -> QuerySet[Member]:
    """Visible members whose name begins so, whatever the case; ordered by it, so that the index of names answers."""
    key = rules.search_key(words)
    rows = visible_members(viewer).filter(name_key__startswith=key)
    if connection.vendor == "sqlite":  # its LIKE takes no index; PostgreSQL's does
        rows = rows.filter(name_key__gte=key, name_key__lt=key + "\U0010ffff")
    return rows.order_by("name_key", "id")


def picture_url(picture: str) -> str:
    return f"/pictures/{picture.rpartition('/')[2]}" if picture else ""


def cards_of(ids: Iterable[int | None]) -> dict[int, Card]:
    """Cards by member id, for any number of ids, in one query."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    rows = Member.objects.filter(pk__in=wanted).values_list(
        "pk", "person_id", "person__name", "person__handle", "person__picture", "person__role", "person__is_bot", "is_bot", "is_sample"
    )
    return {
        pk: Card(pk, name, handle, picture_url(picture), person % 5, role, bot or own_bot, role in STAFF, person, sample)
        for pk, person, name, handle, picture, role, bot, own_bot, sample in rows
    }


def ids_by_handle(handles: Iterable[str]) -> dict[str, int]:
    """Member ids by handle: @mentions. A merged trace gives its person, who is told. One query."""
    wanted = {handle.casefold() for handle in handles}
    if not wanted:
        return {}
    rows = Member.objects.filter(handle__in=wanted, removed_at__isnull=True)
    return dict(rows.values_list("handle", "person_id"))


class PersonRow(NamedTuple):
    """One member in the table of people that the numbers read. Flags are the person's: true when true of any trace."""

    member_id: int
    person_id: int
    is_bot: bool
    is_staff: bool
    is_sample: bool
    joined_at: datetime  # of this trace; a person joined with the earliest of its traces
    removed: bool


def people_table() -> Iterator[PersonRow]:
    """Every member with the person it resolves to, streamed in the order of ids. Three queries, whatever their number."""
    every = Member.objects.all()
    bots = set(every.filter(is_bot=True).values_list("person_id", flat=True))
    staff = set(every.filter(role__in=STAFF).values_list("person_id", flat=True))
    rows: Any = every.order_by("pk").values_list("pk", "person_id", "is_sample", "joined_at", "removed_at")
    for pk, person, sample, joined, removed in rows.iterator(chunk_size=5000):
        person = person or pk
        yield PersonRow(pk, person, person in bots, person in staff, sample, joined, removed is not None)
