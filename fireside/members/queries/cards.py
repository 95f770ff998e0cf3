"""What a page shows of somebody beside their words."""

from collections.abc import Iterable
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


_CARDS = Rows(
    lambda ids: Member.objects.filter(pk__in=Many(ids)).values_list(
        "pk", "person_id", "person__name", "person__handle", "person__picture", "person__role", "person__is_bot", "is_bot", "is_sample",
        "person__removed_at",
    )
)  # fmt: skip


def cards_of(ids: Iterable[int | None]) -> dict[int, Card]:
    """Cards by member id, for any number of ids, in one query."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    return {
        pk: Card(
            pk,
            name if here is None else _("Former member"),
            handle,
            picture_url(picture),
            person % 5,
            role,
            bot or own_bot,
            role in STAFF,
            person,
            sample,
            here is not None,
        )
        for pk, person, name, handle, picture, role, bot, own_bot, sample, here in _CARDS.all(list(wanted))
    }


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
