"""Being done with what is new or unread, all of it at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.actions import dismiss_new, mark_all_read
from fireside.conversation.forms import DoneForm
from fireside.spaces.queries import get_space, space_to_read


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything unread is read, up to when the list was shown."""
    number, back = _done(request, mark_all_read)
    if number:
        messages.success(
            request, ngettext("%(num)s topic is marked as read.", "%(num)s topics are marked as read.", number) % {"num": number}
        )
    return redirect(f"{back}?show=unread")


@require_POST
def new_end(request: HttpRequest) -> HttpResponse:
    """What is new is dismissed, up to when the list was shown."""
    _number, back = _done(request, dismiss_new)
    messages.success(request, _("Dismissed. What is opened from now on is new."))
    return redirect(f"{back}?show=new")


def _done(request: HttpRequest, act: Callable[..., Any]) -> tuple[Any, str]:
    form = DoneForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    viewer, slug = viewer_of(request), given.get("space", "")
    space = space_to_read(viewer, get_space(viewer, slug).pk) if slug else None
    return act(actor_of(request), space=space, before=given.get("before")), f"/spaces/{slug}" if slug else "/talk"
