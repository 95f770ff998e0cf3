"""Lines of a text file, packed or not, with their numbers; a monstrous line costs no memory."""

import codecs
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from fireside.connectors.readers.packed import DAMAGED, open_packed
from fireside.connectors.rules.records import Found, readable

LINE_LIMIT = 4 * 1024 * 1024
_CHUNK = 256 * 1024


class Readable(Protocol):
    def readline(self, limit: int, /) -> bytes: ...


class _Recoded:
    """A file in UTF-16, as many programs on Windows write it, read as lines of UTF-8."""

    def __init__(self, file: io.BufferedReader, encoding: str) -> None:
        self._text = io.TextIOWrapper(file, encoding, errors="surrogatepass", newline="\n")

    def readline(self, limit: int) -> bytes:
        return self._text.readline(limit).encode("utf-8", "surrogatepass")


def recoded(file: io.BufferedReader) -> Readable:
    """The lines of a JSON file, whatever of UTF-8 and UTF-16 it is in: told by its mark, or by the zero beside its first bracket."""
    start = file.peek(2)[:2]
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return _Recoded(file, "utf-16")
    if start in (b"{\0", b"\0{"):
        return _Recoded(file, "utf-16-le" if start == b"{\0" else "utf-16-be")
    return file


def numbered_lines(file: Readable, limit: int = LINE_LIMIT) -> Iterator[tuple[int, bytes, bool]]:
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
            for number, line, whole in numbered_lines(recoded(file)):
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if not whole:
                    yield Found(f"{name}:{number}", None, "too_long", readable(line))
                elif line := line.strip():
                    yield json_record(f"{name}:{number}", line)
    except (*DAMAGED, UnicodeDecodeError):
        yield Found(f"{name}:{number + 1}", None, "cut_off")


def json_record(place: str, line: bytes) -> Found:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return Found(place, None, "bad_encoding", readable(line))
    try:
        value = DECODER.decode(text)
    except (ValueError, RecursionError):
        return Found(place, None, "bad_json", readable(line))
    return Found(place, value, "", text)


def _no_constant(word: str) -> object:
    raise ValueError(word)  # NaN and Infinity are no JSON


DECODER = json.JSONDecoder(parse_constant=_no_constant)  # one for all: to make one costs more than to read a line with it
