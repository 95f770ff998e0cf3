"""Pure decisions about telling: what belongs together, and how many voices become one sentence."""

import string
from collections.abc import Mapping, Sequence
from typing import Any

from fireside.lib.text import joined

STOPS_AT = 99  # the bell counts no further
NAMED = 2  # people called by name in a grouped notice
KEPT_DAYS = 180  # how long a notice that was seen is kept


def thing_of(target_type: str, target_id: int | None, parent_id: int | None, space_id: int | None) -> str:
    """What a notice is about, so that several of one kind on one thing become one row: the topic of a post, the space, the row itself."""
    if parent_id:
        return f"{target_type.partition('.')[0]}:{parent_id}"
    if space_id:
        return f"space:{space_id}"
    return f"{target_type}:{target_id or 0}"


def places_in(sentence: str) -> set[str]:
    """The names of the places in a sentence: {actor} … {title}."""
    return {name for _text, name, _spec, _conv in string.Formatter().parse(sentence) if name}


def fill(sentence: str, values: Mapping[str, Any], missing: Any = "…") -> str:
    """The sentence with its places filled, and room between Han and Latin. Values are put in as they are: braces in them mean nothing."""
    parts: list[str] = []
    for text, name, _spec, _conv in string.Formatter().parse(sentence):
        parts.append(text)
        if name is not None:
            parts.append(values.get(name, missing))
    return joined(parts)


def capital(words: str) -> str:
    """A sentence begins with a capital, whoever it begins with. Nothing changes in scripts without capitals."""
    return words[:1].upper() + words[1:]


def newest_voices(voices: Sequence[tuple[int, int]], named: int = NAMED) -> tuple[list[int], int]:
    """Of (person, moment) pairs: the persons to be named, the newest first, and how many others there are."""
    latest: dict[int, int] = {}
    for person, moment in voices:
        latest[person] = max(moment, latest.get(person, moment))
    order = sorted(latest, key=lambda person: -latest[person])
    if len(order) <= named + 1:
        return order, 0  # three are named rather than "and 1 other"
    return order[:named], len(order) - named
