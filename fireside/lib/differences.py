"""What differs between two texts, word by word; in Chinese sign by sign. Long texts are compared line by line."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

from fireside.lib.text import HAN

Piece = tuple[Literal["same", "gone", "new"], str]
_WORD = re.compile(rf"[{HAN}]|\n|[^\S\n]+|(?:(?![{HAN}])\w)+|[^\w\s]")
WORDS, LINES = 3000, 3000  # of each text; more is compared more coarsely


def differences(before: str, after: str) -> list[Piece]:
    """Pieces of both texts in their order: what stands in both, what stands only in the first ("gone"), only in the second ("new")."""
    for split, most in ((_WORD.findall, WORDS), (lambda text: text.splitlines(keepends=True), LINES)):
        one, other = split(before), split(after)
        if max(len(one), len(other)) <= most:
            return _pieces(one, other)
    return [("gone", before), ("new", after)]


def _pieces(one: Sequence[str], other: Sequence[str]) -> list[Piece]:
    found: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("same", "".join(one[a:b])))
            continue
        if a < b:
            found.append(("gone", "".join(one[a:b])))
        if c < d:
            found.append(("new", "".join(other[c:d])))
    return found
