"""Questions about people, each for a viewer."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.sql.compiler import SQLCompiler

from fireside.activity.actor import Actor
from fireside.activity.finding import finds
from fireside.lib.errors import NotFound
from fireside.members import rules
from fireside.members.models import Member
from fireside.members.rights import RIGHTS, may


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


def ids_of_person(member: Member) -> list[int]:
    """Every account and trace that stands for the same person. One query."""
    return list(Member.objects.filter(person_id=member.person_id or member.pk).values_list("pk", flat=True))


def ids_of_person_numbered(person: int) -> list[int]:
    """The same of a person of whom only the number is known; [] when there is none. One query."""
    return list(Member.objects.filter(person_id=person).order_by("pk").values_list("pk", flat=True))


def erased_members(ids: Iterable[int]) -> set[int]:
    """Which of these are tombstones. One query."""
    return set(Member.objects.filter(pk__in=set(ids), removed_at__isnull=False).values_list("pk", flat=True))


def traces_of(member: Member) -> QuerySet[Member, Any]:
    """The same as a part of another query, which then costs none of its own."""
    return traces_of_person(member.person_id or member.pk)


def traces_of_person(person: Any) -> QuerySet[Member, Any]:
    """The same of a person's number, or of the slot in which it comes."""
    return Member.objects.filter(person_id=person).values("pk")


def traces_among(ids: Iterable[int]) -> list[int]:
    """These accounts and traces, and every other one of the same persons. Two queries."""
    given = set(ids)
    persons = Member.objects.filter(pk__in=given).values_list("person_id", flat=True)
    return sorted(given.union(Member.objects.filter(person_id__in=list(persons)).values_list("pk", flat=True)))


def last_seen(viewer: Member | None, member: Member) -> date | None:
    """The day on which they were last here, for themselves and for those who tend members; to others it is nobody's business."""
    mine = viewer is not None and viewer.person_id == member.person_id
    return member.last_seen_on if mine or may(viewer, "members.tend") else None


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


def people_to_call(viewer: Member | None, words: str, *, among: Iterable[int] | None = None, at_most: int = 8) -> list[Member]:
    """Visible members whose name or handle begins so: what is offered behind an @. Two queries, each of which reads as many rows as it gives.

    Whoever is called exactly so comes first, then by name. `among`: only of these persons.
    """
    key = rules.search_key(words)
    if not key:
        return []
    found: dict[int, Member] = {}
    for field in ("handle", "name_key"):
        rows = visible_members(viewer).filter(**{f"{field}__startswith": key})
        if among is not None:
            rows = rows.filter(pk__in=list(among))
        if connection.vendor == "sqlite":  # its LIKE takes no index; PostgreSQL's does
            rows = rows.filter(**{f"{field}__gte": key, f"{field}__lt": key + "\U0010ffff"})
        found |= {one.pk: one for one in rows.order_by(_BySigns(F(field)))[:at_most]}
    return sorted(found.values(), key=lambda one: (key not in {one.handle, one.name_key}, one.name_key, one.pk))[:at_most]


def with_account(persons: Iterable[int]) -> set[int]:
    """Those of these persons who can sign in: no traces, no bots, nobody who was removed. One query."""
    rows = Member.objects.filter(pk__in=list(persons), is_active=True, is_bot=False, removed_at__isnull=True, email__isnull=False)
    return set(rows.values_list("pk", flat=True))


def person_named(viewer: Member | None, name: str) -> Member | None:
    """The one visible member who bears exactly this name, whatever the case; None when nobody does, or several. One query."""
    found = list(visible_members(viewer).filter(name_key=rules.search_key(name)).order_by("pk")[:2]) if rules.search_key(name) else []
    return found[0] if len(found) == 1 else None


class _BySigns(OrderBy):
    """In the order of the very index that finds a beginning. PostgreSQL's usual order is that of its language, and would sort every match."""

    def as_postgresql(self, compiler: SQLCompiler, conn: Any) -> Any:
        return self.as_sql(compiler, conn, template="%(expression)s USING ~<~ /* ASC */")  # Django looks for the word


def ids_by_handle(handles: Iterable[str]) -> dict[str, int]:
    """Member ids by handle: @mentions. A merged trace gives its person, who is told. One query."""
    wanted = {handle.casefold() for handle in handles}
    if not wanted:
        return {}
    rows = Member.objects.filter(handle__in=wanted, removed_at__isnull=True)
    return dict(rows.values_list("handle", "person_id"))


def ids_by_role(roles: Iterable[str], limit: int) -> list[int]:
    """Persons with one of these roles who are here, no bots, the first to come first. One query."""
    rows = Member.objects.filter(role__in=list(roles), is_active=True, removed_at__isnull=True, is_bot=False)
    return list(dict.fromkeys(pk for pk in rows.order_by("joined_at", "pk").values_list("person_id", flat=True)[:limit] if pk))


def people_list(viewer: Member | None, search: str = "") -> tuple[QuerySet[Member], list[str]]:
    """Visible members and the order of their list: the newest first, or by name when one is searched."""
    if rules.search_key(search):
        return people_by_prefix(viewer, search), ["name_key", "id"]
    return visible_members(viewer), ["-joined_at", "-id"]


def holders_by_role(right: str, *, most: int = 50) -> list[int]:
    """Ids of members who hold a right by their role: those who are told when something waits for one of them. One query."""
    rows = Member.objects.filter(role__in=RIGHTS[right].roles, is_active=True, removed_at__isnull=True, person_id=F("pk"))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])
