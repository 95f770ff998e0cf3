"""Folders in which a backup or a restore works. Each holds a whole copy of the house: what somebody killed leaves lying is taken away.

A lock tells them apart: the system lets it go with the process that held it.
"""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIXES = (".backup-", "restoring-")
HELD = ".held"
YOUNG = 60  # seconds in which a folder may not have its lock yet


@contextmanager
def own_room(prefix: str, folder: Path) -> Iterator[Path]:
    """A folder of one's own in `folder`, gone at the end. Clear the folder before you look whether there is room in it."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder) as name, (Path(name) / HELD).open("x") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Path(name)


def left_behind(folder: Path) -> list[Path]:
    """Rooms in which nobody works any more."""
    return [path for prefix in PREFIXES for path in folder.glob(f"{prefix}*") if path.is_dir() and not _is_held(path)]


def clear(folder: Path) -> int:
    """Take them away. Returns how many there were."""
    found = left_behind(folder)
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    return len(found)


def _is_held(room: Path) -> bool:
    try:
        with (room / HELD).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no lock yet, or no more
        try:
            return time.time() - room.stat().st_mtime < YOUNG
        except FileNotFoundError:
            return True  # gone meanwhile
    return False
