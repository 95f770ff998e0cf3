"""API tokens: a member's own list, and who stands behind a secret."""

from datetime import datetime

from django.db.models import F

from fireside.activity.actor import Actor
from fireside.activity.finding import finds
from fireside.lib.errors import NotFound
from fireside.members.models import Member, Token
from fireside.members.rules import hash_of


def tokens_of(member: Member) -> list[Token]:
    """A member's own tokens, the living first, then the newest."""
    return list(Token.objects.filter(member=member).order_by(F("revoked_at").asc(nulls_first=True), "-id")[:100])


@finds(Token)
def find_token(viewer: Member | Actor | None, word: str) -> Token:
    """A token by its number: one's own; and, for the house, anybody's."""
    pk = int(word) if word.isdecimal() and len(word) < 19 else 0
    if isinstance(viewer, Member):
        return get_token(viewer, pk)
    found = Token.objects.filter(pk=pk).first() if viewer is not None and viewer.is_house else None
    if found is None:
        raise NotFound()
    return found


def get_token(member: Member, token_id: int) -> Token:
    found = Token.objects.filter(pk=token_id, member=member).first() if 0 < token_id < 2**63 else None
    if found is None:
        raise NotFound()
    return found


def living_token(secret: str, now: datetime) -> Token | None:
    """The token with this secret, with its member; None when it is unknown, revoked, past its end, or the member is gone."""
    row = Token.objects.select_related("member").filter(hash=hash_of(secret), revoked_at__isnull=True).first()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return row if row.member.is_active and row.member.removed_at is None else None
