"""Long work of talk."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.jobs import job
from fireside.conversation.actions.seeking import index_piece


@job("conversation.index")
def index(actor: Actor, progress: Any, tag: int = 0) -> None:
    """Make the search index anew, piece by piece, or for the topics of a tag; whoever searches meanwhile finds what stood there before."""
    progress.step(_("Reading what was said"))
    while True:
        last, standing = index_piece(actor, after=progress.marks.get("after", 0), tag=tag)
        if not last:
            return
        progress.marks["after"] = last
        progress.advance(standing, posts=standing)
