"""Files of one XML element a record (`<row Id="1" … />`), read as a stream: a damaged row costs itself and no other.

A raw `<` stands in no attribute, so the file falls into pieces at each of them, and every row is parsed alone by expat. A file that
declares entities is refused: nothing here needs them, and they are how a small file becomes an endless one.
"""

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from fireside.connectors.readers.packed import DAMAGED, open_packed, pieces
from fireside.connectors.rules.records import Found, Unusable, readable

ROW_LIMIT = 4 * 1024 * 1024
_CHUNK = 256 * 1024
_SPACE = b" \t\r\n/>"


def xml_rows(path: Path) -> Iterator[Found]:
    """Every row as its attributes, or why there is none. Unusable("xml_entities") when the file declares any."""
    place, closed, line = path.name, False, 1
    try:
        with open_packed(path) as file:
            for line, piece, whole in _pieces(file):
                if piece[:3] == b"row" and piece[3:4] in _SPACE and piece[3:4]:
                    yield _row(f"{place}:{line}", piece, whole)
                elif piece[:1] == b"!" and piece[:8].upper() in (b"!DOCTYPE", b"!ENTITY ", b"!ENTITY\t"):
                    raise Unusable("xml_entities")
                closed = piece[:1] == b"/"
    except DAMAGED:
        closed = False
    if not closed:
        yield Found(f"{place}:{line}", None, "cut_off")


def beginning(path: Path) -> bytes:
    """Its first bytes; none of what cannot be read."""
    try:
        with open_packed(path) as file:
            return next(_in_utf8(file), b"")
    except (OSError, *DAMAGED):
        return b""


def _in_utf8(file: io.BufferedReader) -> Iterator[bytes]:
    """Its bytes piece by piece. UTF-16, told by its mark or by the zero beside its first sign, is written anew."""
    start = file.peek(2)[:2]
    of = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
    if start in of:
        yield from (piece.encode("utf-8", "surrogatepass") for piece in pieces(file, of[start], "surrogatepass"))
        return
    while piece := file.read1(_CHUNK):
        yield piece


def _pieces(file: io.BufferedReader) -> Iterator[tuple[int, bytes, bool]]:
    """(line, what follows a `<` up to the next one, whole): of a monstrous one its beginning, with whole = False."""
    line, rest, whole, begun = 1, b"", True, False
    for chunk in _in_utf8(file):
        *done, last = chunk.split(b"<")
        for piece in done:
            rest, whole = _joined(rest, piece, whole)
            if begun:
                yield line, rest, whole
            line += rest.count(b"\n")
            rest, whole, begun = b"", True, True
        rest, whole = _joined(rest, last, whole)
    if begun:
        yield line, rest, whole


def _joined(rest: bytes, more: bytes, whole: bool) -> tuple[bytes, bool]:
    if whole and len(rest) + len(more) <= ROW_LIMIT:
        return rest + more, True
    return (rest + more)[:_CHUNK], False


def _row(place: str, piece: bytes, whole: bool) -> Found:
    piece = piece.rstrip()
    if not whole:
        return Found(place, None, "too_long", readable(b"<" + piece))
    if not piece.endswith(b">"):
        return Found(place, None, "cut_off" if b">" not in piece else "bad_xml", readable(b"<" + piece))
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        return Found(place, None, "bad_encoding", readable(b"<" + piece))
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda _name, attributes: found.append(attributes)
    try:
        parser.Parse(b"<" + piece + (b"" if piece.endswith(b"/>") else b"</row>"), True)
    except expat.ExpatError:
        return Found(place, None, "bad_xml", readable("<" + text))
    return Found(place, found[0], "", "<" + text)
