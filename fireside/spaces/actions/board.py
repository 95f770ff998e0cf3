"""The board of a space: one line above everything that is said there."""

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import Refused
from fireside.lib.text import one_line
from fireside.spaces import kinds, rules
from fireside.spaces.actions._words import REFUSALS
from fireside.spaces.actions.make import fresh
from fireside.spaces.models import Space
from fireside.spaces.queries import require_in


@action(right="spaces.run")
def write_board(actor: Actor, *, space: Space, words: str) -> Space:
    """Write one line on the board of a space, for everybody who reads there. It stands until it is wiped."""
    require_in(actor, "spaces.run", space)
    space, words = fresh(space), one_line(words)
    if obstacle := rules.why_not_on_board(words):
        raise Refused(obstacle, REFUSALS[obstacle] % {"limit": rules.BOARD_LIMIT}, field="words")
    if space.board == words:
        return already(space)
    space.board = words
    space.save(update_fields=["board"])
    record(actor, kinds.BOARD_WRITTEN, space, space=space, name=space.name)
    return space


@action(right="spaces.run")
def wipe_board(actor: Actor, *, space: Space) -> Space:
    """Wipe the board of a space: nothing stands above its talk."""
    require_in(actor, "spaces.run", space)
    space = fresh(space)
    if not space.board:
        return already(space)
    space.board = ""
    space.save(update_fields=["board"])
    record(actor, kinds.BOARD_WIPED, space, space=space, name=space.name)
    return space
