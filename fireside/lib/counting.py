"""Several numbers in one query: what stands round every page asks for each of them."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def counts(*rows: QuerySet[Any]) -> list[int]:
    """How many rows each of these has; a slice bounds what is counted."""
    parts, values = [], list[Any]()
    for one in rows:
        try:
            sql, params = one.values("pk").query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608  made of querysets
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())
