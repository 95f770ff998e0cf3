"""What a community says of itself: asked at set-up, and changed later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fireside.members.actions.community import known_zones
from fireside.members.rules import NAME_LIMIT

KIND_WORDS: dict[str, Any] = {
    "product": _("A product and those who use it"),
    "company": _("A company or a brand and its friends"),
    "interest": _("A shared interest"),
    "neighbourhood": _("A neighbourhood or a place"),
    "learning": _("Learning or a tool, together"),
    "other": _("Something else"),
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
        (name, name.replace("_", " ")) for name in sorted(known_zones()) if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))
    ]


class CommunityForm(forms.Form):
    needed: dict[str, Any] = {
        "name": _("Give the community a name."),
        "purpose": _("Say in a sentence what it is for."),
        "kind": _("Choose what brings them together."),
        "languages": _("Choose the languages of the house."),
        "time_zone": _("Choose a time zone."),
    }

    name = forms.CharField(label=_("Name of the community"), max_length=NAME_LIMIT, help_text=_("What members call it."))
    purpose = forms.CharField(
        label=_("What it is for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences: who meets here, and what they get out of it."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What brings them together"), choices=list(KIND_WORDS.items()))
    languages = forms.ChoiceField(
        label=_("Languages"), choices=LANGUAGE_CHOICES, help_text=_("The first one greets visitors whose language is unknown.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones,
        widget=forms.Select(attrs={"data-zone": ""}),
        help_text=_("Days and weeks begin by it in every figure."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, words in self.needed.items():
            if field in self.fields:
                self.fields[field].error_messages["required"] = words

    def clean_languages(self) -> list[str]:
        return list(self.cleaned_data["languages"].split())


class SettingsForm(CommunityForm):
    """The same, for a community that lives."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].help_text = _(
            "Of pages, notices and letters. What members write stays as it is. Whoever reads in a language that you take away reads the first one."
        )
        zone: Any = self.fields["time_zone"]
        now = self.initial["time_zone"]
        zone.widget = forms.Select()  # not the one that asks the browser where it stands
        zone.choices = zones() if now in dict(zones()) else [(now, now), *zones()]
        zone.help_text = _(
            "Days and weeks begin by it in every figure: change it, and all of them are counted anew. That takes a minute, or a few in a "
            "large community; until then each figure says by which zone it was counted."
        )
