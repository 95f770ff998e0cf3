"""Rounds: what must be looked at every so often. A sweep only makes visible what (state, now) already says."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import Q

from fireside.activity.actor import Actor, house
from fireside.activity.models import Sweep

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)  # a worker that died in the middle of a round is forgotten after this
SKEW = timedelta(minutes=5)  # by how much the clocks of two machines may differ
Round = Callable[[Actor], None]


@dataclass(frozen=True)
class Every:
    name: str
    call: Round
    gap: timedelta


SWEEPS: dict[str, Every] = {}


def every(*, minutes: int = 0, hours: int = 0) -> Callable[[Round], Round]:
    """Mark `def f(actor)` as a sweep. `actor` is the house; `actor.now` is the time of the round."""

    def wrap(call: Round) -> Round:
        name = f"{call.__module__.split('.')[1]}.{call.__name__}"
        if SWEEPS.setdefault(name, Every(name, call, timedelta(minutes=minutes, hours=hours))).call is not call:
            raise ValueError(f"Sweep {name} is declared twice.")
        return call

    return wrap


def sweep_due(now: datetime) -> int:
    """Run every sweep that is due and not held by another worker. Returns how many ran."""
    known = dict(Sweep.objects.values_list("name", "due_at"))
    ran = 0
    for one in SWEEPS.values():
        if one.name not in known:
            Sweep.objects.get_or_create(name=one.name, defaults={"due_at": now})
        elif now < known[one.name] <= farthest(one, now):
            continue
        ran += run_sweep(one, now)
    return ran


def farthest(one: Every, now: datetime) -> datetime:
    """A round due later than this was set by a clock that was ahead; waiting for it could take years."""
    return now + max(one.gap, LEASE) + SKEW


def run_sweep(one: Every, now: datetime) -> bool:
    """Claim the round by a conditional update, run it, set the next. False when another worker has it."""
    due = Q(due_at__lte=now) | Q(due_at__gt=farthest(one, now))
    claimed = Sweep.objects.filter(due, name=one.name).update(due_at=now + LEASE, ran_at=now)
    if not claimed:
        return False
    try:
        one.call(house("worker", now=now))
        Sweep.objects.filter(name=one.name).update(due_at=now + one.gap, error="")
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("sweep %s failed", one.name)
        Sweep.objects.filter(name=one.name).update(
            due_at=now + min(one.gap, timedelta(minutes=5)), error=f"{type(error).__name__}: {error}"[:2000]
        )
    return True
