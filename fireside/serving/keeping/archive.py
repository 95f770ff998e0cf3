"""The archive itself: written in one stream, read with every sum checked."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from fireside.lib.errors import Refused
from fireside.lib.terminal import REASONS
from fireside.serving.keeping import DUMP, FOLDERS, SECRET, SQLITE

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 1 << 20
Told = Callable[[int], Any]


def pieces(source: BinaryIO) -> Iterable[bytes]:
    return iter(lambda: source.read(PIECE), b"")


class Archive:
    """Being written. What was put in is known by its size and sum."""

    def __init__(self, out: BinaryIO, told: Told) -> None:
        self.zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self.told = told
        self.entries: dict[str, dict[str, Any]] = {}

    def put(self, name: str, parts: Iterable[bytes]) -> None:
        size, total = 0, hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as into:
            for part in parts:
                into.write(part)
                total.update(part)
                size += len(part)
                self.told(len(part))
        self.entries[name] = {"name": name, "size": size, "sha256": total.hexdigest()}

    def finish(self, facts: dict[str, Any]) -> None:
        """The manifest comes last: an archive that broke off has none."""
        body = {"format": FORMAT, **facts, "entries": list(self.entries.values())}
        self.zip.writestr(MANIFEST, json.dumps(body, ensure_ascii=False, indent=1))
        self.zip.close()


def read_manifest(path: Path) -> dict[str, Any]:
    """What an archive says of itself; refused where it cannot be one."""
    try:
        with zipfile.ZipFile(path) as opened:
            body = json.loads(opened.read(MANIFEST))
        if body["format"] > FORMAT:
            raise Refused(
                "too_new", _("%(name)s was made by a newer Fireside. Upgrade this house first, then restore.") % {"name": path.name}
            )
        names = [entry["name"] for entry in body["entries"]]
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError):
        raise broken(path) from None
    except OSError as wrong:
        words = _("%(path)s cannot be read: %(why)s.") % {"path": path, "why": reason(wrong)}
        raise Refused("not_readable", words) from None
    if not all(map(_ours, names)) or len({*names} & {SQLITE, DUMP}) != 1:
        raise broken(path)
    return dict(body)


def unpack(path: Path, manifest: dict[str, Any], into: Path, told: Told) -> None:
    """Lay every entry into a folder. Refused at the first that is not as large or does not add up as the manifest says."""
    with zipfile.ZipFile(path) as opened:
        for entry in manifest["entries"]:
            place = into / entry["name"]
            place.parent.mkdir(parents=True, exist_ok=True)
            total = hashlib.sha256()
            try:
                with opened.open(entry["name"]) as source, place.open("xb") as out:
                    for part in pieces(source):  # type: ignore[arg-type]
                        out.write(part)
                        total.update(part)
                        told(len(part))
            except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, FileExistsError):
                raise broken(path, entry["name"]) from None
            if (place.stat().st_size, total.hexdigest()) != (entry["size"], entry["sha256"]):
                raise broken(path, entry["name"])


def broken(path: Path, part: str = "") -> Refused:
    if part:
        words = _("%(name)s is damaged: %(part)s is not what was put in. Take another archive; this house is as it was.")
        return Refused("archive_damaged", words % {"name": path.name, "part": part})
    words = _("%(name)s is no archive of Fireside, or only the beginning of one. Take another; this house is as it was.")
    return Refused("no_archive", words % {"name": path.name})


def reason(wrong: OSError) -> str:
    """What the system says, in the reader's language where we have its words."""
    return _(REASONS[wrong.errno]) if wrong.errno in REASONS else str(wrong.strerror or wrong)


def _ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if name in {SQLITE, DUMP, SECRET}:
        return True
    return len(parts) > 1 and parts[0] in FOLDERS and ".." not in parts and "\\" not in name and "/".join(parts) == name
