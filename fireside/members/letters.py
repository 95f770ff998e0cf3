"""The words of letters about an account: each in both languages, the reader's first."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_noop as _n

GOODBYE = _n("If this was not you, you need do nothing.")
ALARM = _n("If this was not you, reset your password now and look at your devices: %(security)s")

# template of allauth -> subject, paragraphs. A place like %(code)s is filled from what allauth knows.
WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "account/email/email_confirmation_signup": (
        _n("%(code)s is your code for %(community)s"),
        (_n("Welcome. Write this code on the page that is waiting for it:"), "%(code)s", _n("It counts for 15 minutes."), GOODBYE),
    ),
    "account/email/email_confirmation": (
        _n("%(code)s verifies your address at %(community)s"),
        (_n("Write this code on the page that is waiting for it:"), "%(code)s", _n("It counts for 15 minutes."), GOODBYE),
    ),
    "account/email/login_code": (
        _n("%(code)s signs you in at %(community)s"),
        (_n("Write this code on the page that is waiting for it:"), "%(code)s", _n("It counts for 10 minutes, once."), GOODBYE),
    ),
    "account/email/password_reset_key": (
        _n("A new password for %(community)s"),
        (_n("Choose a new password here:"), "%(password_reset_url)s", _n("The link counts for three days, once."), GOODBYE),
    ),
    "account/email/account_already_exists": (
        _n("You have an account at %(community)s already"),
        (
            _n("Somebody, perhaps you, wanted to join with this address. It has an account already, so nothing was changed."),
            _n("If you cannot get in, choose a new password here:"),
            "%(password_reset_url)s",
        ),
    ),
    "account/email/unknown_account": (
        _n("No account with this address at %(community)s"),
        (
            _n("Somebody, perhaps you, wanted to sign in or reset a password with this address. Nobody here uses it."),
            _n("Perhaps you joined with another address. To join with this one:"),
            "%(signup_url)s",
        ),
    ),
    "account/email/password_changed": (_n("Your password at %(community)s was changed"), (_n("Your password was changed."), ALARM)),
    "account/email/password_set": (_n("Your password at %(community)s was set"), (_n("Your account now has a password."), ALARM)),
    "account/email/password_reset": (_n("Your password at %(community)s was reset"), (_n("Your password was reset."), ALARM)),
    "account/email/email_changed": (
        _n("Your address at %(community)s was changed"),
        (_n("From now on we write to %(to_email)s instead of %(from_email)s."), ALARM),
    ),
    "account/email/email_deleted": (
        _n("An address was removed at %(community)s"),
        (_n("%(deleted_email)s no longer belongs to your account."), ALARM),
    ),
    "mfa/email/totp_activated": (
        _n("A second step was switched on at %(community)s"),
        (_n("Codes of an app are now asked at sign-in."), ALARM),
    ),
    "mfa/email/totp_deactivated": (
        _n("A second step was switched off at %(community)s"),
        (_n("Codes of an app are no longer asked."), ALARM),
    ),
    "mfa/email/recovery_codes_generated": (
        _n("New recovery codes at %(community)s"),
        (_n("New recovery codes were made for your account."), ALARM),
    ),
    "mfa/email/webauthn_added": (_n("A passkey was added at %(community)s"), (_n("A passkey was added to your account."), ALARM)),
    "mfa/email/webauthn_removed": (_n("A passkey was removed at %(community)s"), (_n("A passkey was removed from your account."), ALARM)),
}


def compose(template: str, facts: Mapping[str, Any], language: str | None) -> dict[str, str]:
    """Subject and text. Raises KeyError for a letter that nobody has put into words."""
    subject, paragraphs = WORDS[template]
    places = {name: str(value) for name, value in facts.items() if isinstance(value, str | int)}
    places |= {"security": f"{settings.ADDRESS}/accounts/sessions/"}
    codes = [code for code, _name in settings.LANGUAGES]
    first = language if language in codes else codes[0]
    texts = []
    for code in sorted(codes, key=lambda one: one != first):
        with translation.override(code):
            texts.append("\n\n".join(translation.gettext(words) % places for words in paragraphs))
    with translation.override(first):
        return {
            "subject": translation.gettext(subject) % places,
            "text": "\n\n— — —\n\n".join(texts) + f"\n\n{facts['community']}\n{settings.ADDRESS}\n",
        }
