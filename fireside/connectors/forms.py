"""The shape of what the import pages take in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fireside.connectors.rules.asked import LOCAL_CLOCK, TELLS_NOT, ZONE
from fireside.connectors.rules.columns import FIELDS

IMPORTERS = [
    ("zulip", _("A chat archive of Zulip (its export, or a folder of JSON)")),
    ("slack", _("A Slack workspace (its export, as it was downloaded)")),
    ("gitter", _("Rooms of Gitter (tables of messages, TSV)")),
    ("discord", _("Channels of Discord (JSON of DiscordChatExporter)")),
    ("qq", _("Groups of QQ (its own text files)")),
    ("wechat", _("Groups of WeChat (CSV of WeChatMsg)")),
    ("chatlab", _("Conversations in the ChatLab format (JSON, from WeChat, QQ and others)")),
    ("discourse", _("A Discourse forum (its backup, or its topics as JSON)")),
    ("mbox", _("The archive of a mailing list (mbox)")),
    ("stackexchange", _("A Stack Exchange site (Posts.xml of its dump)")),
    ("members", _("A list of members (CSV or Excel)")),
    ("activity", _("A file of activity (JSON lines or CSV)")),
]
FIELD_WORDS: dict[str, Any] = {
    "id": _("Id in the source"), "name": _("Name"), "email": _("E-mail"), "phone": _("Telephone"), "joined": _("Joined"),
    "language": _("Language"), "about": _("About"), "bot": _("Is a bot"),
}  # fmt: skip
DATES = [("", _("as the file tells")), ("ymd", _("year first")), ("dmy", _("day first: 31/12/2026")), ("mdy", _("month first: 12/31/2026"))]
OPENNESS = [
    ("", _("Private: who was in it, and whom an organiser lets in")), ("hidden", _("Hidden: nobody else knows that it is there")),
    ("open", _("Open: every member reads")), ("public", _("Public: everybody reads")),
]  # fmt: skip
NO_COLUMN = "-"


def mark_file(form: forms.Form, data: dict[str, Any]) -> None:
    """Either a file or a path: said at the field, whatever else is wrong."""
    if {"file", "path"} & set(form.errors):
        return
    if not data.get("file") and not data.get("path"):
        form.add_error("file", _("Hand in a file, or name its path on the machine of the house."))
    elif data.get("file") and data.get("path"):
        form.add_error("path", _("You hand in a file and name a path too. Leave one of them empty."))


class FileForm(forms.Form):
    """What comes in, and from where."""

    importer = forms.ChoiceField(label=_("What it is"), choices=IMPORTERS, error_messages={"required": _("Say what it is you bring.")})
    file = forms.FileField(label=_("The file"), required=False, help_text=_("A folder is handed in as one .zip or .tar.gz."))
    path = forms.CharField(
        label=_("Or its path on this machine"), required=False, max_length=900,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("For what is large: the house reads it where it lies."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        mark_file(self, data)
        return data


class SourceForm(forms.Form):
    """How the source is called, and where its spaces stand."""

    source = forms.CharField(
        label=_("Name of the source"), required=False, max_length=80, widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("Later parts of the same history carry the same name. Left empty, the file says."),
    )  # fmt: skip
    space = forms.SlugField(
        label=_("Put its spaces into"),
        required=False,
        allow_unicode=True,
        help_text=_("The address of a space. Left empty, they stand at the top."),
    )


class ChatForm(SourceForm):
    """As well, for a chat that does not say who may read it."""

    openness = forms.ChoiceField(
        label=_("Who reads it here"), required=False, choices=OPENNESS,
        help_text=_("The file does not say who could read it there. Spaces that stand here already stay as they are."),
    )  # fmt: skip
    one_to_one = forms.BooleanField(
        label=_("Bring in conversations of two, too"), required=False, help_text=_("Only these two read them here. Ask them first.")
    )


class LocalChatForm(ChatForm):
    """As well, for one that was written down by somebody's clock."""

    zone = forms.CharField(
        label=_("By which clock"), required=False, max_length=60, initial=ZONE, widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("The file has times without a time zone."),
    )  # fmt: skip


class TableForm(forms.Form):
    """Which column is what. The choices are the table's own head."""

    def __init__(self, *args: Any, head: tuple[str, ...] = (), columns: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(NO_COLUMN, _("none"))] + [(str(n), word or f"#{n}") for n, word in enumerate(head, 1)]
        for field in FIELDS:
            at = (columns or {}).get(field, -1)
            self.fields[f"map_{field}"] = forms.ChoiceField(
                label=FIELD_WORDS[field], choices=choices, required=False, initial=str(at + 1) if at >= 0 else NO_COLUMN
            )
        self.fields["dates"] = forms.ChoiceField(label=_("Dates"), choices=DATES, required=False)


def wishes_of(given: Any) -> dict[str, str]:
    """Columns chosen by hand, out of a form or an address: field -> number of the column, or "-"."""
    return {field: given[f"map_{field}"] for field in FIELDS if given.get(f"map_{field}")}


def source_form(importer: str) -> type[SourceForm]:
    """What is asked beside the file, by what it is."""
    return LocalChatForm if importer in LOCAL_CLOCK else ChatForm if importer in TELLS_NOT else SourceForm
