"""All that can happen to places."""

from fireside.spaces.actions.ask import ask_to_join, let_in, take_back_ask, turn_down
from fireside.spaces.actions.belong import bring_in, join_space
from fireside.spaces.actions.board import wipe_board, write_board
from fireside.spaces.actions.bulk import SpaceIn, take_in_belongings, take_in_spaces, take_out_belongings
from fireside.spaces.actions.going import leave_space, put_out
from fireside.spaces.actions.make import archive_space, change_space, make_space, move_space, reopen_space
from fireside.spaces.actions.organise import end_organiser, make_organiser
from fireside.spaces.actions.shape import make_forum, make_group
from fireside.spaces.actions.talk import note_leaving, note_talk, set_talk

__all__ = [
    "SpaceIn", "archive_space", "ask_to_join", "bring_in", "change_space", "end_organiser", "join_space", "leave_space", "let_in",
    "make_forum", "make_group", "make_organiser", "make_space", "move_space", "note_leaving", "note_talk", "put_out", "reopen_space", "set_talk", "take_back_ask", "take_in_belongings",
    "take_in_spaces", "take_out_belongings", "turn_down", "wipe_board", "write_board",
]  # fmt: skip
