"""Rooms of Gitter as tables: one message a row, separated by tabs; one file, or one for each room."""

import codecs
import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Archive, Known, Person, Stream
from fireside.connectors.readers.csv_rows import csv_rows
from fireside.connectors.readers.packed import DAMAGED, open_packed
from fireside.connectors.rules.gitter import COLUMNS, read_row
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found, Unusable, cut_id, has_bad_characters, storable
from fireside.lib.text import one_line

WANTED = re.compile(r"(^|/)[^/]+\.tsv(\.gz)?$")
_ENDINGS = (".tsv", ".tsv.gz")
_START = 64 * 1024


class Rooms(Archive):
    """The table, or all tables of a folder. A room is known by its id, people by theirs; handles are their names."""

    form = "tsv"
    named_topics = False

    def __init__(self, paths: list[Path]) -> None:
        self.paths, self.known = paths, Known()
        self._addresses: dict[str, str] = {}  # room -> owner/name

    def files(self) -> list[Path]:
        return self.paths

    def read(self, value: Any, now: datetime) -> Message:
        return read_row(value, now=now)

    def messages(self) -> Iterator[Found]:
        for path in self.paths:
            yield from self._rows(path)
        self._name_rooms()

    def _rows(self, path: Path) -> Iterator[Found]:
        head: tuple[str, ...] = ()
        with open_packed(path) as file:
            text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
            for found in csv_rows(path.name, text, "\t", _narrow):
                if found.reason:
                    yield found
                elif not head and (head := _head(found.value)) and _names_columns(found.value):
                    continue
                elif len(found.value) > len(head):
                    yield Found(found.place, None, "wrong_width", found.raw)
                else:
                    row = dict(zip(head, found.value, strict=False))
                    self._note(row)
                    yield Found(found.place, row, "", found.raw)

    def _note(self, row: dict[str, str]) -> None:
        room, person = cut_id(row.get("room_id", "").strip(), 160), cut_id(row.get("from_userid", "").strip())
        if room and room not in self._addresses and not has_bad_characters(room):
            self._addresses[room] = one_line(storable(row.get("room_uri", ""))) or room
            self.known.streams[room] = Stream(room, self._addresses[room])
        if person and person not in self.known.people:
            self.known.people[person] = Person(person, one_line(storable(row.get("from_username", ""))) or person)

    def _name_rooms(self) -> None:
        """The owner's name stands before each room; where all have one owner, it says nothing."""
        if len({one.partition("/")[0] for one in self._addresses.values()}) == 1:
            for room, address in self._addresses.items():
                self.known.streams[room].name = address.partition("/")[2] or address


def _names_columns(row: list[str]) -> bool:
    return {"room_id", "message_id", "sent_at"} <= {cell.strip().casefold() for cell in row}


def _head(row: list[str]) -> tuple[str, ...]:
    """What the columns are. Tables without a head have the usual seven."""
    return tuple(cell.strip().casefold() for cell in row) if _names_columns(row) else COLUMNS


def _narrow(row: list[str]) -> set[int]:
    """Columns that never hold a line break: all but words."""
    return {column for column, word in enumerate(_head(row)) if word != "text"}


def open_archive(path: Path) -> Archive:
    """Unusable("not_gitter") when there is no such table."""
    if path.is_file():
        found = [path] if path.name.endswith(_ENDINGS) else []
    elif path.is_dir():
        found = sorted(one for one in path.rglob("*") if one.name.endswith(_ENDINGS) and one.is_file() and not one.is_symlink())
    else:
        raise Unusable("no_such_path")
    if not found or not all(_is_table(one) for one in found[:3]):
        raise Unusable("not_gitter")
    return Rooms(found)


def _is_table(path: Path) -> bool:
    """Its first line names the columns, or has a time where the third one is."""
    try:
        with open_packed(path) as file:
            line = file.readline(_START).removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").rstrip("\r\n").split("\t")
    except (OSError, *DAMAGED):
        return False
    return _names_columns(line) or (len(line) == len(COLUMNS) and re.match(r'"?\d{4}-\d\d-\d\dT', line[2]) is not None)
