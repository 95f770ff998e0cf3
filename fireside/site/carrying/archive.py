"""Reading an archive of a community: everything it says of itself is checked before anything of it is believed."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.db import connection
from django.utils.translation import gettext as _

from fireside.lib.errors import Refused
from fireside.site.carrying import FORMAT, MANIFEST, VERSION
from fireside.site.carrying.out import PIECE, Told
from fireside.site.carrying.things import Thing, readers, things

LONGEST = 64 << 20  # bytes of one line: longer than any post
# What reading a damaged archive raises; NotImplementedError is zipfile’s, for a packing that it does not know.
TROUBLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, NotImplementedError, RuntimeError)


class Box:
    """An archive that is open: a .zip or a folder. `manifest` has been read, nothing else."""

    def __init__(self, path: Path, inside: Any) -> None:
        self.path, self._inside = path, inside
        self.raw = self._whole(MANIFEST)
        self.manifest: dict[str, Any] = json.loads(self.raw)
        self.seal = hashlib.sha256(self.raw).hexdigest()

    def open(self, name: str) -> BinaryIO:
        if isinstance(self._inside, zipfile.ZipFile):
            return self._inside.open(name)  # type: ignore[return-value]
        place = self._inside / name
        if place.is_symlink():
            raise ValueError(name)
        return place.open("rb")  # type: ignore[no-any-return]

    def _whole(self, name: str) -> bytes:
        with self.open(name) as source:
            return source.read(LONGEST)

    def lines(self, entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
        with self.open(f"{entry['name']}.jsonl") as source:
            while line := source.readline(LONGEST):
                yield json.loads(line)


def is_one(path: Path) -> bool:
    """Does this look like an archive of a community, whole or not?"""
    if path.is_dir():
        return (path / MANIFEST).is_file()
    try:
        with zipfile.ZipFile(path) as opened:
            return MANIFEST in opened.namelist()
    except (OSError, *TROUBLE):
        return False


@contextmanager
def opened(path: Path) -> Iterator[Box]:
    """The archive at this path, if it is one that this house understands."""
    try:
        inside: Any = path if path.is_dir() else zipfile.ZipFile(path)
        box = Box(path, inside)
        if box.manifest["format"] != FORMAT:
            raise ValueError(box.manifest["format"])
        version = int(box.manifest["version"])
    except FileNotFoundError as wrong:
        if not path.exists():
            raise Refused("no_such_path", _("There is nothing at %(path)s.") % {"path": path}) from wrong
        raise broken(path) from None
    except (OSError, *TROUBLE):
        raise broken(path) from None
    try:
        if version > VERSION:
            raise Refused(
                "too_new", _("%(name)s was written by a newer Fireside. Upgrade this house, then bring it in.") % {"name": path.name}
            )
        yield box
    finally:
        if isinstance(inside, zipfile.ZipFile):
            inside.close()


def checked(box: Box, told: Told) -> list[tuple[Thing, dict[str, Any]]]:
    """Every line and every file read once and found as the manifest says; what there is to bring in."""
    known = {one.table: one for one in things(private=True)}
    found = []
    part = MANIFEST
    try:
        entries, files = box.manifest["things"], box.manifest["files"]
        told.total(2 * sum(one["rows"] for one in entries) + 2 * len(files))
        told.step(_("Checking the archive"))
        for entry in entries:
            part = f"{entry['name']}.jsonl"
            thing = known.get(entry["table"])
            if thing is None or not set(entry["fields"]) <= set(thing.named()) or thing.name != entry["name"]:
                words = _(
                    "%(name)s holds something that this house does not know (%(what)s). It was written by a newer Fireside: upgrade this house, then bring it in."
                )
                raise Refused("too_new", words % {"name": box.path.name, "what": entry["name"]})  # fmt: skip
            _see(box, part, entry)
            _read_through(box, thing, entry, told)
            found.append((thing, entry))
        for entry in files:
            part = entry["name"]
            if not _ours(part):
                raise ValueError(part)
            _see(box, part, entry)
            told.advance()
    except OSError:
        raise broken(box.path, part) from None
    except TROUBLE:
        raise broken(box.path, part) from None
    return found


def _see(box: Box, name: str, entry: dict[str, Any]) -> None:
    size, total = 0, hashlib.sha256()
    with box.open(name) as source:
        while piece := source.read(PIECE):
            size += len(piece)
            total.update(piece)
    if (size, total.hexdigest()) != (entry["size"], entry["sha256"]):
        raise ValueError(name)


def _read_through(box: Box, thing: Thing, entry: dict[str, Any], told: Told) -> None:
    read = {field.attname: how for field, how in readers(thing, connection)}
    fields, count = set(entry["fields"]), 0
    for row in box.lines(entry):
        if row.keys() != fields:
            raise ValueError(entry["name"])
        for name, value in row.items():
            read[name](value)
        count += 1
        if count % 1000 == 0:
            told.advance(1000)
    told.advance(count % 1000)
    if count != entry["rows"]:
        raise ValueError(entry["name"])


def _ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    room = parts[0] if len(parts) > 1 else ""
    inside = ".." not in parts and "\\" not in name and "/".join(parts) == name
    return inside and (room in {"files", "imports"} or room.startswith("files-"))


def broken(path: Path, part: str = "") -> Refused:
    if part:
        words = _("%(name)s is damaged: %(part)s is not what was written. Take another archive; nothing was brought in.")
        return Refused("archive_damaged", words % {"name": path.name, "part": part})
    words = _("%(name)s is no community that Fireside wrote out, or only the beginning of one. Nothing was brought in.")
    return Refused("no_archive", words % {"name": path.name})
