"""Rows that real actions made once, put back for each test: the same to the byte, in a fiftieth of the time."""

import copy
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction


class Kept:
    """`kept.again()` is what `make()` gives, on tables that nobody has written to; the statements that fill them are remembered.

    They are said again as they stand: putting them together from rows took longer than what the database does with them.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make
        self.rows: dict[type[models.Model], list[models.Model]] = {}
        self.anybody = ""  # asks whether any of these tables holds a row
        self.said: list[tuple[str, Any]] = []
        self.made: Any = None

    def again(self) -> Any:
        if self.made is None:
            if any(model._base_manager.exists() for model in _tables()):
                return self.make()  # a test was here before its world: the next one is remembered
            made = self.make()
            self.rows = {model: rows for model in _tables() if (rows := list(model._base_manager.all()))}
            held = (f"EXISTS (SELECT 1 FROM {connection.ops.quote_name(model._meta.db_table)})" for model in self.rows)
            self.anybody = "SELECT " + " OR ".join(held)
            self.made = copy.deepcopy(made)
            return made
        with connection.cursor() as cursor:
            cursor.execute(self.anybody)
            if cursor.fetchall()[0][0]:
                return self.make()  # somebody was here before: the rows would stand in each other's way
            with transaction.atomic():  # rows name one another; keys are looked at when all are there
                if not self.said:
                    self.said = self._put_back()
                else:
                    for sql, params in self.said:
                        cursor.execute(sql, params)
                        if cursor.description:  # rows that it tells of; SQLite is not done before they are heard
                            cursor.fetchall()
        return copy.deepcopy(self.made)

    def _put_back(self) -> list[tuple[str, Any]]:
        """By the rows, the first time. Returns the statements that did it."""
        said: list[tuple[str, Any]] = []

        def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            said.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(listen), connection.cursor() as cursor:
            for model, rows in self.rows.items():
                model._base_manager.bulk_create(rows)
            if resets := connection.ops.sequence_reset_sql(no_style(), list(self.rows)):
                cursor.execute("; ".join(one.rstrip(";") for one in resets))
        return said


def _tables() -> list[type[models.Model]]:
    """All but those that Django fills when it makes the tables."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in {"contenttypes", "auth"}
    ]
