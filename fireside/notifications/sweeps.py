"""Rounds of the notices."""

from datetime import timedelta

from fireside.activity.actor import Actor
from fireside.activity.sweeps import every
from fireside.notifications.models import Notice
from fireside.notifications.rules import KEPT_DAYS


@every(hours=24)
def drop_old_notices(actor: Actor) -> None:
    """Let go of notices that were seen half a year ago; the log keeps what happened."""
    while True:
        ids = list(
            Notice.objects.filter(seen_at__lt=actor.now - timedelta(days=KEPT_DAYS)).order_by("seen_at").values_list("pk", flat=True)[:5000]
        )
        if not ids:
            return
        Notice.objects.filter(pk__in=ids).delete()
