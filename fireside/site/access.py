"""What the frame asks the apps below."""

from typing import Any

from fireside.conversation.queries import unread_talks
from fireside.lib.counting import counts
from fireside.members.queries import the_community
from fireside.members.rights import may
from fireside.notifications.queries import unseen
from fireside.notifications.rules import STOPS_AT
from fireside.site import key
from fireside.spaces.queries import spaces_of, visible_spaces


def community() -> Any:
    return the_community()


def bell(me: Any) -> tuple[int, int]:
    """The numbers on the bell and beside the messages. One query."""
    if me is None:
        return 0, 0
    notices, talks = counts(unseen(me), unread_talks(me)[: STOPS_AT + 1])
    return notices, talks


def spaces(me: Any, most: int) -> list[Any]:
    """The liveliest spaces one belongs to; for a visitor the liveliest public ones. One query."""
    if me is not None:
        return spaces_of(me, limit=most)
    rows = visible_spaces(None).filter(archived_at__isnull=True).order_by("-members_count", "name")
    return list(rows.values("id", "slug", "name", "icon")[:most])


def is_staff(me: Any) -> bool:
    return me is not None and may(me, "numbers.read")


def may_empty(me: Any, request: Any) -> bool:
    """Who may remove the sample: its owner, and whoever came through the set-up link."""
    return (me is not None and may(me, "community.empty")) or key.holds(request)
