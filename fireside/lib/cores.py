"""Which cores of the machine a thread may run on. Does nothing where the system cannot be told (macOS, Windows)."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ALL = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset[int]()  # as this process was born
_keep: Callable[[int, frozenset[int]], None] | None = getattr(os, "sched_setaffinity", None)


def keep_to(cores: frozenset[int]) -> None:
    """From now on this thread, and the threads that it makes, run on these alone. Where none of them is there any more, nothing changes."""
    if _keep is None or not cores:
        return
    try:
        _keep(0, cores)
    except OSError:  # taken away meanwhile, as a container's limits can be
        return


def run_anywhere() -> None:
    keep_to(ALL)


@contextmanager
def anywhere() -> Iterator[None]:
    """Threads that are made in here may run on every core, whatever their maker keeps to."""
    before = frozenset(os.sched_getaffinity(0)) if _keep else ALL
    run_anywhere()
    try:
        yield
    finally:
        keep_to(before)
