"""Tables of a PostgreSQL dump in plain text (`COPY posts (id, …) FROM stdin;`), read row by row; no PostgreSQL is needed."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from fireside.connectors.readers.lines import numbered_lines
from fireside.connectors.readers.packed import DAMAGED, open_packed
from fireside.connectors.rules.records import Found, readable

Row = dict[str, str | None]
_BEGIN = re.compile(rb'COPY (?:"?\w+"?\.)?"?(\w+)"? \(([^)]*)\) FROM stdin;')
_ESCAPED = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))", re.S)
_SIGNS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
HEAD = b"-- PostgreSQL database dump"


def copy_rows(path: Path, wanted: Collection[str]) -> Iterator[tuple[str, Found]]:
    """(table, row) of the tables that are wanted, in the order of the dump; a row that cannot be read says why. Null is None."""
    table, number = "", 0
    columns: tuple[str, ...] = ()
    try:
        with open_packed(path) as file:
            for number, line, whole in numbered_lines(file):
                if not table and not columns:
                    if begun := _BEGIN.match(line):
                        columns = tuple(name.strip().strip('"') for name in begun[2].decode("utf-8", "replace").split(","))
                        name = begun[1].decode("utf-8", "replace")
                        table = name if name in wanted else ""
                elif line.rstrip(b"\r\n") == b"\\.":
                    table, columns = "", ()
                elif table:
                    yield table, _row(f"{path.name}:{number}", line.rstrip(b"\r\n"), columns, whole)
    except DAMAGED:
        columns = ("",)
    if columns:  # it ends in the middle of a table, or of its packing
        yield table, Found(f"{path.name}:{number + 1}", None, "cut_off")


def is_dump(path: Path) -> bool:
    """Whether this file begins as a plain dump of PostgreSQL does."""
    try:
        with open_packed(path) as file:
            return HEAD in file.read1(2048)
    except (OSError, *DAMAGED):
        return False


def _row(place: str, line: bytes, columns: tuple[str, ...], whole: bool) -> Found:
    cells = line.split(b"\t")
    if not whole or len(cells) != len(columns):
        return Found(place, None, "wrong_width" if whole else "too_long", "")
    try:
        return Found(place, dict(zip(columns, map(_cell, cells), strict=True)))
    except UnicodeDecodeError:
        return Found(place, None, "bad_encoding", readable(line[:2000]))


def _cell(raw: bytes) -> str | None:
    if raw == b"\\N":
        return None
    return (_ESCAPED.sub(_plain, raw) if b"\\" in raw else raw).decode()


def _plain(found: "re.Match[bytes]") -> bytes:
    octal, hexadecimal, sign = found.groups()
    if octal is not None:
        return bytes([int(octal, 8) & 255])
    return bytes([int(hexadecimal, 16)]) if hexadecimal is not None else _SIGNS.get(sign, sign)
