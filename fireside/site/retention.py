"""What the site lets go of."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.lib.retention import keeps
from fireside.site.actions import takeouts
from fireside.site.rules import TAKEOUT_DAYS


@keeps("exports", _("exports of the community and of members, to be fetched"), days=TAKEOUT_DAYS, most=60)
def exports(actor: Actor, before: datetime) -> int:
    return takeouts.lapse(actor, before)
