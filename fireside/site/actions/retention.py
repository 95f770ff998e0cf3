"""How long things are kept is the community's choice."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import NotFound, Refused
from fireside.lib.retention import PERIODS, Period
from fireside.members.actions.community import choose
from fireside.members.queries import kept_days
from fireside.members.rights import require
from fireside.site import kinds

DAYS_WRONG = _("Write a number of days from %(least)s to %(most)s.")


@action(right="community.change", grave=True)
def keep_for(actor: Actor, *, what: str, days: int) -> Period:
    """Choose how many days something is kept: letters, devices, exports and others, as the page of periods names them."""
    require(actor, "community.change")
    period = PERIODS.get(what)
    if period is None:
        raise NotFound()
    if not period.least <= days <= period.most:
        raise Refused("days_wrong", DAYS_WRONG % {"least": period.least, "most": period.most}, field="days")
    if kept_days(what) == days:
        return already(period)
    choose(actor, "kept_days", what, days)
    record(actor, kinds.KEPT_FOR, what=what, days=days)
    return period
