"""What one reading found, laid aside for the next: a file without a name, gone with the process."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

TOGETHER = 500  # values that are written at once


class Aside:
    """Plain values in the order in which they came."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: on whose disk; without it where the system keeps such files."""
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115  it goes when nobody holds it any more
        self._next: list[Any] = []

    def add(self, value: Any) -> None:
        self._next.append(value)
        if len(self._next) >= TOGETHER:
            self._write()

    def _write(self) -> None:
        if self._next:
            self._file.seek(0, 2)
            pickle.dump(self._next, self._file, pickle.HIGHEST_PROTOCOL)
            self._next = []

    def __iter__(self) -> Iterator[Any]:
        """All of them. One walk at a time, and nothing is added meanwhile."""
        self._write()
        self._file.seek(0)
        while True:
            try:
                values = pickle.load(self._file)  # noqa: S301  we wrote it ourselves, and nobody else can
            except EOFError:
                return
            yield from values
