"""What the frame asks the apps below."""

from functools import cache
from typing import Any

from fireside.conversation.queries import unread_talks
from fireside.lib.ready_rows import SqlRows, sql_of
from fireside.members.queries import the_community
from fireside.members.rights import may
from fireside.notifications.queries import unseen_rows
from fireside.notifications.rules import STOPS_AT
from fireside.site import key
from fireside.spaces.queries import OwnSpace, Reader, own_spaces, rail_rows, visible_spaces


def community() -> Any:
    return the_community()


def around(me: Any, most: int) -> tuple[int, int, list[Any]]:
    """The numbers on the bell and beside the messages, and the liveliest spaces one belongs to (for a visitor the liveliest public ones).
    One query."""
    if me is None:
        rows = visible_spaces(None).filter(archived_at__isnull=True).order_by("-members_count", "name")
        return 0, 0, [OwnSpace(*row, "") for row in rows.values_list("id", "slug", "name", "icon")[:most]]
    found = _around(most).all(me.person_id or me.pk)
    bell, talks = (sum(row[0] for row in found if row[1] == which) for which in (BELL, TALKS))
    return bell, talks, own_spaces((row[1:] for row in found if row[1] > 0), most)


BELL, TALKS = 0, -1  # where the number of a space stands


@cache
def _around(most: int) -> SqlRows:
    def parts(person: Any) -> tuple[str, list[Any], list[Any]]:
        bell, its = sql_of(unseen_rows(person))
        talks, told = sql_of(unread_talks(Reader(person)).values_list("pk")[: STOPS_AT + 1])
        spaces, theirs = sql_of(rail_rows(person, 2 * most))
        sql = (
            f"SELECT COUNT(*), {BELL}, '', '', '', '' FROM ({bell}) bell UNION ALL SELECT COUNT(*), {TALKS}, '', '', '', '' FROM ({talks}) talks"  # noqa: S608  of Django's making
            f" UNION ALL SELECT 0, rail.* FROM ({spaces}) rail"
        )
        return sql, [*its, *told, *theirs], []

    return SqlRows(parts)


def is_staff(me: Any) -> bool:
    return me is not None and may(me, "numbers.read")


def may_empty(me: Any, request: Any) -> bool:
    """Who may remove the sample: its owner, and whoever came through the set-up link."""
    return (me is not None and may(me, "community.empty")) or key.holds(request)
