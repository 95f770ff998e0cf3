"""Rounds of talk."""

from fireside.activity.actor import Actor
from fireside.activity.sweeps import every
from fireside.conversation.actions import tell_rest
from fireside.conversation.actions.closing import turn_topics
from fireside.conversation.actions.files import sweep_unused, take_away_bytes
from fireside.conversation.actions.links import ask_links, forget_links
from fireside.conversation.actions.mending import PIECE, last_topic, mend_spaces, mend_topics


@every(hours=24)
def mend_counters(actor: Actor) -> None:
    """Work every counter of topics, posts and spaces out again, piece by piece, so that no writer waits long."""
    for first in range(1, last_topic() + 1, PIECE):
        mend_topics(actor, first=first, last=first + PIECE)
    mend_spaces(actor)


@every(minutes=1)
def close_and_open(actor: Actor) -> None:
    """Say of topics whose day has come that they are closed, or open again; until then the day itself says so."""
    turn_topics(actor)


@every(hours=1)
def sweep_files(actor: Actor) -> None:
    """Files that no post took within a day, and the bytes that nobody holds any more."""
    while sweep_unused(actor):
        pass
    take_away_bytes(actor)


BATCHES = 2000  # of one round: two million people, or about three minutes


@every(minutes=1)
def tell_crowds(actor: Actor) -> None:
    """Tell those who watch where very many do, a thousand in each transaction."""
    for _batch in range(BATCHES):
        if not tell_rest(actor):
            return


@every(minutes=1)
def look_at_links(actor: Actor) -> None:
    """What links lead to, where the community wants to show it; once a month anew."""
    ask_links(actor)
    forget_links(actor)
