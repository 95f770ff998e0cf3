"""The mirror follows the log."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from fireside.activity.actor import Actor
from fireside.activity.reactions import edge, lines_between
from fireside.insights.actions.tidying import ROLLUPS, make_rollups, rollups_of
from fireside.insights.mirror import files
from fireside.insights.mirror.columns import VERSION
from fireside.insights.mirror.lines import FIELDS, columns_by_month
from fireside.insights.mirror.people import people_columns
from fireside.insights.mirror.retelling import Retelling, retelling, rewritten
from fireside.insights.mirror.state import community_zone, fingerprint, place_of
from fireside.insights.models import Mirror, Segment
from fireside.members.queries import people_table

BATCH = 100_000
ABOUT_PEOPLE = "members."
Part = Segment.Part


def _row() -> Mirror:
    return Mirror.objects.get_or_create(pk=1, defaults={"time_zone": community_zone(), "kinds": fingerprint()})[0]


def needs_rebuild() -> str:
    """Why the mirror cannot simply go on, or "": its days are cut in another time zone, its files are of an older house's columns, its
    place or its files are gone."""
    row = _row()
    if row.last_line is None:
        return ""
    if row.time_zone != community_zone():
        return "time_zone"
    if place_of(row.last_line) is None:
        return "log_replaced"
    if row.kinds.partition(":")[0] != str(VERSION):
        return "columns"
    paths = Segment.objects.filter(replaced_at__isnull=True).values_list("path", flat=True)
    return "files_missing" if any(not (files.root() / path).exists() for path in paths) else ""


def move_mirror(actor: Actor, *, seconds: float = 0.0, batch: int = BATCH) -> int:
    """Take in new lines of the log, batch by batch, until there are none or the time is up (0 = no limit). Returns how many."""
    row, taken, began = _row(), 0, time.monotonic()
    if row.last_line is None and row.time_zone != community_zone():
        Mirror.objects.filter(pk=1, last_line__isnull=True).update(time_zone=community_zone(), people_stale=True)
        row = _row()
    while True:
        rows, after = _next(place_of(row.last_line), batch)
        if after is None:
            break
        known = retelling()
        segments = _write(actor, rows, row.time_zone, known)
        told = known.told_by(rows)
        again = {old.pk: new for old in _alive() if (new := _anew(actor, old, told))} if told else {}
        about_people = any(line[2].startswith(ABOUT_PEOPLE) for line in rows)
        with transaction.atomic():
            locked = Mirror.objects.select_for_update().get(pk=1)
            if (locked.last_line, locked.time_zone) != (row.last_line, row.time_zone):
                return taken  # somebody else moved it; our files are rubbish and will be swept
            if _alive().filter(pk__in=again).count() != len(again):
                return taken  # merged meanwhile: the next round reads the same lines
            _alive().filter(pk__in=again).update(replaced_at=actor.now)
            months = {segment.month for segment in again.values()}
            Segment.objects.filter(part__in=ROLLUPS, month__in=months, replaced_at__isnull=True).update(of_rows=0)  # to be made anew
            Segment.objects.bulk_create([*segments, *again.values()])
            locked.last_line, locked.moved_at = after, actor.now
            locked.rows += len(rows)
            locked.moves += 1
            locked.people_stale |= about_people
            locked.save()
        row, taken = locked, taken + len(rows)
        if len(rows) < batch or (seconds and time.monotonic() - began > seconds):
            break
    if not taken:
        Mirror.objects.filter(pk=1, moved_at__lt=actor.now).update(moved_at=actor.now)
        Mirror.objects.filter(pk=1, moved_at__isnull=True).update(moved_at=actor.now)
    return taken


def _next(place: tuple[int, int] | None, batch: int) -> tuple[list[tuple[Any, ...]], int | None]:
    """The next lines below the horizon, and the id of the last of them."""
    upto = edge()
    if upto is None or place is None or place >= upto:
        return [], None
    rows = list(lines_between(place, upto).values_list(*FIELDS)[:batch])
    return rows, rows[-1][0] if rows else None


def _alive() -> "QuerySet[Segment]":
    return Segment.objects.filter(part=Part.ACTIVITY, replaced_at__isnull=True)


def _anew(actor: Actor, old: Segment, known: Retelling) -> Segment | None:
    """What stands instead of a segment with lines that the log tells otherwise since."""
    if not known or (path := rewritten(old.month, old.path, known)) is None:
        return None
    return Segment(part=old.part, path=path, month=old.month, bucket=old.bucket, rows=old.rows, made_at=actor.now,
                   first_id=old.first_id, last_id=old.last_id)  # fmt: skip


def _write(actor: Actor, rows: Sequence[tuple[Any, ...]], zone: str, known: Retelling) -> list[Segment]:
    made = []
    for month, table in columns_by_month([known.retold(row) for row in rows] if known else rows, zone).items():
        ids = table.column("id")
        path = files.write("activity", month, table)
        made.append(Segment(part=Part.ACTIVITY, path=path, month=month, rows=table.num_rows, made_at=actor.now,
                            first_id=_low(ids), last_id=_high(ids)))  # fmt: skip
    return made


def _low(ids: Any) -> int:
    import pyarrow.compute as pc

    return int(pc.min(ids).as_py())


def _high(ids: Any) -> int:
    import pyarrow.compute as pc

    return int(pc.max(ids).as_py())


def rebuild_mirror(actor: Actor, *, told: Callable[[int], None] | None = None, batch: int = BATCH) -> int:
    """Make every file anew from the log, then put the new ones in place of the old in one transaction. Returns the rows.

    Readers see the old mirror until the end. Lines that come meanwhile are taken in by the next move.
    """
    _row()
    zone, last, segments, rows_read, known = community_zone(), None, [], 0, retelling()
    while True:
        rows, after = _next(place_of(last), batch)
        if after is None:
            break
        segments += _write(actor, rows, zone, known)
        last, rows_read = after, rows_read + len(rows)
        if told:
            told(len(rows))
    late = retelling().since(known)  # came while we read
    segments = [_anew(actor, one, late) or one for one in segments]
    began = time.monotonic()
    people = _people_segment(actor, zone)
    people_ms = int((time.monotonic() - began) * 1000)
    segments += [people, *rollups_of(actor, segments)]
    with transaction.atomic():
        locked = Mirror.objects.select_for_update().get(pk=1)
        Segment.objects.filter(replaced_at__isnull=True).update(replaced_at=actor.now)
        Segment.objects.bulk_create(segments)
        locked.last_line, locked.rows, locked.time_zone, locked.kinds = last, rows_read, zone, fingerprint()
        locked.moved_at, locked.people_stale, locked.people_ms, locked.rebuild_asked_at = actor.now, False, people_ms, None
        locked.moves += 1
        locked.save()
    return rows_read


def _people_segment(actor: Actor, zone: str) -> Segment:
    table = people_columns(people_table(), zone)
    return Segment(part=Part.PEOPLE, path=files.write("people", "", table), rows=table.num_rows, made_at=actor.now)


INLINE = 1_000_000  # lines that a round of the worker makes anew by itself; more is a job
AGAIN = timedelta(hours=6)


def rebuild_here(actor: Actor) -> bool:
    """Make a small mirror anew at once. A large one becomes a job: False the first time, then True while it is awaited."""
    row = _row()
    if row.rows <= INLINE:
        rebuild_mirror(actor)
        return True
    fresh = Mirror.objects.filter(pk=1).filter(Q(rebuild_asked_at__isnull=True) | Q(rebuild_asked_at__lt=actor.now - AGAIN))
    return not fresh.update(rebuild_asked_at=actor.now)


def bring_up_to_date(actor: Actor, *, seconds: float = 0.0) -> int:
    """Lines, people and rollups. Returns how many lines were taken in."""
    moved = move_mirror(actor, seconds=seconds)
    copy_people(actor, always=not seconds and moved > 0)
    make_rollups(actor)
    return moved


def copy_people(actor: Actor, *, always: bool = False) -> bool:
    """Copy the table of people when lines spoke of people. A large table is copied less often: never more than a twentieth of the time."""
    row = _row()
    last = Segment.objects.filter(part=Part.PEOPLE, replaced_at__isnull=True).order_by("-pk").values_list("made_at", flat=True).first()
    if last is not None and not always:
        aged = (actor.now - last).total_seconds()
        if (not row.people_stale and aged < 86_400) or aged < row.people_ms / 50:
            return False
    began = time.monotonic()
    Mirror.objects.filter(pk=1).update(people_stale=False)  # before reading: who changes meanwhile makes it stale again
    people = _people_segment(actor, row.time_zone)
    with transaction.atomic():
        locked = Mirror.objects.select_for_update().get(pk=1)
        if locked.time_zone != row.time_zone:
            return False  # the mirror was made anew meanwhile, people included
        Segment.objects.filter(part=Part.PEOPLE, replaced_at__isnull=True).update(replaced_at=actor.now)
        people.save()
        locked.people_ms = int((time.monotonic() - began) * 1000)
        locked.moves += 1
        locked.save(update_fields=["people_ms", "moves"])
    return True
