"""What comes back. The mail server says so when it is asked; a provider says so later, and an operator or a program passes it on."""

from typing import Literal

from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import Refused
from fireside.lib.text import one_line
from fireside.members.models import Member
from fireside.members.queries import owner_of_address
from fireside.members.rights import require
from fireside.notifications import kinds, rules
from fireside.notifications.models import Bounce
from fireside.notifications.queries.bounces import digest_of

HOW = ("hard", "soft", "complaint")


@action(right="house.tend")
def note_bounce(actor: Actor, *, address: str, how: Literal["hard", "soft", "complaint"] = "hard") -> Member:
    """Say that a letter came back from an address (hard: for good, soft: for now), or that its owner called our letters unwanted (complaint)."""
    require(actor, "house.tend")
    if how not in HOW:
        raise Refused("how_unknown", _("Choose one of: %(known)s.") % {"known": ", ".join(HOW)}, field="how")
    member = owner_of_address(one_line(address))
    if member is None:
        raise Refused("address_unknown", _("Nobody here has this address."), field="address")
    _note(actor, address, member.pk, how, "")
    record(actor, kinds.BOUNCE_NOTED, member, other=member, how=how)
    return member


@action(right="house.tend")
def forgive_bounces(actor: Actor, *, member: Member) -> Member:
    """Begin anew with a member's addresses: letters go there again."""
    require(actor, "house.tend")
    if not Bounce.objects.filter(member=member.person_id or member.pk).delete()[0]:
        return already(member)
    record(actor, kinds.BOUNCES_FORGIVEN, member, other=member)
    return member


@quiet(passing=True)
def note_outcome(actor: Actor, *, address: str, what: str, words: str) -> None:
    """What the mail server said of an address when a letter was handed over. An address that nobody has is nobody's."""
    if what == "sent" and not Bounce.objects.filter(digest=digest_of(address)).exists():
        return  # the usual case: nothing ever came back from there
    member = owner_of_address(address)
    if member is not None:
        _note(actor, address, member.pk, what, words)


def _note(actor: Actor, address: str, person: int, what: str, words: str) -> None:
    digest = digest_of(address)
    Bounce.objects.bulk_create([Bounce(digest=digest, member_id=person)], ignore_conflicts=True)
    row = Bounce.objects.select_for_update().get(digest=digest)
    row.member_id = person
    if what == "complaint":
        row.complained_at = actor.now
    else:
        before = row.score
        row.score = rules.bounce_score(row.score, what, since=actor.now - row.came_back_at if row.came_back_at else None)
        if what != "sent" and row.score != before:
            row.came_back_at, row.error = actor.now, one_line(words)[:300]
    row.save()
