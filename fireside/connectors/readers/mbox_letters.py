"""The letters of an mbox file, packed or not, one after the other as their bytes."""

import re
from collections.abc import Iterator
from pathlib import Path

from fireside.connectors.readers.packed import DAMAGED, open_packed
from fireside.connectors.rules.mail import without_addresses
from fireside.connectors.rules.records import Found, readable

LETTER_LIMIT = 25 * 1024 * 1024  # with what is attached
_BEGIN = re.compile(rb"From (?:\S+|\S+ at \S+)\s.*\b\d{1,2}:\d\d\b")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:")


def letters(path: Path) -> Iterator[Found]:
    """Every letter as (its first line, its bytes), or why there is none. It begins at `From ` below an empty line and above a header."""
    place, number, began, size = path.name, 0, 0, 0
    first, held, lines, empty = b"", b"", list[bytes](), True
    try:
        with open_packed(path) as file:
            while line := file.readline(1024 * 1024):
                number += 1
                if held and _HEADER.match(line):
                    if began:
                        yield _letter(f"{place}:{began}", first, lines, size)
                    first, lines, size, began = held, [], 0, number - 1
                elif held:
                    lines.append(held)
                held = line if empty and _BEGIN.match(line) else b""
                if began and not held:
                    size += len(line)
                    if size <= LETTER_LIMIT:
                        lines.append(line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line)
                empty = not line.strip()
    except DAMAGED:  # inside the last letter: nobody knows what else it said
        yield Found(f"{place}:{began or 1}", None, "cut_off", head_of(b"".join(lines)))
        return
    if began:
        yield _letter(f"{place}:{began}", first, [*lines, held], size)


def _letter(place: str, first: bytes, lines: list[bytes], size: int) -> Found:
    raw = b"".join(lines)
    if size > LETTER_LIMIT:
        return Found(place, None, "too_long", head_of(raw))
    return Found(place, (first.decode("utf-8", "replace").strip(), raw))


def head_of(raw: bytes) -> str:
    """What is written down of a letter that stays out: the beginning of its head, and nobody's address."""
    head = [line for line in raw[: 40 * 1024].splitlines(keepends=True)[:40] if _HEADER.match(line)]
    return without_addresses(readable(b"".join(head)[:2000]))


def is_mbox(path: Path) -> bool:
    try:
        with open_packed(path) as file:
            lines = file.read1(8192).lstrip().split(b"\n", 2)
    except (OSError, *DAMAGED):
        return False
    return len(lines) > 1 and _BEGIN.match(lines[0]) is not None and _HEADER.match(lines[1]) is not None
