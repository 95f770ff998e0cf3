"""Queries whose shape never changes, compiled once: building one anew costs Django ten times what the database needs to answer it."""

import functools
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection, connections, models
from django.db.models import Expression, QuerySet
from django.db.models.query import get_related_populators

from fireside.lib.bulk import adapted
from fireside.lib.columns_read import readers

M = TypeVar("M", bound=models.Model)


class Slot(Expression):
    """The place of a value that comes later, not None: a number, words, a moment, a day."""

    def __init__(self, nth: int) -> None:
        super().__init__()
        self.nth = nth

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Ready(Generic[M]):
    """`Ready(lambda pk: Topic.objects.select_related("space").filter(pk=pk))`: a query to ask again and again, one value a slot.

    Rows come as whole models, with what `select_related` names. Takes no annotations or prefetches.
    """

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._made: dict[str, _Compiled] = {}  # by database

    def first(self, *values: Any) -> M | None:
        """The first row in the query's own order; it should be about one row at most."""
        return next(self._rows(values), None)

    def all(self, *values: Any) -> list[M]:
        return list(self._rows(values))

    def _rows(self, values: tuple[Any, ...]) -> Iterator[M]:
        made = self._made.get(connection.vendor)
        if made is None:
            made = self._made[connection.vendor] = _Compiled(self._build(*map(Slot, range(len(values)))))
        return made.rows(values)


def given(value: Any, here: Any) -> Any:
    """A value as the driver of this connection takes it in a query of ours."""
    kind = type(value)
    if here.vendor == "postgresql":  # numbers of one width: of another one it would be another statement
        return _wide()(value) if kind is int else "{" + ",".join(map(str, value)) + "}" if kind is list else value
    if kind is int or kind is str:
        return value
    if kind is datetime:
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if kind is date:
        return value.isoformat()
    return "[" + ",".join(map(str, value)) + "]" if kind is list else value


def fetched(here: Any, sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    """The rows."""
    return asked(here, sql, params)[0]


def asked(here: Any, sql: str, params: list[Any]) -> tuple[list[tuple[Any, ...]], int]:
    """The rows, and how many a statement that gives none has changed. The driver itself is asked: PostgreSQL keeps the statement prepared,
    SQLite gets the same text each time, by which it knows what it has prepared."""
    plainly = here.vendor == "sqlite" or (here.vendor == "postgresql" and settings.PREPARED)
    if not plainly or here.queries_logged or here.execute_wrappers:
        with here.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else [], cursor.rowcount
    here.close_if_health_check_failed()
    here.ensure_connection()
    here.validate_thread_sharing()
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        if here.vendor == "sqlite":
            cursor = here.connection.execute(_marked(sql), params)
            return cursor.fetchall(), cursor.rowcount
        return _of_postgresql()(here, sql, params)  # type: ignore[no-any-return]


@functools.lru_cache(maxsize=2048)
def _marked(sql: str) -> str:
    """Django writes places of values as %s, SQLite as a question mark."""
    return sql.replace("%%", "\0").replace("%s", "?").replace("\0", "%")


@functools.cache
def _of_postgresql() -> Any:
    from fireside.lib.prepared import asked

    return asked


@functools.cache
def _wide() -> Any:
    from psycopg.types.numeric import Int8

    return Int8


class _Compiled:
    """One query for one database: its SQL, and how its rows become models (as Django's ModelIterable does it)."""

    def __init__(self, query: QuerySet[Any]) -> None:
        compiler = query.query.get_compiler(using=query.db)
        self.sql, self.params = compiler.as_sql()
        info = compiler.klass_info
        if info is None or compiler.annotation_col_map or compiler.select is None:
            raise TypeError("A ready query gives whole models.")
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        self.db, self.model, self.columns = query.db, info["model"], slice(first, last)
        self.names = [column[0].target.attname for column in compiler.select[first:last]]
        populators: Any = get_related_populators
        self.related = populators(info, compiler.select, query.db)
        self.readers = readers(compiler.get_converters([column[0] for column in compiler.select]))

    def rows(self, values: tuple[Any, ...]) -> Iterator[Any]:
        here = connections[connection.alias]  # the connection itself: its proxy looks for it anew at every word
        found = fetched(here, self.sql, [given(values[one.nth], here) if isinstance(one, Slot) else one for one in self.params])
        for plain in found:
            row = list(plain)
            for at, read in self.readers:
                if row[at] is not None:
                    row[at] = read(row[at])
            made = self.model.from_db(self.db, self.names, row[self.columns])
            for related in self.related:
                related.populate(row, made)
            yield made


_INSERTS: dict[tuple[type[models.Model], str], tuple[str, list[Any]]] = {}


def add(row: M) -> M:
    """Insert one new row: `save(force_insert=True)` at a third of its price. Its id comes back with it.

    For tables whose ids the database gives and that no signal listens to (this house has none). Columns with a default of the
    database are left to it.
    """
    _insert(row, "")
    return row


def add_new(row: models.Model) -> bool:
    """Insert one row unless a constraint says that it is there. Returns whether it is new; only then it has an id."""
    return _insert(row, " ON CONFLICT DO NOTHING")


def _insert(row: models.Model, clause: str) -> bool:
    here = connections[connection.alias]
    key = type(row), here.vendor
    known = _INSERTS.get(key)
    if known is None:
        meta, quoted = row._meta, here.ops.quote_name
        fields = [one for one in meta.local_concrete_fields if not one.primary_key and not one.has_db_default()]
        names, places = ", ".join(quoted(str(one.column)) for one in fields), ", ".join(["%s"] * len(fields))
        known = _INSERTS[key] = f"INSERT INTO {quoted(str(meta.db_table))} ({names}) VALUES ({places})", fields  # noqa: S608  names are ours
    sql, fields = known
    values = [given(one.get_db_prep_save(getattr(row, one.attname), here), here) for one in fields]
    made, _many = asked(here, f"{sql}{clause} RETURNING id", values)
    if not made:
        return False
    row.pk = made[0][0]
    row._state.adding, row._state.db = False, here.alias
    return True


def change(sql: str, *values: Any) -> int:
    """One statement that changes rows, written as SQL that both databases understand. Returns how many it changed."""
    here = connections[connection.alias]
    return asked(here, sql, [given(adapted(one), here) for one in values])[1]
