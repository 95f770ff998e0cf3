"""Browsers that somebody lets us call, and the key by which push services know this house."""

from collections.abc import Iterable
from typing import Any

from fireside.activity.actor import Actor
from fireside.activity.finding import finds
from fireside.lib.errors import NotFound
from fireside.notifications.models import PushDevice, PushKey


def devices_of(member: Any) -> list[PushDevice]:
    """Those of a person, the newest first."""
    return list(PushDevice.objects.filter(member=member.person_id or member.pk).order_by("-made_at", "-pk"))


def get_device(member: Any, pk: int) -> PushDevice:
    found = PushDevice.objects.filter(member=member.person_id or member.pk, pk=pk if pk < 2**63 else 0).first()
    if found is None:
        raise NotFound()
    return found


def devices_by_person(persons: Iterable[int]) -> dict[int, list[int]]:
    """Whom we may call, and at which browsers. One query."""
    found: dict[int, list[int]] = {}
    for person, pk in PushDevice.objects.filter(member__in=set(persons)).order_by("pk").values_list("member_id", "pk"):
        found.setdefault(person, []).append(pk)
    return found


def push_key() -> PushKey | None:
    return PushKey.objects.filter(pk=1).first()


@finds(PushDevice)
def find_device(viewer: Any, word: str) -> PushDevice:
    """One's own, by its number."""
    pk = int(word) if word.isdecimal() and len(word) < 19 else 0
    if isinstance(viewer, Actor):
        found = PushDevice.objects.filter(pk=pk).first() if viewer.is_house else None
        if found is None:
            raise NotFound()
        return found
    return get_device(viewer, pk)
