"""What a table holds of people, and whether it travels with the community. Each app says so in its own holds.py.

Nothing needs to be said of most tables: they travel whole, under their own name, and a row that names a member goes with that member
as its foreign key says (CASCADE: the row goes; anything else: it stays and names a former member). What does not follow from that is said here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Erase = Literal["", "remove", "strip", "keep", "act"]
KEYS = "It would let whoever holds the archive in"
ANEW = "It is made anew from the rest"
PRIVATE = "Private conversations are read by those who take part: they stay in the house, and in its backups"
HERE = "It belongs to this machine and this moment"
LETTERS = "What was about to leave leaves from the old house, once"


@dataclass(frozen=True)
class Holds:
    """
    table    "conversation.post".
    name     how an archive calls its rows; "" = the table's own name in the plural.
    stays    why its rows do not travel with the community; "" = they do.
    stays_if a Q over its rows, made when it is asked: rows that do not travel, of a table that does; `why_some` says why.
    without  fields that do not travel, and what stands there in the new house.
    of       fields that name whose row it is; () = every foreign key to a member.
    erase    what happens to a row when its member is erased: it goes ("remove"), `blank` is written over it ("strip"), it holds
             nothing personal but the name of who did it ("keep"), or its app's own act sees to it ("act"). "" = as its foreign key says.
    blank    field -> what is written over it.
    wrote    field that names a member who wrote something into somebody else's row -> the fields with their words.
    own      of a table that does not travel: the fields that a member may still read of their rows.
    files    fields that name a file in the storage, which goes with the row.
    """

    table: str
    name: str = ""
    stays: str = ""
    stays_if: Callable[[], Any] | None = None
    why_some: str = ""
    without: Mapping[str, Any] = field(default_factory=dict)
    of: tuple[str, ...] = ()
    erase: Erase = ""
    blank: Mapping[str, Any] = field(default_factory=dict)
    wrote: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


HOLDS: dict[str, Holds] = {}


def holds(table: str, **said: Any) -> Holds:
    """Say of a table what does not follow from its fields. Once for each."""
    table = table.lower()
    if table in HOLDS:
        raise ValueError(f"{table} is spoken of twice.")
    HOLDS[table] = Holds(table, **said)
    return HOLDS[table]


def held(table: str) -> Holds:
    return HOLDS.get(table.lower()) or Holds(table.lower())
