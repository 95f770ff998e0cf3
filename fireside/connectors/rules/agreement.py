"""What a source counts itself, laid beside what stands here of it."""

from collections.abc import Mapping
from typing import Any

SHOWN = 200  # differences that are written down one by one; all of them are counted


def compared(what: str, said: Mapping[str, int], here: Mapping[str, int], left: Mapping[str, int], why: str = "") -> dict[str, Any]:
    """One counter over all its topics or messages (`said`, `here`, `left`: id -> how many; `left` are those that are among the rejected).

    {"counter": "answers", "source": 1572, "here": 1571, "left": 1, "agree": 663, "off": 0, "why": "", "list": [{"id": "9", "source": 3, "here": 2}]}:
    sums, how many of the single counters agree, how many do not, a code of WHY that holds for all of them, the first that differ.
    """
    off = [(key, count, here.get(key, 0)) for key, count in said.items() if here.get(key, 0) + left.get(key, 0) != count]
    return {
        "counter": what,
        "source": sum(said.values()),
        "here": sum(here.get(key, 0) for key in said),
        "left": sum(left.get(key, 0) for key in said),
        "agree": len(said) - len(off),
        "off": len(off),
        "why": why if off else "",
        "list": [] if why else [{"id": key, "source": count, "here": found} for key, count, found in off[:SHOWN]],
    }
