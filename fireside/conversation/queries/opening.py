"""Topics that the first page opens with: who waits, and the latest talk, near the viewer."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

from fireside.conversation.models import Topic
from fireside.conversation.queries.figures import waiting
from fireside.conversation.queries.lists import FOUND, TopicRow, topic_row, with_mark
from fireside.conversation.queries.sight import visible_topics
from fireside.lib.ready_rows import AnyOf, Many
from fireside.members.queries import traces_of
from fireside.spaces.queries import Seen

NEAR = 20  # spaces of one's own whose talk is looked at


def waiting_rows(viewer: Any, *, since: datetime, near: Iterable[int], most: int) -> list[TopicRow]:
    """Those that wait longest in the spaces `near` the viewer, and those that wait longest of all: up to twice `most`, in no order.
    None of the viewer's own. One query."""
    return [topic_row(one, 0, since, None) for one in _waiting(most).all(viewer, since, list(near))]


def latest_rows(viewer: Any, *, near: Iterable[int], waiting_since: datetime, most: int) -> list[TopicRow]:
    """The latest talk in these spaces, in NEAR of them at most. One query, which looks at `most` topics of each."""
    spaces = [*near, *[0] * NEAR][:NEAR]
    return [topic_row(one, 0, waiting_since, None) for one in _latest(most).all(viewer, *spaces)]


@cache
def _waiting(most: int) -> Seen:
    def rows(viewer: Any, since: Any, near: Any) -> QuerySet[Any, Any]:
        asked = waiting(viewer, since=since)
        if viewer is not None:
            asked = asked.exclude(author__in=traces_of(viewer))
        found = AnyOf(asked.values("pk")[:most], asked.filter(space_id__in=Many(near)).values("pk")[:most])
        return with_mark(visible_topics(viewer).filter(pk__in=found), viewer).values_list(*FOUND)

    return Seen(rows)


@cache
def _latest(most: int) -> Seen:
    def rows(viewer: Any, *spaces: Any) -> QuerySet[Any, Any]:
        topics = visible_topics(viewer).order_by("-last_post_at", "-id")
        each = AnyOf(*(topics.filter(space_id=space).values("pk")[:most] for space in spaces))
        first = topics.filter(pk__in=each).values("pk")[:most]
        return with_mark(Topic.objects.filter(pk__in=first).order_by("-last_post_at", "-id"), viewer).values_list(*FOUND)

    return Seen(rows)
