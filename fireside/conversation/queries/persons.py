"""What somebody said and whom it helped, as far as a viewer may read it."""

from collections.abc import Sequence
from typing import Any

from fireside.conversation.models import Post
from fireside.conversation.queries.helping import who_accepted, who_said
from fireside.conversation.queries.sight import visible_posts
from fireside.lib.paging import Page, keyset_page
from fireside.members.queries import ids_of_person
from fireside.spaces.queries import person_id, visible_spaces

_FIELDS = ("id", "topic_id", "number", "at", "helped_count", "topic__title", "topic__space__name")


def said_by(viewer: Any, member: Any, *, ids: Sequence[int] = (), cursor: str = "", size: int = 8) -> Page[dict[str, Any]]:
    """What a person said, under whatever name, the newest first: topics they opened and replies. One query, and one for their ids.

    `ids` (`ids_of_person`, where the caller has them) come first: joined by their person, SQLite would read every post of the house to find those of a quiet member.
    """
    rows = visible_posts(viewer).filter(author_id__in=ids or ids_of_person(member))
    return keyset_page(rows.values(*_FIELDS), ("-at", "-id"), cursor=cursor, size=size)


def people_helped_by(viewer: Any, member: Any, *, ids: Sequence[int] = ()) -> int:
    """How many people a person has helped, in the spaces that the viewer may read. One query, and one for their `ids` where the caller has none.

    Formula: people helped (see `queries/helping.py`), of all time, by words of this person. Both halves begin with the list of what
    they said, and cost as much as that is long: joined to it, SQLite would read all that ever helped anybody.
    """
    person, spaces = person_id(member), visible_spaces(viewer)
    words = Post.objects.filter(author__in=ids or ids_of_person(member))
    said = who_said().filter(post__in=words, post__topic__space__in=spaces).exclude(member__person_id=person)
    asked = who_accepted().filter(accepted__in=words, space__in=spaces)
    return said.values_list("member__person_id").union(asked.values_list("author__person_id")).count()
