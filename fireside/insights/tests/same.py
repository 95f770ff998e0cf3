"""Two answers to one question, laid side by side: every figure of one must stand in the other."""

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Any

from fireside.insights.tests.plain.network import Whatever

ONLY_HOUSE = {("more", "weights")}  # a table of the house, not a figure
PERSONS = {"person_id", "around"}  # numbers here, names there: how many they are, and in which order, is compared


def differences(answer: Mapping[str, Any], again: Mapping[str, Any], spaces: Mapping[int, str]) -> list[tuple[str, Any, Any]]:
    """(where, the house, the second computation) of everything that is not the same."""
    here = {part: answer[part] for part in ("headline", "rows", "more")}
    return list(_unlike(here, again, (), spaces))


def _unlike(a: Any, b: Any, where: tuple[Any, ...], spaces: Mapping[int, str]) -> Iterator[tuple[str, Any, Any]]:
    if where in ONLY_HOUSE or (where and where[-1] in PERSONS):
        return
    if where and where[-1] == "space_id":
        a = spaces[a]
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        for key in {*a, *b}:
            yield from _unlike(a.get(key, "nothing"), b.get(key, "nothing"), (*where, key), spaces)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from _unlike(one, other, (*where, i), spaces)
    elif isinstance(b, Whatever):
        if a is None:
            yield ".".join(map(str, where)), a, b
    elif isinstance(a, float) or isinstance(b, float):
        if not (isinstance(a, int | float) and isinstance(b, int | float) and isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)):
            yield ".".join(map(str, where)), a, b
    elif a != b:
        yield ".".join(map(str, where)), a, b
