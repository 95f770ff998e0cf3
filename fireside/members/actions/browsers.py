"""Coming in with a browser that was not known, and shutting everybody out of one's account."""

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor, house
from fireside.activity.log import record
from fireside.activity.outbox import write_letter
from fireside.lib.errors import NotAllowed, Refused
from fireside.lib.text import one_line
from fireside.members import kinds, letters
from fireside.members.models import Member, Token
from fireside.members.queries import the_community
from fireside.members.rights import require, require_scope


@action(right="self.change")
def meet_browser(actor: Actor, *, browser: str) -> Member:
    """Note that you signed in with a browser that was not known, and be told by letter and by the bell. The first of all tells nobody."""
    require(actor, "self.change")
    require_scope(actor, "never")
    member = Member.objects.select_for_update().get(pk=actor.member.pk)
    if member.browsers_since is None:
        member.browsers_since = actor.now
        member.save(update_fields=["browsers_since"])
        return already(member)
    session = UserSession.objects.filter(user=member).order_by("-pk").first()
    name = one_line(browser)[:80]
    # The house tells it: who acts is not told of their own acts.
    line = record(house(now=actor.now), kinds.NEW_BROWSER, session, other=member, browser=name)
    if settings.MAIL and (to := address_of(member)):
        write_letter(actor, channel="email", key=f"browser:{line.pk}", body={"to": to, **letter_about(member, name)}, member=member)
    return member


WAYS_IN = {
    "password": kinds.PASSWORD_CHANGED, "address": kinds.ADDRESS_CHANGED, "second_step": kinds.SECOND_STEP_CHANGED,
    "passkey": kinds.PASSKEY_CHANGED,
}  # fmt: skip


@action(right="self.change")
def note_way_in(actor: Actor, *, what: str) -> Member:
    """Note that what you come in by was changed (password, address, second_step or passkey), and be told by the bell."""
    require(actor, "self.change")
    require_scope(actor, "never")
    if what not in WAYS_IN:
        raise Refused("no_way_in", _("This is no way in."))
    member: Member = actor.member
    session = UserSession.objects.filter(user=member).order_by("-pk").first()
    record(house(now=actor.now), WAYS_IN[what], session or member, other=member)
    return member


@action(right="self.change", grave=True)
def shut_out(actor: Actor) -> int:
    """End every session and token of yours, whoever has them; each browser is new again. Returns how many sessions ended."""
    require(actor, "self.change")
    require_scope(actor, "never")
    member = Member.objects.select_for_update().get(pk=actor.member.pk)
    member.browsers_since = actor.now
    member.save(update_fields=["browsers_since"])
    tokens = Token.objects.filter(member=member, revoked_at__isnull=True).update(revoked_at=actor.now)
    sessions = list(UserSession.objects.filter(user=member))
    for session in sessions:
        session.end()
    record(actor, kinds.SHUT_OUT, member, sessions=len(sessions), tokens=tokens)
    return len(sessions)


@action(right="self.change")
def end_session(actor: Actor, *, session: UserSession) -> UserSession:
    """Sign out one browser of yours."""
    require(actor, "self.change")
    if not actor.is_house and session.user_id != actor.member.pk:
        raise NotAllowed("not_yours", _("This session is somebody else’s."))
    session.end()
    record(actor, kinds.SESSION_ENDED, other=actor.who)
    return session


def disown(actor: Actor) -> None:
    """What follows from “this was not me”: everybody is shut out, and the password no longer counts."""
    shut_out(actor)
    actor.member.set_unusable_password()
    actor.member.save(update_fields=["password"])


def address_of(member: Member) -> str:
    """Where letters about an account go: its verified address. "" when there is none."""
    found = EmailAddress.objects.filter(user=member, verified=True).order_by("-primary", "pk").first()
    return found.email if found else ""


def letter_about(member: Member, browser: str) -> dict[str, str]:
    community = the_community()
    facts = {"browser": browser, "not_me": letters.not_me_address(member), "community": community.name if community else "Fireside"}
    return letters.compose("members/email/new_browser", facts, member.language or get_language())
