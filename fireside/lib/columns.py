"""Rows as columns of a terminal."""

import unicodedata
from collections.abc import Sequence


def in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """A line for each row, its cells below each other."""
    wide = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell + " " * (size - _width(cell)) for cell, size in zip(row, wide, strict=True)).rstrip() for row in rows]


def _width(words: str) -> int:
    """How many columns of a terminal the words take: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)
