"""What can happen through the site itself: founding the community, and looking after what the house is doing."""

from fireside.site.actions.erasures import ask_to_be_erased, end_erasure, erase_member, take_back_erasure
from fireside.site.actions.founding import bring_community, found_community
from fireside.site.actions.own_exports import export_own_data, note_own_ready
from fireside.site.actions.retention import keep_for
from fireside.site.actions.takeouts import export_community, note_export, remove_export
from fireside.site.actions.tending import (
    let_letter_go,
    let_line_go,
    resume_work,
    stop_work,
    try_letter_again,
    try_line_again,
    try_lines_again,
)

__all__ = [
    "ask_to_be_erased",
    "bring_community",
    "end_erasure",
    "erase_member",
    "export_community",
    "export_own_data",
    "found_community",
    "keep_for",
    "let_letter_go",
    "let_line_go",
    "note_export",
    "note_own_ready",
    "remove_export",
    "resume_work",
    "stop_work",
    "take_back_erasure",
    "try_letter_again",
    "try_line_again",
    "try_lines_again",
]
