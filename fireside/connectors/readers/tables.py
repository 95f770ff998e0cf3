"""Tables out of files: CSV in any usual encoding and with any usual separator, XLSX; row by row, in little memory."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from fireside.connectors.readers.lines import open_packed
from fireside.connectors.rules.records import Found, Unusable, readable

Cell = Any
FIELD_LIMIT = 1024 * 1024
XLSX_LIMIT = 4 * 1024**3
_SAMPLE = 1024 * 1024
_SEPARATORS = ",;\t|，；"


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is written, found out from its beginning."""

    path: Path
    form: str  # "csv" or "xlsx"
    encoding: str = ""
    separator: str = ""

    def rows(self) -> Iterator[Found]:
        """Every row that is not empty: a list of cells, with its line (CSV: the line on which it begins)."""
        return _xlsx_rows(self.path) if self.form == "xlsx" else _csv_rows(self)


def open_table(path: Path) -> Table:
    """Look at the beginning and decide. Unusable("not_a_table") when it is neither."""
    if not path.is_file():
        raise Unusable("no_such_path")
    with open_packed(path) as file:
        start = file.read(_SAMPLE)
    if start[:4] == b"PK\x03\x04":
        _check_xlsx(path)
        return Table(path, "xlsx")
    if start[:4] == b"\xd0\xcf\x11\xe0" or start[:5] == b"%PDF-":
        raise Unusable("not_a_table")
    encoding = encoding_of(start)
    words = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    if words.count("\x00") > 5:
        raise Unusable("not_a_table")
    return Table(path, "csv", encoding, separator_of(words.removeprefix("\ufeff")))


def encoding_of(start: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16 (with mark, or told by its zero bytes), else GB18030, the way Chinese spreadsheets write."""
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) >= 4 and start.count(0) * 4 >= len(start):
        return "utf-16-le" if start[1::2].count(0) > start[0::2].count(0) else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(start)
        return "utf-8"
    except UnicodeDecodeError as wrong:
        good = wrong.start  # one damaged line in a UTF-8 file does not make it Chinese
    han = [start[i : i + 3] for i in range(min(good, 4096)) if 0xE4 <= start[i] <= 0xE9]
    if len(han) >= 2:
        return "utf-8"
    try:
        codecs.getincrementaldecoder("gb18030")().decode(start)
        return "gb18030"
    except UnicodeDecodeError:
        return "utf-8"


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


def _csv_rows(table: Table) -> Iterator[Found]:
    csv.field_size_limit(FIELD_LIMIT)
    name = table.path.name
    with open_packed(table.path) as raw, io.TextIOWrapper(raw, encoding=table.encoding, errors="surrogateescape", newline="") as text:
        reader = csv.reader(_whole_lines(text), delimiter=table.separator)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as wrong:
                yield Found(f"{name}:{line}", None, "too_long" if "limit" in str(wrong) else "not_a_record", str(wrong))
                continue
            except (UnicodeError, EOFError, OSError):
                yield Found(f"{name}:{line}", None, "cut_off")
                return
            if any(cell.strip() for cell in row):
                if row and line == 1:
                    row[0] = row[0].removeprefix("\ufeff")
                bad = any(0xDC80 <= ord(sign) <= 0xDCFF for cell in row if not cell.isascii() for sign in cell)
                words = table.separator.join(row)
                yield Found(f"{name}:{line}", None, "bad_encoding", readable(words)) if bad else Found(f"{name}:{line}", row, "", words)


def _whole_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines for the CSV reader; one beyond the limit comes in pieces, which the reader refuses without keeping them."""
    while line := text.readline(FIELD_LIMIT * 4):
        yield line


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
    try:
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            cells = [_cell(value) for value in row]
            while cells and cells[-1] == "":
                cells.pop()
            if any(cell != "" for cell in cells):
                yield Found(f"{path.name}:{number}", cells, "", "\t".join(map(str, cells)))
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
