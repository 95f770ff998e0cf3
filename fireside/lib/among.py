"""One of what a query gives, in conditions that are asked of many rows."""

from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Subquery


class Among(Func):
    """`rows.filter(Among("member", traces_of(viewer)), topic=OuterRef("pk"))`: the same as `member__in`, but PostgreSQL asks the query once,
    and then seeks an index that begins with the column; `IN` becomes a join to it, and an index of the other columns is walked through."""

    output_field = BooleanField()
    template = "%(expressions)s"
    arg_joiner = " IN "

    def __init__(self, column: str, query: QuerySet[Any, Any]) -> None:
        super().__init__(F(column), Subquery(query))

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY", **more)
