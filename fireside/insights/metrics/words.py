"""A sentence in every language of ours, and intervals as dates."""

from typing import Any

from django.conf import settings
from django.utils import translation

from fireside.insights.metrics.base import Params
from fireside.insights.rules import By, day_of, first_day, last_day


def everywhere(words: Any, **values: Any) -> dict[str, str]:
    """{"en": …, "zh-hans": …} of a lazy sentence with its named places filled."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(words) % {k: str(v) for k, v in values.items()} if values else str(words)
    return said


def span_of(interval: int, p: Params) -> dict[str, Any]:
    """What every row says of its time: first and last day, and whether all of it is over and inside what was asked."""
    by: By = p.by
    low, high = first_day(interval, by), last_day(interval, by)
    return {
        "start": day_of(low).isoformat(),
        "end": day_of(high).isoformat(),
        "partial": high >= p.as_of_day or low < p.since or high > p.until,
    }
