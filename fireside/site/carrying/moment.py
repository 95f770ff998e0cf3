"""One moment of the records, read while people write, on a line of its own: what is noted meanwhile goes by the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

ALIAS = "moment"


@contextmanager
def one_moment() -> Iterator[Any]:
    """Within it, whatever is read with `.using(ALIAS)` is as it was when it began."""
    line = connections.create_connection("default")
    line.alias = ALIAS
    connections[ALIAS] = line
    try:
        line.ensure_connection()
        if line.vendor == "postgresql":
            line.set_autocommit(False)
            with line.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT 1")
        else:
            with line.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield line
    finally:
        line.close()
        del connections[ALIAS]
