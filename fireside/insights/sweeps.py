"""Rounds of the numbers: the mirror follows the log, answers follow the mirror, files are tidied."""

from fireside.activity.actor import Actor
from fireside.activity.jobs import ask_for
from fireside.activity.sweeps import every
from fireside.insights import actions


@every(minutes=1)
def follow(actor: Actor) -> None:
    """Bring the mirror up to date, as far as a few seconds reach; then the answers of the cockpit."""
    why = actions.needs_rebuild()
    if why and not actions.rebuild_here(actor):
        ask_for(actor, "insights.rebuild")
        return
    actions.bring_up_to_date(actor, seconds=4)
    actions.refresh_standing(actor, seconds=5)


@every(hours=1)
def tidy(actor: Actor) -> None:
    """Merge what is small, remove what is replaced."""
    actions.merge_segments(actor)
    actions.make_rollups(actor)
    actions.remove_rubbish(actor)
    actions.tidy_answers(actor)
