"""What the frame asks the apps below."""

from typing import Any

from fireside.members.models import Role


def community() -> Any:
    from fireside.members.queries import the_community

    return the_community()


def bell(me: Any) -> int:
    if me is None:
        return 0
    try:
        from fireside.notifications.queries import unseen_count
    except ImportError:
        return 0
    return unseen_count(me)


def spaces(me: Any) -> list[Any]:
    try:
        from fireside.spaces.queries import spaces_of, visible_spaces
    except ImportError:
        return []
    return list(spaces_of(me) if me is not None else visible_spaces(None)[:10])


def is_staff(me: Any) -> bool:
    return me is not None and me.is_staff_role


def may_empty(me: Any, request: Any) -> bool:
    return me is not None and me.role == Role.OWNER
