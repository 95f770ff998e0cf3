"""New files out of old ones: small segments merged, rollups added up. DuckDB reads and writes; nothing here touches tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fireside.insights.mirror import files
from fireside.insights.mirror.columns import COLUMNS
from fireside.insights.mirror.engine import copy_to, files_sql, raw_session

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Made:
    """A finished file that no row names yet."""

    part: str
    path: str
    month: str
    rows: int
    bucket: int | None = None


def merged(month: str, paths: Sequence[str], buckets: int) -> list[Made]:
    """The lines of several segments of one month as one, or as `buckets` by the members' hash."""
    columns, made = ", ".join(COLUMNS["activity"]), []
    with raw_session() as con:
        for bucket in range(buckets):
            where = f"WHERE coalesce(member_id, 0) % {buckets} = {bucket}" if buckets > 1 else ""
            query = f"SELECT {columns} FROM {files_sql('activity', paths)} {where} ORDER BY at_ms, id"  # noqa: S608
            made.append(_make(con, "activity", month, query, bucket if buckets > 1 else None))
    return made


def rollups(
    con: "duckdb.DuckDBPyConnection",
    month: str,
    paths: Sequence[str],
    counting: Iterable[str],
    kept: Iterable[str],
    told: Iterable[str] = (),
) -> list[Made]:
    """Acts of one month added up, without imported lines of kinds that only tell: by member and day (kinds that count), and by member, space, day and kind (kinds kept)."""
    lines = f"(SELECT * FROM {files_sql('activity', paths)} WHERE NOT (imported AND kind IN {_names(told)}))"  # noqa: S608
    days = (
        f"SELECT member_id, day, count(*)::BIGINT AS n FROM {lines} "  # noqa: S608
        f"WHERE member_id IS NOT NULL AND kind IN {_names(counting)} GROUP BY member_id, day ORDER BY member_id, day"
    )
    places = (
        f"SELECT member_id, coalesce(space_id, 0) AS space_id, day, kind, count(*)::BIGINT AS n FROM {lines} "  # noqa: S608
        f"WHERE member_id IS NOT NULL AND kind IN {_names(kept)} GROUP BY ALL ORDER BY member_id, day"
    )
    return [_make(con, "member_day", month, days), _make(con, "member_space_day", month, places)]


def _make(con: "duckdb.DuckDBPyConnection", part: str, month: str, query: str, bucket: int | None = None) -> Made:
    path = files.new_path(part, month)
    whole = files.root() / path
    unfinished = whole.with_suffix(".tmp")
    rows = copy_to(con, query, unfinished)
    files.finish(unfinished, whole)
    return Made(part, path, month, rows, bucket)


def _names(kinds: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{kind}'" for kind in sorted(kinds)) + ", '')"
