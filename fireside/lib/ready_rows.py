"""Queries of plain values whose shape never changes, compiled once: see lib/ready.py, which gives whole models.

`Rows(lambda ids: Member.objects.filter(pk__in=Many(ids)).values_list("pk", "name"))`, then `.all([1, 2])`: a list of tuples.
A value comes in for each slot: numbers, words, moments, days; where a lookup wants several (`__in`), a list of numbers by `Many`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections
from django.db.models import BigIntegerField, Expression, QuerySet

from fireside.lib.columns_read import readers
from fireside.lib.ready import Slot, fetched, given

Row = tuple[Any, ...]
Sql = tuple[str, Sequence[Any]]


class Many(Expression):
    """Numbers that come later, any number of them, at the right of `__in`."""

    output_field = BigIntegerField()

    def __init__(self, slot: Slot) -> None:
        super().__init__()
        self.slot = slot

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "(SELECT value FROM json_each(%s))", [self]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "(SELECT unnest(%s::bigint[]))", [self]


class AnyOf(Expression):
    """What any of these queries finds, each with an order and a limit of its own, at the right of `__in`: so each is found by its own index."""

    output_field = BigIntegerField()

    def __init__(self, *parts: QuerySet[Any, Any]) -> None:
        super().__init__()
        self.parts = parts

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        made = [sql_of(one) for one in self.parts]
        either = " UNION ALL ".join(f"SELECT * FROM ({sql}) part{nth}" for nth, (sql, _params) in enumerate(made))  # noqa: S608  SQL of Django's own making
        return f"({either})", [one for _sql, params in made for one in params]


class Rows:
    """One query for each database, its SQL and how its columns become values."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self.made: dict[str, _Compiled] = {}

    def all(self, *values: Any) -> list[Row]:
        vendor = connection.vendor
        made = self.made.get(vendor)
        if made is None:
            made = self.made[vendor] = self._compiled(len(values))
        return made.rows(values)

    def one(self, *values: Any) -> Row | None:
        """The first of its rows."""
        return next(iter(self.all(*values)), None)

    def column(self, *values: Any) -> list[Any]:
        """What stands in the first column."""
        return [row[0] for row in self.all(*values)]

    def _compiled(self, slots: int) -> "_Compiled":
        return _of_query(self.build(*map(Slot, range(slots))))


class SqlRows(Rows):
    """The same for SQL that is put together out of queries (`sql_of`). `build` gives it with its parameters, and for each column the model's field or None."""

    def __init__(self, build: Callable[..., tuple[str, Sequence[Any], Sequence[Any]]]) -> None:
        super().__init__(build)  # type: ignore[arg-type]

    def _compiled(self, slots: int) -> "_Compiled":
        sql, params, fields = self.build(*map(Slot, range(slots)))  # type: ignore[misc]
        columns = [(at, field.get_col("")) for at, field in enumerate(fields) if field is not None]
        steps = {at: (one.get_db_converters(connection) + connection.ops.get_db_converters(one), one) for at, one in columns}
        return _Compiled(sql, params, readers(steps))


class Count(Rows):
    """How many rows a query has: one row with one number."""

    def _compiled(self, slots: int) -> "_Compiled":
        sql, params = sql_of(self.build(*map(Slot, range(slots))))
        return _Compiled(f"SELECT COUNT(*) FROM ({sql}) counted", params, [])  # noqa: S608  SQL of Django's own making


def sql_of(query: QuerySet[Any, Any]) -> Sql:
    """A query as SQL and its parameters, slots among them: a part of a larger one."""
    sql, params = query.query.get_compiler(connection=connection).as_sql()
    return sql, list(params)


def _of_query(query: QuerySet[Any, Any]) -> "_Compiled":
    compiler = query.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    if query.query.combinator:  # the columns are those of its first part
        compiler = query.query.combined_queries[0].get_compiler(connection=connection)
        compiler.as_sql()
    expressions = [column[0] for column in compiler.select]  # type: ignore[union-attr]
    return _Compiled(sql, params, readers(compiler.get_converters(expressions)))


class _Compiled:
    def __init__(self, sql: str, params: Sequence[Any], converters: Sequence[tuple[int, Callable[[Any], Any]]]) -> None:
        self.sql, self.converters = sql, converters
        self.params = [(one.nth if isinstance(one, Slot) else one.slot.nth if isinstance(one, Many) else -1, one) for one in params]

    def rows(self, values: Sequence[Any]) -> list[Row]:
        here = connections[connection.alias]
        params = [given(values[nth], here) if nth >= 0 else one for nth, one in self.params]
        found = fetched(here, self.sql, params)
        if not self.converters:
            return found  # type: ignore[no-any-return]
        made = []
        for plain in found:
            row = list(plain)
            for at, read in self.converters:
                if row[at] is not None:
                    row[at] = read(row[at])
            made.append(tuple(row))
        return made
