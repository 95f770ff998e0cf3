"""What is let go of the bell."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.retention import gone
from fireside.lib.retention import keeps
from fireside.notifications.models import Notice
from fireside.notifications.rules import KEPT_DAYS


@keeps("notices", _("notices, after they were seen; the log keeps what happened"), days=KEPT_DAYS)
def notices(actor: Actor, before: datetime) -> int:
    return gone(Notice.objects.filter(seen_at__lt=before).order_by("seen_at"))
