"""How allauth, which knows sign-in, speaks with this house: members come in by our action, letters leave by our outbox."""

import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fireside.activity.doors import actor_of
from fireside.activity.outbox import write_letter
from fireside.lib.text import one_line
from fireside.members import letters
from fireside.members.actions.browsers import address_of, note_way_in
from fireside.members.browsers import greet
from fireside.members.queries import the_community

TROUBLE = "account_trouble"  # of the session: what to say in place on the next page
WELCOME = "welcome"
# What is worth a word after it happened; signing in and out is seen anyway.
SAID = {
    "account/messages/email_confirmed.txt": _("Your address is verified."),
    "account/messages/email_confirmation_sent.txt": _("A code is on its way to the address."),
    "account/messages/email_deleted.txt": _("The address is removed."),
    "account/messages/login_code_sent.txt": _("A code is on its way to you."),
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is set."),
    "account/messages/primary_email_set.txt": _("We now write to this address."),
    "mfa/messages/totp_activated.txt": _("From now on a code of your app is asked, too."),
    "mfa/messages/totp_deactivated.txt": _("A code of your app is no longer asked."),
    "mfa/messages/recovery_codes_generated.txt": _("Recovery codes are made. Only the newest set counts."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "usersessions/messages/sessions_logged_out.txt": _("The other devices are signed out."),
}
CHANGES = {  # letter of allauth's -> what it says was changed
    "account/email/password_changed": "password", "account/email/password_set": "password", "account/email/password_reset": "password",
    "account/email/email_changed": "address", "account/email/email_deleted": "address", "mfa/email/totp_activated": "second_step",
    "mfa/email/totp_deactivated": "second_step", "mfa/email/recovery_codes_generated": "second_step", "mfa/email/webauthn_added": "passkey",
    "mfa/email/webauthn_removed": "passkey",
}  # fmt: skip
TROUBLES = {
    "account/messages/cannot_delete_primary_email.txt": _("We write to this address. Choose another one for that first, then remove it."),
    "account/messages/unverified_primary_email.txt": _("Verify the address first."),
    "account/messages/email_confirmation_failed.txt": _("This address could not be verified: somebody else has verified it here."),
}


class Accounts(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask an operator."),
        "cannot_remove_primary_email": TROUBLES["account/messages/cannot_delete_primary_email.txt"],
        "duplicate_email": _("You have added this address already."),
        "email_password_mismatch": _("Address and password do not fit together. Try again, or reset the password."),
        "email_taken": _("Somebody uses this address already. Sign in, or take another."),
        "enter_current_password": _("Write the password you have now."),
        "incorrect_code": _("This is not the code. Look at the newest message, or ask for another."),
        "incorrect_password": _("This is not your password. Try again."),
        "invalid_or_expired_key": _("This link has been used, or its time is over."),
        "invalid_login": _("This is no e-mail address. Look for a typing mistake."),
        "invalid_password_reset": _("This link has been used, or its time is over. Ask for a new one."),
        "max_email_addresses": _("You cannot have more than %d addresses."),
        "rate_limited": _("Too many tries. Wait a few minutes."),
        "same_as_current": _("This is what it is already."),
        "too_many_login_attempts": _("Too many tries that failed. Wait five minutes, or reset the password."),
        "unknown_email": _("Nobody uses this address here."),
        "unverified_primary_email": TROUBLES["account/messages/unverified_primary_email.txt"],
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return the_community() is not None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter in the languages of the community, the reader's first, left in the outbox. Without SMTP nothing is promised and nothing written."""
        if not settings.MAIL:
            return
        actor = actor_of(self.request)
        # Addresses in letters never come from what a request calls itself: somebody else may have written that.
        context = {
            name: settings.ADDRESS + urlsplit(str(value)).path if name.endswith("_url") else value for name, value in context.items()
        }
        community = the_community()
        body = letters.compose(
            template_prefix, context | {"community": community.name if community else "Fireside"}, translation.get_language()
        )
        write_letter(
            actor, channel="email", key=f"account:{secrets.token_hex(16)}", body={"to": one_line(email), **body}, member=context.get("user")
        )

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Something that the account comes in by was changed: the bell says so, too, where nothing is sent by e-mail as well."""
        if what := CHANGES.get(template_prefix):
            note_way_in(replace(actor_of(self.request), who=user, scopes=None), what=what)
        super().send_notification_mail(template_prefix, user, context, email)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Good news is a toast; trouble is said in place on the page that follows."""
        if level >= messages.WARNING:
            said = message or TROUBLES.get(message_template or "")
            if said:
                request.session[TROUBLE] = str(said)
        elif said := message or SAID.get(message_template or ""):
            messages.add_message(request, level, str(said))

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> Any:
        answer = super().post_login(request, user, **more)
        greet(request, answer, user)
        return answer

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("With your password"),
            "mfa_reauthenticate": _("With a code of your app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("With your passkey"),
        }
        found = [
            method | {"description": words.get(method["id"], method["description"])}
            for method in super().get_reauthentication_methods(user)
        ]
        # A code by letter is worth what a password is worth, so it is no way round a second step.
        if settings.MAIL and user.is_authenticated and not any(one["id"].startswith("mfa") for one in found) and address_of(user):
            url = reverse("account_reauthenticate_code")
            found.append({"id": "code_reauthenticate", "description": _("With a code by e-mail"), "url": url})
        return found

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return super().get_email_verification_redirect_url(email_address) if self.request.user.is_authenticated else settings.LOGIN_URL


class SecondSteps(DefaultMFAAdapter):
    """Passkeys, codes of an app, recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("Switch the second step off before you add an address, then on again."),
        "cannot_delete_authenticator": _("The second step must stay on for this account."),
        "cannot_generate_recovery_codes": _("Recovery codes stand in for a passkey or an app. Add one of these first."),
        "incorrect_code": _("This is not the code. Wait for the next one of your app, and check that the clock of your phone is right."),
        "unverified_email": _("Verify your e-mail address first, so that nobody can lock you out of your own account."),
    }

    def build_totp_svg(self, url: str) -> str:
        """On white, whatever the theme: dark on dark cannot be read by a phone."""
        return str(super().build_totp_svg(url)).replace("><path", '><rect width="100%" height="100%" fill="#fff"/><path', 1)

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def _get_site_name(self) -> str:
        community = the_community()
        return community.name if community else str(context.request.get_host())

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return gettext("Passkey of %(day)s") % {"day": actor_of(context.request).now.date().isoformat()}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.name}
