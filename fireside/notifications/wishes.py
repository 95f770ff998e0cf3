"""Who does not wish to be told. The apps that own the things answer, for many members and lines at once, as for what may be seen.

    wishes.register("conversation.post", spared)

spared(lines, persons)  gives the pairs (person, line id) that are not to be told. A few queries, however many there are.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from fireside.activity.models import Activity
from fireside.members.queries import Card

Spared = Callable[[Sequence[Activity], Collection[int]], Collection[tuple[int, int]]]

_spared: dict[str, Spared] = {}


def register(target_type: str, spares: Spared) -> None:
    """Answer for the lines of one target type."""
    _spared[target_type] = spares


def spared(members: Mapping[int, Card], lines: Sequence[Activity]) -> set[tuple[int, int]]:
    """The pairs (person, line id) where the person does not wish to be told."""
    pairs: set[tuple[int, int]] = set()
    for target_type in {line.target_type for line in lines} & set(_spared):
        pairs.update(_spared[target_type]([line for line in lines if line.target_type == target_type], list(members)))
    return pairs
