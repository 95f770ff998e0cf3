"""The table of people, as columns: each member with the person it resolves to."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from fireside.insights.rules import UNDATED, day_no


def people_columns(rows: Iterable[Any], zone: str) -> Any:
    """Rows of members.queries.people_table() as one Arrow table."""
    import pyarrow as pa

    from fireside.insights.mirror.columns import schema

    tz = ZoneInfo(zone)
    out: dict[str, list[Any]] = {name: [] for name in schema("people").names}
    joined: dict[int, int] = {}
    gone: dict[int, bool] = {}
    for row in rows:
        if row.joined_at is not None:
            day = max(UNDATED + 1, day_no(row.joined_at.astimezone(tz).date()))
            joined[row.person_id] = min(day, joined.get(row.person_id, day))
        if row.member_id == row.person_id:
            gone[row.person_id] = row.removed
        out["member_id"].append(row.member_id)
        out["person_id"].append(row.person_id)
        out["is_bot"].append(row.is_bot)
        out["is_staff"].append(row.is_staff)
        out["is_sample"].append(row.is_sample)
    out["joined_day"] = [joined.get(p, UNDATED) for p in out["person_id"]]
    out["removed"] = [gone.get(p, False) for p in out["person_id"]]
    return pa.table(out, schema=schema("people"))
