"""Who may see what a line of the log speaks of. The apps that own the things answer, for many members and lines at once.

An app registers in its reactions.py (so it is known as soon as the house stands):

    visibility.register("conversation.post", sees, addresses, words)

sees(members, lines)   members: {id: Card}, lines: Activities. Gives the pairs (member id, line id) that are allowed.
addresses(lines)       gives {line id: "/t/7/3"}: where each line leads.
words(lines)           gives {line id: "Turn the washer."}: what somebody said there, plain and short, for letters. Optional.
Each asks the database once, however many lines there are; who answers for several types is asked of all of them at once.

A line whose target has no answer of its own falls back on its space (registered by spaces), and without a space it is open to all.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from fireside.activity.models import Activity
from fireside.members.queries import Card

Pairs = Collection[tuple[int, int]]
Sees = Callable[[Mapping[int, Card], Sequence[Activity]], Pairs]
Addresses = Callable[[Sequence[Activity]], Mapping[int, str]]
Words = Callable[[Sequence[Activity]], Mapping[int, str]]
SpaceNames = Callable[[Iterable[int | None]], Mapping[int, tuple[str, str]]]  # {id: (name, address)}

_sees: dict[str, Sees] = {}
_addresses: dict[str, Addresses] = {}
_words: dict[str, Words] = {}
_space: list[tuple[Sees, SpaceNames]] = []


def register(target_type: str, sees: Sees | None = None, addresses: Addresses | None = None, words: Words | None = None) -> None:
    """Answer for the lines of one target type."""
    if sees is not None:
        _sees[target_type] = sees
    if addresses is not None:
        _addresses[target_type] = addresses
    if words is not None:
        _words[target_type] = words


def register_spaces(sees: Sees, names: SpaceNames) -> None:
    """Answer for every line that happened in a space."""
    _space[:] = [(sees, names)]


def allowed(members: Mapping[int, Card], lines: Sequence[Activity]) -> set[tuple[int, int]]:
    """The pairs (member id, line id) where the member may see what the line speaks of."""
    pairs: set[tuple[int, int]] = set()
    if not members:
        return pairs
    groups: dict[Sees, list[Activity]] = {}
    for line in lines:
        sees = _sees.get(line.target_type) or (_space[0][0] if line.space_id and _space else _open)
        groups.setdefault(sees, []).append(line)
    for sees, some in groups.items():
        pairs.update(sees(members, some))
    return pairs


def _open(members: Mapping[int, Card], lines: Sequence[Activity]) -> Pairs:
    return {(member, line.pk) for member in members for line in lines}


def addresses_of(lines: Sequence[Activity], spaces: Mapping[int, tuple[str, str]]) -> dict[int, str]:
    """Where each line leads: to its target, else to its space, else to the list of notices."""
    found: dict[int, str] = {line.pk: spaces[line.space_id][1] for line in lines if line.space_id and line.space_id in spaces}
    for target_type in {line.target_type for line in lines} & set(_addresses):
        found |= _addresses[target_type]([line for line in lines if line.target_type == target_type])
    return found


def space_names(ids: Iterable[int | None]) -> Mapping[int, tuple[str, str]]:
    wanted = {pk for pk in ids if pk}
    return _space[0][1](wanted) if _space and wanted else {}


def words_of(lines: Sequence[Activity]) -> dict[int, str]:
    """What somebody said there, by line, where the line is of somebody's words. Whether the reader may see them is asked before."""
    found: dict[int, str] = {}
    for target_type in {line.target_type for line in lines} & set(_words):
        found |= _words[target_type]([line for line in lines if line.target_type == target_type])
    return found
