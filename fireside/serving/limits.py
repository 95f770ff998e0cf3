"""Counting requests where all processes see it: in Valkey when there is one, else by one statement in the database."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection

from fireside.serving.rules import Limit
from fireside.serving.valkey import is_away

_mine: dict[tuple[str, int], tuple[int, int]] = {}  # (key, window) -> (not yet reported, total as last heard)


def wait_for(limit: Limit, who: str, *, now: float | None = None) -> int:
    """Count one request. 0 when it may go on, else the seconds until it may be tried again."""
    moment = time.time() if now is None else now
    window = int(moment // limit.seconds)
    key = f"{limit.name}:{who}"
    if limit.step == 1:
        total = _add(key, window, limit, 1)
    else:
        unsaid, heard = _mine.get((key, window), (0, 0))
        unsaid += 1
        if unsaid >= limit.step:
            unsaid, heard = 0, _add(key, window, limit, unsaid)
        _mine[key, window] = (unsaid, heard)
        total = heard + unsaid
        if len(_mine) > 50_000:
            _mine.clear()
    return 0 if total <= limit.most else max(1, int((window + 1) * limit.seconds - moment) + 1)


def note_held_back(who: str, member: int | None, code: str) -> None:
    """Write down that somebody was held back: one row for each of them, limit and day. It never stands in the way of the answer."""
    now = datetime.now(UTC)
    moment: Any = connection.ops.adapt_datetimefield_value(now)
    day: Any = connection.ops.adapt_datefield_value(now.date())
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO serving_heldback (who, member_id, code, day, count, last_at) VALUES (%s, %s, %s, %s, 1, %s) "
            "ON CONFLICT (who, code, day) DO UPDATE SET count = serving_heldback.count + 1, last_at = excluded.last_at",
            [who, member, code, day, moment],
        )


def _add(key: str, window: int, limit: Limit, count: int) -> int:
    """Add and read in one step. Returns the total of all processes in this window."""
    if settings.VALKEY_URL and not is_away():
        name = f"hits:{key}:{window}"
        cache.add(name, 0, timeout=limit.seconds * 2)
        try:
            total = int(cache.incr(name, count))
        except ValueError:  # it lapsed between the two
            cache.set(name, count, timeout=limit.seconds * 2)
            total = count
        if not is_away():
            return total
    until: Any = datetime.fromtimestamp((window + 2) * limit.seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO serving_hits (key, "window", count, until) VALUES (%s, %s, %s, %s) '
            'ON CONFLICT (key, "window") DO UPDATE SET count = serving_hits.count + excluded.count RETURNING count',
            [key, window, count, connection.ops.adapt_datetimefield_value(until)],
        )
        return int(cursor.fetchone()[0])
