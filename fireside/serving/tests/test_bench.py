"""What the bench measures is what members get: real answers, all of them fine, in the form that is promised."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from fireside.serving.bench.asking import NotFine, ask_for
from fireside.serving.bench.filling import fill
from fireside.serving.bench.houses import Engine
from fireside.serving.bench.houses import House as Asked
from fireside.serving.bench.living import live
from fireside.serving.bench.machine import tree
from fireside.serving.bench.pages import Pace, Pages
from fireside.serving.bench.rows import percentiles

pytestmark = pytest.mark.once  # the bench itself runs on both databases


def test_percentiles_are_of_the_slowest():
    assert percentiles([0.001 * n for n in range(1, 101)]) == {"p50_ms": 51.0, "p95_ms": 96.0, "p99_ms": 100.0}
    assert percentiles([]) == {"p50_ms": 0.0, "p95_ms": 0.0, "p99_ms": 0.0}


@pytest.fixture
def alone() -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """Ask from a thread of its own: where a browser was tested before, a loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda ask: pool.submit(ask).result()


@pytest.fixture
def unlearnt() -> Iterator[None]:
    """What SQLite learns of a filled house goes with it."""
    yield
    with connection.cursor() as cursor:
        for table in ("sqlite_stat1", "sqlite_stat4"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


def test_every_page_of_a_filled_house_gives_its_row(house, alone, unlearnt):
    filled = fill(700).__dict__
    asked = Asked(Engine("sqlite"), {}, filled, house.port, house.process)
    pages = Pages(asked, asked, Pace(seconds=0.05, warm=0.05, connections=2))
    pages.limit = lambda size: 5000.0  # what the stack gives by itself is measured by a program of its own
    rows = alone(lambda: {row.name: row.line() for row in pages.rows(lambda name: True, lambda words: None)})
    assert list(rows) == ["page.topic_list", "page.topic", "api.topic_list", "api.topic", "page.anonymous", "write.reply"]
    fields = {"name", "engine", "size", "value", "unit", "p50_ms", "p95_ms", "p99_ms", "cpu_ms", "rss_mb"}
    for name, row in rows.items():
        assert fields <= set(row) and row["value"] > 0, row
        assert row["size"] == 700 and row["rss_mb"] > 20, row
        assert ("ratio" in row) == (name != "write.reply"), row
    told = alone(lambda: live(pages, asked, 5).line())
    assert (told["name"], told["size"]) == ("live", 5) and 0 < told["p50_ms"] < 30_000

    for path in ("/t/999999", "/start"):  # missing; and a visitor is led elsewhere: neither is the page that was asked for
        with pytest.raises(NotFine):
            alone(lambda path=path: asyncio.run(ask_for(house.port, lambda _n: [pages.get(path)], seconds=0.2, connections=1)))


def test_a_tree_holds_the_children_of_children(house):
    found = tree(house.process.pid)
    assert house.process.pid in found and len(found) >= 2
    assert all(Path(f"/proc/{pid}").exists() for pid in found)
