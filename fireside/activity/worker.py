"""The worker: reactions, parked lines, sweeps, letters and jobs, round and round. Any number of them may run."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import Error, close_old_connections, connection

from fireside.activity import jobs, outbox, reactions, sweeps
from fireside.activity.leases import let_go_of_the_dead
from fireside.activity.models import Beat

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def _clock() -> datetime:
    return datetime.now(UTC)


def react_once(now: datetime) -> int:
    """One batch for each reaction that is behind. Returns how many lines were applied."""
    upto = reactions.edge()
    if upto is None:
        return 0
    return sum(reactions.follow(one, now) for one in reactions.REACTIONS.values() if reactions.behind(one, upto))


def react_until_quiet(now: datetime, *, rounds: int = 100_000) -> int:
    """Follow the log until no reaction has anything left to read: tests, the sample, the end of an import."""
    total = 0
    for _round in range(rounds):
        upto = reactions.edge()
        if upto is None or not any(reactions.behind(one, upto) for one in reactions.REACTIONS.values()):
            break
        total += react_once(now)
    return total


STEPS: dict[str, Callable[[datetime], int]] = {
    "lines": react_once, "parked_settled": reactions.retry_parked, "rounds": sweeps.sweep_due, "letters": outbox.send_due,
}  # fmt: skip


def run_worker(stop: threading.Event, *, clock: Clock = _clock, pause: float = 0.4, with_jobs: bool = True) -> dict[str, int]:
    """Work until `stop` is set. Trouble with the database is waited out; everything else is logged and goes on. Returns what was done."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    done = {"lines": 0, "parked_settled": 0, "rounds": 0, "letters": 0, "jobs": 0}
    helper = threading.Thread(target=_run_jobs, args=(stop, clock, done), name="jobs", daemon=True)
    if with_jobs:
        helper.start()
    while not stop.is_set():
        moved = 0
        try:
            close_old_connections()
            _beat(name, clock())
            for what, work in STEPS.items():
                count = work(clock())  # a step may take minutes, and leases of the next are measured by it
                done[what] += count
                moved += count
        except Error:
            log.warning("the database does not answer; trying again", exc_info=True)
            connection.close()
            stop.wait(2)
        except Exception:
            log.exception("the worker stumbled")
            stop.wait(2)
        if not moved:
            stop.wait(pause)
    if with_jobs:
        helper.join(timeout=10)
    connection.close()
    return done


_started: dict[str, datetime] = {}


def _beat(name: str, now: datetime) -> None:
    """Every ten seconds, so that an idle house writes next to nothing. What a killed worker of this machine held is free again."""
    last = _started.get(name)
    if last is None:
        reactions.realign_after_restore()
        Beat.objects.update_or_create(worker=name, defaults={"started_at": now, "seen_at": now})
        Beat.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    elif now - last < timedelta(seconds=10):
        return
    else:
        Beat.objects.filter(worker=name).update(seen_at=now)
    let_go_of_the_dead(now)
    _started[name] = now


def _run_jobs(stop: threading.Event, clock: Clock, done: dict[str, int]) -> None:
    while not stop.is_set():
        try:
            close_old_connections()
            row = jobs.claim_next(clock())
            if row is not None:
                jobs.run_job(row, jobs.actor_of_job(row, clock()), closing=stop)
                done["jobs"] += 1
                continue
        except Error:
            log.warning("the database does not answer; jobs wait", exc_info=True)
            connection.close()
        except Exception:
            log.exception("a job could not be run")
        stop.wait(0.7)
    connection.close()
