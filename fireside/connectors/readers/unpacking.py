"""Unpacking what was uploaded, safely: no way out of the folder, no links, no bombs; only the files that are asked for."""

import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from fireside.connectors.rules.records import Unusable

FILES_LIMIT = 2_000_000
BYTES_LIMIT = 60 * 1024**3
RATIO_LIMIT = 200  # unpacked to packed; JSON packs 5 to 15 times, a bomb a thousand times and more
_FREE = 100 * 1024**2  # no ratio is asked below this size

Wanted = Callable[[str], bool]
# What the standard library raises for an archive that is cut off or packed in a way it does not know (zipfile: NotImplementedError)
# or encrypted (zipfile: RuntimeError), or whose bytes are damaged (zipfile lets its unpackers' own errors through).
DAMAGED = (EOFError, OSError, tarfile.TarError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, lzma.LZMAError)


def is_packed(path: Path) -> bool:
    return path.is_file() and (_begins_a_zip(path) or zipfile.is_zipfile(path) or _is_tar(path))


def unpack(path: Path, into: Path, wanted: Wanted) -> int:
    """Unpack the wanted files of a zip or tar (packed or not). Unusable("unsafe_archive" | "bomb" | "cut_off") leaves nothing to trust."""
    into.mkdir(parents=True, exist_ok=True)
    packed = max(path.stat().st_size, 1)
    written = files = 0
    try:
        for name, stream in members(path):
            if not wanted(name):
                continue
            files += 1
            target = _inside(into, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                while piece := stream.read(1024 * 1024):
                    written += len(piece)
                    if written > BYTES_LIMIT or files > FILES_LIMIT or (written > _FREE and written / packed > RATIO_LIMIT):
                        raise Unusable("bomb")
                    out.write(piece)
    except DAMAGED as wrong:
        raise Unusable("cut_off") from wrong
    return files


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Plain files only: folders, links and devices are passed over."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as box:
            for entry in box.infolist():
                if not entry.is_dir() and (entry.external_attr >> 28) != 0xA:  # not a symbolic link
                    _inside(Path("."), entry.filename)
                    with box.open(entry) as stream:
                        yield entry.filename, stream
        return
    with tarfile.open(path, "r|*") as tape:
        for member in tape:
            if member.isreg():
                _inside(Path("."), member.name)
                content = tape.extractfile(member)
                if content is not None:
                    yield member.name, content


def _inside(folder: Path, name: str) -> Path:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or any(ord(sign) < 32 for sign in name):
        raise Unusable("unsafe_archive")
    if any(len(part.encode("utf-8", "surrogateescape")) > 250 for part in parts):
        raise Unusable("unsafe_archive")
    target = folder.joinpath(*parts)
    if os.path.commonpath([os.path.abspath(folder), os.path.abspath(target)]) != os.path.abspath(folder):
        raise Unusable("unsafe_archive")
    return target


def _begins_a_zip(path: Path) -> bool:
    """The table of a zip stands at its end: one that was cut off in transfer is known by its beginning alone."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _is_tar(path: Path) -> bool:
    try:
        return tarfile.is_tarfile(path)
    except (EOFError, OSError):
        return False
