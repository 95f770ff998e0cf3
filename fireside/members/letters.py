"""The words of letters about an account: each in every language of the community, the reader's first."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import translation
from django.utils.translation import gettext_noop

from fireside.lib.text import filled
from fireside.members.queries import spoken
from fireside.members.rules import hash_of

GOODBYE = gettext_noop("If this was not you, you need do nothing.")
ALARM = gettext_noop("If this was not you, reset your password now and look at your devices: %(security)s")

# template of allauth -> subject, paragraphs. A place like %(code)s is filled from what allauth knows.
WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "account/email/email_confirmation_signup": (
        gettext_noop("%(code)s is your code for %(community)s"),
        (
            gettext_noop("Welcome. Write this code on the page that is waiting for it:"),
            "%(code)s",
            gettext_noop("It counts for 15 minutes."),
            GOODBYE,
        ),
    ),
    "account/email/email_confirmation": (
        gettext_noop("%(code)s verifies your address at %(community)s"),
        (
            gettext_noop("Write this code on the page that is waiting for it:"),
            "%(code)s",
            gettext_noop("It counts for 15 minutes."),
            GOODBYE,
        ),
    ),
    "account/email/login_code": (
        gettext_noop("%(code)s signs you in at %(community)s"),
        (
            gettext_noop("Write this code on the page that is waiting for it:"),
            "%(code)s",
            gettext_noop("It counts for 10 minutes, once."),
            GOODBYE,
        ),
    ),
    "account/email/password_reset_key": (
        gettext_noop("A new password for %(community)s"),
        (
            gettext_noop("Choose a new password here:"),
            "%(password_reset_url)s",
            gettext_noop("The link counts for three days, once."),
            GOODBYE,
        ),
    ),
    "account/email/account_already_exists": (
        gettext_noop("You have an account at %(community)s already"),
        (
            gettext_noop("Somebody, perhaps you, wanted to join with this address. It has an account already, so nothing was changed."),
            gettext_noop("If you cannot get in, choose a new password here:"),
            "%(password_reset_url)s",
        ),
    ),
    "account/email/unknown_account": (
        gettext_noop("No account with this address at %(community)s"),
        (
            gettext_noop("Somebody, perhaps you, wanted to sign in or reset a password with this address. Nobody here uses it."),
            gettext_noop("Perhaps you joined with another address. To join with this one:"),
            "%(signup_url)s",
        ),
    ),
    "account/email/password_changed": (
        gettext_noop("Your password at %(community)s was changed"),
        (gettext_noop("Your password was changed."), ALARM),
    ),
    "account/email/password_set": (
        gettext_noop("Your password at %(community)s was set"),
        (gettext_noop("Your account now has a password."), ALARM),
    ),
    "account/email/password_reset": (
        gettext_noop("Your password at %(community)s was reset"),
        (gettext_noop("Your password was reset."), ALARM),
    ),
    "account/email/email_changed": (
        gettext_noop("Your address at %(community)s was changed"),
        (gettext_noop("From now on we write to %(to_email)s instead of %(from_email)s."), ALARM),
    ),
    "account/email/email_deleted": (
        gettext_noop("An address was removed at %(community)s"),
        (gettext_noop("%(deleted_email)s no longer belongs to your account."), ALARM),
    ),
    "members/email/again_code": (
        gettext_noop("%(code)s is your code for %(community)s"),
        (
            gettext_noop(
                "Somebody who is signed in as you, most likely you, wants to do something grave. Write this code on the page that is waiting for it:"
            ),
            "%(code)s",
            gettext_noop("It counts for 10 minutes, once."),
            ALARM,
        ),
    ),
    "members/email/new_browser": (
        gettext_noop("A new browser signed in to your account at %(community)s"),
        (
            gettext_noop("Somebody signed in as you with a browser that we had not met before: %(browser)s."),
            gettext_noop(
                "If this was you, you need do nothing. If it was not, say so here: everybody is signed out at once, and you choose a new password."
            ),
            "%(not_me)s",
            gettext_noop("The link counts for 30 days."),
        ),
    ),
    "mfa/email/totp_activated": (
        gettext_noop("A second step was switched on at %(community)s"),
        (gettext_noop("Codes of an app are now asked at sign-in."), ALARM),
    ),
    "mfa/email/totp_deactivated": (
        gettext_noop("A second step was switched off at %(community)s"),
        (gettext_noop("Codes of an app are no longer asked."), ALARM),
    ),
    "mfa/email/recovery_codes_generated": (
        gettext_noop("New recovery codes at %(community)s"),
        (gettext_noop("New recovery codes were made for your account."), ALARM),
    ),
    "mfa/email/webauthn_added": (
        gettext_noop("A passkey was added at %(community)s"),
        (gettext_noop("A passkey was added to your account."), ALARM),
    ),
    "mfa/email/webauthn_removed": (
        gettext_noop("A passkey was removed at %(community)s"),
        (gettext_noop("A passkey was removed from your account."), ALARM),
    ),
}


def claim_address(secret: str) -> str:
    """Where a claim link leads."""
    return f"{settings.ADDRESS}/claim/{secret}"


NOT_ME_LASTS = 30 * 24 * 3600  # seconds


def not_me_address(member: Any) -> str:
    """Where somebody says that it was not they who signed in. It counts until their password changes."""
    secret = signing.dumps([member.pk, _of_password(member)], salt="members.not_me")
    return f"{settings.ADDRESS}/not-me/{secret}"


def whose_not_me(secret: str) -> Any:
    """The member whose link this is, or None when it counts no more."""
    from fireside.members.models import Member

    try:
        pk, password = signing.loads(secret, salt="members.not_me", max_age=NOT_ME_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    member = Member.objects.filter(pk=pk, is_active=True, removed_at__isnull=True).first()
    return member if member is not None and _of_password(member) == password else None


def _of_password(member: Any) -> str:
    return hash_of(member.password)[:16]


def compose(template: str, facts: Mapping[str, Any], language: str | None) -> dict[str, str]:
    """Subject and text. Raises KeyError for a letter that nobody has put into words."""
    subject, paragraphs = WORDS[template]
    places = {name: str(value) for name, value in facts.items() if isinstance(value, str | int)}
    places |= {"security": f"{settings.ADDRESS}/accounts/sessions/"}
    codes = spoken()
    first = language if language in codes else codes[0]
    texts = []
    for code in sorted(codes, key=lambda one: one != first):
        with translation.override(code):
            texts.append("\n\n".join(filled(translation.gettext(words), places) for words in paragraphs))
    with translation.override(first):
        return {
            "subject": filled(translation.gettext(subject), places),
            "text": "\n\n— — —\n\n".join(texts) + f"\n\n{facts['community']}\n{settings.ADDRESS}\n",
        }
