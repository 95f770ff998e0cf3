"""The web door of push: browsers that one lets be called. What shows it there stands in static/notifications/sw.js, a part of the worker (site/views/app.py)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fireside.activity.doors import actor_of
from fireside.members.agents import called
from fireside.notifications import actions, queries


@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    actions.add_push_device(actor_of(request), name=called(request.headers.get("User-Agent", "")), **given)
    messages.success(request, _("This browser is called from now on."))
    return redirect("telling")


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    actions.remove_push_device(actor, device=queries.get_device(actor.member, pk))
    messages.success(request, _("It is called no more."))
    return redirect("telling")
