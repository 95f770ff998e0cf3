"""Small segments become large ones, rollups follow their segments, and files that nobody reads any more go."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from fireside.activity.actor import Actor
from fireside.insights.mirror import files
from fireside.insights.mirror.columns import VERSION
from fireside.insights.mirror.engine import raw_session
from fireside.insights.mirror.making import Made, merged, rollups
from fireside.insights.mirror.state import counting_kinds, fingerprint, kept_kinds, told_kinds
from fireside.insights.models import Mirror, Segment
from fireside.insights.rules import buckets_for, to_merge

Part = Segment.Part
ROLLUPS = (Part.MEMBER_DAY, Part.MEMBER_SPACE_DAY)


def _live() -> dict[str, list[Segment]]:
    """Segments of the log by month, oldest first."""
    months: dict[str, list[Segment]] = defaultdict(list)
    for segment in Segment.objects.filter(part=Part.ACTIVITY, replaced_at__isnull=True).order_by("pk"):
        months[segment.month].append(segment)
    return dict(months)


def merge_segments(actor: Actor) -> int:
    """Merge the small segments of each month that has many. Returns how many files went."""
    gone = 0
    for month, segments in _live().items():
        keys = set(to_merge([(s.pk, s.rows) for s in segments]))
        old = [s for s in segments if s.pk in keys]
        if not old:
            continue
        made = merged(month, [s.path for s in old], buckets_for(sum(s.rows for s in old)))
        ids = min(s.first_id for s in old), max(s.last_id for s in old)
        gone += len(old) if _put(actor, made, instead_of=[s.pk for s in old], of=[s.pk for s in old], ids=ids) else 0
    return gone


def make_rollups(actor: Actor) -> int:
    """Make the rollups of every month whose segments hold more than they count. Returns how many months."""
    kinds, months = fingerprint(), _live()
    if Mirror.objects.filter(pk=1, last_line__isnull=False).exclude(kinds__startswith=f"{VERSION}:").exists():
        return 0  # files of an older house: the whole mirror is to be made anew
    if not Mirror.objects.filter(pk=1, kinds=kinds).exists():
        Segment.objects.filter(part__in=ROLLUPS, replaced_at__isnull=True).update(replaced_at=actor.now)
        Mirror.objects.filter(pk=1).update(kinds=kinds)
    kept = Segment.objects.filter(part__in=ROLLUPS, replaced_at__isnull=True).values_list("month", "pk", "of_rows")
    known: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for month, pk, of_rows in kept:
        known[month].append((pk, of_rows))
    due = {month: sum(s.rows for s in segments) for month, segments in months.items()}
    due = {m: rows for m, rows in due.items() if len(known[m]) != len(ROLLUPS) or any(of != rows for _pk, of in known[m])}
    if not due:
        return 0
    made = 0
    with raw_session() as con:
        for month, rows in due.items():
            new = rollups(con, month, [s.path for s in months[month]], counting_kinds(), kept_kinds(), told_kinds())
            made += _put(actor, new, instead_of=[pk for pk, _of in known[month]], of=[s.pk for s in months[month]], of_rows=rows)
    return made


def rollups_of(actor: Actor, segments: Sequence[Segment]) -> list[Segment]:
    """Rollups of segments that are not entered yet: for a mirror made anew, which is entered whole."""
    months: dict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        if segment.part == Part.ACTIVITY:
            months[segment.month].append(segment)
    with raw_session() as con:
        return [
            Segment(part=m.part, path=m.path, month=m.month, rows=m.rows, of_rows=sum(s.rows for s in made_of), made_at=actor.now)
            for month, made_of in months.items()
            for m in rollups(con, month, [s.path for s in made_of], counting_kinds(), kept_kinds(), told_kinds())
        ]


def _put(
    actor: Actor, made: Sequence[Made], *, instead_of: Sequence[int], of: Sequence[int], ids: tuple[int, int] = (0, 0), of_rows: int = 0
) -> bool:
    """Enter new files in place of old ones, if everything they were made of still stands. Else they are rubbish."""
    with transaction.atomic():
        Mirror.objects.select_for_update().get(pk=1)
        alive = Segment.objects.filter(replaced_at__isnull=True)
        if alive.filter(pk__in=of).count() != len(of) or alive.filter(pk__in=instead_of).count() != len(instead_of):
            return False
        alive.filter(pk__in=instead_of).update(replaced_at=actor.now)
        Segment.objects.bulk_create(
            Segment(part=m.part, path=m.path, month=m.month, bucket=m.bucket, rows=m.rows, of_rows=of_rows,
                    first_id=ids[0], last_id=ids[1], made_at=actor.now)
            for m in made
        )  # fmt: skip
        if of_rows:  # numbers change with the rollups, not when small files become a large one
            Mirror.objects.filter(pk=1).update(moves=F("moves") + 1)
    return True


def remove_rubbish(actor: Actor, *, grace: float = files.GRACE) -> int:
    """Forget segments replaced longer ago than the grace, and remove files that no row names. Returns how many files went."""
    Segment.objects.filter(replaced_at__lte=actor.now - timedelta(seconds=grace)).delete()
    gone = files.rubbish(Segment.objects.values_list("path", flat=True), now=actor.now.timestamp(), grace=grace)
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)
