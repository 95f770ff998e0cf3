"""Many rows in few milliseconds: what bulk_create does in 200 µs a row, done in 10. Ids are known before the rows are written."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

AS_IT_IS = frozenset({str, int, bool, float, type(None)})


def next_ids(table: str, n: int) -> Iterator[int]:
    """`n` ids for new rows of the table, in rising order. Inside the transaction that writes them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, n])
            return iter([row[0] for row in cursor.fetchall()])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])  # the writer's lock is ours: IMMEDIATE
        found = cursor.fetchone()
    start = found[0] if found else 0
    return iter(range(start + 1, start + 1 + n))


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, unless_there: bool = False) -> None:
    """Write rows of plain values; datetimes and dictionaries are adapted. `unless_there` leaves rows alone that a constraint refuses."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not unless_there:
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row([json.dumps(v) if isinstance(v, dict) else v for v in row])
            return
        places = ", ".join(["%s"] * len(columns))
        end = " ON CONFLICT DO NOTHING" if unless_there else ""
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places}){end}', list(_adapted(rows)))  # noqa: S608  names are ours


def _adapted(rows: Sequence[Sequence[Any]]) -> Iterator[list[Any]]:
    """Rows as the driver takes them. Millions of values come by here."""
    adapt, of_sqlite = connection.ops.adapt_datetimefield_value, connection.vendor == "sqlite"

    def one(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat(" ")[:-6] if of_sqlite and value.tzinfo is UTC else adapt(value)
        return (json.dumps(value) if value else "{}") if isinstance(value, dict) else value

    for row in rows:
        yield [value if type(value) in AS_IT_IS else one(value) for value in row]


def adapted(value: Any) -> Any:
    """A value as the driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return json.dumps(value) if isinstance(value, dict) else value
