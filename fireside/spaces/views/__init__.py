"""The web door of places."""

from fireside.spaces.views.belonging import ask_answer, ask_end, ask_entry, asks, belonging, belonging_end
from fireside.spaces.views.organising import organiser_end, organisers, people, person_end
from fireside.spaces.views.persons import belongs_to
from fireside.spaces.views.places import board, board_end, closing, group, group_end, new_space, opening, place, settings, show_spaces

__all__ = [
    "ask_answer",
    "ask_end",
    "ask_entry",
    "asks",
    "belonging",
    "belonging_end",
    "belongs_to",
    "board",
    "board_end",
    "closing",
    "group",
    "group_end",
    "new_space",
    "opening",
    "organiser_end",
    "organisers",
    "people",
    "person_end",
    "place",
    "settings",
    "show_spaces",
]
