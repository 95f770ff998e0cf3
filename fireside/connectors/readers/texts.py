"""Text files of chats as a stream of characters, packed or not, in whatever encoding their program wrote."""

import codecs
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from fireside.connectors.readers.packed import DAMAGED, open_packed, pieces
from fireside.connectors.readers.tables import beginning, encoding_of
from fireside.connectors.rules.records import Unusable

BROKEN = (*DAMAGED, UnicodeError)  # the file ends inside its packing, or inside a character


def open_text(path: Path, *, newline: str | None = "") -> io.TextIOWrapper:
    """UTF-8 and UTF-16, each with or without its mark, GB18030 and Big5. Unusable("doubtful_encoding") when it cannot be told."""
    encoding = encoding_of(beginning(path))
    return io.TextIOWrapper(open_packed(path), encoding, errors="surrogateescape", newline=newline)


def characters(path: Path) -> Iterator[str]:
    """The same in pieces, as far as it can be read."""
    with open_packed(path) as file:
        yield from pieces(file, encoding_of(beginning(path)))


def decoded(start: bytes) -> str:
    """The beginning of a file as characters, as far as they can be read."""
    try:
        return codecs.getincrementaldecoder(encoding_of(start))("replace").decode(start).removeprefix("\ufeff")
    except Unusable:
        return ""


def first_characters(path: Path, count: int) -> str:
    """How it begins; "" when that cannot be read."""
    start = ""
    with suppress(OSError, ValueError):
        for piece in characters(path):
            start += piece
            if len(start) >= count:
                break
    return start[:count].removeprefix("\ufeff")


def files_in(path: Path, wanted: re.Pattern[str], ours: Callable[[Path], bool]) -> list[Path]:
    """The file itself, or those of a folder and below that are `ours`, by name. Unusable("no_such_path") when there is neither."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise Unusable("no_such_path")
    return sorted(one for one in path.rglob("*") if wanted.search(one.name) and one.is_file() and not one.is_symlink() and ours(one))
