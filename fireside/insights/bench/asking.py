"""Each metric asked in a process of its own, so that its memory is its own, too: a year by weeks, as nobody asked it before."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fireside.insights import metrics
from fireside.insights.bench.filling import NOW, fill
from fireside.insights.metrics.base import Params
from fireside.insights.mirror.state import Snapshot
from fireside.insights.rules import day_no

AGAIN = 3  # times; the first pays for what ibis makes of it


def rows(size: int, *, only: str = "", again: int = AGAIN) -> Iterator[dict[str, Any]]:
    """A line of the bench for every metric whose `metric.NAME` begins with `only`, the slowest of its modes: seconds, and what it took."""
    with tempfile.TemporaryDirectory(prefix="fireside-bench-") as folder:
        env = {**os.environ, "FIRESIDE_DATA": folder}
        run([folder, "fill", str(size)], env)
        for metric in metrics.every():
            if f"metric.{metric.name}".startswith(only):
                found = [run([folder, "ask", metric.name, mode, str(again)], env) for mode in metric.modes or [""]]
                slowest = max(found, key=lambda one: one["p50_ms"])
                yield {"name": f"metric.{metric.name}", "engine": "duckdb", "size": size, "value": round(slowest["p50_ms"] / 1000, 3), "unit": "s",
                       **slowest, "rss_mb": max(one["rss_mb"] for one in found)}  # fmt: skip


def run(words: list[str], env: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "fireside.insights.bench", *words], env=env, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(folder: str, what: str, *words: str) -> None:
    """In the process: fill the mirror, or ask one metric. Prints one line of JSON."""
    state = Path(folder) / "bench.json"
    if what == "fill":
        snapshot = fill(int(words[0]))
        state.write_text(json.dumps({"lines": snapshot.rows, "paths": snapshot.paths}))
        print("{}")
        return
    kept = json.loads(state.read_text())
    print(json.dumps(ask(Snapshot(1, kept["lines"], kept["lines"], "UTC", NOW, kept["paths"]), words[0], words[1], int(words[2]))))


def ask(snapshot: Snapshot, name: str, mode: str, again: int) -> dict[str, Any]:
    """Wall and processor time of each answer, and the most memory that the process had."""

    from fireside.insights.mirror.reading import compute

    metric, until = metrics.get(name), day_no(NOW.date()) - 1
    assert metric is not None
    p = Params(since=until - 363, until=until, by="week", as_of_ms=int(NOW.timestamp() * 1000), as_of_day=until + 1, zone="UTC",
               mode=mode, staff=metric.staff, offsets=12)  # fmt: skip
    wall, cpu = [], []
    for _time in range(again):
        began, used = time.perf_counter(), time.process_time()
        assert compute(metric, p, snapshot).rows
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    wall.sort()
    most = (
        int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
    )  # its own: ru_maxrss holds that of who started it, too
    return {"mode": mode, "p50_ms": round(wall[len(wall) // 2]), "p95_ms": round(wall[-1]), "p99_ms": round(wall[-1]),
            "cpu_ms": round(sorted(cpu)[len(cpu) // 2]), "rss_mb": most}  # fmt: skip
