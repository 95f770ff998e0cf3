"""What the mirror consists of now, and what its numbers depend on besides the log."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Subquery

from fireside.activity.kinds import KINDS
from fireside.activity.reactions import lines_between
from fireside.insights.mirror.columns import VERSION
from fireside.insights.models import Mirror, Segment
from fireside.members.queries import the_community

START = (-(2**62), 0)


def place_of(line: int | None) -> tuple[int, int] | None:
    """The reading place of a line by its id, looked up each time, because a restored PostgreSQL renumbers transactions."""
    if line is None:
        return START
    found: tuple[int, int] | None = lines_between(START, (2**62, 2**62)).filter(pk=line).values_list("tx", "pk").first()
    return found


def counting_kinds() -> tuple[str, ...]:
    """Kinds that make their actor active that day."""
    return tuple(sorted(kind.name for kind in KINDS.values() if kind.counts))


def kept_kinds() -> tuple[str, ...]:
    """Kinds that the rollup by space keeps: those that count, and those of a core or with a merit."""
    return tuple(sorted(kind.name for kind in KINDS.values() if kind.counts or kind.core or kind.merit))


def told_kinds() -> tuple[str, ...]:
    """Kinds of which an imported line only tells of somebody."""
    return tuple(sorted(kind.name for kind in KINDS.values() if kind.told))


def fingerprint() -> str:
    """Changes when the rollups must be made anew: other columns, other kinds. Begins with the version of the columns."""
    return f"{VERSION}:" + hashlib.sha256(repr((VERSION, counting_kinds(), kept_kinds(), told_kinds())).encode()).hexdigest()[:48]


def community_zone() -> str:
    community = the_community()
    return community.time_zone if community else "UTC"


@dataclass(frozen=True)
class Snapshot:
    """The files of one state of the mirror: what a reader opens. They stay on the disk for an hour after they are replaced."""

    moves: int
    last_line: int | None
    rows: int
    time_zone: str
    moved_at: datetime | None
    paths: dict[str, list[str]] = field(default_factory=dict)

    @property
    def watermark(self) -> str:
        return f"{self.moves}:{self.last_line or 0}"


def snapshot() -> Snapshot:
    """Two queries: where the mirror stands, and its live files with the version that they are of. When it moved in between, once more:
    an answer of old files, kept as one of the new state, would be shown until the next line of the log."""
    now = Subquery(Mirror.objects.filter(pk=1).values("moves"))
    for _again in range(100):
        row = Mirror.objects.filter(pk=1).first() or Mirror(time_zone=community_zone())
        live = Segment.objects.filter(replaced_at__isnull=True).order_by("pk").annotate(moves=now)
        files = list(live.values_list("part", "path", "moves"))
        if all(moves == row.moves for _part, _path, moves in files):
            break
    paths: dict[str, list[str]] = defaultdict(list)
    for part, path, _moves in files:
        paths[part].append(path)
    return Snapshot(row.moves, row.last_line, row.rows, row.time_zone, row.moved_at, dict(paths))
