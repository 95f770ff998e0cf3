"""What a long command shows meanwhile: a bar for each step, where somebody looks."""

from collections.abc import Callable
from typing import Any

from tqdm import tqdm


class Bars:
    def __init__(self, out: Any) -> None:
        self.out = out
        self.bar: Any = None

    def step(self, words: str, total: int, unit: str = "B") -> Callable[[int], Any]:
        """Begin a step of so many bytes (0 = not known). Returns what is told of each piece."""
        self.end()
        size = {"unit": "B", "unit_scale": True, "unit_divisor": 1024} if unit == "B" else {"unit": f" {unit}"}
        self.bar = tqdm(desc=words, total=total or None, disable=None, leave=False, file=self.out, **size)
        update: Callable[[int], Any] = self.bar.update
        return update

    def end(self) -> None:
        if self.bar is not None:
            self.bar.close()

    def __enter__(self) -> "Bars":
        return self

    def __exit__(self, *_wrong: object) -> None:
        self.end()
