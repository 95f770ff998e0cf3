"""What was to leave the house, and why some of it did not. For those who look after the house."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import KINDS
from fireside.lib.paging import Page, keyset_page
from fireside.members.queries import Card, cards_of
from fireside.notifications.models import Departure
from fireside.notifications.queries.telling import spoken_of

SIZE = 30
DAYS = 30
WAY_WORDS = {"email": _("E-mail about notices"), "digest": _("Digest"), "push": _("Push")}
REASON_WORDS = {
    "": _("Sent"),
    "seen": _("They had seen it before"),
    "gone": _("The account is closed or removed"),
    "bot": _("A program reads no e-mail"),
    "sample": _("Made-up people have no mailbox"),
    "no_address": _("No address is known"),
    "unverified": _("The address is not verified"),
    "bounces": _("Too many letters came back from the address"),
    "complained": _("They called our letters unwanted"),
    "off": _("They want no e-mail"),
    "kind_off": _("They want none about this"),
    "hidden": _("It is no longer open to them"),
    "kind_gone": _("What it was about is no longer known here"),
    "daily_limit": _("They got as many as one day holds"),
    "absent": _("They have been away for more than half a year"),
    "empty": _("Nothing happened that concerns them"),
    "quiet": _("It was their quiet hours"),
    "device_gone": _("Their browser no longer takes calls"),
}


@dataclass(frozen=True)
class DepartureRow:
    id: int
    at: datetime
    way: str
    who: Card | None
    kind: str
    says: str  # what it was about, in the reader's language
    count: int
    skipped: str
    why: str  # in the reader's language


@dataclass(frozen=True)
class Reason:
    way: str
    skipped: str
    why: str
    departures: int
    members: int


@dataclass(frozen=True)
class Departures:
    """The operators' page: counts of the last 30 days, and the newest rows."""

    reasons: list[Reason]
    rows: Page[DepartureRow]


def told_reasons(now: datetime, days: int = DAYS) -> list[Reason]:
    """How much left in these days, by way, and how much did not, by reason; the most frequent first. One query, on an index."""
    since = now - timedelta(days=days)
    rows = (
        Departure.objects.filter(at__gte=since)
        .values_list("way", "skipped")
        .annotate(many=Count("pk"), members=Count("member", distinct=True))
        .order_by("-many", "way", "skipped")
    )
    return [Reason(way, skipped, str(REASON_WORDS.get(skipped, skipped)), many, members) for way, skipped, many, members in rows]


def list_departures(*, reason: str = "", cursor: str = "", size: int = SIZE) -> Page[DepartureRow]:
    """The newest first; `reason` "skipped": only what stayed, "sent": only what left, else one reason. Two queries."""
    rows = Departure.objects.all()
    if reason == "skipped":
        rows = rows.exclude(skipped="")
    elif reason:
        rows = rows.filter(skipped="" if reason == "sent" else reason)
    found = keyset_page(rows, ["-id"], cursor=cursor, size=size)
    cards = cards_of(row.member_id for row in found.rows)
    return Page([_row(row, cards) for row in found.rows], found.next)


def departures(now: datetime, *, reason: str = "", cursor: str = "") -> Departures:
    """Three queries."""
    return Departures(told_reasons(now), list_departures(reason=reason, cursor=cursor))


def _row(row: Departure, cards: dict[int, Card]) -> DepartureRow:
    kind = KINDS.get(row.kind)
    return DepartureRow(
        id=row.pk, at=row.at, way=row.way, who=cards.get(row.member_id), kind=row.kind, says=spoken_of(kind) if kind else row.kind or str(WAY_WORDS[row.way]),
        count=row.count, skipped=row.skipped, why=str(REASON_WORDS.get(row.skipped, row.skipped)),
    )  # fmt: skip


def last_letters(persons: Any) -> dict[int, datetime]:
    """When each of these people was last written to, about notices or with a digest. One query, on an index."""
    rows = Departure.objects.filter(member__in=list(persons), way__in=["email", "digest"], skipped="").order_by()
    return dict(rows.values_list("member_id").annotate(last=Max("at")))


def leavings_since(since: datetime, persons: Any) -> dict[int, int]:
    """How many letters each of these people has had since then. One query, on an index."""
    rows = Departure.objects.filter(member__in=list(persons), way="email", skipped="", at__gt=since).order_by()
    return dict(rows.values_list("member_id").annotate(many=Count("pk")))
