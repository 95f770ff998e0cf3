"""What PostgreSQL is asked again and again: it keeps each statement, with one plan for all values. To parse and plan a list of topics
anew costs it ten times what answering does.

psycopg keeps statements, too, but on its way to the server each runs through as much Python as it takes to read thirty rows. So libpq,
which it brings along, is asked itself; how values and rows are read stays psycopg's.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from psycopg import Connection, OperationalError, errors, pq
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.types.datetime import TimestamptzLoader

KEPT = 400  # statements of one connection; then all are let go, and those in use come again
FINE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
Rows = list[tuple[Any, ...]]


def asked(here: Any, sql: str, params: list[Any]) -> tuple[Rows, int]:
    """The rows, and how many the statement found or changed. `here`: Django's connection to PostgreSQL, which is open."""
    asker = here.__dict__.get("asker")
    if asker is None or asker.connection is not here.connection:
        asker = here.asker = Asker(here.connection)
    return asker.ask(sql, params)  # type: ignore[no-any-return]


@dataclass
class _Context:
    """What psycopg wants to know of whom it adapts for."""

    connection: Any
    adapters: AdaptersMap


class Asker:
    """Asks over one connection."""

    def __init__(self, connection: "Connection[Any]") -> None:
        self.connection, self.libpq = connection, connection.pgconn
        self.names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        adapters = AdaptersMap(connection.adapters)
        adapters.register_loader("timestamptz", TimestamptzLoader)  # Django's does the same in Python
        self.adapt = Transformer(_Context(connection, adapters))

    def ask(self, sql: str, params: list[Any]) -> tuple[Rows, int]:
        values: Any = self.adapt.dump_sequence(params, [PyFormat.TEXT] * len(params))
        types = tuple(self.adapt.types or ())
        name = self.names.get((sql, types)) or self._keep(sql, types)
        if not self.connection.autocommit and self.libpq.transaction_status == pq.TransactionStatus.IDLE:
            self._fine(self.libpq.exec_(b"BEGIN"))
        found = self._fine(self.libpq.exec_prepared(name, values))
        if not found.nfields:
            return [], found.command_tuples or 0
        self.adapt.set_pgresult(found)
        return self.adapt.load_rows(0, found.ntuples, tuple), found.ntuples

    def _keep(self, sql: str, types: tuple[int, ...]) -> bytes:
        if len(self.names) >= KEPT:
            self._fine(self.libpq.exec_(b"DEALLOCATE ALL"))
            self.names.clear()
        name = b"kept_%d" % len(self.names)
        self._fine(self.libpq.prepare(name, _numbered(sql), types))
        self.names[sql, types] = name
        return name

    def _fine(self, result: pq.abc.PGresult) -> pq.abc.PGresult:
        if result.status in FINE:
            return result
        if self.libpq.status == pq.ConnStatus.BAD:
            raise OperationalError(result.error_message.decode(errors="replace"))
        raise errors.error_from_result(result, "utf-8")


@lru_cache(maxsize=2048)
def _numbered(sql: str) -> bytes:
    """Django writes places of values as %s, PostgreSQL numbers them."""
    n = 0

    def place(found: "re.Match[str]") -> str:
        nonlocal n
        if found[0] == "%%":
            return "%"
        n += 1
        return f"${n}"

    return re.sub("%%|%s", place, sql).encode()
