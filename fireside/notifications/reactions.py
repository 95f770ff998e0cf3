"""Telling: a line of the log becomes a notice for everybody its kind concerns and who may see it."""

from collections.abc import Sequence
from datetime import datetime

from fireside.activity.actor import house
from fireside.activity.kinds import KINDS
from fireside.activity.models import Activity
from fireside.activity.reactions import reaction
from fireside.notifications import visibility
from fireside.notifications.actions import tell_members


@reaction("notifications.tell")
def tell(batch: Sequence[Activity], now: datetime) -> None:
    """Tell whom each line concerns, as its kind says."""
    wanted: dict[Activity, set[int]] = {}
    for line in batch:
        kind = KINDS.get(line.kind)
        if kind is None or kind.audience is None or line.imported:
            continue
        if ids := {pk for pk in kind.audience(line) if pk is not None}:
            wanted[line] = ids
    tell_members(house("worker", now=now), wanted=wanted)


# A sign-in leads to where one is signed in.
visibility.register("usersessions.usersession", None, lambda lines: dict.fromkeys((line.pk for line in lines), "/accounts/sessions/"))
