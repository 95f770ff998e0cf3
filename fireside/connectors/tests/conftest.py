"""Small histories in each form, made up here; real ones are read in place by test_real.py."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from fireside.activity import actor
from fireside.activity.jobs import run_here
from fireside.activity.models import Job
from fireside.lib.tests import migrated

START = 1_600_000_000


def lines(path: Path, records: list[Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" if not isinstance(one, str) else one + "\n" for one in records), encoding="utf-8")
    return path


def message(
    number: int, *, at: int = 0, stream: str = "7-lamps", topic: str = "Loose.20wire", sender: str = "Ada Lovelace", content: str = ""
) -> dict[str, Any]:
    return {
        "id": number, "timestamp": at or START + number * 60, "stream": stream, "topic": topic, "sender_full_name": sender,
        "content": content or f"<p>words {number}</p>",
    }  # fmt: skip


def watched(command: list[str], env: dict[str, str]) -> tuple[dict[str, Any], float, int]:
    """Run a command that ends with a line of JSON. Returns that, the seconds it took, and its own peak memory in MB.

    Read while it runs: what the kernel says afterwards (ru_maxrss) holds the memory of the process that started it, too.
    """
    began, peak = time.monotonic(), 0
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as wrong:
        running = subprocess.Popen([sys.executable, "-m", "fireside", *command], env=env, stdout=said, stderr=wrong)
        while running.poll() is None:
            with contextlib.suppress(OSError, IndexError):  # it ended between two looks
                peak = max(peak, int(Path(f"/proc/{running.pid}/status").read_text().split("VmHWM:")[1].split()[0]) // 1024)
            time.sleep(0.1)
        seconds = time.monotonic() - began
        said.seek(0), wrong.seek(0)
        assert running.returncode == 0, said.read()[-3000:] + wrong.read()[-3000:]
        return json.loads(said.read().splitlines()[-1]), seconds, peak


@pytest.fixture
def bring():
    """Run an import in the foreground, as the command line does. Fails when the job failed, unless `fails` is the words to expect."""

    def run(what: str, path: Path, *, fails: str = "", **params: Any) -> Job:
        params = {"path": str(path), "source": params.pop("source", "test"), **params}
        row = run_here(actor.house("cli"), f"connectors.import_{what}", params)
        assert bool(row.error) == bool(fails), row.error
        assert fails in row.error
        counts = row.counts
        if not fails:
            assert counts["read"] == counts["imported"] + counts["unchanged"] + counts["rejected"]
            assert counts["rejected"] == sum(counts["reasons"].values())
        return row

    return run


@pytest.fixture
def bare_house(tmp_path) -> Iterator[dict[str, str]]:
    """The environment of a house that has no tables yet, on SQLite or on a new database of the test's PostgreSQL."""
    env = {"FIRESIDE_DATA": str(tmp_path / "house"), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    if os.environ.get("FIRESIDE_TEST_DB") != "postgres":
        yield env
        return
    import psycopg

    parts, name = urlsplit(os.environ["DATABASE_URL"]), f"house_{os.getpid()}"
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as db:
        db.execute(f"create database {name}")
        yield env | {"DATABASE_URL": parts._replace(path=f"/{name}").geturl()}
        db.execute(f"drop database {name} with (force)")


@pytest.fixture
def house(bare_house) -> dict[str, str]:
    """The environment of a house with its tables and nothing in them."""
    migrated.lay(bare_house)
    return bare_house


def ask(env: dict[str, str], sql: str) -> list[tuple]:
    if "DATABASE_URL" in env:
        import psycopg

        with psycopg.connect(env["DATABASE_URL"]) as db:
            return db.execute(sql).fetchall()
    import sqlite3

    with sqlite3.connect(Path(env["FIRESIDE_DATA"]) / "fireside.sqlite3") as db:
        return db.execute(sql).fetchall()


@pytest.fixture
def sign_in(client, world):
    def as_(name):
        client.force_login(world.people[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_
