"""The community of this house, kept in the process."""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from fireside.lib.errors import NotFound
from fireside.lib.retention import PERIODS
from fireside.members.models import Community, Member, Role

RECHECK_SECONDS = 10.0  # how long another machine may show the community as it was; on this machine: not at all
AT_ONCE = 0.005  # seconds in which one page asks many times: it hears the same each time
_looked = float("-inf")
_seen: tuple[Community, float, float] | None = None  # the row, the stamp of its version, when it was read


def the_community() -> Community | None:
    """The community of this house, or None before set-up. Kept in the process until a file's stamp says that it changed."""
    global _seen, _looked
    now = time.monotonic()
    if _seen is not None and now - _looked < AT_ONCE:
        return _seen[0]
    stamp, _looked = _stamp(), now
    if _seen is not None and _seen[1] == stamp and now - _seen[2] < RECHECK_SECONDS:
        return _seen[0]
    row = Community.objects.filter(pk=1).first()
    _seen = (row, stamp, time.monotonic()) if row is not None else None  # nothing is kept of an empty house
    return row


def day_here(now: datetime) -> date:
    """The community's day at this moment: days begin in its time zone, everywhere."""
    community = the_community()
    return now.astimezone(ZoneInfo(community.time_zone if community else "UTC")).date()


def spoken() -> list[str]:
    """The languages of the community, its first one first; before there is one, all that the house speaks."""
    known, community = list(dict(settings.LANGUAGES)), the_community()
    return ([code for code in community.languages if code in known] if community else []) or known


def kept_days(what: str) -> int:
    """How many days this community keeps such things: as chosen, else as the house does by itself."""
    community = the_community()
    chosen = community.settings.get("kept_days", {}) if community else {}
    return int(chosen.get(what, PERIODS[what].days))


def forget_community() -> None:
    """The community changed: this process forgets it now, the others on this machine after the commit."""
    global _seen
    _seen = None
    transaction.on_commit(_touch)


def _stamp() -> float:
    try:
        return (settings.DATA / "community.version").stat().st_mtime_ns
    except OSError:
        return 0


def _touch() -> None:
    global _seen
    _seen = None
    (settings.DATA / "community.version").write_text(str(time.time_ns()))


def a_sample_lives_here() -> bool:
    """Asked of the database, not of what this process remembers."""
    return Community.objects.filter(pk=1, is_sample=True).exists()


def anybody_here() -> bool:
    return Member.objects.exists()


def anybody_from_elsewhere() -> bool:
    """Is there a trace of somebody who came in with a history?"""
    return Member.objects.exclude(imported_from="").exists()


def get_community() -> Community:
    community = the_community()
    if community is None:
        raise NotFound()
    return community


def the_owner() -> Member:
    """Who has owned the community for the longest time."""
    owner = Member.objects.filter(role=Role.OWNER, removed_at__isnull=True).order_by("pk").first()
    if owner is None:
        raise NotFound()
    return owner
