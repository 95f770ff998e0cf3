"""Who does not wish to be reached by whom. A block of somebody who runs the community sleeps as long as they do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from fireside.lib.paging import Page, keyset_page
from fireside.members.models import Block, Member
from fireside.members.queries.cards import Card, cards_of
from fireside.members.queries.people import traces_of
from fireside.members.rights import RUNNERS


def waking_blocks() -> QuerySet[Block]:
    """Those that hold today."""
    return Block.objects.exclude(blocked__person__role__in=RUNNERS)


def blocks_of(viewer: Member) -> QuerySet[Block]:
    """Whom the viewer blocked, under whatever of their names, as far as that holds today: a part of other queries."""
    return waking_blocks().filter(member__in=traces_of(viewer))


def has_blocked(viewer: Member | None, member: Member) -> bool:
    """Whether the viewer has blocked somebody. One query."""
    return (
        viewer is not None and Block.objects.filter(member__in=traces_of(viewer), blocked__person_id=member.person_id or member.pk).exists()
    )


def who_blocked(persons: Collection[int], member: Member) -> set[int]:
    """Those of these persons who do not wish to be reached by the member. One query."""
    rows = waking_blocks().filter(member__person_id__in=persons, blocked__person_id=member.person_id or member.pk)
    return {one for one in rows.values_list("member__person_id", flat=True) if one}


def blocked_among(persons: Collection[int], members: Collection[int]) -> set[tuple[int, int]]:
    """Pairs (person, member): the person does not wish to be reached by the member, whatever the member's name was. One query."""
    rows = waking_blocks().filter(member__person_id__in=persons, blocked__person__traces__in=members)
    return {(person, one) for person, one in rows.values_list("member__person_id", "blocked__person__traces") if person and one}


@dataclass(frozen=True, slots=True)
class BlockedRow:
    who: Card
    at: datetime


def blocked_by(viewer: Member, *, cursor: str = "", size: int = 30) -> Page[BlockedRow]:
    """Whom the viewer blocked, the last one first. Two queries."""
    rows = Block.objects.filter(member__in=traces_of(viewer))
    page = keyset_page(rows.values("id", "at", "blocked_id"), ("-at", "-id"), cursor=cursor, size=size)
    cards = cards_of([row["blocked_id"] for row in page.rows])
    return Page([BlockedRow(cards[row["blocked_id"]], row["at"]) for row in page.rows], page.next)


def blocked_ids(rows: QuerySet[Block], marked: Any) -> QuerySet[Block, Any]:
    """(person, mark) of these blocks: to be put behind another query by `union`."""
    return rows.values_list("blocked__person_id", marked)
