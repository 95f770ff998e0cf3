"""Pure decisions about places: how far they reach, who may see them and come in, what they are called in addresses."""

import functools
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

PUBLIC, OPEN, PRIVATE, HIDDEN = WIDTHS = ("public", "open", "private", "hidden")  # from the widest to the narrowest
DEEPEST = 5  # how many spaces may stand in one another; more than that nobody finds again
NAME_LIMIT = 80
SLUG_LIMIT = 60
BOARD_LIMIT = 160  # one line on a phone held sideways, two or three upright
RESERVED = frozenset({"new"})  # /spaces/new is a page

Way = Literal["sign_in", "inside", "waiting", "closed", "outside", "join", "ask"]


class Step(NamedTuple):
    """One space on the way from the top: its own openness, and whether the viewer belongs to it."""

    openness: str
    inside: bool = False


def why_not_on_board(words: str) -> str:
    """What keeps a line off the board of a space: nothing to read, or more than one reads in passing."""
    if not words:
        return "board_empty"
    return "board_too_long" if len(words) > BOARD_LIMIT else ""


def narrowest(ways: Iterable[str]) -> str:
    """The reach of a space: the narrowest openness on its path."""
    return max(ways, key=WIDTHS.index, default=PUBLIC)


def may_read(path: Sequence[Step], *, signed_in: bool, runs: bool = False) -> bool:
    """May the viewer read what is said there? Every private or hidden space on the path asks for belonging to it."""
    if runs:
        return True
    if not signed_in:
        return all(step.openness == PUBLIC for step in path)
    return all(step.inside or step.openness in (PUBLIC, OPEN) for step in path)


def may_know(path: Sequence[Step], *, signed_in: bool, runs: bool = False) -> bool:
    """May the viewer know that it exists? One must be able to read what it stands in; hidden ones are known from inside only."""
    *above, last = path
    if not may_read(above, signed_in=signed_in, runs=runs):
        return False
    if last.openness == HIDDEN:
        return last.inside or runs
    return signed_in or last.openness == PUBLIC


class Kept(NamedTuple):
    """What a space keeps of its path, so that a list of spaces asks one question of each row.

    known_inside: the space one must belong to in order to know of this one (None: none).
    read_inside: the same for reading. Whoever belongs to a private or hidden space belongs to those above it.
    """

    reach: str
    known_inside: int | None
    read_inside: int | None


def kept_of(space: int, openness: str, parent: Kept | None) -> Kept:
    """The same as `actions._tree.settle` does in SQL for a whole subtree."""
    above = parent or Kept(PUBLIC, None, None)
    return Kept(
        narrowest([above.reach, openness]),
        space if openness == HIDDEN else above.read_inside,
        space if openness in (PRIVATE, HIDDEN) else above.read_inside,
    )


def way_in(openness: str, *, signed_in: bool, belongs: bool, asked: bool, closed: bool, inside_above: bool, runs: bool) -> Way:
    """What stands between a viewer who knows of the space and belonging to it."""
    if not signed_in:
        return "sign_in"
    if belongs:
        return "inside"
    if closed:
        return "closed"
    if not inside_above:
        return "outside"  # only one who runs every space gets here: the others do not know of it
    if openness in (PUBLIC, OPEN) or runs:
        return "join"
    return "waiting" if asked else "ask"


def why_not_leave(*, is_organiser: bool, organisers: int, closed: bool) -> str:
    """ "" or "last_organiser": a living space is never left without somebody who looks after it."""
    return "last_organiser" if is_organiser and organisers <= 1 and not closed else ""


def standing_of(path: Sequence[int], organised: Collection[int], *, runs: bool) -> int:
    """How high somebody stands in a space: 0 for who runs every space, then by the highest space on its path that they organise."""
    return 0 if runs else next((n for n, pk in enumerate(path, 1) if pk in organised), len(path) + 1)


def why_not_put_out(*, yourself: bool, own: int, theirs: int) -> str:
    """ "", "yourself" (one leaves), or "stands_above": an organiser puts nobody out who looks after what the space stands in."""
    if yourself:
        return "yourself"
    return "stands_above" if theirs < own else ""


class Place(NamedTuple):
    """A belonging of one person, under whatever name."""

    id: int
    path: Sequence[int]  # the spaces from the top down to the one it is about
    imported: bool
    since: datetime


class Going(NamedTuple):
    """That the same person left or was put out, under whatever name."""

    at: datetime
    put_out: bool


def out_of(places: Iterable[Place], gone: Mapping[int, Sequence[Going]], gates: Collection[int]) -> set[int]:
    """Which belongings of one person do not count.

    No history stands against a going. To be put out ends what any account had until then, and what is read from inside only is shut
    with its gate. `gates`: the private and hidden spaces.
    """
    out, inside = set(), set[int]()
    for one in sorted(places, key=lambda place: len(place.path)):
        *above, space = one.path
        over = any(one.imported or (going.put_out and one.since <= going.at) for going in gone.get(space, ()))
        if over or any(pk in gates and pk in gone and pk not in inside for pk in above):
            out.add(one.id)
        else:
            inside.add(space)
    return out


def why_not_under(*, own_id: int | None, own_height: int, parent_path: str | None) -> str:
    """ "" when a space (None: a new one) with `own_height` levels below it may stand there, else "cycle" or "too_deep"."""
    if parent_path is None:
        return "" if own_height + 1 <= DEEPEST else "too_deep"
    ids = ids_on(parent_path)
    if own_id in ids:
        return "cycle"
    return "" if len(ids) + 1 + own_height <= DEEPEST else "too_deep"


def ids_on(path: str) -> list[int]:
    """The ids on a path, from the top: "/1/7/12/" gives 1, 7, 12."""
    return [int(part) for part in path.split("/") if part]


@functools.lru_cache(maxsize=4096)  # the rail of every page puts names in order by it
def slug_of(words: str) -> str:
    """The part of an address made of a name: letters, digits and marks of any script, lower case, joined by "-"."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", words).casefold())
    kept = "".join(sign if unicodedata.category(sign)[0] in "LNM" else "-" for sign in folded)
    slug = re.sub("-{2,}", "-", kept)
    while slug and (slug[0] == "-" or unicodedata.category(slug[0])[0] == "M"):
        slug = slug[1:]  # nor a mark without its letter
    slug = slug[:SLUG_LIMIT].rstrip("-")
    return slug or "space"


def free_slug(words: str, taken: Callable[[list[str]], Iterable[str]]) -> str:
    """The slug of these words, with the smallest number behind it that makes it free. `taken` says which of many are not."""
    base = slug_of(words)
    for start in (1, 9, 99, 999, 9999):
        names = [base if n == 1 else f"{base[: SLUG_LIMIT - 7].rstrip('-')}-{n}" for n in range(start, start * 10 + 1)]
        used = set(taken(names)) | RESERVED
        for name in names:
            if name not in used:
                return name
    raise ValueError(f"More than 99 990 spaces are called {base!r}.")
