"""What notices are about, as it stands today: asked once for a whole list of them."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateTimeField, QuerySet, Value

from fireside.conversation.models import Participant, Post, Topic
from fireside.conversation.queries.sight import SEEN_BY
from fireside.lib.ready_rows import Many, Rows


class Thing(NamedTuple):
    """Who wrote it (of a topic nobody is told so), whether it stands, and in which space (None: in a private conversation)."""

    person: int | None
    stands: bool
    space: int | None


_POST, _TOPIC, _TAKER = range(3)
_NEVER, _NOTHING = Value(None, DateTimeField()), Value(None, BigIntegerField())


def _rows(posts: Any, topics: Any, talks: Any) -> QuerySet[Any, Any]:
    of_post = ("pk", "author__person_id", "removed_at", "topic__removed_at", "topic__space_id")
    taking = Participant.objects.order_by().filter(topic_id__in=Many(talks), state__in=SEEN_BY)
    return (
        Post.objects.order_by()
        .filter(pk__in=Many(posts))
        .values_list(Value(_POST), *of_post)
        .union(
            Topic.objects.order_by()
            .filter(pk__in=Many(topics))
            .values_list(Value(_TOPIC), "pk", _NOTHING, "removed_at", _NEVER, "space_id"),
            taking.values_list(Value(_TAKER), "topic_id", "member__person_id", _NEVER, _NEVER, _NOTHING),
            all=True,
        )
    )


_STANDING = Rows(_rows)


def standing(
    posts: Collection[int], topics: Collection[int], talks: Collection[int]
) -> tuple[dict[int, Thing], dict[int, Thing], set[tuple[int, int | None]]]:
    """Posts and topics by number, and who takes part in these private conversations, or is asked to: (conversation, person). One query."""
    found: tuple[dict[int, Thing], dict[int, Thing]] = ({}, {})
    taken = set()
    for sort, pk, person, gone, topic_gone, space in (
        _STANDING.all(list(posts), list(topics), list(talks)) if posts or topics or talks else ()
    ):
        if sort == _TAKER:
            taken.add((pk, person))
        else:
            found[sort][pk] = Thing(person, gone is None and topic_gone is None, space)
    return *found, taken
