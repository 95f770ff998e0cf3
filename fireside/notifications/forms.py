"""The form by which somebody chooses how they are told. Only what was changed in it is kept: the rest goes on following the community."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fireside.notifications.queries import Telling, offered_kinds
from fireside.notifications.rules import clock_of

DIGEST_WORDS = {"never": _("Never"), "daily": _("Once a day"), "weekly": _("Once a week"), "monthly": _("Once a month")}
CLOCK = {"type": "time", "class": "input"}


class TellingForm(forms.Form):
    email = forms.BooleanField(label=_("E-mail me what I have not seen after ten minutes"), required=False)
    by_email = forms.MultipleChoiceField(label=_("About what"), required=False, widget=forms.CheckboxSelectMultiple)
    by_push = forms.MultipleChoiceField(label=_("About what"), required=False, widget=forms.CheckboxSelectMultiple)
    digest = forms.ChoiceField(
        label=_("A digest of what happened, when I have not been here"), choices=list(DIGEST_WORDS.items()), required=False
    )
    quiet = forms.BooleanField(label=_("Keep quiet hours"), required=False)
    quiet_from = forms.CharField(label=_("From"), max_length=8, required=False, widget=forms.TimeInput(attrs=CLOCK))
    quiet_to = forms.CharField(label=_("Until"), max_length=8, required=False, widget=forms.TimeInput(attrs=CLOCK))

    def __init__(self, data: Any, *, telling: Telling) -> None:
        self.telling = telling
        kinds = offered_kinds(telling)
        start, end = (telling.quiet_from, telling.quiet_to) if telling.quiet else (22 * 60, 8 * 60)
        super().__init__(data, initial={
            "email": telling.email, "by_email": [kind.name for kind in kinds if kind.email], "by_push": [kind.name for kind in kinds if kind.push],
            "quiet": bool(telling.quiet), "digest": telling.digest,
            "quiet_from": clock_of(start), "quiet_to": clock_of(end),
        })  # fmt: skip
        for field in ("by_email", "by_push"):
            self.fields[field].choices = [(kind.name, kind.says) for kind in kinds]  # type: ignore[attr-defined]

    def changes(self) -> Mapping[str, Any]:
        """What the form says otherwise than it was shown, as the action takes it."""
        given, first = self.cleaned_data, self.initial
        wanted, before = set(given["by_email"]), set(first["by_email"])
        called, called_before = set(given["by_push"]), set(first["by_push"])
        hours = f"{given['quiet_from']}-{given['quiet_to']}" if given["quiet"] else "none"
        return {
            "email": given["email"] if given["email"] != first["email"] else None,
            "digest": given["digest"] if given["digest"] not in ("", first["digest"]) else None,
            "quiet": hours if hours != (self.telling.quiet or "none") else None,
            "yes": sorted(wanted - before) or None,
            "no": sorted(before - wanted) or None,
            "push_yes": sorted(called - called_before) or None,
            "push_no": sorted(called_before - called) or None,
        }
