"""What a page shows of somebody beside their words."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from fireside.lib.ready_rows import Many, Rows
from fireside.members.models import STAFF, Member


class Card(NamedTuple):
    """What a page shows of somebody beside their words. A merged trace shows its person."""

    id: int  # the member asked for
    name: str
    handle: str
    picture: str  # an address, or "" (then the first character of the name stands in)
    tint: int  # 0 to 4: the colour of the face
    role: str
    is_bot: bool
    is_staff: bool
    person_id: int
    is_sample: bool = False
    gone: bool = False  # a tombstone: nobody's page stands behind it

    @property
    def url(self) -> str:
        return "" if self.gone else f"/people/{self.handle}"


def picture_url(picture: str) -> str:
    return f"/pictures/{picture.rpartition('/')[2]}" if picture else ""


CARD_COLUMNS = (
    "person_id", "person__name", "person__handle", "person__picture", "person__role", "person__is_bot", "is_bot", "is_sample",
    "person__removed_at",
)  # fmt: skip
_CARDS = Rows(lambda ids: Member.objects.filter(pk__in=Many(ids)).values_list("pk", *CARD_COLUMNS))


def card_from(
    pk: int, person: int, name: str, handle: str, picture: str, role: str, bot: bool, own_bot: bool, sample: bool, removed: datetime | None
) -> Card:
    """A card of the number of a member and their `CARD_COLUMNS`, for queries that join them to their rows."""
    here = removed is None
    return Card(
        pk, name if here else _("Former member"), handle, picture_url(picture), person % 5, role, bot or own_bot, role in STAFF, person,
        sample, not here,
    )  # fmt: skip


def cards_of(ids: Iterable[int | None]) -> dict[int, Card]:
    """Cards by member id, for any number of ids, in one query."""
    wanted = {i for i in ids if i is not None}
    return {row[0]: card_from(*row) for row in _CARDS.all(list(wanted))} if wanted else {}


def called_names(ids: Iterable[int]) -> dict[int, tuple[str, frozenset[str]]]:
    """The handle that calls each of these members now, and every name under which they were called: their own, their person's, those of archives."""
    wanted = set(ids)
    if not wanted:
        return {}
    found: dict[int, tuple[str, frozenset[str]]] = {}
    rows = Member.objects.filter(pk__in=wanted).values_list("pk", "person__handle", "name", "person__name", "identities__name")
    for pk, handle, *names in rows:
        found[pk] = handle, found.get(pk, ("", frozenset()))[1] | {name for name in names if name}
    return found


def card_of(member: Member) -> Card:
    """The card of a row in hand, which must be a person itself. No query."""
    return Card(
        member.pk, member.name, member.handle, picture_url(member.picture), member.pk % 5, member.role, member.is_bot, member.role in STAFF,
        member.person_id or member.pk, member.is_sample,
    )  # fmt: skip
