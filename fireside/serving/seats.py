"""A share of the cores for each web process.

The threads of one process hand the interpreter's lock to one another, and with it all that they touch. On one core that is a
switch; on two the other one has to be woken, and finds nothing in its caches. So the threads that make pages, and the loop that
hands out to them, keep to their process's own cores; what computes, reads files or waits runs anywhere.
"""

import fcntl
import os
import tempfile

from fireside.lib.cores import ALL


class Seats:
    """Made before the web processes are forked. A seat is held by a lock on a byte, so whoever takes over from one that died gets its seat."""

    def __init__(self, many: int) -> None:
        self.many = many
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  open as long as the house

    def take(self) -> int | None:
        """The first free one, held until this process ends. None: all are taken, as while a process is being replaced."""
        for seat in range(self.many):
            try:
                fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, seat, os.SEEK_SET)
            except OSError:
                continue
            return seat
        return None


def share(seat: int, seats: int, cores: frozenset[int] = ALL) -> frozenset[int]:
    """The cores of this seat: as many as the others have, one when there are more seats than cores."""
    inorder = sorted(cores)
    if len(inorder) <= seats:
        return frozenset(inorder[seat % len(inorder) :][:1]) if inorder else frozenset()
    return frozenset(inorder[seat * len(inorder) // seats : (seat + 1) * len(inorder) // seats])


of_this_house: Seats | None = None  # none where it serves from one process, as in tests


def own_cores() -> frozenset[int]:
    """Of the process that asks, once and early; of one without a seat all."""
    seat = of_this_house.take() if of_this_house else None
    return ALL if of_this_house is None or seat is None else share(seat, of_this_house.many)
