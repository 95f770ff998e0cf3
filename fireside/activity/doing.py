"""What the house is doing, and what got stuck: long work, parked lines, failing rounds, letters that have not left, who works, who is behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from fireside.activity.models import Activity, Beat, Bookmark, Job, Letter, Parked, Sweep
from fireside.activity.outbox import unsent
from fireside.activity.reactions import REACTIONS, unread, unsettled
from fireside.activity.sweeps import SWEEPS
from fireside.lib.errors import NotFound
from fireside.lib.paging import Page, keyset_page

SIZE = 20
SHOWN_WORKERS = 20
EXACT = 10_000  # lines that are counted one by one
LATE = timedelta(minutes=2)  # a worker reads several times a second; what has waited for so long was not read


def list_jobs(*, cursor: str = "", size: int = SIZE) -> Page[Job]:
    """Long work, the newest first."""
    return keyset_page(Job.objects.all(), ["-id"], cursor=cursor, size=size)


def list_parked(*, cursor: str = "", size: int = SIZE) -> Page[Parked]:
    """Lines that a reaction could not digest, with the line itself; what is tried next stands first."""
    return keyset_page(unsettled().select_related("activity"), ["next_try_at", "id"], cursor=cursor, size=size)


def list_unsent(*, cursor: str = "", size: int = SIZE) -> Page[Letter]:
    """Letters that wait or are parked, the newest first."""
    return keyset_page(unsent(), ["-id"], cursor=cursor, size=size)


def parked_by_reaction() -> dict[str, int]:
    """How many lines are parked for each reaction."""
    return dict(unsettled().values_list("reaction").annotate(n=Count("pk")).order_by("reaction"))


def get_parked(pk: int) -> Parked:
    """A parked line, settled ones too, or NotFound. Who may see it is the caller's to ask; so it is of letters and of jobs."""
    found = Parked.objects.select_related("activity").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def get_letter(pk: int) -> Letter:
    found = Letter.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def failing() -> "QuerySet[Sweep]":
    """Rounds whose last turn failed. They are tried again by themselves."""
    return Sweep.objects.filter(name__in=SWEEPS).exclude(error="").order_by("name")


def workers(now: datetime) -> list[Beat]:
    """Workers seen within a day, the latest first."""
    return list(Beat.objects.filter(seen_at__gte=now - timedelta(days=1)).order_by("-seen_at", "-pk")[:SHOWN_WORKERS])


def how_far() -> dict[str, int]:
    """How many lines of the log each reaction has not read yet: to the line up to EXACT, about so many beyond. One query, at a price
    that does not grow with the log."""
    told = unread(EXACT)
    return {name: told.get(name, told[""]) for name in sorted(REACTIONS)}


@dataclass(frozen=True)
class Trouble:
    """What an operator should look at: something is parked or a round fails, or a reaction has let lines wait since `behind`."""

    stuck: bool
    behind: datetime | None


def trouble(now: datetime) -> Trouble | None:
    """None while all is well. One query, each part of it on an index: asked by a page that is opened often. (Two before any worker came.)"""
    unread = Activity.objects.filter(pk__gt=OuterRef("position")).order_by("pk")
    if connection.vendor == "postgresql":  # read by (tx, id): what a slow transaction wrote stands behind higher ids
        later = Q(tx__gt=OuterRef("tx")) | Q(pk__gt=OuterRef("position"))
        unread = Activity.objects.filter(later, tx__gte=OuterRef("tx")).order_by("tx", "pk")
    parked = Exists(unsettled()) | Exists(unsent().filter(parked_at__isnull=False).order_by()) | Exists(failing())
    marks = Bookmark.objects.filter(reaction__in=REACTIONS).order_by("tx", "position")
    row = marks.annotate(stuck=parked, waits=Subquery(unread.values("recorded_at")[:1])).values_list("stuck", "waits").first()
    if row is None:  # nobody has ever followed the log
        first = Activity.objects.order_by("pk").values_list("recorded_at", flat=True).first()
        row = False, first
    stuck, waits = row
    behind = waits if waits is not None and waits < now - LATE else None
    return Trouble(stuck, behind) if stuck or behind else None
