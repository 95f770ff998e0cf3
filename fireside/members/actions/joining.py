"""Coming in, and what the community entrusts to somebody."""

from dataclasses import replace
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import Refused
from fireside.lib.text import one_line, plain
from fireside.members import kinds, rules
from fireside.members.models import Member, Role
from fireside.members.queries import spoken
from fireside.members.rights import require


@action(right="community.enter")
def join_community(
    actor: Actor, *, name: str, email: str | None = None, password: str | None = None, handle: str = "", language: str = "",
    time_zone: str = "", about: str = "", why: str = "", is_sample: bool = False,
) -> Member:  # fmt: skip
    """Become a member. The way every member comes in: sign-up on the web, the command line, the sample community."""
    require(actor, "community.enter")
    return add_member(
        actor, name=name, email=email, password=password, handle=handle, language=language, time_zone=time_zone, about=about, why=why,
        is_sample=is_sample,
    )  # fmt: skip


@action(right="community.roles", grave=True)
def change_role(actor: Actor, *, member: Member, role: str) -> Member:
    """Entrust a role to somebody, or take it back. One owner always remains."""
    require(actor, "community.roles")
    if role not in Role.values:
        raise Refused("role_unknown", _("Choose one of: %(roles)s.") % {"roles": ", ".join(Role.values)}, field="role")
    owners = set(Member.objects.select_for_update().filter(role=Role.OWNER, removed_at__isnull=True).values_list("pk", flat=True))
    member = Member.objects.select_for_update().get(pk=member.pk)
    if member.role == role:
        return already(member)
    if role != Role.MEMBER and not (member.email and member.is_active and member.removed_at is None):
        raise Refused("cannot_sign_in", _("%(name)s cannot sign in yet. They must claim this trace first.") % {"name": member.name})
    if owners == {member.pk}:
        raise Refused("last_owner", _("Make somebody else an owner first."))
    was, member.role = member.role, role
    member.save(update_fields=["role"])
    record(actor, kinds.ROLE_CHANGED, member, other=member, role=role, was=was)
    return member


def add_member(
    actor: Actor, *, name: str, email: str | None, password: str | None, handle: str = "", language: str = "", time_zone: str = "",
    about: str = "", why: str = "", role: str = Role.MEMBER, is_sample: bool = False, email_is_verified: bool = False,
) -> Member:  # fmt: skip
    """The row, its address and its line of the log. No permission is asked here."""
    name = checked_name(name)
    member = Member(
        name=name, name_key=rules.search_key(name), email=checked_email(email), role=role, is_sample=is_sample, joined_at=actor.now,
        **checked_profile(language=language, time_zone=time_zone, about=about, why=why),
    )  # fmt: skip
    if password is None:
        member.set_unusable_password()
    else:
        member.set_password(checked_password(password, member))
    _save_with_handle(actor, member, handle)
    if member.email:
        EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=email_is_verified)
    record(actor_as(actor, member), kinds.JOINED, member, other=member)
    return member


def _save_with_handle(actor: Actor, member: Member, wanted: str) -> None:
    """Two people may want one handle, or one address, in the same instant: the table decides, the second looks for another."""
    if member.email and Member.objects.filter(email__iexact=member.email).exists():
        raise email_taken()
    for attempt in range(20):
        if wanted:
            member.handle = checked_handle(wanted)
        else:
            candidates = rules.handle_candidates(member.name, f"{actor.seed}:{member.email}:{attempt}")
            taken = set(Member.objects.filter(handle__in=candidates).values_list("handle", flat=True))
            member.handle = rules.choose_handle(candidates, taken)
        try:
            with transaction.atomic():
                member.save(force_insert=True)
                member.person = member
                member.save(update_fields=["person"])
            return
        except IntegrityError:
            member.pk = None
            if member.email and Member.objects.filter(email__iexact=member.email).exists():
                raise email_taken() from None
            if wanted:
                raise handle_taken(wanted) from None
    raise Refused("busy", _("Too many people come in at this instant. Try again in a minute."))


def actor_as(actor: Actor, member: Member) -> Actor:
    """A visitor has become this member: the rest of the act is theirs."""
    return replace(actor, who=member)


def email_taken() -> Refused:
    return Refused("email_taken", _("Somebody uses this address already. Sign in, or reset the password."), field="email")


def handle_taken(handle: str) -> Refused:
    return Refused("handle_taken", _("“%(handle)s” is taken. Choose another.") % {"handle": handle}, field="handle")


def checked_name(name: str) -> str:
    name = rules.clean_name(name)
    obstacle = rules.why_not_name(name)
    if obstacle == "empty":
        raise Refused("name_empty", _("Write the name by which others should call you."), field="name")
    if obstacle:
        message = _("This name has %(count)s characters; there is room for %(limit)s. Shorten it.")
        raise Refused("name_long", message % {"count": len(name), "limit": rules.NAME_LIMIT}, field="name")
    return name


def checked_email(email: str | None) -> str | None:
    email = one_line(email or "").lower()
    if not email:
        return None
    try:
        validate_email(email)
        if len(email) > 254:
            raise ValidationError("")
    except ValidationError:
        raise Refused(
            "email_wrong", _("“%(email)s” is no e-mail address. Look for a typing mistake.") % {"email": email[:80]}, field="email"
        ) from None
    return email


def checked_password(password: str, member: Member) -> str:
    try:
        validate_password(password, member)
    except ValidationError as wrong:
        raise Refused("password_weak", " ".join(wrong.messages), field="password") from None
    return password


def checked_handle(handle: str) -> str:
    handle = one_line(handle).removeprefix("@").casefold()
    obstacle = rules.why_not_handle(handle)
    if obstacle == "reserved":
        raise Refused("handle_reserved", _("“%(handle)s” speaks to everybody. Choose another.") % {"handle": handle}, field="handle")
    if obstacle:
        message = _("A handle has 1 to %(limit)s letters or digits of any script, “-” or “_”, and no spaces.")
        raise Refused("handle_wrong", message % {"limit": rules.HANDLE_LIMIT}, field="handle")
    return handle


def refuse_unspoken(language: str) -> None:
    """Pages come in the languages of the community. What somebody chose before it gave one up stays with them, and waits."""
    if language not in (known := spoken()):
        raise Refused("language_unknown", _("Choose one of: %(known)s.") % {"known": ", ".join(known)}, field="language")


def checked_profile(*, language: str = "", time_zone: str = "", about: str = "", why: str = "", theme: str = "") -> dict[str, Any]:
    """The other fields of a profile, cleaned; or a refusal that says what to write instead."""
    from fireside.members.actions.community import checked_zone

    known = dict(settings.LANGUAGES)
    if language and language not in known:
        raise Refused("language_unknown", _("Choose one of: %(known)s.") % {"known": ", ".join(known)}, field="language")
    if theme not in {"", "light", "dark"}:
        raise Refused("theme_unknown", _("Choose one of: %(known)s.") % {"known": "light, dark"}, field="theme")
    about, why = plain(about), one_line(why)
    for field, words, limit in (("about", about, 2000), ("why", why, 200)):
        if len(words) > limit:
            message = _("This has %(count)s characters; there is room for %(limit)s. Shorten it.")
            raise Refused(f"{field}_long", message % {"count": len(words), "limit": limit}, field=field)
    zone = checked_zone(time_zone) if time_zone else ""
    return {"language": language, "time_zone": zone, "about": about, "why": why, "theme": theme}
