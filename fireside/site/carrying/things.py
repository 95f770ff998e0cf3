"""What a community is made of: every table that is not of this machine, and how its rows are written down and read again."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import translation

from fireside.lib.holds import PRIVATE, Holds, held

Row = dict[str, Any]


@dataclass(frozen=True)
class Thing:
    """One kind of row. `fields` are named as they stand in the archive: a column that refers to another row ends in _id.

    `private`: rows of private conversations travel, too.
    """

    name: str
    model: type[models.Model]
    says: Holds
    fields: "tuple[models.Field[Any, Any], ...]"
    private: bool = False

    @property
    def table(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def file(self) -> str:
        return f"{self.name}.jsonl"

    def travelling(self, alias: str) -> models.QuerySet[Any]:
        """Its rows that go into an archive."""
        rows, stays_if = self.model._base_manager.using(alias), self.says.stays_if
        return rows if stays_if is None or (self.private and self.says.why_some == PRIVATE) else rows.exclude(stays_if())

    def named(self) -> list[str]:
        return [one.attname for one in self.fields]


def all_tables() -> list[type[models.Model]]:
    """Every table that the house keeps, those between two others included."""
    return [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]


def things(*, private: bool = False) -> list[Thing]:
    """What travels, by name; with `private`, private conversations, too."""
    found = []
    for model in all_tables():
        says = held(model._meta.label_lower)
        if not says.stays or (private and says.stays == PRIVATE):
            with translation.override("en"):
                plural = says.name or str(model._meta.verbose_name_plural).lower().replace(" ", "_")
            fields = tuple(one for one in model._meta.concrete_fields if one.attname not in says.without)
            found.append(Thing(f"{model._meta.app_label}/{plural}", model, says, fields, private))
    return sorted(found, key=lambda one: one.name)


def left_behind(*, private: bool = False) -> dict[str, str]:
    """What does not travel, and why: tables, and single fields of those that do."""
    tables = {one._meta.label_lower: held(one._meta.label_lower).stays for one in all_tables()}
    fields = {f"{one.table}.{name}": "" for one in things() for name in one.says.without}
    some = {one.table: one.says.why_some for one in things() if one.says.why_some}
    found = {name: why for name, why in tables.items() if why} | fields | some
    return {name: why for name, why in found.items() if not (private and why == PRIVATE)}


def line_of(thing: Thing, values: tuple[Any, ...]) -> bytes:
    """A row as one line of JSON."""
    row = {one.attname: _told(value) for one, value in zip(thing.fields, values, strict=True)}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _told(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool | dict | list):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return str(value)


def readers(thing: Thing, connection: Any) -> "Iterator[tuple[models.Field[Any, Any], Callable[[Any], Any]]]":
    """How each field of a line becomes what the database takes. Raises ValueError for what it cannot be."""
    for one in thing.fields:
        target: Any = one.target_field if isinstance(one, models.ForeignKey) else one
        yield one, partial(_read, target, connection)


def _read(field: Any, connection: Any, told: Any) -> Any:
    if told is None:
        return None
    if isinstance(field, models.JSONField):
        return json.dumps(told)
    if isinstance(field, models.DateTimeField):
        moment = datetime.fromisoformat(told)
        if moment.tzinfo is None:
            raise ValueError(told)
        return moment.astimezone(UTC)
    if isinstance(field, models.BinaryField):
        return base64.b64decode(told, validate=True)
    if isinstance(field, models.CharField | models.TextField) and not isinstance(told, str):
        raise ValueError(told)
    if isinstance(field, models.BooleanField) != isinstance(told, bool):
        raise ValueError(told)
    if isinstance(field, models.IntegerField | models.AutoField) and not isinstance(told, int):
        raise ValueError(told)
    if isinstance(field, models.CharField | models.IntegerField | models.AutoField | models.BooleanField | models.FloatField):
        return told
    return field.get_db_prep_save(field.to_python(told), connection)
