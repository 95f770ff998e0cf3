"""The list beside the house: who was erased, by number and the moment they joined, which tell nothing of anybody. No backup holds it.

A house that is restored reads it and forgets them again. Keep it when you move the data folder: `erased.jsonl`.
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings


def place() -> Path:
    return Path(settings.DATA) / "erased.jsonl"


def note(traces: Sequence[Sequence[Any]], *, words: str, at: str) -> None:
    """One line more, on the disk before the rows are gone."""
    line = json.dumps({"traces": list(traces), "words": words, "at": at})
    with open(place(), "a", opener=lambda path, flags: os.open(path, flags, 0o600), encoding="utf-8") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())


def noted() -> Iterator[dict[str, Any]]:
    """Every line that can be read: the last one of a machine that lost its power may be half."""
    if not place().exists():
        return
    for line in place().read_text(encoding="utf-8").splitlines():
        try:
            yield dict(json.loads(line))
        except ValueError:
            continue
