"""allauth's forms with this house's words. What may be entered is decided by the actions; here it is only asked first."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fireside.activity.doors import actor_of
from fireside.lib.errors import Refused
from fireside.members import rules
from fireside.members.actions import join_community
from fireside.members.actions.joining import checked_name
from fireside.members.models import Member

PASSWORD_HINT = _("At least 10 characters. A few words that only you would put together are better than one odd word.")


class Worded:
    """Labels in the house's voice, nothing said twice by a placeholder, and no password written twice."""

    labels: dict[str, Any] = {
        "login": _("E-mail"),
        "email": _("E-mail"),
        "password": _("Password"),
        "password1": _("Password"),
        "oldpassword": _("The password you have now"),
        "code": _("Code"),
        "name": _("Name of the passkey"),
    }
    hints: dict[str, Any] = {"password": "", "password1": PASSWORD_HINT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        fields.pop("password2", None)
        for name, field in fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, field.help_text)
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget.attrs |= {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
            if name == "password1":
                field.widget.attrs |= {"autocomplete": "new-password"}


class SignIn(Worded, account.LoginForm):
    pass


class SignUp(Worded, account.SignupForm):
    labels = {**Worded.labels, "name": _("Your name")}
    hints = {**Worded.hints, "name": _("As others should call you, in any script. You can change it.")}
    name = forms.CharField(
        max_length=rules.NAME_LIMIT * 4, widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": rules.NAME_LIMIT})
    )
    field_order = ["name", "email", "password1"]
    account_already_exists: bool

    def clean_name(self) -> str:
        try:
            return checked_name(self.cleaned_data["name"])
        except Refused as no:
            raise forms.ValidationError(no.message, code=no.code) from no

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        if given.get("password1") and not self.errors:
            try:
                validate_password(given["password1"], Member(name=given.get("name", ""), email=given.get("email", "")))
            except forms.ValidationError as weak:
                self.add_error("password1", weak)
        return given

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Two may join with one address in the same instant: the second gets the answer of those who come second."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # costs what it costs the others, so that a clock learns nothing
        try:
            return super().try_save(request)  # type: ignore[no-any-return]
        except Refused as no:
            if no.code != "email_taken":
                raise
            self.account_already_exists = True
            return super().try_save(request)  # type: ignore[no-any-return]

    def save(self, request: HttpRequest) -> Member:
        given = self.cleaned_data
        return join_community(
            actor_of(request), name=given["name"], email=given["email"], password=given["password1"], language=get_language() or ""
        )


class AddAddress(Worded, account.AddEmailForm):
    labels = {**Worded.labels, "email": _("Another address")}


class ChangePassword(Worded, account.ChangePasswordForm):
    labels = {**Worded.labels, "password1": _("The new password")}


class SetPassword(Worded, account.SetPasswordForm):
    pass


class ResetPassword(Worded, account.ResetPasswordForm):
    pass


class NewPassword(Worded, account.ResetPasswordKeyForm):
    labels = {**Worded.labels, "password1": _("The new password")}


class Reauthenticate(Worded, account.ReauthenticateForm):
    pass


class AskForCode(Worded, account.RequestLoginCodeForm):
    pass


class SignInCode(Worded, account.ConfirmLoginCodeForm):
    pass


class AddressCode(Worded, account.ConfirmEmailVerificationCodeForm):
    pass


class SecondCode(Worded, mfa.AuthenticateForm):
    hints = {"code": _("Six digits of your app, or one of your recovery codes.")}


class SecondCodeAgain(Worded, mfa.ReauthenticateForm):
    hints = SecondCode.hints


class FirstCode(Worded, ActivateTOTPForm):
    hints = {"code": _("Six digits, as your app shows them now.")}


class AddPasskey(Worded, AddWebAuthnForm):
    """A passkey of ours always signs in by itself: it lives on the device and asks for a finger, a face or a PIN."""

    hints = {"name": _("So that you know it again: “My phone”.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"] = forms.BooleanField(required=True, initial=True, widget=forms.HiddenInput)
        self.fields["name"].widget.attrs |= {"maxlength": 80}


class NamePasskey(Worded, EditWebAuthnForm):
    pass
