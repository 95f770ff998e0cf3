"""What members say of themselves. The actions decide what may be kept."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fireside.members import rules
from fireside.members.actions.community import known_zones
from fireside.members.queries import spoken
from fireside.members.rights import SCOPES


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=400, widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": rules.NAME_LIMIT})
    )
    handle = forms.CharField(
        label=_("Handle"), max_length=80,
        help_text=_("In addresses and when somebody writes @you: letters or digits of any script, “-”, “_”."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "maxlength": rules.HANDLE_LIMIT}),
    )  # fmt: skip
    about = forms.CharField(
        label=_("About you"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4, "data-grows": ""})
    )
    why = forms.CharField(label=_("Why you came"), max_length=400, required=False, widget=forms.TextInput(attrs={"maxlength": 200}))
    language = forms.ChoiceField(label=_("Language of the pages"), required=False)
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=64, required=False, widget=forms.TextInput(attrs={"list": "zones", "placeholder": "Asia/Shanghai"})
    )
    theme = forms.ChoiceField(label=_("Light or dark"), required=False)
    shortcuts = forms.BooleanField(
        label=_("Single keys move and act: j and k, r, ?"), required=False,
        help_text=_("Turn this off if you speak to your computer, or if a key does something that you did not want."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, word) for code, word in settings.LANGUAGES if code in spoken()]
        self.fields["language"].choices = [("", _("As the browser says")), *offered]  # type: ignore[attr-defined]
        if len(offered) == 1:
            del self.fields["language"]  # there is nothing to choose, and what was chosen once stays
        self.fields["theme"].choices = [("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))]  # type: ignore[attr-defined]

    @property
    def zones(self) -> list[str]:
        return sorted(zone for zone in known_zones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/")))


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple, initial=["read"]
    )
    days = forms.IntegerField(label=_("Days it counts"), min_value=0, max_value=3660, initial=90, help_text=_("0: until you revoke it."))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=200, help_text=_("One sentence. Somebody will want to know in a year."))
