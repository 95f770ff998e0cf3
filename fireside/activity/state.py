"""How the log and its followers are: what /readyz and /metrics tell an operator's machines."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from fireside.activity.doing import failing, how_far
from fireside.activity.kinds import Kind
from fireside.activity.leases import HELD
from fireside.activity.models import Activity, Beat, Job, Letter, Parked
from fireside.activity.outbox import unsent
from fireside.activity.sweeps import SKEW

ALONE = timedelta(minutes=2)  # a worker takes up at once what another has let go


def heartbeat_age(now: datetime) -> float | None:
    """Seconds since any worker was last seen; None when none ever was."""
    seen: datetime | None = Beat.objects.aggregate(at=Max("seen_at"))["at"]
    return None if seen is None else max(0.0, (now - seen).total_seconds())


def ahead(now: datetime) -> timedelta | None:
    """By how much the newest line of the log, or the last sign of a worker, lies ahead of `now`; None when neither does."""
    newest = Activity.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    seen = Beat.objects.aggregate(at=Max("seen_at"))["at"]
    most = max((one - now for one in (newest, seen) if one is not None), default=timedelta())
    return most if most > SKEW else None


def left_alone(now: datetime) -> int:
    """Jobs that run by what is written, and whose worker has not been heard of since their lease ran out."""
    return Job.objects.filter(state__in=HELD, leased_until__lt=now - ALONE).count()


def anything_recorded() -> bool:
    return Activity.objects.exists()


def anything_brought_in() -> bool:
    """Is there a line of history from elsewhere?"""
    return Activity.objects.filter(imported=True).exists()


def began_with(kind: Kind) -> bool:
    """Was nothing recorded before the first line of this kind, but for what the same member did on the way to it? Two queries."""
    first = Activity.objects.filter(kind=kind.name).order_by("pk").values("pk", "member_id").first()
    return first is not None and not Activity.objects.filter(pk__lt=first["pk"]).exclude(member_id=first["member_id"]).exists()


def of_the_house(now: datetime) -> dict[str, Any]:
    """Figures for /metrics: eight queries, each on an index."""
    return {
        "log_lines": Activity.objects.aggregate(last=Max("id"))["last"] or 0,
        "lag": how_far(),
        "failing": set(failing().values_list("name", flat=True)),
        "parked": Parked.objects.filter(settled_at__isnull=True).count(),
        "letters_waiting": Letter.objects.filter(sent_at__isnull=True, parked_at__isnull=True, due_at__lte=now).count(),
        "letters_parked": unsent().filter(parked_at__isnull=False).count(),
        "jobs_open": Job.objects.filter(state__in=[Job.State.WAITING, Job.State.RUNNING, Job.State.STOPPING]).count(),
        "heartbeat_seconds": heartbeat_age(now),
    }
