"""What somebody said and whom it helped, as far as a viewer may read it."""

from typing import Any

from django.db.models import F

from fireside.conversation.models import Helped, Topic
from fireside.conversation.queries.sight import visible_posts
from fireside.lib.paging import Page, keyset_page
from fireside.members.queries import ids_of_person
from fireside.spaces.queries import person_id, visible_spaces

_FIELDS = ("id", "topic_id", "number", "at", "helped_count", "topic__title", "topic__space__name")


def said_by(viewer: Any, member: Any, *, cursor: str = "", size: int = 8) -> Page[dict[str, Any]]:
    """What a person said, under whatever name, the newest first: topics they opened and replies. Two queries.

    Their ids come first: joined by their person, SQLite would read every post of the house to find those of a quiet member.
    """
    rows = visible_posts(viewer).filter(author_id__in=ids_of_person(member))
    return keyset_page(rows.values(*_FIELDS), ("-at", "-id"), cursor=cursor, size=size)


def people_helped_by(viewer: Any, member: Any) -> int:
    """How many people a person has helped, in the spaces that the viewer may read. One query.

    Formula: distinct persons who said "this helped me" of their words, or accepted an answer of theirs to a question of their own.
    """
    person, spaces = person_id(member), visible_spaces(viewer)
    said = Helped.objects.filter(
        post__author__person_id=person, post__removed_at__isnull=True, post__topic__removed_at__isnull=True, post__topic__space__in=spaces
    )
    accepted = Topic.objects.filter(
        accepted__author__person_id=person, removed_at__isnull=True, space__in=spaces, accepted_by__person_id=F("author__person_id")
    )
    asked = accepted.exclude(author__person_id=person).values_list("author__person_id")
    return said.exclude(member__person_id=person).values_list("member__person_id").union(asked).count()
