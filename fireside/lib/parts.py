"""Pieces of pages that look the same for many readers, made once and shown again.

In a template: `{{ part("conversation/_row.html", row=row, space=False) }}`. The piece knows nothing but these values, and all of them
together, with the reader's language, time zone and the moment (to some seconds), are the name under which it is kept: so it is never
shown where anything would be different, and nothing has to be forgotten when something changes. The values must be plain and hashable:
words, numbers, moments, frozen rows; never a model, whose rows are equal when their columns are not.
"""

import functools
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import models
from django.template import engines
from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup, escape

KEPT_FOR = 60  # seconds for which the words of a time stand (“3 min ago”)
_UNGUESSED = secrets.token_hex(8)  # nobody can write a place into their name
MOST = 6000  # pieces a process keeps, a few kilobytes each


class Look(NamedTuple):
    """What each part depends on, whatever its values: language, time zone, the moment."""

    language: str
    zone: str
    moment: float


def look() -> Look:
    return Look(get_language() or "en", timezone.get_current_timezone_name(), time.monotonic() // KEPT_FOR)


def part(template: str, **values: Any) -> Markup:
    """The template with these values and nothing else. Raises TypeError for a value that cannot be part of a name."""
    return _made(template, tuple(values), tuple(values.values()), look())


def parts(template: str, *names: str) -> Callable[..., Markup]:
    """`part`, for a piece that stands on a page many times: the values come in the order of their names."""
    here = look()
    return lambda *values: _made(template, names, values, here)


def each(template: str, name: str, rows: Iterable[Any], **same: Any) -> Markup:
    """The pieces of many rows, one after the other: `{{ each("conversation/_row.html", "row", rows, space=False) }}`."""
    names, others, here = (name, *same), tuple(same.values()), look()
    return Markup("\n".join([_made(template, names, (row, *others), here) for row in rows]))  # noqa: S704  made by templates, which escape


@functools.lru_cache(maxsize=MOST)
def _made(template: str, names: tuple[str, ...], values: tuple[Any, ...], _look: Look) -> Markup:
    if any(isinstance(value, models.Model) for value in values):
        raise TypeError(f"{template}: a part is made of plain values; a row of a table may have changed and still be equal.")
    return Markup(_template(template).render(dict(zip(names, values, strict=True))))  # noqa: S704  templates escape


@functools.cache
def _template(name: str) -> Any:
    return engines["jinja2"].env.get_template(name)  # type: ignore[attr-defined]


def slot(name: str) -> Markup:
    """A place in a part for what is the reader's alone (a token): `{{ part(…, csrf_input=slot("csrf"))|fill(csrf=csrf_input) }}`."""
    return Markup(f"\ue000{_UNGUESSED}{name}\ue000")  # noqa: S704  both are ours


def fill(made: str, **given: Any) -> Markup:
    for name, value in given.items():
        made = made.replace(slot(name), escape(value))
    return Markup(made)  # noqa: S704  the part was made by a template, and what comes in is escaped


def forget_parts() -> None:
    """For tests that change templates or words."""
    _made.cache_clear()


def places(made: str) -> list[str]:
    """What was made, cut at its places: words, the name of a place, words, the name of a place, …, words."""
    return _PLACES.split(made)


_PLACES = re.compile(f"\ue000{_UNGUESSED}(\\w+)\ue000")
