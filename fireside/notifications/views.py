"""The web door of notices: the list, the bell, and the way from a notice to what it speaks of."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.pages import fragment, is_htmx, page
from fireside.notifications.actions import read_notices, see_notices
from fireside.notifications.queries import get_notice, list_notices, unseen_count


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The list. Opening it clears the bell, which is asked first: reading must not wait for a writer."""
    actor = actor_of(request)
    viewer = actor.member
    rows = list_notices(viewer, cursor=request.GET.get("after", ""))
    if not request.GET.get("after") and unseen_count(viewer):
        see_notices(actor)
    if is_htmx(request) and request.GET.get("after"):
        return fragment(request, "notifications/_rows.html", rows=rows)
    return page(request, "notifications/notices.html", rows=rows)


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for htmx to put in place when something arrived."""
    place = "rail" if request.GET.get("in") == "rail" else "head"
    answer = fragment(request, "notifications/_bell.html", unseen=unseen_count(viewer_of(request)), place=place, here="")
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    if read_notices(actor_of(request)):
        messages.success(request, _("All read."))
    return redirect("/notices")


@require_GET
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """To what the notice speaks of; the notice, with those grouped with it, is read by that."""
    actor = actor_of(request)
    notice, url = get_notice(actor.member, pk)
    if notice.read_at is None:
        read_notices(actor, ids=[notice.pk])
    return redirect(url)
