"""Long work of the numbers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.jobs import job
from fireside.insights import actions, queries


@job("insights.rebuild")
def rebuild(actor: Actor, progress: Any) -> None:
    """Make the whole mirror anew from the log."""
    progress.step(_("Copying the log"))
    actions.rebuild_mirror(actor, told=lambda n: progress.advance(n, lines=n))
    follow_up(actor, progress)


@job("insights.catch_up")
def catch_up(actor: Actor, progress: Any) -> None:
    """Take in every new line of the log."""
    progress.step(_("Copying the log"))
    progress.advance(0, lines=actions.move_mirror(actor))
    follow_up(actor, progress)


def follow_up(actor: Actor, progress: Any) -> None:
    progress.step(_("Adding up"))
    actions.copy_people(actor, always=True)
    progress.advance(0, merged=actions.merge_segments(actor), months=actions.make_rollups(actor))
    progress.step(_("Answering the eight questions"))
    shown_first = next(iter(queries.PERIODS))  # the others come with the worker's next round; a page that is asked earlier makes its own
    progress.advance(0, answers=actions.refresh_standing(actor, only=shown_first), removed=actions.remove_rubbish(actor))
