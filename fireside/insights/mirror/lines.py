"""Lines of the log as columns, one Arrow table for each month they fall into."""

from collections.abc import Sequence
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from fireside.activity.kinds import private_kinds
from fireside.insights.rules import day_no, month_of

FIELDS = ("id", "at", "kind", "member_id", "other_id", "space_id", "target_id", "parent_id", "imported", "via", "source")


def columns_by_month(rows: Sequence[tuple[Any, ...]], zone: str) -> dict[str, Any]:
    """`rows` hold FIELDS. The month is that of `day`, so that a day never lies in two months. The source becomes a number: no text
    goes into a join (docs/decisions/0005-numbers.md), and nobody needs its name there."""
    from fireside.insights.mirror.columns import schema

    tz, private = ZoneInfo(zone), set(private_kinds())
    months: dict[int, str] = {}
    sorted_out: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        at = row[1]
        day = max(0, day_no(at.astimezone(tz).date()))
        month = months.get(day) or months.setdefault(day, month_of(day))
        if row[2] in private:  # that somebody did something of the kind, and nothing of what it was and with whom
            row = (*row[:4], None, None, None, None, *row[8:])
        whole = int(at.timestamp())  # never through a float of microseconds: those round differently
        sorted_out.setdefault(month, []).append(
            (row[0], whole * 1000 + at.microsecond // 1000, day, *row[2:-1], crc32((row[-1] or "").encode()))
        )
    wanted = schema("activity")
    return {month: _table(lines, wanted) for month, lines in sorted_out.items()}


def _table(lines: Sequence[tuple[Any, ...]], wanted: Any) -> Any:
    import pyarrow as pa

    columns = [pa.array(column, type=field.type) for column, field in zip(zip(*lines, strict=True), wanted, strict=True)]
    return pa.Table.from_arrays(columns, schema=wanted)
