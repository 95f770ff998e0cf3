"""Rounds of the house as a whole."""

from fireside.activity.actor import Actor
from fireside.activity.sweeps import every
from fireside.site.actions import takeouts
from fireside.site.actions.leaving import finish_leaving


@every(minutes=1)
def clear_up(actor: Actor) -> None:
    """Remove the files of a removed sample that whoever removed it could not: their process was killed."""
    finish_leaving()


@every(hours=1)
def lapse_exports(actor: Actor) -> None:
    """Remove exports whose days are over."""
    takeouts.lapse(actor)
