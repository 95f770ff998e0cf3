"""What processes cost, from /proc: the only figures that hold on a machine that is busy with other things, too."""

import os
from collections.abc import Iterable
from pathlib import Path

TICK = 1000 / os.sysconf("SC_CLK_TCK")  # ms


def tree(*roots: int) -> list[int]:
    """These processes and all that they started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, left = list[int](), list(roots)
    while left:
        one = left.pop()
        found.append(one)
        left += children.get(one, [])
    return found


def cpu_ms(roots: Iterable[int]) -> float:
    """Processor time of these trees until now, with that of children that have ended. Take the difference of two."""
    total = 0.0
    for pid in tree(*roots):
        if fields := _stat(pid):
            total += sum(map(int, fields[11:15])) * TICK
    return total


def rss_mb(roots: Iterable[int]) -> float:
    """Memory of these trees, what is shared counted once (PSS)."""
    total = 0
    for pid in tree(*roots):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return round(total / 1024, 1)


def _stat(pid: int) -> list[str]:
    """The fields behind the name: state, parent, …; [] when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
