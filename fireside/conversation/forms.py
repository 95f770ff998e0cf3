"""The shape of what the pages of talk take in. What may be said is the rules' matter."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fireside.conversation.rules import REASON_MAX, TITLE_MAX
from fireside.lib.errors import Refused

_HIDDEN = forms.HiddenInput


class Telling(forms.Form):
    """What may be asked once more before it is done, see `tell`."""

    asks_sure = False  # it would call very many people: the form that is shown again says that they are meant
    sure = forms.BooleanField(required=False, widget=_HIDDEN)


class WordsForm(Telling):
    """What every composer carries: the words, the form's one-time key, and which draft it goes on from."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    key = forms.CharField(required=False, max_length=60, widget=_HIDDEN)
    slot = forms.IntegerField(required=False, widget=_HIDDEN)
    seen_edits = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=_HIDDEN)
    seen = forms.IntegerField(required=False, widget=_HIDDEN)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=_HIDDEN)


class TopicForm(WordsForm):
    """A new topic. The title's length is the rules' matter, so that its refusal keeps every word."""

    title = forms.CharField(label=_("Title"), required=False, widget=forms.TextInput(attrs={"maxlength": TITLE_MAX, "autocomplete": "off"}))
    tags = forms.CharField(required=False, max_length=1000)
    asks = forms.TypedChoiceField(
        choices=[("1", _("I ask something")), ("0", _("I want to tell or show something"))], coerce=lambda value: value == "1",
        initial="1", required=False, widget=forms.RadioSelect,
    )  # fmt: skip


class BeginForm(WordsForm):
    """The first words of a private conversation, and its name where several take part. Who they are the view reads."""

    names = forms.CharField(label=_("To"), required=False, max_length=2000)
    title = forms.CharField(label=_("Name of the conversation"), required=False, max_length=TITLE_MAX)


class AddForm(forms.Form):
    """Who is brought into a private conversation, or its other name."""

    names = forms.CharField(label=_("To"), required=False, max_length=2000)
    title = forms.CharField(label=_("Name of the conversation"), required=False, max_length=TITLE_MAX)


class EditForm(Telling):
    """Changing a post; `seen_edits` is the version that the writer has before them."""

    title = forms.CharField(label=_("Title"), required=False, widget=forms.TextInput(attrs={"maxlength": TITLE_MAX, "autocomplete": "off"}))
    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    reason = forms.CharField(
        label=_("What you changed"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept with what it said before."),
    )  # fmt: skip
    seen_edits = forms.IntegerField(required=False, min_value=0, widget=_HIDDEN)
    slot = forms.IntegerField(required=False, widget=_HIDDEN)


class ReasonForm(forms.Form):
    """Why a post is removed."""

    reason = forms.CharField(
        label=_("Why"), required=False, widget=forms.TextInput(attrs={"maxlength": REASON_MAX, "autocomplete": "off"}),
        help_text=_("Whoever wrote it reads this, and it stands where the post stood."),
    )  # fmt: skip


class ClosingForm(forms.Form):
    """Why a topic is closed, and the days on which it closes and opens again."""

    reason = forms.CharField(label=_("Why"), required=False, widget=forms.TextInput(attrs={"maxlength": REASON_MAX, "autocomplete": "off"}),
        help_text=_("It stands where people would reply."))  # fmt: skip
    on = forms.DateField(label=_("Closed from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: from now on."))  # fmt: skip
    until = forms.DateField(label=_("Open again on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until somebody opens it again."))  # fmt: skip


class MoveForm(forms.Form):
    """Into which space a topic is moved, and whether its tags are made there."""

    space = forms.CharField(required=False, max_length=60)
    new_tags = forms.BooleanField(required=False)


class SplitForm(forms.Form):
    """What becomes of posts that are split off."""

    title = forms.CharField(label=_("Title"), required=False, widget=forms.TextInput(attrs={"maxlength": TITLE_MAX, "autocomplete": "off"}))
    asks = forms.ChoiceField(required=False, choices=[("", _("Their words decide")), ("1", _("A question")), ("0", _("It asks nothing"))])
    space = forms.CharField(required=False, max_length=60)


class MergeForm(forms.Form):
    """Into which topic another one is merged."""

    into = forms.CharField(required=False, max_length=200)


class TagsForm(forms.Form):
    """The tags of a topic, in one line."""

    tags = forms.CharField(required=False, max_length=1000)


class PinForm(forms.Form):
    """At which place a topic is pinned, and its last day."""

    place = forms.IntegerField(required=False)
    until = forms.DateField(required=False)


class SharingForm(forms.Form):
    """What members may put into posts."""

    kinds = forms.MultipleChoiceField(
        label=_("What members may put into posts"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("picture", _("Pictures")), ("audio", _("Audio")), ("video", _("Video")), ("file", _("Other files"))],
    )  # fmt: skip
    file_mib = forms.IntegerField(
        label=_("Largest file, in MB"), min_value=1, help_text=_("Pictures have 20 MB at most, and are kept much smaller.")
    )
    day_mib = forms.IntegerField(label=_("All that one member gives on one day, in MB"), min_value=1)
    previews = forms.BooleanField(
        label=_("Show what a link leads to, where it stands alone in a line"), required=False,
        help_text=_("This house then asks those addresses itself, once a month, so that no reader does; they learn that somebody here links to them."),
    )  # fmt: skip


class NewsForm(forms.Form):
    """Since when, and in which list, something new is asked for."""

    space = forms.CharField(required=False, max_length=60)
    since = forms.DateTimeField(required=False)
    show = forms.CharField(required=False, max_length=20)


class DoneForm(forms.Form):
    """Being done with a list: of which space, and up to when it was read."""

    space = forms.CharField(required=False, max_length=60)
    before = forms.DateTimeField(required=False)


def tell(form: forms.Form, act: Callable[[], Any]) -> Any:
    """Do it, and say a refusal where it can be mended, with every word kept. None when refused."""
    try:
        return act()
    except Refused as no:
        if no.code == "call_many":
            form.asks_sure = True  # type: ignore[attr-defined]
        form.add_error(_FIELD.get(no.code) if _FIELD.get(no.code, "") in form.fields else None, str(no.message))
        return None


_FIELD = {"nobody_chosen": "names", "many_people": "names", "unreachable": "names", "no_name": "title", "first_words_only": "text", "many_links": "text", "many_mentions": "text", "same_words": "text", "no_title": "title", "long_title": "title", "no_text": "text", "long_text": "text", "too_deep": "text", "no_reason": "reason", "pin_past": "until", "close_past": "on", "reopen_past": "until", "many_tags": "tags", "long_tag": "tags",
          "long_reason": "reason"}  # fmt: skip
