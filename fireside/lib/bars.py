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


class Steps:
    """One bar for a work of several steps: how much there is, what is done now, and each piece of it."""

    def __init__(self, out: Any, unit: str) -> None:
        self.bar: Any = tqdm(unit=f" {unit}", disable=None, leave=False, file=out)

    def total(self, n: int | None) -> None:
        self.bar.reset(total=n)

    def step(self, words: Any) -> None:
        self.bar.set_description_str(str(words))

    def advance(self, n: int = 1) -> None:
        self.bar.update(n)

    def __enter__(self) -> "Steps":
        return self

    def __exit__(self, *_wrong: object) -> None:
        self.bar.close()
