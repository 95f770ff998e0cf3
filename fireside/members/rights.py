"""Who may do what: the one table of rights, and the two questions asked of it.

Organisers of a space and authors of a post are known to higher apps, so these pass `organiser=` and `author=` in.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from fireside.activity.actor import Actor
from fireside.lib.errors import NotAllowed
from fireside.members.models import Member, Role

Scope = Literal["read", "write", "run", "never"]
SCOPES: dict[str, Any] = {
    "read": _("Read what I can read"),
    "write": _("Write and act as me"),
    "run": _("Run the community as far as my role allows"),
}

OWNER = frozenset({Role.OWNER})
RUNNERS = frozenset({Role.OWNER, Role.OPERATOR})
STAFF = frozenset(Role) - {Role.MEMBER}
EVERY = frozenset(Role)  # every member, whatever the role
NOBODY: frozenset[Role] = frozenset()  # nobody by role: only the organiser, only the author


@dataclass(frozen=True)
class Right:
    """Who holds a right, and which scope an API token needs for it ("never": only a person at the keyboard)."""

    roles: frozenset[Role]
    scope: Scope
    says: Promise | str
    organiser: bool = False  # also the organiser of the space concerned (or of one above it)
    author: bool = False  # also who wrote it
    visitor: bool = False  # also somebody who has not signed in


RIGHTS: dict[str, Right] = {
    #                             by role   token     in words                                           beyond the role
    "community.found":      Right(EVERY,    "never", _("set up the community, while there is none"),     visitor=True),
    "community.enter":      Right(EVERY,    "never", _("become a member"),                               visitor=True),
    "community.change":     Right(RUNNERS,  "run",   _("change how the community presents itself")),
    "community.roles":      Right(OWNER,    "run",   _("give and take roles")),
    "community.export":     Right(OWNER,    "run",   _("take the whole community out in an export")),
    "community.empty":      Right(OWNER,    "never", _("empty the house")),
    "members.tend":         Right(RUNNERS,  "run",   _("merge people, offer them their traces, mark bots")),
    "self.change":          Right(EVERY,    "write", _("change your own profile and claim what is yours")),
    "self.export":          Right(EVERY,    "write", _("take out what is held of you")),
    "self.erase":           Right(EVERY,    "never", _("ask to be forgotten, and take it back")),
    "members.erase":        Right(RUNNERS,  "never", _("have a member forgotten")),
    "self.tokens":          Right(EVERY,    "never", _("make and revoke your own tokens")),
    "letters.stop":         Right(EVERY,    "write", _("stop letters by the link in them"),                  visitor=True),
    "spaces.make":          Right(RUNNERS,  "run",   _("make a space"),                                  organiser=True),
    "spaces.run":           Right(RUNNERS,  "run",   _("run a space: change it, let people in"),         organiser=True),
    "spaces.join":          Right(EVERY,    "write", _("join and leave spaces")),
    "talk.write":           Right(EVERY,    "write", _("open topics and reply")),
    "talk.change_own":      Right(NOBODY,   "write", _("change or withdraw what you wrote"),             author=True),
    "talk.tidy":            Right(RUNNERS,  "run",   _("remove posts, close topics"),                    organiser=True),
    "talk.front":           Right(RUNNERS,  "run",   _("pin topics above the talk of every space")),
    "talk.accept":          Right(RUNNERS,  "write", _("accept an answer"),                              organiser=True, author=True),
    "talk.thank":           Right(EVERY,    "write", _("react, thank, and say who helped")),
    "talk.private":         Right(EVERY,    "write", _("write to other members privately")),
    "moderation.report":    Right(EVERY,    "write", _("report what breaks the rules")),
    "moderation.decide":    Right(RUNNERS,  "run",   _("decide what becomes of reports"),                  organiser=True),
    "moderation.look":      Right(RUNNERS,  "run",   _("read private messages that were reported")),
    "numbers.read":         Right(STAFF,    "read",  _("read the numbers of the whole community")),
    "history.bring_in":     Right(RUNNERS,  "run",   _("bring in history from elsewhere")),
    "house.watch":          Right(RUNNERS,  "read",  _("see what the house is doing")),
    "house.tend":           Right(RUNNERS,  "run",   _("stop and resume long work, try again what got stuck, or let it go")),
}  # fmt: skip


def may(member: Member | None, right: str, *, organiser: bool = False, author: bool = False) -> bool:
    """Does this member (None: a visitor) hold the right? Says nothing about tokens: `require` does."""
    row = RIGHTS[right]
    if member is None:
        return row.visitor
    if not member.is_active or member.removed_at is not None:
        return False
    return member.role in row.roles or (organiser and row.organiser) or (author and row.author)


def require(actor: Actor, right: str, *, organiser: bool = False, author: bool = False) -> None:
    """Go on, or raise NotAllowed with what would change that. The house itself holds every right."""
    if actor.is_house:
        return
    row = RIGHTS[right]
    if actor.who is None and row.visitor:
        return
    if not may(actor.member, right, organiser=organiser, author=author):
        raise NotAllowed(
            "not_allowed", _("Those who may do this (%(what)s): %(who)s.") % {"who": holders(right), "what": row.says}, right=right
        )
    require_scope(actor, row.scope)


def require_scope(actor: Actor, scope: str) -> None:
    """A token does only what it was made for. Somebody who signed in is not asked."""
    if actor.scopes is None or scope in actor.scopes:
        return
    if scope == "never":
        raise NotAllowed("token_never", _("A token cannot do this. Sign in on the web and do it there."))
    raise NotAllowed(
        "token_scope", _("This token needs the scope “%(scope)s”. Make another one under Me, Tokens.") % {"scope": scope}, scope=scope
    )


def holders(right: str) -> str:
    """Who holds a right, in the reader's words: "Owner, Operator, the organiser of the space"."""
    row = RIGHTS[right]
    names = [str(_("members"))] if row.roles == EVERY else [str(role.label) for role in Role if role in row.roles]
    if row.organiser:
        names.append(str(_("the organiser of the space")))
    if row.author:
        names.append(str(_("who wrote it")))
    return str(pgettext("between names", ", ")).join(names)
