"""Small figures that pages outside this app open with: who waits, whether anybody spoke."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from fireside.conversation.models import Topic
from fireside.conversation.queries.lists import is_waiting
from fireside.conversation.queries.sight import visible_topics


def waiting(viewer: Any, *, space: Any = None, since: datetime | None = None) -> QuerySet[Topic]:
    """Questions nobody else has spoken to yet, the longest waiting first. Slice it; `since` leaves out what was asked before.

    Formula: asks, not removed, not closed, no accepted answer (one may find it oneself), no reply by another person who is not a bot.
    """
    rows = visible_topics(viewer).filter(is_waiting())
    if space is not None:
        rows = rows.filter(space_id=getattr(space, "pk", space))
    if since is not None:
        rows = rows.filter(opened_at__gte=since)
    return rows.order_by("opened_at", "id")


def anything_said() -> bool:
    """Has anybody written anything in this house, seen by whomever?"""
    return Topic.objects.exists()


def open_questions(viewer: Any, *, space: Any = None, since: datetime | None = None, at_most: int = 100) -> tuple[int, datetime | None]:
    """How many wait (counted no further than `at_most`) and since when the longest. One query."""
    times = list(waiting(viewer, space=space, since=since).values_list("opened_at", flat=True)[:at_most])
    return len(times), times[0] if times else None
