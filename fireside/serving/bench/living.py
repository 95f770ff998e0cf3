"""The row of live updates: many listen to one topic, somebody replies."""

import asyncio

from fireside.serving.bench.asking import fan_out
from fireside.serving.bench.houses import House
from fireside.serving.bench.pages import Pages
from fireside.serving.bench.rows import Row, percentiles


def live(pages: Pages, house: House, connections: int) -> Row:
    """`value`: what one open connection takes of the house's memory. The percentiles: from the reply until a listener has heard."""
    topic = house.filled["for_all"][0]
    empty = house.rss_mb()
    full = before = 0.0

    def standing() -> None:
        nonlocal full, before
        full, before = house.rss_mb(), house.cpu_ms()

    told = asyncio.run(
        fan_out(house.port, pages.get(f"/live?topic={topic}"), pages.reply(topic, 0), connections=connections, standing=standing)
    )
    return Row(
        "live", house.engine.name, connections, round((full - empty) * 1024 / connections, 1), "KB/connection", **percentiles(told.heard),
        cpu_ms=round((house.cpu_ms() - before) / connections, 3), rss_mb=full,
    )  # fmt: skip
