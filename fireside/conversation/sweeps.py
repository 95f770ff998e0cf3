"""Rounds of talk."""

from fireside.activity.actor import Actor
from fireside.activity.sweeps import every
from fireside.conversation.actions.mending import PIECE, last_topic, mend_spaces, mend_topics


@every(hours=24)
def mend_counters(actor: Actor) -> None:
    """Work every counter of topics, posts and spaces out again, piece by piece, so that no writer waits long."""
    for first in range(1, last_topic() + 1, PIECE):
        mend_topics(actor, first=first, last=first + PIECE)
    mend_spaces(actor)
