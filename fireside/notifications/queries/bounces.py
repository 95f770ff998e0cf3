"""How letters to addresses fare: which get none any more, for who writes letters and for those who look after the house."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.crypto import salted_hmac

from fireside.lib.paging import Page, keyset_page
from fireside.members.queries import Card, cards_of
from fireside.notifications import rules
from fireside.notifications.models import Bounce


@dataclass(frozen=True)
class BounceRow:
    who: Card | None
    score: float
    held_back: bool  # no letters about notices go there
    complained: bool
    came_back_at: datetime | None
    error: str


def digest_of(address: str) -> str:
    """What an address is known by: nobody reads it out of this, and the same address gives the same."""
    return salted_hmac("fireside.bounces", address.strip().lower(), algorithm="sha256").hexdigest()


def why_not_addresses(addresses: Iterable[str], now: datetime) -> dict[str, str]:
    """Of these addresses, those that get no letters about notices: a key of rules.SKIPS by address. One query."""
    known = {digest_of(one): one for one in addresses if one}
    found = {}
    for row in Bounce.objects.filter(Q(score__gte=rules.TOO_MANY) | Q(complained_at__isnull=False), digest__in=known):
        if why := why_not(row, now):
            found[known[row.digest]] = why
    return found


def why_not(row: Bounce, now: datetime) -> str:
    since = now - row.came_back_at if row.came_back_at else None
    return rules.why_not_address(row.score, since=since, complained=row.complained_at is not None)


def list_bounces(now: datetime, *, cursor: str = "", size: int = 30) -> Page[BounceRow]:
    """Addresses from which letters came back within 30 days, or whose owner called them unwanted; the worst first. Two queries."""
    rows = Bounce.objects.filter(Q(complained_at__isnull=False) | Q(score__gt=0, came_back_at__gt=now - rules.FORGOTTEN))
    found = keyset_page(rows, ["-score", "-id"], cursor=cursor, size=size)
    cards = cards_of(row.member_id for row in found.rows)
    return Page([_row(row, cards, now) for row in found.rows], found.next)


def _row(row: Bounce, cards: dict[int, Card], now: datetime) -> BounceRow:
    return BounceRow(
        who=cards.get(row.member_id), score=row.score / 10, held_back=bool(why_not(row, now)), complained=row.complained_at is not None,
        came_back_at=row.came_back_at, error=row.error,
    )  # fmt: skip
