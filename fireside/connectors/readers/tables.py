"""Tables out of files: CSV in any usual encoding and with any usual separator, XLSX; row by row, in little memory."""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from fireside.connectors.readers.csv_rows import Narrow, csv_rows
from fireside.connectors.readers.packed import DAMAGED, open_packed
from fireside.connectors.rules.columns import known
from fireside.connectors.rules.records import Found, Unusable

Cell = Any
XLSX_LIMIT = 4 * 1024**3
_SAMPLE = 1024 * 1024
_SEPARATORS = ",;\t|，；"
_LOOKED_AT = 64 * 1024
_MARKS = set("，。、；：？！（）“”‘’《》【】—…·￥　")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # a table holds a few by mishap, a program one in ten
_USUAL = re.compile("[\t\n\r -~\u00a0-\u024f\u2010-\u203a\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is written, found out from its beginning."""

    path: Path
    form: str  # "csv" or "xlsx"
    encoding: str = ""
    separator: str = ""

    def rows(self, narrow: Narrow = lambda head: ()) -> Iterator[Found]:
        """Every row that is not empty: a list of cells, with its line (CSV: the line on which it begins).

        `narrow` tells from the head which columns never hold a line break: in CSV one there is a quote that was not closed.
        """
        return _xlsx_rows(self.path) if self.form == "xlsx" else _csv_rows(self, narrow)


def open_table(path: Path) -> Table:
    """Look at the beginning and decide. Unusable("not_a_table") when it is neither."""
    if not path.is_file():
        raise Unusable("no_such_path")
    start = beginning(path)
    if start[:4] == b"PK\x03\x04":
        _check_xlsx(path)
        return Table(path, "xlsx")
    if start[:4] == b"\xd0\xcf\x11\xe0" or start[:5] == b"%PDF-":
        raise Unusable("not_a_table")
    encoding = encoding_of(start)
    words = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    if words.count("\x00") > 5 and len(_CONTROLS.findall(words)) > len(words) // 100:
        raise Unusable("not_a_table")
    return Table(path, "csv", encoding, separator_of(words.removeprefix("\ufeff")))


def beginning(path: Path) -> bytes:
    """The first megabyte, or as much of it as there is before the packing breaks off."""
    start = b""
    with open_packed(path) as file, suppress(OSError, *DAMAGED):
        while len(start) < _SAMPLE and (piece := file.read1(_SAMPLE - len(start))):
            start += piece
    return start


def encoding_of(start: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16 (with mark, or told by its zero bytes), else what Chinese spreadsheets write: GB18030 or Big5.

    Unusable("doubtful_encoding") when the bytes make as little sense in one of the last two as in the other, or more in Korean.
    """
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if 0 in start and (encoding := _without_mark(start)):
        return encoding
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(start)
        return "utf-8"
    except UnicodeDecodeError as wrong:
        good = wrong.start  # one damaged line in a UTF-8 file does not make it Chinese
    han = [start[i : i + 3] for i in range(min(good, 4096)) if 0xE4 <= start[i] <= 0xE9]
    if len(han) >= 2:
        return "utf-8"
    some = start[start.rfind(b"\n", 0, good) + 1 :][:_LOOKED_AT]
    gb, big5 = (_sense(some, encoding, start.partition(b"\n")[0]) for encoding in ("gb18030", "big5hkscs"))
    if gb is None and big5 is None:
        return "utf-8"
    if gb is not None and gb >= 0.3 and (big5 is None or gb >= big5 + 0.1):
        if gb <= 1 and _may_be_korean(some):
            raise Unusable("doubtful_encoding")
        return "gb18030"
    if big5 is not None and big5 >= 0.9 and (gb is None or big5 >= gb + 0.1):
        return "big5hkscs"
    raise Unusable("doubtful_encoding")


def _may_be_korean(some: bytes) -> bool:
    """EUC-KR has its syllables where GB18030 has the first half of its everyday characters; Chinese of any length uses the other half, too."""
    try:
        words = codecs.getincrementaldecoder("cp949")().decode(some)
    except UnicodeDecodeError:
        return False
    strange = [sign for sign in words if not sign.isascii() and sign not in _MARKS]
    return len(strange) >= 8 and sum("가" <= sign <= "힣" for sign in strange) >= 0.95 * len(strange)


def _sense(some: bytes, encoding: str, head: bytes) -> float | None:
    """How many of the characters beyond ASCII are everyday ones in this encoding: both have these in front. None: the bytes cannot be read so.

    A head that is known in it counts for more than any of them.
    """
    try:
        words = codecs.getincrementaldecoder(encoding)().decode(some)
    except UnicodeDecodeError:
        return None
    strange = [sign.encode(encoding) for sign in words if not sign.isascii() and sign not in _MARKS]
    if encoding == "gb18030":
        everyday = sum(0xB0 <= sign[0] <= 0xD7 and len(sign) == 2 and sign[1] >= 0xA1 for sign in strange)
    else:
        everyday = sum(0xA4 <= sign[0] <= 0xC6 for sign in strange)
    first = re.split(f'[{_SEPARATORS}"\r]', head.decode(encoding, "replace"))
    return everyday / max(1, len(strange)) + any(not word.isascii() and known(word) for word in first)


def _without_mark(start: bytes) -> str:
    """UTF-16 that does not say so: where the zeros stand, and whether the words make sense. Chinese has few zeros: the separators."""
    if len(start) >= 4 and start.count(0) * 4 >= len(start):
        return "utf-16-le" if start[1::2].count(0) > start[0::2].count(0) else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
        return ""  # a zero gone astray
    except UnicodeDecodeError:
        pass
    for encoding in ("utf-16-le", "utf-16-be"):
        words = codecs.getincrementaldecoder(encoding)("replace").decode(start)
        usual = len(_USUAL.findall(words))
        if ("\n" in words or "\r" in words) and usual >= 0.95 * len(words):
            return encoding
    return ""


def separator_of(words: str) -> str:
    """The separator that cuts the first lines into the same number of cells, and into the most."""
    lines = [line for line in words.splitlines()[:30] if line.strip()]
    best, most = ",", 0.0
    for sign in _SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        same = sum(width == widths[0] for width in widths) / len(widths)
        if same * 100 + widths[0] > most:
            best, most = sign, same * 100 + widths[0]
    return best


def _csv_rows(table: Table, narrow: Narrow) -> Iterator[Found]:
    with open_packed(table.path) as raw, io.TextIOWrapper(raw, encoding=table.encoding, errors="surrogateescape", newline="") as text:
        yield from csv_rows(table.path.name, text, table.separator, narrow)


def _check_xlsx(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as box:
            entries = box.infolist()
    except (zipfile.BadZipFile, OSError):
        raise Unusable("not_a_table") from None
    if not any(entry.filename.startswith("xl/") for entry in entries):
        raise Unusable("not_a_table")
    size = sum(entry.file_size for entry in entries)
    if size > XLSX_LIMIT or (size > 100 * 1024**2 and size > 200 * path.stat().st_size):
        raise Unusable("bomb")


def _xlsx_rows(path: Path) -> Iterator[Found]:
    """The first sheet. openpyxl reads it as a stream; it holds only the shared strings."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError):
        raise Unusable("not_a_table") from None
    number = 0
    try:
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            cells = [_cell(value) for value in row]
            while cells and cells[-1] == "":
                cells.pop()
            if any(cell != "" for cell in cells):
                yield Found(f"{path.name}:{number}", cells, "", "\t".join(map(str, cells)))
    except (KeyError, ValueError, TypeError, SyntaxError, EOFError, OSError, zlib.error, zipfile.BadZipFile):
        yield Found(f"{path.name}:{number + 1}", None, "cut_off")  # damaged in the middle: what came before is in
    finally:
        book.close()


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, datetime | int | float):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    return str(value)
