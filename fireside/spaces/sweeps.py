"""Rounds of the places."""

from fireside.activity.actor import Actor
from fireside.activity.sweeps import every
from fireside.spaces.actions._counts import count_people


@every(hours=24)
def mend_counters(actor: Actor) -> None:
    """Work the number of people in every space out again: merges, bots and removals change it without anybody coming or going."""
    count_people()
