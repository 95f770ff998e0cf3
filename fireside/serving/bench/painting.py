"""The row of the first paint: a phone of four years ago on a slow network opens the list of topics, with nothing kept."""

import contextlib
import os
import shutil
from typing import Any

from fireside.serving.bench.houses import House
from fireside.serving.bench.pages import SECRET
from fireside.serving.bench.rows import Row, percentiles

PHONE = {"width": 360, "height": 740}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4  # times, the processor
TIMES = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-dev-shm-usage"]


def paint(house: House) -> Row | None:
    """`value`: seconds until words and rows are first seen, the middle of five. None where there is no Playwright or no Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    path = os.environ.get("FIRESIDE_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if path is None:
        return None
    with contextlib.ExitStack() as open_:
        browser = open_.enter_context(sync_playwright()).chromium.launch(executable_path=path, args=FLAGS)
        open_.callback(browser.close)
        times = sorted(_once(browser, house) for _ in range(TIMES))
    return Row("page.first_paint", house.engine.name, house.filled["posts"], round(times[TIMES // 2], 3), "s", **percentiles(times))


def _once(browser: Any, house: House) -> float:
    context = browser.new_context(viewport=PHONE, device_scale_factor=3, is_mobile=True, has_touch=True)
    try:
        at = {"domain": "127.0.0.1", "path": "/"}
        context.add_cookies(
            [{"name": "sessionid", "value": house.filled["cookies"][0], **at}, {"name": "csrftoken", "value": SECRET, **at}]
        )
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", SLOW_4G)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"http://127.0.0.1:{house.port}/talk", wait_until="load", timeout=60_000)
        seen = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
        page.wait_for_function(seen, timeout=60_000)
        return float(page.evaluate(seen)) / 1000
    finally:
        context.close()
