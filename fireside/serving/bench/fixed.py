"""Run as a program: the same front, bridge and threads as a house's, with an answer behind them that is ready: nothing can be faster here.

GET /40000 answers with so many bytes.
"""

import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fireside.settings")
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "private, no-cache")]


def ready(environ: dict[str, Any], start: Any) -> list[bytes]:
    environ["fireside.route"] = "ready"
    size = int(environ["PATH_INFO"][1:] or 0)
    start("200 OK", [*HEADERS, ("Content-Length", str(size))])
    return [b"x" * size]


def make_app() -> Any:
    import django

    django.setup()
    from fireside.serving.front import make

    return make(ready)


if __name__ != "__main__":
    app = make_app()
else:
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.environ["FIRESIDE_DATA"]
    sys.path.insert(0, str(Path.cwd()))
    Server(
        "fireside.serving.bench.fixed:app", address="127.0.0.1", port=int(os.environ["PORT"]), interface=Interfaces.ASGI, loop=Loops.asyncio, http=HTTPModes.http1,
        workers=2, backlog=2048, websockets=False, log_level=LogLevels.warning, log_access=False,
    ).serve()  # fmt: skip
