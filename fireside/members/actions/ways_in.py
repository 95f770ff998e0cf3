"""Helping somebody back in who lost their password, where no letter can reach them."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import Refused
from fireside.members import kinds
from fireside.members.actions.merges import can_sign_in, require_over
from fireside.members.models import Member
from fireside.members.rights import require, require_scope


@action(right="members.tend", grave=True)
def offer_new_password(actor: Actor, *, member: Member) -> str:
    """Make a link by which somebody sets a new password: three days, once. Where the person holds a role, only the owner may."""
    require(actor, "members.tend")
    require_scope(actor, "never")  # whoever holds the link holds the account: that is no work for programs
    member = Member.objects.get(pk=member.pk)
    require_over(actor, member)
    if not can_sign_in(member):
        raise Refused("cannot_sign_in", _("%(name)s cannot sign in yet. They must claim this trace first.") % {"name": member.name})
    key = default_token_generator.make_token(member)
    record(actor, kinds.PASSWORD_LINK_MADE, member, other=member)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(member), "key": key})
    return f"{settings.ADDRESS}{path}"
