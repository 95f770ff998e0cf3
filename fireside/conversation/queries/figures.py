"""Small figures that pages outside this app open with: who waits, what somebody gave."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from fireside.conversation.models import Helped, Post, Topic
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


@dataclass(frozen=True)
class Thanks:
    """What a person gave here, as a profile shows it."""

    helped_people: int
    accepted: int
    thanks: int
    topics: int
    posts: int


def thanks_for(member: Any) -> Thanks:
    """What others say of a person: people helped, answers accepted, thanks; all traces of the person together. Four queries."""
    traces = Q(author__person_id=member.person_id or member.pk)
    posts = Post.objects.filter(traces, removed_at__isnull=True).aggregate(n=Count("id"), thanks=Sum("thanks_count"))
    helped = Helped.objects.filter(post__author__person_id=member.person_id or member.pk).aggregate(
        n=Count("member__person_id", distinct=True)
    )
    accepted = Topic.objects.filter(accepted__author__person_id=member.person_id or member.pk, removed_at__isnull=True).count()
    topics = Topic.objects.filter(traces, removed_at__isnull=True).count()
    return Thanks(helped["n"], accepted, posts["thanks"] or 0, topics, max(posts["n"] - topics, 0))


def open_questions(viewer: Any, *, space: Any = None, since: datetime | None = None, at_most: int = 100) -> tuple[int, datetime | None]:
    """How many wait (counted no further than `at_most`) and since when the longest. One query."""
    times = list(waiting(viewer, space=space, since=since).values_list("opened_at", flat=True)[:at_most])
    return len(times), times[0] if times else None
