"""Long work: shown while it runs, stopped and resumed by people, picked up by another worker when its own dies."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor, house
from fireside.activity.leases import HELD, let_go_of_the_dead, new_lease
from fireside.activity.models import Job
from fireside.lib.errors import NotFound, Refusal, Refused

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=90)
LOOKED_BACK = 50  # jobs of one name that are looked through for one with the same words
OPEN = (Job.State.WAITING, Job.State.RUNNING, Job.State.STOPPING)
Work = Callable[..., Any]
JOBS: dict[str, Work] = {}


class Stopped(Exception):
    """Somebody asked the job to stop. Let it through: what was done stays, and resuming goes on from the marks."""


class Closing(Stopped):
    """The worker closes. The job goes back into the line, so that the next worker need not wait until a lease runs out."""


def job(name: str) -> Callable[[Work], Work]:
    """Mark `def f(actor, progress, **params)` as long work. It must be safe to run again from `progress.marks`."""

    def wrap(call: Work) -> Work:
        if JOBS.setdefault(name, call) is not call:
            raise ValueError(f"Job {name} is declared twice.")
        return call

    return wrap


class Progress:
    """What a job tells of itself. Database writes at most twice a second; a bar on the command line on top."""

    def __init__(self, row: Job, *, show: Callable[["Progress"], None] | None = None, closing: threading.Event | None = None) -> None:
        self.row, self.marks, self.counts = row, dict(row.marks), dict(row.counts)
        self.done, self.all = row.done, row.total
        self.doing: Any = row.step
        self.closing, self._show, self._written = closing, show, 0.0

    def total(self, n: int | None) -> None:
        """How much there is to do, once it is known."""
        self.all = n
        self.save()

    def step(self, words: Any) -> None:
        """What it does now: a lazy sentence, stored as its English msgid and translated for each reader."""
        self.doing = words
        self.save()

    def advance(self, n: int = 1, **counts: int) -> None:
        """`n` more are done; counts are added up by name. Raises Stopped when somebody asked for it."""
        self.done += n
        for name, more in counts.items():
            self.counts[name] = self.counts.get(name, 0) + more
        if time.monotonic() - self._written > 0.5:
            self.save()

    def save(self) -> None:
        """Write down how far it is, marks included, and look whether to go on."""
        with translation.override("en"):
            step = str(self.doing)[:200]
        done = min(self.done, self.all) if self.all is not None else self.done
        held = Job.objects.filter(pk=self.row.pk, lease=self.row.lease)
        if not held.update(done=done, total=self.all, step=step, counts=self.counts, marks=self.marks):
            raise Stopped  # the lease was lost to another worker
        self._written = time.monotonic()
        if self._show:
            self._show(self)
        if held.filter(state=Job.State.STOPPING).exists():
            raise Stopped
        if self.closing is not None and self.closing.is_set():
            raise Closing


def ask_for(actor: Actor, name: str, **params: Any) -> Job:
    """Put long work in line. The caller has checked whether the actor may."""
    return _written(actor, name, params)


def ask_once(actor: Actor, name: str, *, key: str, **params: Any) -> Job:
    """The same, for work that is open once at most by its key: who asks while it is, gets that job. The database decides between two."""
    while True:
        try:
            with transaction.atomic():
                return _written(actor, name, params, key=key)
        except IntegrityError:
            there = Job.objects.filter(key=key, state__in=OPEN).first()
            if there is not None:  # else it has ended in this very moment
                return there


def is_there(key: str) -> bool:
    """Whether work with this key is in line or under way."""
    return Job.objects.filter(key=key, state__in=OPEN).exists()


def _written(actor: Actor, name: str, params: dict[str, Any], **fields: Any) -> Job:
    if name not in JOBS:
        raise Refused("no_such_job", _("There is no such work: %(name)s.") % {"name": name})
    return Job.objects.create(name=name, params=params, member_id=getattr(actor.who, "pk", None), asked_at=actor.now, **fields)


def get_job(pk: int) -> Job:
    """A job by its number, or NotFound. Whether the viewer may see it is the caller's to ask."""
    row = Job.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound()
    return row


def open_job(name: str) -> Job | None:
    """The oldest job of this name that has not ended, so that asking twice follows one."""
    return Job.objects.filter(name=name, state__in=OPEN).order_by("pk").first()


def last_job(name: str) -> Job | None:
    """The newest job of this name, however it ended."""
    return Job.objects.filter(name=name).order_by("-pk").first()


def is_open(pk: int | None) -> bool:
    """Is this job in line or under way?"""
    return pk is not None and Job.objects.filter(pk=pk, state__in=OPEN).exists()


def jobs_of(ids: Sequence[int]) -> dict[int, Job]:
    """These jobs, by their numbers. One query."""
    return Job.objects.in_bulk(ids)


def any_open(prefix: str) -> bool:
    """Is work of this app, or of this name, in line or under way?"""
    return Job.objects.filter(name__startswith=prefix, state__in=OPEN).exists()


def stop(pk: int) -> bool:
    """Ask a job to stop at its next step. Waiting jobs stop at once; ended ones are left as they are. False: nothing was to be stopped."""
    waited = Job.objects.filter(pk=pk, state=Job.State.WAITING).update(state=Job.State.STOPPED)
    return bool(waited + Job.objects.filter(pk=pk, state=Job.State.RUNNING).update(state=Job.State.STOPPING))


def resume(pk: int) -> bool:
    """Put a stopped or failed job in line again; it goes on from its marks. Refused while the same work is open under another number.
    False: it is in line or under way, or done."""
    ended = Job.objects.filter(pk=pk, state__in=[Job.State.STOPPED, Job.State.FAILED])
    try:
        with transaction.atomic():
            return bool(ended.update(state=Job.State.WAITING, error="", ended_at=None))
    except IntegrityError:
        raise _open_already(Job.objects.values_list("key", flat=True).get(pk=pk)) from None


def _open_already(key: str) -> Refused:
    there = Job.objects.filter(key=key, state__in=OPEN).first() if key else None
    words = _("The same work is in line or under way already.")
    return Refused("work_is_open", words, **({"href": f"/jobs/{there.pk}", "act": _("Look at it")} if there else {}))


def claim_next(now: datetime) -> Job | None:
    """Take the oldest job that waits, or whose worker died."""
    free = Q(state=Job.State.WAITING) | Q(state__in=HELD, leased_until__lt=now)
    for pk in Job.objects.filter(free).order_by("pk").values_list("pk", flat=True)[:5]:
        lease = new_lease()
        if Job.objects.filter(free, pk=pk).update(state=Job.State.RUNNING, lease=lease, leased_until=now + LEASE):
            Job.objects.filter(pk=pk, started_at__isnull=True).update(started_at=now)
            return Job.objects.get(pk=pk)
    return None


def run_job(
    row: Job, actor: Actor, *, show: Callable[[Progress], None] | None = None, closing: threading.Event | None = None
) -> Job:  # fmt: skip
    """Run a claimed job to its end, stop or failure; back into the line when `closing` is set. Refusals become its error, in English; doors translate what they can.

    The work itself is done in English, whoever started it: what it writes down is the same everywhere. `row.refusal` is for the door that waits.
    """
    reader = translation.get_language()

    def show_it(progress: Progress) -> None:
        if show:
            with translation.override(reader):
                show(progress)

    progress = Progress(row, show=show_it, closing=closing)
    held = Job.objects.filter(pk=row.pk, lease=row.lease)
    state, error = Job.State.DONE, ""
    with _kept_alive(row), translation.override("en"):
        try:
            JOBS[row.name](actor, progress, **row.params)
            progress.closing = None  # it is done: a worker that closes now would only have it done again
            progress.save()
        except Closing:
            state = Job.State.WAITING
        except (Stopped, KeyboardInterrupt):
            state = Job.State.STOPPED
        except Refusal as refusal:
            state, error, row.refusal = Job.State.FAILED, str(refusal), refusal
        except Exception as wrong:
            log.exception("job %s failed", row)
            state, error = Job.State.FAILED, f"{type(wrong).__name__}: {wrong}"[:2000]
    done = min(progress.done, progress.all) if progress.all is not None else progress.done
    ended = None if state == Job.State.WAITING else datetime.now(UTC)
    held.update(state=state, error=error, ended_at=ended, leased_until=None, counts=progress.counts, marks=progress.marks, done=done)
    row.refresh_from_db()
    return row


def stopped_like(name: str, params: dict[str, Any]) -> Job | None:
    """What the command line began with the same words and was stopped at: its newest, unless it was done since."""
    rows = Job.objects.filter(name=name, member_id=None).order_by("-pk")[:LOOKED_BACK]
    last = next((row for row in rows if row.params == params), None)
    return last if last is not None and last.state == Job.State.STOPPED else None


def run_here(
    actor: Actor, name: str, params: dict[str, Any], *, key: str = "", left: Job | None = None,
    show: Callable[[Progress], None] | None = None,
) -> Job:  # fmt: skip
    """The same work in the foreground, for the command line. It never waits in line: a worker would take it.

    With a key: refused while the same work is open, unless whoever did it has died; then this goes on with that.
    `left`: a job that was stopped or failed, which goes on under its own number.
    """
    let_go_of_the_dead(actor.now)
    mine = {"state": Job.State.RUNNING, "lease": new_lease(), "leased_until": actor.now + LEASE}
    if left is not None:
        ended = Job.objects.filter(pk=left.pk, state__in=[Job.State.STOPPED, Job.State.FAILED])
        try:
            with transaction.atomic():
                taken = ended.update(**mine, error="", ended_at=None)
        except IntegrityError:
            taken = 0
        if not taken:  # somebody else goes on with it, or with the same under another number
            raise _open_already(left.key)
        return run_job(Job.objects.get(pk=left.pk), actor, show=show)
    mine["started_at"] = actor.now
    try:
        with transaction.atomic():
            row = _written(actor, name, params, key=key, **mine)
    except IntegrityError:
        dead = Job.objects.filter(key=key, state__in=HELD, leased_until__lt=actor.now)
        if not dead.update(**mine):
            raise _open_already(key) from None
        row = Job.objects.get(key=key, lease=mine["lease"])
    return run_job(row, actor, show=show)


def actor_of_job(row: Job, now: datetime) -> Actor:
    """A job acts as whoever asked for it, or as the house."""
    if row.member_id is None:
        return house("worker", now=now)
    from django.contrib.auth import get_user_model

    return Actor(get_user_model()._default_manager.get(pk=row.member_id), "worker", now)


@contextmanager
def _kept_alive(row: Job) -> Iterator[None]:
    """Renew the lease while the work goes on, from a thread with its own connection."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(LEASE.total_seconds() / 6):
            try:
                Job.objects.filter(pk=row.pk, lease=row.lease).update(leased_until=datetime.now(UTC) + LEASE)
            except Exception:
                log.warning("could not renew the lease of %s", row, exc_info=True)
        connection.close()

    keeper = threading.Thread(target=renew, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(timeout=5)
