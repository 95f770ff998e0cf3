"""Exports that were asked for: whose they are, how far they are, and until when they can be fetched."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from fireside.activity.actor import Actor
from fireside.activity.finding import finds
from fireside.activity.jobs import jobs_of
from fireside.activity.models import Job
from fireside.lib.errors import NotFound
from fireside.lib.paging import Page, keyset_page
from fireside.members.queries import kept_days
from fireside.members.rights import may
from fireside.site.models import Takeout


@dataclass(frozen=True)
class TakeoutRow:
    """An export as its owner sees it. `state` is "making", "stopped", "failed", "ready" or "gone"."""

    id: int
    key: str
    state: str
    asked_at: datetime
    ready_at: datetime | None
    until: datetime  # fetched before then, or made anew
    size: int
    counts: dict[str, Any]
    job: int | None
    done: int
    total: int | None
    error: str
    by: int


def takeout_of(pk: int) -> Takeout:
    """For the work itself, which asks nobody's leave."""
    row = Takeout.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound()
    return row


def file_of(takeout: Takeout) -> Path:
    return Path(settings.DATA) / "exports" / f"{takeout.key}.zip"


@finds(Takeout)
def get_export(viewer: Any, key: str) -> Takeout:
    """An export of the community by its key, for those who may take it out; else NotFound, as for none."""
    may_see = (isinstance(viewer, Actor) and viewer.is_house) or may(
        viewer if not isinstance(viewer, Actor) else viewer.who, "community.export"
    )
    row = Takeout.objects.filter(of=Takeout.Of.COMMUNITY, key=key).first() if may_see else None
    if row is None:
        raise NotFound()
    return row


def get_own_export(viewer: Any, key: str) -> Takeout:
    """An export of one's own data by its key: for nobody else, whatever they may."""
    row = Takeout.objects.filter(of=Takeout.Of.MEMBER, key=key, member_id=viewer.pk).first() if viewer is not None else None
    if row is None:
        raise NotFound()
    return row


def list_own_exports(viewer: Any, now: datetime, *, cursor: str = "", size: int = 5) -> Page[TakeoutRow]:
    """One's own, the newest first. Two queries."""
    found = keyset_page(Takeout.objects.filter(of=Takeout.Of.MEMBER, member_id=viewer.pk), ["-id"], cursor=cursor, size=size)
    return Page(rows_of(found.rows, now), found.next)


def fetched(row: Takeout, now: datetime) -> Path:
    """Its file, while its days last and it lies there; else NotFound."""
    place = file_of(row)
    if row.ready_at is None or row.removed_at is not None or now >= until(row) or not place.is_file():
        raise NotFound()
    return place


def until(row: Takeout) -> datetime:
    return row.asked_at + timedelta(days=kept_days("exports"))


def list_exports(now: datetime, *, cursor: str = "", size: int = 20) -> Page[TakeoutRow]:
    """Exports of the community, the newest first. Two queries: they, and how far their work is."""
    found = keyset_page(Takeout.objects.filter(of=Takeout.Of.COMMUNITY), ["-id"], cursor=cursor, size=size)
    return Page(rows_of(found.rows, now), found.next)


def rows_of(rows: Any, now: datetime) -> list[TakeoutRow]:
    jobs = jobs_of([row.job_id for row in rows if row.job_id])
    return [_row(row, jobs.get(row.job_id or 0), now) for row in rows]


def _row(row: Takeout, job: Job | None, now: datetime) -> TakeoutRow:
    if row.removed_at is not None or now >= until(row):
        state = "gone"
    elif row.ready_at is not None:
        state = "ready"
    else:
        state = job.state if job and job.state in {"stopped", "failed"} else "making"
    return TakeoutRow(
        id=row.pk, key=row.key, state=state, asked_at=row.asked_at, ready_at=row.ready_at, until=until(row), size=row.size, counts=row.counts,
        job=row.job_id, done=job.done if job else 0, total=job.total if job else None, error=job.error if job else "", by=row.member_id,
    )  # fmt: skip
