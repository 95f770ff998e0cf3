"""A community that came into this house whole: which archive it was, and whether all that follows from it stands.

Not marked @action: it is part of bringing it in, which is one commit and no member's act.
"""

from fireside.activity.actor import Actor
from fireside.site.models import Arrival


def arrival(seal: str) -> Arrival | None:
    return Arrival.objects.filter(seal=seal).first()


def note_arrival(actor: Actor, *, seal: str, name: str) -> None:
    """In the commit that brings the rows."""
    Arrival.objects.create(seal=seal, name=name, at=actor.now)


def note_arrived(actor: Actor, *, seal: str) -> None:
    """The search index and the mirror stand, too."""
    Arrival.objects.filter(seal=seal).update(finished_at=actor.now)
