"""That pages had to wait, remembered for a day for those who look after the house."""

import logging
import time
from contextlib import suppress
from datetime import UTC, datetime

from django.core.cache import cache

log = logging.getLogger(__name__)
EVERY = 10.0  # seconds between two notes of one process
KEY, DAY = "house_busy", 24 * 3600
_noted = float("-inf")


def note_busy(waited: float) -> None:
    """Pages wait for so many seconds right now. A line in the log and a note, once in a while."""
    global _noted
    if time.monotonic() - _noted < EVERY:
        return
    _noted = time.monotonic()
    log.warning("many people at once: pages wait", extra={"fields": {"seconds": round(waited, 2)}})
    with suppress(Exception):  # whatever is wrong with the cache, the page goes on
        cache.set(KEY, (datetime.now(UTC).isoformat(), round(waited, 1)), DAY)


def busy_lately() -> tuple[datetime, float] | None:
    """When pages last had to wait within a day, and for how many seconds then."""
    found = cache.get(KEY)
    return (datetime.fromisoformat(found[0]), found[1]) if found else None
