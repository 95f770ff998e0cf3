"""Small figures that pages outside this app open with: who waits, whether anybody spoke."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

from fireside.conversation.models import SpaceLevel, Topic
from fireside.conversation.queries.fresh import new_topics, unread_topics
from fireside.conversation.queries.lists import is_waiting
from fireside.conversation.queries.sight import visible_topics
from fireside.conversation.rules import COUNTED_TO, Level, new_from, unread_from
from fireside.lib.ready_rows import Count, SqlRows, sql_of
from fireside.members.queries import traces_of
from fireside.spaces.queries import Seen


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
    inside = [] if space is None else [getattr(space, "pk", space)]
    times = _waiting_times(space is not None, since is not None, at_most).all(viewer, *inside, *([] if since is None else [since]))
    return len(times), times[0][0] if times else None


@cache
def _waiting_times(inside: bool, recent: bool, most: int) -> Seen:
    def rows(viewer: Any, *given: Any) -> QuerySet[Any, Any]:
        asked = waiting(viewer, space=given[0] if inside else None, since=given[-1] if recent else None)
        return asked.values_list("opened_at")[:most]

    return Seen(rows)


def changed_since(viewer: Any, moment: datetime, *, space: Any = None) -> int:
    """In how many topics others had the last word after this moment; counted no further than COUNTED_TO. One query."""
    found: int = _changed(space is not None).one(viewer, moment, *([] if space is None else [space.pk]))[0]
    return found


@cache
def _changed(inside: bool) -> Seen:
    def rows(viewer: Any, moment: Any, *space: Any) -> QuerySet[Any, Any]:
        found = visible_topics(viewer).filter(last_post_at__gt=moment)
        if inside:
            found = found.filter(space_id=space[0])
        if viewer is not None:
            found = found.exclude(last_author__in=traces_of(viewer))
        return found.order_by("-last_post_at").values_list("pk")[:COUNTED_TO]

    return Seen(rows, Count)


@dataclass(frozen=True)
class Counts:
    """What stands on the tabs of a list; each counted no further than COUNTED_TO."""

    waiting: int
    oldest: datetime | None  # since when the longest waits
    new: int = 0
    unread: int = 0
    level: Level = Level.NORMAL  # how closely the viewer follows the space that the list is of


def counts_of(viewer: Any, *, space: Any = None, since: datetime, now: datetime) -> Counts:
    """All of them in one query: who waits (asked after `since`), what is new, what is unread, how closely a space is followed."""
    newer = since if viewer is None else new_from(now, viewer.joined_at)
    found = _counts(space is not None).one(viewer, since, newer, unread_from(now), getattr(space, "pk", space) or 0)
    assert found is not None
    oldest, many, *own = found
    return Counts(many, oldest, *own[:2], *(Level(one) for one in own[2:] if one is not None))


@cache
def _counts(inside: bool) -> Seen:
    def parts(viewer: Any, since: Any, newer: Any, read: Any, space: Any) -> tuple[str, list[Any], list[Any]]:
        asked: list[QuerySet[Any, Any]] = [waiting(viewer, space=space if inside else None, since=since).values_list("opened_at")]
        if viewer is not None:
            new, unread = new_topics(viewer, since=newer).order_by("-pk"), unread_topics(viewer, since=read)
            if inside:
                new, unread = new.filter(space_id=space), unread.filter(space_id=space)
            asked += [new.values_list("pk"), unread.values_list("pk")]
        firsts = ["MIN(opened_at) oldest, COUNT(*) many", *["COUNT(*) many"] * (len(asked) - 1)]
        if inside and viewer is not None:
            asked.append(SpaceLevel.objects.filter(member__in=traces_of(viewer), space_id=space).values_list("level"))
            firsts.append("MIN(level) many")
        made = [sql_of(one[:COUNTED_TO]) for one in asked]
        tables = (f"(SELECT {first} FROM ({sql}) q{n}) p{n}" for n, (first, (sql, _given)) in enumerate(zip(firsts, made, strict=True)))  # noqa: S608  SQL of Django's own making
        columns = ", ".join(f"p{n}.many" for n in range(len(made)))
        return (
            f"SELECT p0.oldest, {columns} FROM {', '.join(tables)}",  # noqa: S608
            [value for _sql, given in made for value in given],
            [Topic._meta.get_field("opened_at")],
        )

    return Seen(parts, SqlRows)
