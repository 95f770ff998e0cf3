"""Keyset paging: a page is found by where the last one ended, so the millionth row costs what the first costs."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fireside.lib.errors import Refused

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows in the order asked for, and the cursor of the next page ("" when this is the last)."""

    rows: Sequence[T]
    next: str
    previous: str = ""


def encode_cursor(values: Sequence[Any]) -> str:
    """An opaque, URL-safe cursor. Dates travel as ISO text."""
    plain = [v.isoformat() if hasattr(v, "isoformat") else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, width: int) -> list[Any]:
    """The values of a cursor. Raises Refused("bad_cursor") when it was made up, cut or grown."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != width:
            raise ValueError
    except (ValueError, binascii.Error, RecursionError) as wrong:
        raise Refused("bad_cursor", _("This page address is damaged. Start again from the first page.")) from wrong
    return values


def keyset_page(
    rows: "QuerySet[Any]", order: Sequence[str], *, cursor: str = "", size: int = 30, key: Callable[[Any], Sequence[Any]] | None = None
) -> Page[Any]:
    """One page of `rows` in `order` (field names, "-" for descending; the last one must be unique).

    One query, no count, no OFFSET. `key` gives a row's values in `order` when a row is not a model instance.
    """
    wanted = rows.order_by(*order)
    if cursor:
        wanted = wanted.filter(_beyond(order, decode_cursor(cursor, len(order))))
    try:
        found = list(wanted[: size + 1])
    except (ValueError, TypeError) as wrong:
        raise Refused("bad_cursor", _("This page address is damaged. Start again from the first page.")) from wrong
    return page_of(found, order, size, key)


def page_of(found: Sequence[Any], order: Sequence[str], size: int, key: Callable[[Any], Sequence[Any]] | None = None) -> Page[Any]:
    """The page that begins with what was `found` in `order`: one row more than `size`, where there are more."""
    names = [name.lstrip("-") for name in order]
    read = key or (lambda row: [row[n] if isinstance(row, dict) else getattr(row, n) for n in names])
    return Page(found[:size], encode_cursor(read(found[size - 1])) if len(found) > size else "")


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows strictly after `values`: (a > x) or (a = x and b > y) or … ."""
    from django.core.exceptions import ValidationError

    after = Q()
    try:
        for i, name in enumerate(order):
            same = Q(**{n.lstrip("-"): v for n, v in zip(order[:i], values[:i], strict=True)})
            after |= same & Q(**{f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}": values[i]})
    except ValidationError as wrong:
        raise Refused("bad_cursor", _("This page address is damaged. Start again from the first page.")) from wrong
    # The first key again as a plain bound: both databases then seek the index instead of scanning the OR.
    first = order[0]
    return Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": values[0]}) & after
