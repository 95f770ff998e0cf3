"""Everything that can happen to notices, and to what leaves the house because of them."""

from fireside.notifications.actions.bell import choose_told, mark_read, move_told, read_notices, see_notices, tell_members
from fireside.notifications.actions.bounces import forgive_bounces, note_bounce, note_outcome
from fireside.notifications.actions.departures import note_skipped, write_letters
from fireside.notifications.actions.digests import give_turns, write_digests
from fireside.notifications.actions.push import add_push_device, make_push_key, note_push, remove_push_device
from fireside.notifications.actions.stopping import stop_letters
from fireside.notifications.actions.telling import change_community_telling, change_telling

__all__ = [
    "add_push_device",
    "change_community_telling",
    "change_telling",
    "choose_told",
    "forgive_bounces",
    "give_turns",
    "make_push_key",
    "mark_read",
    "move_told",
    "note_bounce",
    "note_outcome",
    "note_push",
    "note_skipped",
    "read_notices",
    "remove_push_device",
    "see_notices",
    "stop_letters",
    "tell_members",
    "write_digests",
    "write_letters",
]
