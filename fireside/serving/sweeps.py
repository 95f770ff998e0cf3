"""What the passing of time asks of this app."""

from fireside.activity.actor import Actor
from fireside.activity.sweeps import every
from fireside.serving.models import Hits


@every(minutes=10)
def forget_hits(actor: Actor) -> None:
    """Windows that are over tell nothing any more."""
    Hits.objects.filter(until__lt=actor.now).delete()
