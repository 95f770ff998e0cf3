"""Records on PostgreSQL, by its own programs: pg_dump and psql."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from fireside.lib.errors import Refused
from fireside.serving.keeping.archive import pieces

BEFORE = "fireside_before"  # where the old tables stand while the new ones are tried


def program(name: str) -> str:
    """Where PostgreSQL's program lies that is not older than the server; refused with what to install."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    found = [shutil.which(name), *sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), reverse=True)]
    found += sorted(map(str, Path("/usr").glob(f"pgsql-*/bin/{name}")), reverse=True)
    versions = {path: _version(path) for path in filter(None, found)}
    for path, version in versions.items():
        if version >= server:
            return path
    facts = {"name": name, "server": server, "found": max(versions.values(), default=0)}
    if not versions:
        words = _(
            "%(name)s was not found. Install PostgreSQL’s own programs, version %(server)s (postgresql-client-%(server)s), or put their folder in PATH."
        )
    else:
        words = _(
            "The server is PostgreSQL %(server)s and %(name)s is %(found)s: too old. Install version %(server)s (postgresql-client-%(server)s), or put its folder first in PATH."
        )
    raise Refused("no_program", words % facts)


def _version(path: str) -> int:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout  # noqa: S603
    except OSError:
        return 0
    number = re.search(r"\d+", said)
    return int(number[0]) if number else 0


def _reach() -> tuple[list[str], dict[str, str]]:
    """How the programs reach the database: its place as an option, its password where no list of processes shows it."""
    from psycopg.conninfo import make_conninfo

    entry = connection.settings_dict
    place = {"dbname": entry["NAME"], "user": entry["USER"], "host": entry["HOST"], "port": entry["PORT"]} | entry["OPTIONS"]
    words = make_conninfo(**{name: value for name, value in place.items() if value})
    password = {"PGPASSWORD": entry["PASSWORD"]} if entry["PASSWORD"] else {}
    return ["--dbname", words], {**os.environ, **password, "LC_ALL": "C.UTF-8"}


def dump(facts: dict[str, Any]) -> Iterator[bytes]:
    """The records of one moment, piece by piece; what they hold is written into `facts`."""
    pg_dump = program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        moment, server = cursor.fetchone()
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        facts |= {"engine": "postgresql", "server": server, "migrations": cursor.fetchall(), "tables": {}}
        for name in _tables(cursor):
            cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608
            facts["tables"][name] = cursor.fetchone()[0]
        reach, env = _reach()
        options = ["--no-owner", "--no-privileges", "--no-comments", "--no-tablespaces", "--no-publications", "--no-subscriptions"]
        words = [pg_dump, *reach, f"--snapshot={moment}", f"--exclude-schema={BEFORE}", *options]
        with tempfile.TemporaryFile() as complaints, subprocess.Popen(words, stdout=subprocess.PIPE, stderr=complaints, env=env) as running:  # noqa: S603
            assert running.stdout is not None
            yield from pieces(running.stdout)  # type: ignore[arg-type]
            if running.wait():
                complaints.seek(0)
                raise _failed("pg_dump", complaints.read())


def size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


@contextmanager
def alone() -> Iterator[None]:
    """Refused while anybody else is connected; and before anything is begun when psql is missing."""
    program("psql")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    if others:
        words = _("The house is open, or somebody else is at its database (%(count)s connections). Close it and its workers, then restore.")
        raise Refused("house_open", words % {"count": others})
    yield


def put_in(new: Path, before: Path, finish: Callable[[], None]) -> None:
    """Old tables aside and new ones in, in one transaction; the old come back when the new cannot be brought up to date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        home, old = cursor.fetchone()[0], _tables(cursor)
    aside = new.with_name("aside.sql")
    moves = "".join(f'ALTER TABLE "{home}"."{name}" SET SCHEMA {BEFORE};\n' for name in old)
    aside.write_text(f"DROP SCHEMA IF EXISTS {BEFORE} CASCADE;\nCREATE SCHEMA {BEFORE};\n{moves}", encoding="utf-8")
    reach, env = _reach()
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output", os.devnull]
    words = [program("psql"), *reach, *options, "--file", str(aside), "--file", str(new)]
    connection.close()
    done = subprocess.run(words, capture_output=True, env=env, check=False)  # noqa: S603
    if done.returncode:
        raise _failed("psql", done.stderr)
    try:
        finish()
    except BaseException:
        connection.close()
        with transaction.atomic(), connection.cursor() as cursor:
            for name in _tables(cursor):
                cursor.execute(f'DROP TABLE "{home}"."{name}" CASCADE')
            for name in old:
                cursor.execute(f'ALTER TABLE {BEFORE}."{name}" SET SCHEMA "{home}"')
            cursor.execute(f"DROP SCHEMA {BEFORE}")
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {BEFORE} CASCADE")


def _tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    return [name for (name,) in cursor.fetchall()]


def _failed(name: str, said: bytes) -> Refused:
    lines = said.decode(errors="replace").strip().splitlines() or ["?"]
    why = next((line for line in lines if "error" in line.lower()), lines[0])
    return Refused("program_failed", _("%(name)s failed: %(why)s") % {"name": name, "why": why[:400]})
