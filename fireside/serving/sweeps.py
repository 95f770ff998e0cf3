"""What the passing of time asks of this app."""

from datetime import timedelta

from django.db.models import Q

from fireside.activity.actor import Actor
from fireside.activity.sweeps import every
from fireside.serving.models import HeldBack, Hits

MONTH, WEEK = timedelta(days=30), timedelta(days=7)


@every(minutes=10)
def forget_hits(actor: Actor) -> None:
    """Windows that are over tell nothing any more; who was held back is of no use after a month."""
    Hits.objects.filter(until__lt=actor.now).delete()
    HeldBack.objects.filter(Q(last_at__lt=actor.now - MONTH) | Q(member_id__isnull=True, last_at__lt=actor.now - WEEK)).delete()
