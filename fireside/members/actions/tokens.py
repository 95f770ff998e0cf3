"""API tokens: 256 random bits, shown once, kept as a hash."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import NotAllowed, Refused
from fireside.lib.text import one_line
from fireside.members import kinds
from fireside.members.models import Token
from fireside.members.rights import SCOPES, require
from fireside.members.rules import hash_of

AT_MOST = 50  # living tokens a member


@action(right="self.tokens", grave=True)
def make_token(actor: Actor, *, name: str, scopes: Sequence[str] = ("read",), days: int = 0) -> tuple[Token, str]:
    """Make a token for programs that act as you. Its secret is in the answer and nowhere else. `days` 0: until revoked."""
    require(actor, "self.tokens")
    name = one_line(name)
    scopes = scopes.replace(",", " ").split() if isinstance(scopes, str) else list(scopes)
    if not 1 <= len(name) <= 80:
        raise Refused("token_name", _("Name the token in 1 to 80 characters, so that you know it again."), field="name")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Refused("token_scopes", _("Choose at least one of: %(known)s.") % {"known": ", ".join(SCOPES)}, field="scopes")
    if not 0 <= days <= 3660:
        raise Refused("token_days", _("Write a number of days up to 3660, or 0 for no end."), field="days")
    if Token.objects.filter(member=actor.member, revoked_at__isnull=True).count() >= AT_MOST:
        raise Refused("tokens_many", _("You have %(limit)s tokens. Revoke one first.") % {"limit": AT_MOST})
    secret = "fs_" + secrets.token_urlsafe(32)
    token = Token.objects.create(
        member=actor.member, name=name, prefix=secret[:9], hash=hash_of(secret), made_at=actor.now,
        scopes=[scope for scope in SCOPES if scope in scopes], expires_at=actor.now + timedelta(days=days) if days else None,
    )  # fmt: skip
    record(actor, kinds.TOKEN_MADE, token, name=name, scopes=token.scopes)
    return token, secret


@action(right="self.tokens")
def revoke_token(actor: Actor, *, token: Token) -> Token:
    """End a token of yours at once."""
    require(actor, "self.tokens")
    token = Token.objects.select_for_update().get(pk=token.pk)
    if not actor.is_house and token.member_id != actor.member.pk:
        raise NotAllowed("not_yours", _("This token is somebody else’s."))
    if token.revoked_at is not None:
        return already(token)
    token.revoked_at = actor.now
    token.save(update_fields=["revoked_at"])
    record(actor, kinds.TOKEN_REVOKED, token, name=token.name)
    return token


@quiet(passing=True)
def note_token_used(actor: Actor, *, token: Token) -> None:
    """Remember the day on which a token was last used: one write a day, however often it is used."""
    today = actor.now.date()
    Token.objects.filter(Q(last_used_on__isnull=True) | Q(last_used_on__lt=today), pk=token.pk, member=actor.member).update(
        last_used_on=today
    )
