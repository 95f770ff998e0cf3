"""Taking over what one said elsewhere: an imported trace becomes part of the person who signs in here."""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import NotAllowed, Refused
from fireside.members import kinds, rules
from fireside.members.actions.merges import can_sign_in, join_traces, require_over, same_person, take_turns
from fireside.members.models import ClaimLink, Identity, Member
from fireside.members.rights import require

LASTS = timedelta(days=14)


@action(right="members.tend", grave=True)
def offer_claim(actor: Actor, *, member: Member) -> tuple[ClaimLink, str]:
    """Make a one-time link by which somebody can claim an imported trace. The secret is in the answer and nowhere else."""
    require(actor, "members.tend")
    _claimable(member)
    secret = secrets.token_urlsafe(32)
    link = ClaimLink.objects.create(
        member=member,
        hash=rules.hash_of(secret),
        made_at=actor.now,
        expires_at=actor.now + LASTS,
        made_by_id=getattr(actor.who, "pk", None),
    )
    record(actor, kinds.CLAIM_OFFERED, link, other=member)
    return link, secret


@action(right="self.change")
def claim(actor: Actor, *, secret: str) -> Member:
    """Claim an imported trace by the one-time link you were given."""
    require(actor, "self.change")
    link = ClaimLink.objects.select_related("member").filter(hash=rules.hash_of(secret.strip())).first()
    if link is None:
        raise link_over()
    # Whoever marks the link as used has it; a second claim of the same instant finds it used.
    if not ClaimLink.objects.filter(pk=link.pk, used_at__isnull=True, expires_at__gt=actor.now).update(used_at=actor.now):
        if link.used_at is not None and link.member.person_id == actor.member.person_id:
            return already(link.member)
        raise link_over()
    return _take_over(actor, link.member, reason="claimed by link")


@action(right="self.change")
def claim_by_email(actor: Actor, *, member: Member) -> Member:
    """Claim an imported trace that carries an address which you have verified here."""
    require(actor, "self.change")
    mine = [email.lower() for email in EmailAddress.objects.filter(user=actor.member, verified=True).values_list("email", flat=True)]
    if not Identity.objects.filter(member=member, email__in=mine).exclude(email="").exists():
        raise NotAllowed("not_your_address", _("Verify the address that this trace carries, then claim it; or ask an operator for a link."))
    if Member.objects.get(pk=member.pk).person_id == actor.member.person_id:
        return already(member)
    return _take_over(actor, member, reason="claimed by e-mail")


def _take_over(actor: Actor, trace: Member, *, reason: str) -> Member:
    take_turns()
    _claimable(trace)
    require_over(actor, trace)
    mine = Member.objects.get(pk=actor.member.pk)
    if any(rules.outranks(one.role, mine.role) for one in same_person(mine)):
        require_over(actor, mine)  # an account that stands for somebody above it adds nothing to them by itself
    join_traces(actor, member=trace, into=mine, reason=reason)
    record(actor, kinds.CLAIMED, trace, other=trace)
    return trace


def can_be_claimed(member: Member) -> bool:
    """An imported trace that nobody has, and with it no account that somebody signs in with."""
    return bool(member.imported_from) and member.person_id == member.pk and not any(map(can_sign_in, same_person(member)))


def _claimable(member: Member) -> None:
    member = Member.objects.get(pk=member.pk)
    if can_be_claimed(member):
        return
    if member.imported_from and member.person_id != member.pk:
        raise Refused("claimed_already", _("Somebody has claimed this already. Ask an operator, if that is wrong."))
    raise Refused("not_a_trace", _("%(name)s signs in here already: there is nothing to claim.") % {"name": member.name})


def link_over() -> Refused:
    return Refused("claim_link_over", _("This link has been used, or its time is over. Ask an operator for a new one."))
