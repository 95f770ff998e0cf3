"""Who is a machine. Bots are kept, shown as bots, and left out of every figure unless asked for."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import Refused
from fireside.members import kinds
from fireside.members.actions.merges import require_over
from fireside.members.models import Member
from fireside.members.rights import require

REASONS = ("source", "name", "rhythm", "operator")


@action(right="members.tend")
def mark_bot(actor: Actor, *, member: Member, reason: str = "operator") -> Member:
    """Say that this member is a bot. What an operator said, no rule changes back."""
    return _mark(actor, member, is_bot=True, reason=reason)


@action(right="members.tend")
def mark_person(actor: Actor, *, member: Member, reason: str = "operator") -> Member:
    """Say that this member is a person after all."""
    return _mark(actor, member, is_bot=False, reason=reason)


def _mark(actor: Actor, member: Member, *, is_bot: bool, reason: str) -> Member:
    require(actor, "members.tend")
    if reason not in REASONS:
        raise Refused("reason_unknown", _("Choose one of: %(known)s.") % {"known": ", ".join(REASONS)}, field="reason")
    require_over(actor, member)  # a bot is told nothing and counted nowhere
    member = Member.objects.select_for_update().get(pk=member.pk)
    decided = member.bot_reason == "operator"
    if (decided and reason != "operator") or (member.is_bot == is_bot and member.bot_reason == reason):
        return already(member)
    member.is_bot, member.bot_reason = is_bot, reason
    member.save(update_fields=["is_bot", "bot_reason"])
    record(actor, kinds.MARKED_BOT if is_bot else kinds.MARKED_PERSON, member, other=member, reason=reason)
    return member
