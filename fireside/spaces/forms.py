"""The shape of what the pages of spaces take in. What a community allows is the rules' matter."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fireside.lib.errors import Refused
from fireside.spaces.actions._words import ABOUT_LIMIT, ICON_WORDS
from fireside.spaces.models import Openness
from fireside.spaces.rules import NAME_LIMIT, SLUG_LIMIT


class SpaceForm(forms.Form):
    """What a space is, for making and changing it."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME_LIMIT, error_messages={"required": _("Give the space a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    about = forms.CharField(
        label=_("What it is about"), max_length=ABOUT_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 3, "data-grows": ""}),
        help_text=_("Two sentences: what belongs here, and what somebody should say who comes for the first time."),
    )  # fmt: skip
    openness = forms.ChoiceField(label=_("Who comes in"), choices=Openness.choices, initial=Openness.OPEN, widget=forms.RadioSelect)
    icon = forms.ChoiceField(label=_("Sign"), choices=list(ICON_WORDS.items()), initial="messages-square")
    slug = forms.CharField(
        label=_("Address"), max_length=SLUG_LIMIT, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The last part of its address. Left empty, it is made of the name."),
    )  # fmt: skip


class NewSpaceForm(SpaceForm):
    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)  # the same form sent twice makes one space


class SettingsForm(SpaceForm):
    slug = forms.CharField(
        label=_("Address"), max_length=SLUG_LIMIT, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The last part of its address. Links to the old address stop working when you change it."),
    )  # fmt: skip


def tell(form: forms.Form, act: Callable[[], Any]) -> Any:
    """Do it, and say a refusal where it can be mended: beside its field, with everything that was typed kept. None when refused."""
    try:
        return act()
    except Refused as no:
        form.add_error(no.facts["field"] if no.facts.get("field") in form.fields else None, str(no.message))
        return None
