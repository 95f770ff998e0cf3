"""What PostgreSQL is asked again and again: it keeps each statement, with one plan for all values. To parse and plan a list of topics
anew costs ten times what answering it does."""

from typing import Any

from psycopg import Connection, Cursor
from psycopg.types.datetime import TimestamptzLoader

KEPT = 300  # statements of one connection
NEVER = 2**31  # of others the driver keeps none, however often they come: Django writes their values into them


def answered(here: Any, sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    """The rows. `here`: Django's connection to PostgreSQL, which is open."""
    asker = here.__dict__.get("asker")
    if asker is None or asker.connection is not here.connection:
        asker = here.asker = _asker(here.connection)
    return asker.execute(sql, params, prepare=True).fetchall()  # type: ignore[no-any-return]


def _asker(to: "Connection[Any]") -> "Cursor[Any]":
    to.prepare_threshold, to.prepared_max = NEVER, KEPT  # without a threshold, as Django opens it, the driver prepares nothing at all
    made = Cursor(to)
    made.adapters.register_loader("timestamptz", TimestamptzLoader)  # Django's does the same in Python
    return made
