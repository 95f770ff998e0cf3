"""What the log says of places. `data` carries the name of the space at that time."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import Kind


def _other(line: Any) -> Iterable[int]:
    return [line.other_id] if line.other_id else []


def _told(line: Any) -> Iterable[int]:
    """The organisers at that time: written into the line, so that telling them costs no query."""
    told: list[int] = line.data.get("told", [])
    return told


def _put_out(line: Any) -> Iterable[int]:
    """They are told once, of the space they were put out of, and not of each one that stands in it."""
    return _other(line) if line.data.get("reason") else []


MADE = Kind("spaces.made", _("{actor} made the space {space}"), counts=False)
CHANGED = Kind("spaces.changed", _("{actor} changed the space {space}"), counts=False)
MOVED = Kind("spaces.moved", _("{actor} moved the space {space}"), counts=False)
ARCHIVED = Kind("spaces.archived", _("{actor} closed the space {space}"), counts=False)
REOPENED = Kind("spaces.reopened", _("{actor} opened the space {space} again"), counts=False)
BOARD_WRITTEN = Kind("spaces.board_written", _("{actor} wrote on the board of {space}"), counts=False)
MADE_GROUP = Kind("spaces.made_group", _("{actor} made {space} a group: its talk opens as chats"), counts=False)
MADE_FORUM = Kind("spaces.made_forum", _("{actor} made {space} a forum: its talk opens as topics"), counts=False)
BOARD_WIPED = Kind("spaces.board_wiped", _("{actor} wiped the board of {space}"), counts=False)
JOINED = Kind("spaces.joined", _("{actor} joined {space}"), core="participate", merit=1)
LEFT = Kind("spaces.left", _("{actor} left {space}"), counts=False)
# With the name of that time: what a hidden space is called now is no longer theirs to know.
PUT_OUT = Kind("spaces.put_out", _("{actor} removed {other} from {name}"), counts=False, audience=_put_out, forget=("reason",))
ASKED = Kind("spaces.asked_to_join", _("{actor} asked to join {space}"), core="participate", merit=1, audience=_told)
ASK_TAKEN_BACK = Kind("spaces.ask_taken_back", _("{actor} took back the wish to join {space}"), counts=False)
LET_IN = Kind("spaces.let_in", _("{actor} let {other} into {space}"), counts=False, audience=_other)
TURNED_DOWN = Kind(
    "spaces.turned_down", _("{actor} answered {other} about joining {space}"), counts=False, audience=_other, forget=("reason",)
)
ORGANISER_MADE = Kind("spaces.organiser_made", _("{actor} made {other} an organiser of {space}"), counts=False, audience=_other)
ORGANISER_ENDED = Kind("spaces.organiser_ended", _("{actor} ended {other}’s time as organiser of {space}"), counts=False, audience=_other)
