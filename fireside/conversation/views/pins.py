"""Pinning a topic: one page for where it may stand, in which order and how long."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions
from fireside.conversation.forms import PinForm, tell
from fireside.conversation.queries import get_topic, tidies
from fireside.conversation.queries.pinned import ABOVE_ALL, IN_SPACE
from fireside.lib.errors import NotFound
from fireside.lib.pages import page, stands_in
from fireside.members.queries import day_here
from fireside.members.rights import may, require


@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest, topic: int) -> HttpResponse:
    """Where a topic is pinned; the form pins it in its space."""
    return _pin(request, topic, actions.pin_topic, "pin")


@require_POST
def front(request: HttpRequest, topic: int) -> HttpResponse:
    """Pin it above all talk."""
    return _pin(request, topic, actions.pin_above_all, "front")


@require_POST
def pin_end(request: HttpRequest, topic: int) -> HttpResponse:
    return _unpin(request, topic, actions.unpin_topic)


@require_POST
def front_end(request: HttpRequest, topic: int) -> HttpResponse:
    return _unpin(request, topic, actions.unpin_above_all)


def _pin(request: HttpRequest, topic: int, act: Any, where: str) -> HttpResponse:
    actor, viewer = actor_of(request), viewer_of(request)
    found = get_topic(viewer, topic)
    forms = {"pin": PinForm(), "front": PinForm()}
    if request.method == "POST":
        form = forms[where] = PinForm(request.POST)
        if form.is_valid():
            said = {"place": form.cleaned_data["place"] or 0, "until": form.cleaned_data["until"]}
            if tell(form, lambda: act(actor, topic=found, **said)) is not None:
                messages.success(request, _("Pinned."))
                return redirect(found)
    else:
        require(actor, "talk.write")
        if not tidies(viewer, found.space) or found.removed_at is not None:
            raise NotFound()
    stands_in(request, found.space.slug)
    today = day_here(actor.now)
    places = [("pin", IN_SPACE), *([("front", ABOVE_ALL)] if may(viewer, "talk.front") else [])]
    spots = [
        {"at": f"/t/{found.pk}/{name}", "name": name, "form": forms[name], "pinned": spot.is_pinned(found, today),
         "place": getattr(found, spot.place), "until": getattr(found, spot.until)}
        for name, spot in places
    ]  # fmt: skip
    status = 422 if any(form.errors for form in forms.values()) else 200
    return page(request, "conversation/pin.html", status=status, topic=found, spots=spots, today=today)


def _unpin(request: HttpRequest, topic: int, act: Any) -> HttpResponse:
    found = get_topic(viewer_of(request), topic)
    act(actor_of(request), topic=found)
    messages.success(request, _("Unpinned. It stands among the others again."))
    return redirect(found)
