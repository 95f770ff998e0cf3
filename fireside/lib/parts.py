"""Pieces of pages that look the same for many readers, made once and shown again.

In a template: `{{ part("conversation/_row.html", row=row, space=False) }}`. The piece knows nothing but these values, and all of them
together, with the reader's language, time zone and the moment (to some seconds), are the name under which it is kept: so it is never
shown where anything would be different, and nothing has to be forgotten when something changes. The values must be plain and hashable:
words, numbers, moments, frozen rows; never a model, whose rows are equal when their columns are not.
"""

import functools
import time
from typing import Any

from django.db import models
from django.template import engines
from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup, escape

KEPT_FOR = 60  # seconds for which the words of a time stand (“3 min ago”)
MOST = 6000  # pieces a process keeps, a few kilobytes each


def part(template: str, **values: Any) -> Markup:
    """The template with these values and nothing else. Raises TypeError for a value that cannot be part of a name."""
    return _made(
        template,
        tuple(values),
        tuple(values.values()),
        get_language() or "en",
        timezone.get_current_timezone_name(),
        time.monotonic() // KEPT_FOR,
    )


@functools.lru_cache(maxsize=MOST)
def _made(template: str, names: tuple[str, ...], values: tuple[Any, ...], _language: str, _zone: str, _moment: float) -> Markup:
    if any(isinstance(value, models.Model) for value in values):
        raise TypeError(f"{template}: a part is made of plain values; a row of a table may have changed and still be equal.")
    return Markup(_template(template).render(dict(zip(names, values, strict=True))))  # noqa: S704  templates escape


@functools.cache
def _template(name: str) -> Any:
    return engines["jinja2"].env.get_template(name)  # type: ignore[attr-defined]


def slot(name: str) -> Markup:
    """A place in a part for what is the reader's alone (a token): `{{ part(…, csrf_input=slot("csrf"))|fill(csrf=csrf_input) }}`."""
    return Markup("\ue000{}\ue000").format(name)


def fill(made: str, **given: Any) -> Markup:
    for name, value in given.items():
        made = made.replace(slot(name), escape(value))
    return Markup(made)  # noqa: S704  the part was made by a template, and what comes in is escaped


def forget_parts() -> None:
    """For tests that change templates or words."""
    _made.cache_clear()
