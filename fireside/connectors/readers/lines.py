"""Lines of a text file, packed or not, with their numbers; a monstrous line costs no memory."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from fireside.connectors.rules.records import Found, readable

LINE_LIMIT = 4 * 1024 * 1024
_CHUNK = 256 * 1024


def open_packed(path: Path) -> BinaryIO:
    """The file's bytes, unpacked when it is gzip (told by its first two bytes, not by its name)."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path, "rb")) if packed else path.open("rb")


def numbered_lines(file: BinaryIO, limit: int = LINE_LIMIT) -> Iterator[tuple[int, bytes, bool]]:
    """(number, line, whole): a line beyond the limit is skipped in pieces and comes as its first kilobytes with whole = False."""
    number = 0
    while line := file.readline(limit + 1):
        number += 1
        if len(line) > limit and not line.endswith(b"\n"):
            start = line[:_CHUNK]
            del line
            while (rest := file.readline(_CHUNK)) and not rest.endswith(b"\n"):
                pass
            yield number, start, False
        else:
            yield number, line, True


def json_lines(path: Path) -> Iterator[Found]:
    """Every line that is not blank: its JSON value, or why there is none. A file cut off in its packing ends with that reason."""
    name = path.name
    number = 0
    try:
        with open_packed(path) as file:
            for number, line, whole in numbered_lines(file):
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if not whole:
                    yield Found(f"{name}:{number}", None, "too_long", readable(line))
                elif line := line.strip():
                    yield json_record(f"{name}:{number}", line)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        yield Found(f"{name}:{number + 1}", None, "cut_off")


def json_record(place: str, line: bytes) -> Found:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return Found(place, None, "bad_encoding", readable(line))
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return Found(place, None, "bad_json", readable(line))
    return Found(place, value, "", text)


def _no_constant(word: str) -> object:
    raise ValueError(word)  # NaN and Infinity are no JSON


_DECODER = json.JSONDecoder(parse_constant=_no_constant)  # one for all: to make one costs more than to read a line with it
