"""What the bench prints: one object a line."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure. Fields that say nothing here are None and are left out of the line.

    `cpu_ms`: processor time of every process of the house, its database's too, for one answer (or what `unit` counts).
    `limit`: what the same stack gives for next to nothing, in the same run and unit; `ratio`: value / limit.
    `grown`: cpu_ms here / cpu_ms at the smallest size of this run.
    """

    name: str
    engine: str
    size: int
    value: float
    unit: str
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    cpu_ms: float | None = None
    rss_mb: float | None = None
    limit: float | None = None
    ratio: float | None = None
    grown: float | None = None
    bytes: int | None = None

    def line(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}


def percentiles(seconds: Sequence[float]) -> dict[str, Any]:
    """p50_ms, p95_ms, p99_ms."""
    times = sorted(seconds)

    def at(share: float) -> float:
        return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 2) if times else 0.0

    return {"p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99)}
