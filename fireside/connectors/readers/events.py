"""An activity file as records: JSON lines, or CSV with the same words in its head."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fireside.connectors.readers.lines import json_lines
from fireside.connectors.readers.tables import open_table
from fireside.connectors.rules.events import LINES
from fireside.connectors.rules.records import Found, Unusable


def form_of(path: Path) -> str:
    """ "jsonl", "csv" or "xlsx"."""
    if not path.is_file():
        raise Unusable("no_such_path")
    name = path.name.removesuffix(".gz")
    return "jsonl" if name.endswith((".jsonl", ".ndjson", ".json")) else open_table(path).form


def _head(row: list[Any]) -> list[str]:
    return [str(cell).strip().casefold().replace(" ", "_") for cell in row]


def _narrow(row: list[str]) -> set[int]:
    """Columns whose cells are one line by their nature: all but words."""
    return {column for column, word in enumerate(_head(row)) if word in {"kind", "at", *LINES} - {"title"}}


def events(path: Path) -> Iterator[Found]:
    if form_of(path) == "jsonl":
        yield from json_lines(path)
        return
    head: list[str] | None = None
    for found in open_table(path).rows(_narrow):
        if found.reason:
            yield found
        elif head is None:
            head = _head(found.value)
            if "kind" not in head or "actor" not in head:
                raise Unusable("no_head")
        else:
            wide = len(found.value) > len(head)
            yield Found(found.place, None if wide else dict(zip(head, found.value, strict=False)), "wrong_width" if wide else "", found.raw)
