"""Who was held back by a limit lately, and the JSON door to that and to the limits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.lib.paging import Page, keyset_page
from fireside.members.queries import Card, cards_of
from fireside.serving.models import HeldBack

CODES: dict[str, Any] = {
    "slow_down": _("asked for too much at once"),
    "many_links": _("too many links in a post"),
    "many_mentions": _("called too many members by name"),
    "same_words": _("said the same again"),
    "in_a_row": _("wrote many replies in a row"),
    "slow_post": _("wrote again too soon"),
    "slow_topic": _("opened a topic again too soon"),
    "topics_full": _("opened many topics within a day"),
    "replies_full": _("wrote many replies within a day"),
}


@dataclass(frozen=True)
class Held:
    """One row: who (a member, else the address of a visitor), by what, how often that day, when last."""

    card: Card | None
    address: str
    code: str
    says: str
    count: int
    last_at: datetime


def held_back_lately(viewer: Any, *, cursor: str = "", size: int = 30) -> Page[Held]:
    """The latest first. Two queries: the rows, and who they are. That the viewer may see it is the caller's to ask."""
    found = keyset_page(HeldBack.objects.all(), ["-last_at", "-id"], cursor=cursor, size=size)
    cards = cards_of({row.member_id for row in found.rows if row.member_id})
    rows = [
        Held(cards.get(row.member_id or 0), "" if row.member_id else row.who, row.code, str(CODES.get(row.code, row.code)), row.count, row.last_at)
        for row in found.rows
    ]  # fmt: skip
    return Page(rows, found.next)
