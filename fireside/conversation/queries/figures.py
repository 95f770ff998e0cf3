"""Small figures that pages outside this app open with: who waits, whether anybody spoke."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from fireside.conversation.models import Topic
from fireside.conversation.queries.fresh import new_topics, unread_topics
from fireside.conversation.queries.lists import is_waiting
from fireside.conversation.queries.sight import visible_topics
from fireside.conversation.rules import COUNTED_TO
from fireside.members.queries import traces_of


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
    """Has anybody written anything in a space of this house, seen by whomever?"""
    return Topic.objects.filter(space__isnull=False).exists()


def open_questions(viewer: Any, *, space: Any = None, since: datetime | None = None, at_most: int = 100) -> tuple[int, datetime | None]:
    """How many wait (counted no further than `at_most`) and since when the longest. One query."""
    times = list(waiting(viewer, space=space, since=since).values_list("opened_at", flat=True)[:at_most])
    return len(times), times[0] if times else None


def changed_since(viewer: Any, moment: datetime, *, space: Any = None) -> int:
    """In how many topics others had the last word after this moment; counted no further than COUNTED_TO. One query."""
    rows = visible_topics(viewer).filter(last_post_at__gt=moment)
    if space is not None:
        rows = rows.filter(space=space)
    if viewer is not None:
        rows = rows.exclude(last_author__in=traces_of(viewer))
    return rows.order_by("-last_post_at")[:COUNTED_TO].count()


@dataclass(frozen=True)
class Counts:
    """What stands on the tabs of a list; each counted no further than COUNTED_TO."""

    waiting: int
    oldest: datetime | None  # since when the longest waits
    new: int = 0
    unread: int = 0


def counts_of(viewer: Any, *, space: Any = None, since: datetime, now: datetime) -> Counts:
    """All of them in one query: who waits (asked after `since`), what is new, what is unread."""

    def inside(rows: QuerySet[Topic]) -> QuerySet[Topic]:
        return rows if space is None else rows.filter(space=space)

    parts = [waiting(viewer, space=space, since=since).values_list("opened_at")[:COUNTED_TO]]
    if viewer is not None:
        parts.append(inside(new_topics(viewer, now=now)).order_by("-pk").values_list("opened_at")[:COUNTED_TO])
        parts.append(inside(unread_topics(viewer, now=now)).values_list("opened_at")[:COUNTED_TO])
    made = [one.query.get_compiler(connection=connection).as_sql() for one in parts]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT MIN(opened_at) FROM ({made[0][0]}) first), "  # noqa: S608  SQL of Django's own making
            + ", ".join(f"(SELECT COUNT(*) FROM ({sql}) part{n})" for n, (sql, _values) in enumerate(made)),  # noqa: S608
            [*made[0][1], *(value for _sql, values in made for value in values)],
        )
        oldest, *counted = cursor.fetchone()
    field = Topic._meta.get_field("opened_at")
    for convert in connection.ops.get_db_converters(field.get_col("conversation_topic")):
        oldest = convert(oldest, field.get_col("conversation_topic"), connection)
    return Counts(counted[0], oldest, *counted[1:])
