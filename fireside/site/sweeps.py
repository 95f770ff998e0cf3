"""Rounds of the house as a whole."""

from datetime import timedelta

from django.db import InterfaceError, OperationalError

from fireside.activity.actor import Actor
from fireside.activity.sweeps import every
from fireside.lib.retention import PERIODS
from fireside.members.queries import kept_days
from fireside.site.actions import erasures
from fireside.site.actions.leaving import finish_leaving


@every(minutes=1)
def clear_up(actor: Actor) -> None:
    """Remove the files of a removed sample that whoever removed it could not: their process was killed."""
    finish_leaving()


@every(hours=1)
def let_go(actor: Actor) -> None:
    """Let go of what has been kept as long as the community chose. What fails keeps nothing else."""
    wrong: list[Exception] = []
    for one in PERIODS.values():
        try:
            one.call(actor, actor.now - timedelta(days=kept_days(one.name)))
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            wrong.append(error)
    if wrong:
        raise wrong[0]


@every(minutes=10)
def erase_due(actor: Actor) -> None:
    """Put in line who asked to be forgotten and did not take it back."""
    for one in erasures.due(actor.now):
        erasures.begin(actor, one)
