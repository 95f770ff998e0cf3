"""The forms of set-up."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fireside.connectors.forms import IMPORTERS, mark_file
from fireside.site.starters import KIND_WORDS

NEEDED = {
    "name": _("Give the community a name."),
    "purpose": _("Say in a sentence what it is for."),
    "kind": _("Choose what brings them together."),
    "languages": _("Choose the languages of the house."),
    "time_zone": _("Choose a time zone."),
    "owner_name": _("Write your name, as members will see it."),
    "owner_email": _("Write your e-mail address. You sign in with it."),
    "owner_password": _("Choose a password of at least 10 characters."),
    "importer": _("Say what it is you bring."),
}
LANGUAGE_CHOICES = [
    ("en zh-hans", _("English first, and Chinese")),
    ("zh-hans en", _("Chinese first, and English")),
    ("en", _("English only")),
    ("zh-hans", _("Chinese only")),
]


def zones() -> list[tuple[str, str]]:
    """Every time zone by its place; the old short names and the offsets without a place are left out."""
    return [("UTC", "UTC")] + [
        (name, name.replace("_", " "))
        for name in sorted(available_timezones())
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))
    ]


class FoundForm(forms.Form):
    """What a community needs on its first day, and who owns it."""

    known_as = {"email": "owner_email", "password": "owner_password"}

    name = forms.CharField(label=_("Name of the community"), max_length=80, help_text=_("What members call it. You can change it later."))
    purpose = forms.CharField(
        label=_("What it is for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences: who meets here, and what they get out of it."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What brings them together"), choices=list(KIND_WORDS.items()), help_text=_("The first spaces follow from this.")
    )
    languages = forms.ChoiceField(
        label=_("Languages"), choices=LANGUAGE_CHOICES, help_text=_("The first one greets visitors whose language is unknown.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones,
        widget=forms.Select(attrs={"data-zone": ""}),
        help_text=_("Days and weeks begin by it in every figure."),
    )
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        chinese = (get_language() or "").startswith("zh")
        first = {
            "languages": "zh-hans en" if chinese else "en zh-hans",
            "time_zone": "Asia/Shanghai" if chinese else "UTC",
            "kind": "product",
        }
        kwargs["initial"] = first | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for field, words in NEEDED.items():
            if field in self.fields:
                self.fields[field].error_messages["required"] = words

    def clean_languages(self) -> list[str]:
        return list(self.cleaned_data["languages"].split())


class BringForm(FoundForm):
    """The same, and what the community brings along."""

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
