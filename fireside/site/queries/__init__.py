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
from fireside.site.queries.takeouts import TakeoutRow, fetched, get_export, get_own_export, list_exports, list_own_exports, rows_of

__all__ = [
    "Check",
    "Doing",
    "LetterRow",
    "LineRow",
    "RoundRow",
    "TakeoutRow",
    "around_it",
    "fetched",
    "get_export",
    "get_letter_out",
    "get_line",
    "get_own_export",
    "get_work",
    "letter_row",
    "letter_rows",
    "line_rows",
    "list_exports",
    "list_own_exports",
    "round_rows",
    "rows_of",
    "this_machine",
    "what_it_does",
]
