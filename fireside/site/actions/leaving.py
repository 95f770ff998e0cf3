"""The sample's files follow its rows: written down with the removal, so that a kill between the two leaves nothing behind for good."""

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError

from fireside.site.models import Leaving

FOLDERS = ("files", "mirror", "imports")


def note_leaving() -> None:
    """In the transaction of the removal, at its end."""
    with tempfile.NamedTemporaryFile(dir=settings.DATA) as now:
        Leaving.objects.create(until=os.fstat(now.fileno()).st_ctime_ns)


def finish_leaving() -> bool:
    """Remove what a removed sample has left. Returns whether there was anything to see to; again and again does no harm."""
    note = Leaving.objects.order_by("pk").last()
    if note is None:
        return False
    if not empty_folders(note.until):
        Leaving.objects.filter(pk__lte=note.pk).delete()  # else the next round tries what would not go
    return True


def empty_folders(until: int | None = None) -> int:
    """Files that belonged to the rows: pictures, the mirror, uploads. Only inside the data folder. Returns how many would not go.

    `until`: only what was there then. By the moment in which the file system made it so, which no copy or unpacking sets back.
    """
    data, stayed = Path(settings.DATA).resolve(), 0
    for folder in {Path(settings.MEDIA_ROOT), Path(settings.MIRROR), *(data / name for name in FOLDERS)}:
        found = folder.resolve()
        if found != data and found.is_relative_to(data) and found.is_dir():
            stayed += _empty(str(found), until)
    for name in settings.CACHES:
        with suppress(DatabaseError):  # a cache in the database has no table before the house has been opened once: nothing to clear
            caches[name].clear()
    return stayed


def _empty(room: str, until: int | None) -> int:
    stayed = 0
    for folder, folders, files in os.walk(room, topdown=False):
        for path in (os.path.join(folder, one) for one in folders + files):
            try:
                found = os.lstat(path)
                if stat.S_ISDIR(found.st_mode):
                    os.rmdir(path)
                elif until is None or found.st_ctime_ns <= until:
                    os.unlink(path)
            except FileNotFoundError:
                continue  # somebody else does the same
            except OSError as wrong:
                stayed += wrong.errno != errno.ENOTEMPTY  # what is in it was counted, or is somebody else's
    return stayed
