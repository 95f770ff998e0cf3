"""Records on SQLite: a copy by its own backup, while people write; and one file put in place of another in one step."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from fireside.lib.errors import Refused

STEP = 2048  # pages between two looks at the bar


def copy(into: Path, told: Callable[[int, int], Any]) -> dict[str, Any]:
    """The records as they are at this moment. Returns what the copy holds."""
    with closing(sqlite3.connect(_name(), isolation_level=None, timeout=20)) as source, closing(sqlite3.connect(into)) as target:
        source.execute("BEGIN")
        source.execute(
            "SELECT count(*) FROM sqlite_master"
        ).fetchone()  # from here on we read one moment, and no writer makes us begin again
        size = source.execute("PRAGMA page_size").fetchone()[0]
        source.backup(target, pages=STEP, progress=lambda _state, left, total: told((total - left) * size, total * size), sleep=0.05)
        target.execute("PRAGMA journal_mode=DELETE")
        if damage := damage_of(target):
            raise Refused(
                "records_damaged", _("The database is damaged: %(what)s. `fireside doctor` says what can be done.") % {"what": damage}
            )
        names = [name for (name,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        return {
            "engine": "sqlite",
            "server": sqlite3.sqlite_version,
            "migrations": target.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall(),
            "tables": {one: target.execute(f'SELECT count(*) FROM "{one}"').fetchone()[0] for one in sorted(names)},  # noqa: S608
        }


def damage_of(opened: sqlite3.Connection, look: str = "quick_check") -> str:
    """The first thing that SQLite finds wrong with its file, or ""."""
    try:
        found = str(opened.execute(f"PRAGMA {look}(1)").fetchone()[0])
    except sqlite3.DatabaseError as wrong:
        return str(wrong)
    return "" if found == "ok" else found


def size() -> int:
    return sum(path.stat().st_size for end in ("", "-wal") if (path := Path(_name() + end)).exists())


@contextmanager
def alone() -> Iterator[None]:
    """While it lasts nobody else has the records open; refused when somebody has."""
    connection.close()
    name = Path(_name())
    if not name.exists():
        yield
        return
    with closing(sqlite3.connect(name, isolation_level=None, timeout=1)) as held:
        try:
            held.execute("PRAGMA journal_mode=DELETE")  # needs the file for itself, and leaves the records in one file
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise Refused(
                "house_open", _("The house is open. Close it (Ctrl-C, or stop its service and its workers), then restore.")
            ) from None
        except sqlite3.DatabaseError:
            pass  # no database at all, or a damaged one: nobody can be using it
        yield


def put_in(new: Path, before: Path, finish: Callable[[], None]) -> None:
    """Bring the new records up to date where they lie, then put them in place of the old by one rename."""
    name, entry = Path(_name()), connection.settings_dict
    entry["NAME"] = str(new)
    try:
        finish()
    finally:
        connection.close()
        entry["NAME"] = str(name)
    with closing(sqlite3.connect(new, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode=DELETE")
        if damage := damage_of(made):
            raise Refused(
                "records_damaged", _("The database in the archive is damaged: %(what)s. This house is as it was.") % {"what": damage}
            )
    with new.open("rb") as written:
        os.fsync(written.fileno())
    if name.exists():
        before.mkdir(parents=True, exist_ok=True)
        for end in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                _link(Path(f"{name}{end}"), before / f"{name.name}{end}")
    new.replace(name)
    for end in ("-wal", "-shm"):
        Path(f"{name}{end}").unlink(missing_ok=True)


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without second names
        shutil.copy2(old, new)


def _name() -> str:
    return str(connection.settings_dict["NAME"])
