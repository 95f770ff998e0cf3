"""DuckDB over the segments, in memory: a DuckDB file would lock every other process out, even readers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from fireside.insights.mirror.columns import COLUMNS
from fireside.insights.mirror.files import root
from fireside.lib.cores import anywhere

if TYPE_CHECKING:
    import duckdb

OWN = 480  # MiB of the memory that a computation may take: Python, the rows that come back, what the engine does not count
TYPES = {"int64": "BIGINT", "int32": "INTEGER", "string": "VARCHAR", "bool": "BOOLEAN"}


def limits() -> dict[str, Any]:
    """Threads and memory of one session; what does not fit goes to a folder of the mirror."""
    spill = root() / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    return {
        "threads": settings.NUMBERS_THREADS,
        "memory_limit": f"{max(settings.NUMBERS_MEMORY - OWN, settings.NUMBERS_MEMORY // 2)}MiB",
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "preserve_insertion_order": "false",
    }


@contextmanager
def raw_session() -> Iterator["duckdb.DuckDBPyConnection"]:
    """A DuckDB connection of its own, gone at the end."""
    import duckdb

    with anywhere():
        con = duckdb.connect(":memory:", config=limits())
    try:
        yield con
    finally:
        con.close()


def files_sql(part: str, paths: Sequence[str]) -> str:
    """The table of a part over its files, or an empty one of the same shape. What files of an older house do not hold yet is missing."""
    none = ", ".join(f"NULL::{TYPES[kind]} AS {name}" for name, (kind, _missing) in COLUMNS[part].items())
    if not paths:
        return f"(SELECT {none} WHERE false)"
    names = ", ".join("'" + str(root() / path).replace("'", "''") + "'" for path in paths)
    if part == "activity":
        return f"(SELECT {none} WHERE false UNION ALL BY NAME SELECT * FROM read_parquet([{names}], union_by_name=true))"  # noqa: S608  paths are ours
    return f"read_parquet([{names}])"


def copy_to(con: "duckdb.DuckDBPyConnection", query: str, target: Path) -> int:
    """Write a query's rows as one segment. Returns how many."""
    target.parent.mkdir(parents=True, exist_ok=True)
    quoted = str(target).replace("'", "''")
    row = con.execute(f"COPY ({query}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 262144)").fetchone()
    return int(row[0]) if row else 0
