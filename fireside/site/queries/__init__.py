"""What the pages of the site ask: about the machine they stand on, about what the house is doing."""

from fireside.site.queries.doing import (
    Doing,
    LetterRow,
    LineRow,
    RoundRow,
    get_letter_out,
    get_line,
    get_work,
    letter_row,
    letter_rows,
    line_rows,
    round_rows,
    what_it_does,
)
from fireside.site.queries.machine import Check, around_it, this_machine

__all__ = [
    "Check",
    "Doing",
    "LetterRow",
    "LineRow",
    "RoundRow",
    "around_it",
    "get_letter_out",
    "get_line",
    "get_work",
    "letter_row",
    "letter_rows",
    "line_rows",
    "round_rows",
    "this_machine",
    "what_it_does",
]
