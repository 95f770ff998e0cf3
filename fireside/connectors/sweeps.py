"""Rounds of what was handed in."""

from fireside.activity.actor import Actor
from fireside.activity.sweeps import every
from fireside.connectors.actions import remove_old_uploads


@every(hours=24)
def clear_uploads(actor: Actor) -> None:
    """Files that were handed in go after a week."""
    remove_old_uploads(actor)
