"""The shape of what the pages take in."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fireside.lib.errors import Refused
from fireside.moderation.models import Reason
from fireside.moderation.rules import WORDS_MAX


class ReportForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong with it"), choices=Reason.choices, widget=forms.RadioSelect, required=False)
    words = forms.CharField(
        label=_("In your words"), required=False, widget=forms.TextInput(attrs={"maxlength": WORDS_MAX, "autocomplete": "off"})
    )


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), required=False, widget=forms.TextInput(attrs={"maxlength": 300, "autocomplete": "off"}),
        help_text=_("When you remove it, whoever wrote it reads this; when it stays, those who reported it."),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


def tell(form: forms.Form, act: Callable[[], Any]) -> Any:
    """Do it, and say a refusal in the form. None when refused."""
    try:
        return act()
    except Refused as no:
        form.add_error(
            {"no_words": "words", "long_words": "words", "unknown_reason": "reason", "no_reason": "reason"}.get(no.code), str(no.message)
        )
        return None
