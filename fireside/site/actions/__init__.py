"""What can happen through the site itself: founding the community, and looking after what the house is doing."""

from fireside.site.actions.founding import bring_community, found_community
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
    "bring_community",
    "export_community",
    "found_community",
    "let_letter_go",
    "let_line_go",
    "note_export",
    "remove_export",
    "resume_work",
    "stop_work",
    "try_letter_again",
    "try_line_again",
    "try_lines_again",
]
