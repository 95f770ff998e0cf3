"""Writing a community out: its rows as they are at one moment, its files, and last the manifest that says what all of it adds up to."""

import hashlib
import json
import os
import shutil
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from fireside import __version__
from fireside.activity.models import Bookmark
from fireside.activity.reactions import places_by_id
from fireside.conversation.queries.privately import places_of_private_files
from fireside.lib.errors import Refused
from fireside.members.queries import get_community
from fireside.site.carrying import FORMAT, MANIFEST, README, VERSION
from fireside.site.carrying.moment import ALIAS, one_moment
from fireside.site.carrying.things import Thing, left_behind, line_of, things

PIECE, ROWS = 1 << 20, 2000
ABOUT = """This is everything of a community, as a house of Fireside wrote it out: docs/exporting.md describes its form.
Each .jsonl file holds one kind of thing, one row a line. `files` holds what members gave. `manifest.json` says what should be here.
It brings the community into an empty house:   fireside import fireside THIS
"""


class Told(Protocol):
    """Who is told how far it is. `advance` may raise, and then nothing of the archive stays."""

    def total(self, n: int | None) -> None: ...
    def step(self, words: Any) -> None: ...
    def advance(self, n: int = 1) -> None: ...


def write_out(target: Path, *, now: datetime, told: Told, private: bool = False) -> dict[str, Any]:
    """The community in `target`: one archive where it ends in .zip, else a folder that is not there yet. Returns its manifest.
    Private conversations stay at home unless `private`.

    What breaks off leaves nothing: the archive gets its name when it is whole.
    """
    community = get_community()
    if community is None:
        raise Refused("nothing_to_carry", _("There is no community in this house that could be taken out."))
    if target.exists():
        raise Refused("in_the_way", _("%(path)s is there already. Name another file or folder.") % {"path": target})
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    clear(part)
    try:
        with _Zip(part) if target.suffix.lower() == ".zip" else _Folder(part) as box, one_moment() as line:
            box.put(README, [ABOUT.encode()])
            told.step(_("Counting"))
            counts = [(one, one.travelling(ALIAS).count()) for one in things(private=private)]
            stay = set[str]() if private else places_of_private_files(ALIAS)
            known = {name: one for name, one in kept_files().items() if not _lies_in(name, stay)}
            told.total(sum(count for _one, count in counts) + len(known))
            told.step(_("Files"))
            files = [_file(box, name, told) for name in sorted(known)]
            told.step(_("Records"))
            rows = [_thing(box, one, line, told) for one, _count in counts]
            told.step(_("Files"))
            came = sorted(name for name in kept_files().keys() - known.keys() if not _lies_in(name, stay))
            files += [_file(box, name, told) for name in came]
            manifest = {
                "format": FORMAT, "version": VERSION, "fireside": __version__, "made_at": now.isoformat(timespec="seconds"),
                "community": community.name, "things": rows, "files": sorted((one for one in files if one), key=lambda one: one["name"]),
                "left_behind": left_behind(private=private),
            }  # fmt: skip
            box.put(MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1).encode()])
        os.replace(part, target)
    except BaseException:
        clear(part)
        raise
    return manifest


def clear(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part, ignore_errors=True)
    part.unlink(missing_ok=True)


def _thing(box: "_Box", thing: Thing, line: Any, told: Told) -> dict[str, Any]:
    """All rows of one kind, in the order of their ids."""
    key = thing.model._meta.pk
    assert key is not None
    rows = thing.travelling(ALIAS).order_by(key.attname).values_list(*thing.named()).iterator(chunk_size=ROWS)
    lines = map(_bookmarks(thing), rows) if thing.model is Bookmark else rows
    count = 0

    def pieces() -> Iterator[bytes]:
        nonlocal count
        while some := list(islice(lines, ROWS)):
            count += len(some)
            yield b"".join(line_of(thing, row) for row in some)
            told.advance(len(some))

    entry = box.put(thing.file, pieces())
    return {"name": thing.name, "table": thing.table, "fields": thing.named(), "rows": count, "next_id": _next_id(thing, line), **entry}


def _bookmarks(thing: Thing) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """PostgreSQL reads the log by transactions, another house by ids: its place there is before the first line that was not read."""
    place, pk = thing.named().index("position"), thing.named().index("id")
    places = places_by_id(ALIAS)
    return lambda row: tuple(places[row[pk]] if n == place else value for n, value in enumerate(row))


def _next_id(thing: Thing, line: Any) -> int | None:
    """The id that the next row would get: one that was given once is never given again."""
    key = thing.model._meta.pk
    if not isinstance(key, models.AutoField):
        return None
    table = thing.model._meta.db_table
    with line.cursor() as cursor:
        if line.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            return int(found[0]) + 1 if found else 1
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', key.column])
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM {cursor.fetchone()[0]}")  # noqa: S608
        return int(cursor.fetchone()[0])


def kept_files() -> dict[str, Any]:
    """Every file that the community has, by its name in the archive, with how it is opened. Whatever storage it lies in."""
    found: dict[str, Any] = {}
    for alias in settings.STORAGES:
        if alias != "staticfiles":
            room = "files" if alias == "default" else f"files-{alias}"
            found |= {f"{room}/{name}": (alias, name) for name in _walk(storages[alias], "")}
    rejected = settings.DATA / "imports"  # what histories held that could not be used, of each run; not the histories themselves
    for path in sorted(rejected.glob("[0-9]*/*")) if rejected.is_dir() else ():
        if path.is_file():
            found[path.relative_to(settings.DATA).as_posix()] = ("", path)
    return found


def _lies_in(name: str, places: set[str]) -> bool:
    """Whether a file of the storage lies in one of these places."""
    return bool(places) and not places.isdisjoint(_folders(name))


def _folders(name: str) -> Iterator[str]:
    parts = name.partition("/")[2].split("/")
    return ("/".join(parts[:n]) for n in range(1, len(parts) + 1))


def _walk(storage: Any, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        if not name.endswith(".part"):
            yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from _walk(storage, f"{folder}/{name}" if folder else name)


def _file(box: "_Box", name: str, told: Told) -> dict[str, Any] | None:
    alias, place = kept_place(name)
    try:
        source: Any = storages[alias].open(place) if alias else open(settings.DATA / name, "rb")  # noqa: SIM115
    except FileNotFoundError:
        return None  # taken away meanwhile
    with source:
        entry = box.put(name, iter(lambda: source.read(PIECE), b""))
    told.advance()
    return {"name": name, **entry}


def kept_place(name: str) -> tuple[str, str]:
    """In which storage a file of an archive lies, and under which name there; "" is the data folder."""
    room, _slash, rest = name.partition("/")
    if room == "imports":
        return "", name
    return ("default" if room == "files" else room.removeprefix("files-")), rest


class _Box(Protocol):
    def put(self, name: str, parts: Iterable[bytes]) -> dict[str, Any]: ...


class _Summed(ABC):
    """What was put in is known by its size and its SHA-256."""

    def put(self, name: str, parts: Iterable[bytes]) -> dict[str, Any]:
        size, total = 0, hashlib.sha256()
        with self.entry(name) as into:
            for part in parts:
                into.write(part)
                total.update(part)
                size += len(part)
        return {"size": size, "sha256": total.hexdigest()}

    @abstractmethod
    def entry(self, name: str) -> Any: ...


class _Zip(_Summed):
    def __init__(self, path: Path) -> None:
        self.out = open(path, "xb", opener=lambda place, flags: os.open(place, flags, 0o600))  # noqa: SIM115
        self.zip = zipfile.ZipFile(self.out, "w", zipfile.ZIP_DEFLATED, compresslevel=3)

    def entry(self, name: str) -> Any:
        return self.zip.open(name, "w", force_zip64=True)

    def __enter__(self) -> "_Zip":
        return self

    def __exit__(self, wrong: Any, *_more: object) -> None:
        try:
            with suppress(ValueError) if wrong else nullcontext():  # broken off in the middle of an entry
                self.zip.close()
            self.out.flush()
            os.fsync(self.out.fileno())
        finally:
            self.out.close()


class _Folder(_Summed):
    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(mode=0o700)

    @contextmanager
    def entry(self, name: str) -> Iterator[Any]:
        place = self.path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as out:
            yield out

    def __enter__(self) -> "_Folder":
        return self

    def __exit__(self, *_wrong: object) -> None:
        pass
