"""Streams become spaces: under the parent that was asked for, in the same commit."""

from collections.abc import Sequence

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.activity.log import known_external_ids
from fireside.members.rights import require
from fireside.spaces.actions import SpaceIn, move_space, take_in_spaces
from fireside.spaces.models import Space
from fireside.spaces.queries import find_space


@quiet(right="history.bring_in")
def take_in_places(actor: Actor, *, source: str, spaces: Sequence[SpaceIn], parent: Space | None = None) -> dict[str, int]:
    """Bring in spaces; new ones stand in `parent`. One that is here already stays where somebody has put it."""
    require(actor, "history.bring_in")
    there = known_external_ids(source, [f"space:{one.external_id}"[:200] for one in spaces])
    ids = take_in_spaces(actor, source=source, spaces=spaces)
    for one in spaces if parent is not None else ():
        if f"space:{one.external_id}"[:200] not in there:
            move_space(actor, space=find_space(actor.who or actor, str(ids[one.external_id])), parent=parent)
    return ids
