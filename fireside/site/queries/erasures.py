"""Who asked to be forgotten, and when that is."""

from typing import Any

from fireside.site.models import Erasure


def asked_of(member: Any) -> Erasure | None:
    """What somebody asked and can still take back, or what is under way."""
    return Erasure.objects.filter(member_id=member.person_id or member.pk, taken_back_at=None, done_at=None).first()
