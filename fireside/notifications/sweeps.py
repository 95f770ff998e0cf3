"""Rounds of what leaves the house."""

from fireside.activity.actor import Actor
from fireside.activity.sweeps import every
from fireside.notifications.actions import give_turns, write_digests, write_letters

MOST_ROUNDS = 100  # of a hundred people: then the worker looks at other things first


@every(minutes=1)
def write_due_letters(actor: Actor) -> None:
    """Decide about the notices whose ten minutes have passed, person by person, as long as any are due."""
    for _round in range(MOST_ROUNDS):
        if not write_letters(actor):
            return


@every(minutes=30)
def write_due_digests(actor: Actor) -> None:
    """Digests for those whose turn it is, a hundred people at a time and ten thousand a round at most."""
    give_turns(actor)
    for _round in range(MOST_ROUNDS):
        if not write_digests(actor):
            return
