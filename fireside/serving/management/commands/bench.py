"""`fireside bench`: pages a second and live updates of this version on this machine."""

import asyncio
import contextlib
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from tqdm import tqdm

from fireside.lib.text import json_line

STEPS = 12  # the tables, the posts, eight pages, the live updates, the replies
SECRET = "b" * 32  # a CSRF token of the bench's own making: it only has to match its cookie


class Command(BaseCommand):
    help = gettext_noop("Fill a house of its own in a folder that is thrown away, ask it for pages by many at once, and print the figures.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=5, help=gettext_noop("seconds for each page (default %(default)s)"))
        parser.add_argument("--connections", type=int, default=16, help=gettext_noop("how many ask at once (default %(default)s)"))
        parser.add_argument("--listeners", type=int, default=1000, help=gettext_noop("live connections of the fan-out"))
        parser.add_argument(
            "--posts", type=int, default=20_000, help=gettext_noop("how many posts the house is filled with (default %(default)s)")
        )
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON: the figures"))
        parser.add_argument(
            "--filled",
            metavar="FILE",
            help=gettext_noop("fill the database of FIRESIDE_DATA and write down where to knock (the bench calls this itself)"),
        )

    def handle(
        self, *, seconds: float, connections: int, listeners: int, posts: int, filled: str | None, json: bool, **_options: Any
    ) -> None:
        if filled:
            from fireside.serving.bench.filling import fill

            Path(filled).write_text(json_line(fill(members=1000, topics=max(10, posts // 20), posts=posts).__dict__))
            return
        with tempfile.TemporaryDirectory(prefix="fireside-bench-") as folder:
            figures = self._bench(Path(folder), seconds=seconds, connections=connections, listeners=listeners, posts=posts)
        self.stdout.write(json_line(figures) if json else "\n".join(told(figures)))

    def _bench(self, folder: Path, *, seconds: float, connections: int, listeners: int, posts: int) -> dict[str, Any]:
        port = int(os.environ.get("BENCH_PORT", "8765"))
        env = {**os.environ, "FIRESIDE_DATA": str(folder), "PORT": str(port), "FIRESIDE_HOST": "127.0.0.1", "FIRESIDE_LIMITS": "no",
               "FIRESIDE_LOG_LEVEL": "WARNING"}  # fmt: skip
        me = [sys.executable, "-m", "fireside"]
        bar = tqdm(total=STEPS, unit=" " + _("steps"), desc=_("Filling a house"), file=sys.stderr, leave=False)
        began = time.perf_counter()
        subprocess.run([*me, "migrate", "-v0"], env=env, check=True)  # noqa: S603
        bar.update()
        subprocess.run([*me, "bench", "--posts", str(posts), "--filled", str(folder / "filled")], env=env, check=True)  # noqa: S603
        bar.update()
        filled = json.loads((folder / "filled").read_text())
        took = time.perf_counter() - began
        raise_files(listeners + 200)
        house = subprocess.Popen([*me, "up", "--no-worker"], env=env, stdout=subprocess.DEVNULL)  # noqa: S603
        try:
            wait_for(port, house)
            figures = self._ask(port, filled, seconds, connections, listeners, bar)
        finally:
            bar.close()
            house.terminate()
            house.wait(30)
        return {
            "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": round(os.getloadavg()[0], 1)},
            "database": env.get("DATABASE_URL", "sqlite").partition(":")[0], "posts": filled["posts"], "filled_in_s": round(took, 1), **figures,
        }  # fmt: skip

    def _ask(self, port: int, filled: dict[str, Any], seconds: float, connections: int, listeners: int, bar: Any) -> dict[str, Any]:
        from fireside.serving.bench.asking import ask_for, fan_out

        topic, cookie = filled["topic"], f"sessionid={filled['cookie']}; csrftoken={SECRET}"
        words = b"text=So+it+is.&csrfmiddlewaretoken=" + SECRET.encode()

        def get(path: str, who: str = "") -> bytes:
            return f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{f'Cookie: {who}' if who else 'X-A: b'}\r\n\r\n".encode()

        reply = (
            f"POST /t/{topic}/replies HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\nHX-Request: true\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(words)}\r\n\r\n"
        ).encode() + words  # fmt: skip
        pages = {
            "home, visitor": get("/"), "home, member": get("/", cookie), "topic list, visitor": get("/talk"),
            "topic list, member": get("/talk", cookie), "topic of 20, visitor": get(f"/t/{topic}"), "topic of 20, member": get(f"/t/{topic}", cookie),
            "static file": get("/static/mark.svg"), "health": get("/healthz"),
        }  # fmt: skip
        found: dict[str, Any] = {}
        for name, request in pages.items():
            bar.set_description(name)
            asyncio.run(ask_for(port, request, seconds=1, connections=connections))
            found[name] = asyncio.run(ask_for(port, request, seconds=seconds, connections=connections)).figures()
            bar.update()
        bar.set_description("live fan-out")
        found["live fan-out"] = asyncio.run(fan_out(port, get(f"/live?topic={topic}"), reply, connections=listeners))
        bar.update()
        bar.set_description("reply, member")
        found["reply, member"] = asyncio.run(ask_for(port, reply, seconds=seconds, connections=connections)).figures()
        bar.update()
        return found


def told(figures: dict[str, Any]) -> list[str]:
    """The figures for people: a line for each page."""
    named = {name: part for name, part in figures.items() if isinstance(part, dict)}
    plain = "  ".join(f"{name} {part}" for name, part in figures.items() if not isinstance(part, dict))
    return [*(f"{name:22}{'  '.join(f'{what} {value}' for what, value in part.items())}" for name, part in named.items()), plain]


def raise_files(count: int) -> None:
    """A live connection is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count * 2:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count * 2), hard))


def wait_for(port: int, house: "subprocess.Popen[bytes]") -> None:
    for _try in range(1200):
        if house.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return
        time.sleep(0.05)
    raise CommandError("The house did not open.")
