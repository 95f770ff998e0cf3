"""The forms of set-up."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fireside.connectors.forms import IMPORTERS, mark_file
from fireside.members.forms.community import CommunityForm

NEEDED = {
    "owner_name": _("Write your name, as members will see it."),
    "owner_email": _("Write your e-mail address. You sign in with it."),
    "owner_password": _("Choose a password of at least 10 characters."),
}


class FoundForm(CommunityForm):
    """What a community needs on its first day, and who owns it."""

    known_as = {"email": "owner_email", "password": "owner_password"}

    owner_name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    owner_email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("You sign in with it. Members do not see it."),
    )
    owner_password = forms.CharField(
        label=_("A password"), min_length=10, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. A short sentence is good."),
    )  # fmt: skip

    needed = CommunityForm.needed | NEEDED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        chinese = (get_language() or "").startswith("zh")
        first = {
            "languages": "zh-hans en" if chinese else "en zh-hans",
            "time_zone": "Asia/Shanghai" if chinese else "UTC",
            "kind": "product",
        }
        kwargs["initial"] = first | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("What members call it. You can change it later.")
        self.fields["kind"].help_text = _("The first spaces follow from this.")


class BringForm(FoundForm):
    """The same, and what the community brings along."""

    needed = FoundForm.needed | {"importer": _("Say what it is you bring.")}

    importer = forms.ChoiceField(label=_("What it is"), choices=IMPORTERS)
    file = forms.FileField(label=_("The file"), required=False, help_text=_("A folder is handed in as one .zip or .tar.gz."))
    path = forms.CharField(
        label=_("Or its path on this machine"), required=False, max_length=1000, widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("For what is large: the house reads it where it lies."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Name of the source"), required=False, max_length=80, widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("May stay empty. If part of this history is here already, write the name it came in under, and only what is new comes in."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        mark_file(self, data)
        return data
