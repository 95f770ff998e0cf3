"""`fireside backup`: while people write."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from fireside import __version__
from fireside.lib.errors import Refused
from fireside.serving.keeping import DUMP, FOLDERS, SECRET, SQLITE, postgres, sqlite
from fireside.serving.keeping.archive import Archive, pieces
from fireside.serving.keeping.rooms import clear, own_room

STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"fireside-(\d{8}T\d{6}Z)\.zip")
BEFORE = re.compile(r"before-restore-(\d{8}T\d{6}Z)")  # the house that a restore took the place of
Step = Callable[..., Callable[[int], Any]]


def back_up(folder: Path, *, now: datetime, step: Step, lapse: timedelta | None) -> dict[str, Any]:
    """One archive in `folder`. `step` is told what is done now and how many bytes that is, and gives what to tell each piece to."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / f"fireside-{now.strftime(STAMP)}.zip"
    clear(folder)
    _see_that_there_is_room(folder)
    with own_room(".backup-", folder) as room:
        part = room / whole.name
        with open(part, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
            archive = Archive(out, told=lambda _n: None)
            with closing(archive.zip):
                _put_files(archive, step)
                facts = _put_records(archive, room, step)
                _put_files(archive, step)  # what came meanwhile: nothing that the records name is missing
                archive.put(SECRET, [settings.SECRET_KEY.encode()])
                archive.finish({"fireside": __version__, "made_at": now.isoformat(timespec="seconds"), **facts})
            out.flush()
            os.fsync(out.fileno())
        part.replace(whole)
    sizes = {name: entry["size"] for name, entry in archive.entries.items()}
    return {
        "archive": str(whole), "bytes": whole.stat().st_size, "engine": facts["engine"], "rows": sum(facts["tables"].values()),
        "files": sum(name.partition("/")[0] in FOLDERS for name in sizes), "lapsed": lapse_older(folder, now - lapse) if lapse else 0,
    }  # fmt: skip


def _put_records(archive: Archive, room: Path, step: Step) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if connection.vendor == "postgresql":
        archive.told = step(_("Records"), 0)
        archive.put(DUMP, postgres.dump(facts))
        return facts
    copy, shown, told = room / SQLITE, 0, step(_("Records"), 2 * sqlite.size())

    def copied(done: int, _total: int) -> None:
        nonlocal shown
        told(done - shown)
        shown = done

    facts = sqlite.copy(copy, copied)
    archive.told = told
    with copy.open("rb") as source:
        archive.put(SQLITE, pieces(source))
    copy.unlink()
    return facts


def _put_files(archive: Archive, step: Step) -> None:
    found = [(name, path) for name, path in kept_files() if name not in archive.entries]
    if not found:
        return
    archive.told = step(_("Files"), sum(path.stat().st_size for _name, path in found if path.exists()))
    for name, path in found:
        try:
            source = path.open("rb")
        except FileNotFoundError:
            continue  # taken away meanwhile
        with source:
            archive.put(name, pieces(source))


def kept_files() -> Iterator[tuple[str, Path]]:
    """Every file that is kept, by its name in the archive. Not those being written, nor what was unpacked only to be read."""
    for folder in FOLDERS:
        for path in sorted((settings.DATA / folder).rglob("*")):
            name = path.relative_to(settings.DATA).as_posix()
            if path.is_file() and not path.is_symlink() and path.suffix != ".part" and not name.startswith("imports/unpacked-"):
                yield name, path


def _see_that_there_is_room(folder: Path) -> None:
    records = postgres.size() if connection.vendor == "postgresql" else 2 * sqlite.size()
    needs, free = records + sum(path.stat().st_size for _name, path in kept_files()), shutil.disk_usage(folder).free
    if needs > free:
        words = _(
            "There is too little room in %(folder)s: the archive may need %(needs)s MiB and %(free)s MiB are free. Name another folder."
        )
        raise Refused("no_room", words % {"folder": folder, "needs": (needs >> 20) + 1, "free": free >> 20})


def lapse_older(folder: Path, before: datetime, pattern: re.Pattern[str] = NAME) -> int:
    """Archives of this folder whose days are over, by their names; or with another `pattern` what is called so."""
    gone = 0
    for path in folder.iterdir():
        if (made := pattern.fullmatch(path.name)) and datetime.strptime(made[1], STAMP).replace(tzinfo=UTC) < before:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            gone += 1
    return gone
