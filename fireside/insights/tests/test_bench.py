"""The bench of the numbers asks every metric and says what it took: ten million lines of two years with FULL=1, few otherwise."""

import pytest

from fireside.insights import metrics
from fireside.insights.bench import asking

pytestmark = [pytest.mark.once]  # the engine and its files alone
FIELDS = {"name", "engine", "size", "value", "unit", "mode", "p50_ms", "p95_ms", "p99_ms", "cpu_ms", "rss_mb"}


@pytest.mark.long
def test_every_metric_holds_its_time_and_memory(full):
    """5 s and 1 GB at ten million lines, on two cores with nothing else to do."""
    size = 10_000_000 if full else 50_000
    found = list(asking.rows(size, only="" if full else "metric.talk", again=3 if full else 1))
    for row in found:
        print(row)
        assert set(row) == FIELDS and row["size"] == size
        assert row["rss_mb"] < 1024
        assert row["value"] < 5 or not full
    assert [row["name"] for row in found] == [f"metric.{m.name}" for m in metrics.every() if full or m.name == "talk"]
