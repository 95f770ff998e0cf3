"""Who looks after a space."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import Refused
from fireside.members.models import Member
from fireside.members.rights import require
from fireside.spaces import kinds, rules
from fireside.spaces.actions.belong import count_organisers
from fireside.spaces.actions.make import fresh
from fireside.spaces.models import Belonging, Space
from fireside.spaces.queries import person_id, require_in

ORGANISER = Belonging.As.ORGANISER


@action(right="spaces.run")
def make_organiser(actor: Actor, *, space: Space, member: Member) -> Belonging:
    """Make somebody who belongs to the space an organiser of it."""
    require_in(actor, "spaces.run", space)
    space = fresh(space)
    theirs = _rows(space, member).order_by("id").first()
    if theirs is None:
        raise Refused(
            "not_belonging",
            _("%(member)s does not belong to “%(space)s”. Organisers are chosen from those who do.")
            % {"member": member.name, "space": space.name},
        )
    if _rows(space, member).filter(role=ORGANISER).exists():
        return already(theirs)
    theirs.role = ORGANISER
    theirs.save(update_fields=["role"])
    record(actor, kinds.ORGANISER_MADE, space, space=space, other=member, name=space.name)
    return theirs


@action(right="spaces.run")
def end_organiser(actor: Actor, *, space: Space, member: Member) -> Space:
    """End somebody's time as organiser, or your own. The last organiser stays until there is another."""
    if actor.who is None or person_id(member) != person_id(actor.who):
        require_in(actor, "spaces.run", space)
    else:
        require(actor, "spaces.join")  # to step back is one's own matter, as leaving is
    space = fresh(space)
    if not _rows(space, member).filter(role=ORGANISER).exists():
        return already(space)
    if rules.why_not_leave(is_organiser=True, organisers=count_organisers(space.pk), closed=bool(space.archived_at)):
        raise Refused(
            "last_organiser",
            _("%(member)s is the only organiser of “%(space)s”. Make somebody else an organiser first, or close the space.")
            % {"member": member.name, "space": space.name},
        )
    _rows(space, member).filter(role=ORGANISER).update(role=Belonging.As.MEMBER)
    record(actor, kinds.ORGANISER_ENDED, space, space=space, other=member, name=space.name)
    return space


def _rows(space: Space, member: Member) -> QuerySet[Belonging]:
    return Belonging.objects.filter(space=space, member__person_id=person_id(member))
