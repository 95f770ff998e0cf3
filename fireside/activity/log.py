"""Writing the log: one line with record(), many in one statement with record_many()."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Max

from fireside.activity.action import note_recorded
from fireside.activity.actor import Actor
from fireside.activity.kinds import Kind
from fireside.activity.models import Activity
from fireside.lib.bulk import insert
from fireside.lib.ready import add


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be written. Ids, not rows: bulk work has no rows in hand."""

    kind: Kind
    at: datetime
    member_id: int | None = None
    target_type: str = ""
    target_id: int | None = None
    space_id: int | None = None
    other_id: int | None = None
    parent_id: int | None = None
    source: str | None = None
    external_id: str | None = None
    imported: bool = False
    data: dict[str, Any] = field(default_factory=dict)


def label(target: Any) -> str:
    """The stored name of a row's table: "conversation.post"."""
    return str(target._meta.label_lower)


def record(
    actor: Actor, kind: Kind, target: Any = None, *, space: Any = None, other: Any = None, parent: Any = None,
    at: datetime | None = None, source: str | None = None, external_id: str | None = None, imported: bool = False, **data: Any,
) -> Activity:  # fmt: skip
    """Append one line in the transaction of the action. Titles and numbers go into `data`; contact details never do.

    Raises IntegrityError when (source, external_id) has been recorded before.
    """
    line = Activity(
        kind=kind.name, at=at or actor.now, member_id=getattr(actor.who, "pk", None), other_id=_id(other), space_id=_id(space),
        target_type=label(target) if target is not None else "", target_id=_id(target), parent_id=_id(parent), via=actor.via,
        data=data, source=source, external_id=external_id, imported=imported,
    )  # fmt: skip
    note_recorded(1)
    return add(line)


def record_many(actor: Actor, lines: Iterable[Line], *, batch: int = 1000) -> int:
    """Append many lines in few statements; a line whose (source, external_id) is known is left as it is.

    Returns how many lines were handed over (with `ignore_conflicts` no database tells how many were new; importers that
    must count ask `known_external_ids` first).
    """
    done = 0
    rows = iter(lines)
    while part := [_values(actor, line) for line in islice(rows, batch)]:
        insert(Activity._meta.db_table, COLUMNS, part, unless_there=True)
        done += len(part)
    note_recorded(done)
    return done


COLUMNS = (
    "kind", "at", "member_id", "other_id", "space_id", "target_type", "target_id", "parent_id", "via", "data", "source", "external_id", "imported",
)  # fmt: skip


def _values(actor: Actor, line: Line) -> tuple[Any, ...]:
    """A line in the order of COLUMNS; the database fills in id, tx and recorded_at."""
    return (
        line.kind.name, line.at, line.member_id, line.other_id, line.space_id, line.target_type, line.target_id, line.parent_id,
        actor.via, line.data, line.source, line.external_id, line.imported,
    )  # fmt: skip


def known_external_ids(source: str, external_ids: Sequence[str], *, before: datetime | None = None) -> set[str]:
    """Which of these have been recorded, or had been recorded `before` then. One query per 900 ids."""
    known: set[str] = set()
    for i in range(0, len(external_ids), 900):
        part = external_ids[i : i + 900]
        rows = Activity.objects.filter(source=source, external_id__in=part)
        found = (rows if before is None else rows.filter(recorded_at__lt=before)).values_list("external_id", flat=True)
        known.update(one for one in found if one is not None)
    return known


def last_told(target_type: str, ids: Sequence[int], kinds: Sequence[Kind]) -> dict[int, datetime]:
    """When the log last speaks of each of these by a line of these kinds."""
    names, found = [kind.name for kind in kinds], dict[int, datetime]()
    for i in range(0, len(ids), 900):
        rows = Activity.objects.filter(target_type=target_type, target_id__in=ids[i : i + 900], kind__in=names)
        found |= dict(rows.order_by().values_list("target_id").annotate(last=Max("at")))
    return found


def _id(row: Any) -> int | None:
    return row if row is None or isinstance(row, int) else row.pk
