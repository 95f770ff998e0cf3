"""A space as a group, where talk opens as chats, or as a forum. What was said keeps its shape."""

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.spaces import kinds
from fireside.spaces.actions.make import fresh
from fireside.spaces.models import Space
from fireside.spaces.queries import require_in


@action(right="spaces.run")
def make_group(actor: Actor, *, space: Space) -> Space:
    """Make a space a group: what people begin to talk about there opens as a chat."""
    return _set(actor, space, is_group=True)


@action(right="spaces.run")
def make_forum(actor: Actor, *, space: Space) -> Space:
    """Make a group a forum again: what people begin to talk about there opens as a topic."""
    return _set(actor, space, is_group=None)


def _set(actor: Actor, space: Space, *, is_group: bool | None) -> Space:
    require_in(actor, "spaces.run", space)
    space = fresh(space)
    if bool(space.is_group) is bool(is_group):
        return already(space)
    space.is_group = is_group
    space.save(update_fields=["is_group"])
    record(actor, kinds.MADE_GROUP if is_group else kinds.MADE_FORUM, space, space=space, name=space.name)
    return space
