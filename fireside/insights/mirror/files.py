"""Files of the mirror: written whole, made durable, then known; removed when nobody can be reading them any more."""

import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from fireside.insights.mirror.columns import schema

if TYPE_CHECKING:
    import pyarrow as pa

GRACE = 3600  # seconds that a replaced or unknown file is kept: a reader may hold its name


def root() -> Path:
    return Path(settings.MIRROR)


def new_path(part: str, month: str) -> str:
    """A name never used before, under the mirror's folder."""
    return f"{part}/{month or 'all'}/{time.time_ns():x}-{secrets.token_hex(4)}.parquet"


def write(part: str, month: str, table: "pa.Table") -> str:
    """Write one segment and make it durable. Returns its path under the mirror's folder."""
    import pyarrow.parquet as pq

    path = new_path(part, month)
    whole = root() / path
    whole.parent.mkdir(parents=True, exist_ok=True)
    unfinished = whole.with_suffix(".tmp")
    pq.write_table(table.cast(schema(part)), unfinished, compression="zstd", row_group_size=262_144)
    finish(unfinished, whole)
    return path


def finish(unfinished: Path, whole: Path) -> None:
    """From a file being written to one that may be named in a row: on the disk, under its last name."""
    with open(unfinished, "rb+") as done:
        os.fsync(done.fileno())
    unfinished.rename(whole)
    folder = os.open(whole.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def rubbish(known: Iterable[str], *, now: float, grace: float = GRACE) -> list[Path]:
    """Files that no row names and that are older than the grace: left behind by a crash, or replaced long ago."""
    keep = {str(root() / path) for path in known}
    if not root().exists():
        return []
    return [
        file
        for folder, _folders, names in os.walk(root())
        for name in names
        if name.endswith((".parquet", ".tmp")) and str(file := Path(folder) / name) not in keep and file.stat().st_mtime < now - grace
    ]
