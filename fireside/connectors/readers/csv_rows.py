"""CSV as rows with the line on which they begin; a quote that is never closed costs its own line and no other.

A row over several lines is looked at again. When the text ends inside it, when it grows beyond all measure, has more cells than the
head, or breaks a cell that is one line by its nature, its first line is given up alone, and the next line is a row of its own.
"""

import csv
import io
import zlib
from collections import deque
from collections.abc import Callable, Collection, Iterator

from fireside.connectors.rules.records import Found, readable

FIELD_LIMIT = 1024 * 1024
LINE_LIMIT = 4 * FIELD_LIMIT
KEPT = 2000  # characters of a row beyond that, for whoever mends the file
LINES_LIMIT = 20_000  # of one row: nobody writes a cell of more
Narrow = Callable[[list[str]], Collection[int]]  # the head -> columns whose cells never hold a line break
Line = tuple[int, str]


class _Lines:
    """Lines of a text for the CSV reader, some of which it gives back; it stops where a row cannot go on."""

    def __init__(self, text: io.TextIOWrapper, separator: str) -> None:
        self._text, self._closing, self._doubled = text, f'"{separator}', f'""{separator}'
        self._back: deque[Line] = deque()
        self._number = self._size = self._cells = 0
        self.width = 0  # of the head, once it is known
        self.taken: list[Line] = []  # of the row that is being read
        self.stopped = False  # inside a row
        self.giant = 0  # the number of a line beyond the limit, which is passed over
        self.start = ""  # of that line
        self.over = self.cut = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._size <= LINE_LIMIT and len(self.taken) < LINES_LIMIT and self._cells <= self.width + 20 and (found := self._next()):
            if self.taken:
                self._cells += found[1].count(self._closing) - found[1].count(self._doubled)
            self.taken.append(found)
            self._size += len(found[1])
            return found[1]
        self.stopped = bool(self.taken)
        raise StopIteration

    def begin(self) -> None:
        self.taken, self._size, self._cells, self.stopped = [], 0, 0, False

    def give_back(self) -> Line:
        """Returns the first line of the row; the others come once more."""
        first, *rest = self.taken
        self._back.extendleft(reversed(rest))
        return first

    def _next(self) -> Line | None:
        if self._back:
            return self._back.popleft()
        if self.giant or self.over:
            return None
        self._number += 1
        try:
            line = self._text.readline(LINE_LIMIT)
            if len(line) == LINE_LIMIT and not line.endswith(("\n", "\r")):
                self.giant, self.start = self._number, line[:KEPT]
                while (rest := self._text.readline(FIELD_LIMIT)) and not rest.endswith(("\n", "\r")):
                    pass
                return None
        except (UnicodeError, EOFError, OSError, zlib.error):
            self.over = self.cut = True
            return None
        self.over = not line
        return (self._number, line) if line else None


def csv_rows(name: str, text: io.TextIOWrapper, separator: str, narrow: Narrow) -> Iterator[Found]:
    """Every row that is not empty, and what is wrong with the others."""
    csv.field_size_limit(FIELD_LIMIT)
    lines = _Lines(text, separator)
    reader = csv.reader(lines, delimiter=separator)
    one_line: Collection[int] = ()
    while True:
        lines.begin()
        row: list[str] = []
        reason = ""
        try:
            row = next(reader)
            if lines.stopped or (len(lines.taken) > 1 and _runs_on(row, lines, separator, one_line)):
                reason = "open_quote"
        except StopIteration:
            if lines.giant:
                yield Found(
                    f"{name}:{lines.giant}", None, "too_long", readable(lines.start) + f"… (only the first {KEPT:,} characters were kept)"
                )
                lines.giant = 0
                continue
            if lines.cut:
                yield Found(f"{name}:{lines._number}", None, "cut_off")
            return
        except csv.Error as wrong:
            reason = "open_quote" if len(lines.taken) > 1 else "too_long" if "limit" in str(wrong) else "not_a_record"
        number, line = lines.give_back() if reason else lines.taken[0]
        place = f"{name}:{number}"
        if reason:
            yield Found(place, None, reason, readable(line.rstrip("\r\n")))
        elif any(cell.strip() for cell in row):
            if number == 1:
                row[0] = row[0].removeprefix("\ufeff")
            words = separator.join(row)
            if any(0xDC80 <= ord(sign) <= 0xDCFF for cell in row if not cell.isascii() for sign in cell):
                yield Found(place, None, "bad_encoding", readable(words))
                continue
            if not lines.width:
                lines.width, one_line = len(row), narrow(row)
            yield Found(place, row, "", words)


def _runs_on(row: list[str], lines: _Lines, separator: str, one_line: Collection[int]) -> bool:
    """Does this row over several lines look as if a quote was not closed?"""
    if lines.width and any(cell.strip() for cell in row[lines.width :]):
        return True
    if any(sign in row[column].strip() for column in one_line if column < len(row) for sign in "\r\n"):
        return True
    try:
        next(csv.reader((line for _number, line in lines.taken), delimiter=separator, strict=True))
    except csv.Error:
        return True  # words between a closing quote and the next separator: the quote that closed it was meant to open another cell
    return False
