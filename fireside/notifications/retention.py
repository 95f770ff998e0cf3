"""What is let go of the bell, and of what left the house."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.retention import gone
from fireside.lib.retention import keeps
from fireside.notifications.models import Departure, Notice
from fireside.notifications.rules import DEPARTURES_KEPT_DAYS, KEPT_DAYS


@keeps("notices", _("notices, after they were seen; the log keeps what happened"), days=KEPT_DAYS)
def notices(actor: Actor, before: datetime) -> int:
    return gone(Notice.objects.filter(seen_at__lt=before).order_by("seen_at"))


@keeps(
    "departures", _("what became of letters, digests and pushes: to whom, when, and why not; never their words"), days=DEPARTURES_KEPT_DAYS
)
def departures(actor: Actor, before: datetime) -> int:
    return gone(Departure.objects.filter(at__lt=before).order_by("at"))
