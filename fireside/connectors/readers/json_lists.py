"""A JSON document of any size, read piece by piece: its short fields whole, its long lists one element after the other.

A broken element costs itself and nothing else: where the next one begins is told by how it is written. (That is why no library
for streams of JSON is used here: they end at the first mistake, and the rest of a history with them.)
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fireside.connectors.readers.lines import DECODER, LINE_LIMIT
from fireside.connectors.readers.texts import characters
from fireside.connectors.rules.records import KEEP, Found, Unusable, in_words, readable

_PIECE = 256 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
_TAIL = 1000  # characters in which a beginning is told
Lists = Mapping[str, str]  # the name of a list in the document -> what stands at the beginning of its elements, as a pattern


def json_lists(path: Path, lists: Lists) -> Iterator[tuple[str, Found]]:
    """Every field of the document with its name; of a field in `lists` that is a list, each element that is an object.

    What cannot be read comes with its line and the reason. Unusable("bad_json"): it is no object.
    """
    walk = _Walk(path.name, characters(path), lists)
    try:
        yield from walk.document()
    except _EndedError as wrong:
        yield "", Found(walk.here, None, str(wrong))


class _EndedError(Exception):
    """The document cannot be read on: "bad_json", or "cut_off" when it is over."""


class _Walk:
    """`text` from `at` on is what has not been read yet; what lies before goes when the next piece comes."""

    def __init__(self, name: str, pieces: Iterator[str], lists: Lists) -> None:
        self._name, self._pieces, self._lists = name, pieces, lists
        self.text, self.at, self.line, self.done = "", 0, 1, False

    @property
    def here(self) -> str:
        return f"{self._name}:{self.line}"

    def document(self) -> Iterator[tuple[str, Found]]:
        self._more()
        self.text = self.text.removeprefix("\ufeff")
        if self._sign() != "{":
            raise Unusable("bad_json")
        self._go(self.at + 1)
        while not self.done and (sign := self._sign()) != "}":
            if sign == ",":
                self._go(self.at + 1)
                continue
            place, key = self.here, self._value() if sign == '"' else None
            if not isinstance(key, str) or self._sign() != ":":
                raise _EndedError("bad_json" if self._sign() else "cut_off")
            self._go(self.at + 1)
            if key in self._lists and self._sign() == "[":
                yield from ((key, found) for found in self._elements(self._lists[key]))
            else:
                yield key, Found(place, self._value())

    def _elements(self, starts: str) -> Iterator[Found]:
        self._go(self.at + 1)
        number = 0
        begins = re.compile(rf',(\s*)\{{\s*(?:{starts})|\]\s*,\s*"(?:{"|".join(map(re.escape, self._lists))})"\s*:')
        while True:
            space, sign = self._space(), self.text[self.at : self.at + 1]
            if sign in ("]", ","):
                self._go(self.at + 1)
                if sign == "]":
                    return
                continue
            if not sign:
                self.done = True
                yield Found(self.here, None, "cut_off")
                return
            place, number = f"{self.here}[{number}]", number + 1
            try:
                value = self._value()
            except _EndedError:
                yield self._pass_over(place, begins, space if "\n" in space else "")
                if self.done:
                    return
                continue
            if isinstance(value, dict):
                yield Found(place, value)
            else:
                yield Found(place, None, "not_a_record", in_words(value))

    def _pass_over(self, place: str, begins: re.Pattern[str], space: str) -> Found:
        """Go to where the next element begins (on a line of its own, as far in as this one), or the list after this one, or to the end."""
        raw, size = "", 0
        while True:
            next_ones = (one.start() for one in begins.finditer(self.text, self.at + 1) if one[1] is None or not space or one[1] == space)
            found = next(next_ones, -1)
            end = found if found >= 0 else max(self.at, len(self.text) - _TAIL)
            raw, size = raw + self.text[self.at : min(end, self.at + KEEP + 1 - len(raw))], size + end - self.at
            self._go(end)
            if found >= 0:
                return Found(place, None, "too_long" if size > LINE_LIMIT else "bad_json", readable(raw))
            if not self._more():
                rest, self.done = self.text[self.at :], True
                return Found(place, None, "bad_json" if rest.rstrip().endswith("}") else "cut_off", readable(raw + rest))

    def _value(self) -> Any:
        self._space()
        while True:
            try:
                value, end = DECODER.raw_decode(self.text, self.at)
            except (ValueError, RecursionError):
                if len(self.text) - self.at > LINE_LIMIT:
                    raise _EndedError("bad_json") from None
                if not self._more():
                    raise _EndedError("bad_json" if self.text.rstrip().endswith("}") else "cut_off") from None
                continue
            if end == len(self.text) and self._more():  # a number at the end of a piece may go on
                continue
            self._go(end)
            return value

    def _sign(self) -> str:
        self._space()
        return self.text[self.at : self.at + 1]

    def _space(self) -> str:
        """Go over white space; returns the last of it."""
        gone = ""
        while True:
            end = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # it matches nothing, too
            gone = (gone + self.text[max(self.at, end - 200) : end])[-200:]
            self._go(end)
            if end < len(self.text) or not self._more():
                return gone

    def _go(self, to: int) -> None:
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def _more(self) -> bool:
        """Some more of it, and of a long value as much as there is of it already."""
        size, read = max(_PIECE, len(self.text) - self.at), list[str]()
        while size > 0 and (piece := next(self._pieces, "")):
            read.append(piece)
            size -= len(piece)
        self.text, self.at = self.text[self.at :] + "".join(read), 0
        return bool(read)
