"""Whom words may call: members by their handles, everybody of a role by its name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fireside.conversation.rules import CALL_MOST, ROLE_NAMES, ROLES
from fireside.members.models import Role
from fireside.members.queries import cards_of, ids_by_handle, ids_by_role
from fireside.spaces.models import Space
from fireside.spaces.queries import organiser_ids, readers_among

RUNNERS = (Role.OWNER, Role.OPERATOR)
TEAM = tuple(role for role in Role if role != Role.MEMBER)


@dataclass(frozen=True)
class RoleToCall:
    """A role as it is offered behind an @, in the reader's language."""

    name: str
    says: Any


SAYS = {
    "organisers": _("those who look after the space"),
    "operators": _("those who run the community"),
    "team": _("everybody on the team"),
}


def ids_called(names: Iterable[str]) -> dict[str, int]:
    """What each of these names stands for here: the id of a member or, below zero, a role. A member who bears the name of a role goes
    before it. One query."""
    wanted = list(names)
    return {name: -1 - ROLES.index(ROLE_NAMES[name]) for name in wanted if name in ROLE_NAMES} | ids_by_handle(wanted)


def roles_among(called: Iterable[int]) -> list[str]:
    """The roles among what was called."""
    return [ROLES[-1 - one] for one in called if one < 0]


def people_called(roles: Sequence[str], space: Space) -> list[int]:
    """The persons of these roles who may read the space, at most CALL_MOST. Two queries and one for each role."""
    found: list[int] = []
    for role in roles:
        found += (
            organiser_ids(space, CALL_MOST) if role == "organisers" else ids_by_role(RUNNERS if role == "operators" else TEAM, CALL_MOST)
        )
    cards = {card.person_id: card for card in cards_of(found).values() if not card.is_bot}
    reads = readers_among({space.pk}, cards)
    return [pk for pk in dict.fromkeys(found) if (space.pk, pk) in reads][:CALL_MOST]


def roles_to_call(words: str) -> list[RoleToCall]:
    """The roles one of whose names begins so."""
    begun = words.strip().casefold()
    chinese = (get_language() or "").startswith("zh")
    shown = {role: next(name for name, one in ROLE_NAMES.items() if one == role and name.isascii() != chinese) for role in ROLES}
    return [
        RoleToCall(shown[role], SAYS[role])
        for role in ROLES
        if begun and any(n.startswith(begun) for n, r in ROLE_NAMES.items() if r == role)
    ]
