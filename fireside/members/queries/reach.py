"""Where letters reach people, and what would keep one from being written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db.models import Exists, F, OuterRef, QuerySet

from fireside.members.models import Member
from fireside.members.queries.community import spoken, the_community


@dataclass(frozen=True, slots=True)
class Reached:
    """A person as who writes to them must know them."""

    id: int
    name: str
    handle: str
    gone: bool  # removed, or the account is closed
    is_bot: bool
    is_sample: bool
    address: str  # "" = none is known
    verified: bool
    language: str  # one that the community speaks
    zone: ZoneInfo
    last_seen_on: date | None


def reached(persons: Iterable[int]) -> dict[int, Reached]:
    """By person, with the address that is theirs first: the one they chose, and verified ones before others. Two queries."""
    wanted = set(persons)
    if not wanted:
        return {}
    known, community = spoken(), the_community()
    addresses: dict[int, tuple[str, bool]] = {}
    rows = EmailAddress.objects.filter(user__person__in=wanted, user__removed_at__isnull=True).order_by("pk")
    ranked = sorted(
        rows.values_list("user__person_id", "user_id", "email", "verified", "primary"), key=lambda row: (row[3], row[1] == row[0], row[4])
    )
    for person, _user, email, verified, _primary in ranked:  # the best one comes last and stays
        addresses[person] = email, verified
    found = {}
    fields = ("pk", "name", "handle", "language", "time_zone", "is_active", "is_bot", "is_sample", "removed_at", "last_seen_on")
    for pk, name, handle, language, zone, active, bot, sample, removed, seen in Member.objects.filter(pk__in=wanted).values_list(*fields):
        address, verified = addresses.get(pk, ("", False))
        found[pk] = Reached(
            id=pk, name=name, handle=handle, gone=removed is not None or not active, is_bot=bot, is_sample=sample, address=address,
            verified=verified, language=language if language in known else known[0],
            zone=_zone(zone or (community.time_zone if community else "UTC")), last_seen_on=seen,
        )  # fmt: skip
    return found


def get_person(pk: int) -> Member:
    """The member with this number, for the house itself."""
    return Member.objects.get(pk=pk)


def owner_of_address(address: str) -> Member | None:
    """The person who has this address, verified before claimed. One query or two."""
    row = EmailAddress.objects.filter(email__iexact=address, user__removed_at__isnull=True).order_by("-verified", "pk").first()
    return Member.objects.get(pk=row.user.person_id or row.user_id) if row is not None else None


def reachable_without(there: Any) -> QuerySet[Member, int]:
    """Ids of persons whom a letter can reach and for whom `there` (over Member) does not hold."""
    verified = EmailAddress.objects.filter(user__person=OuterRef("pk"), verified=True)
    rows = Member.objects.filter(
        ~there, Exists(verified), person=F("pk"), is_active=True, is_bot=False, is_sample=False, removed_at__isnull=True
    )
    return rows.order_by("pk").values_list("pk", flat=True)


def back_since(persons: Any, day: date) -> QuerySet[Member, int]:
    """Those of these people who were here on that day or later."""
    return Member.objects.filter(pk__in=persons, last_seen_on__gte=day).values_list("pk", flat=True)


@lru_cache(maxsize=600)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return ZoneInfo("UTC")
