"""The web door of notices: the list, the bell, what it tells of, and the way from a notice to what it speaks of."""

from dataclasses import replace
from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.pages import fragment, frame_for, is_htmx, page
from fireside.notifications.actions import choose_told, read_notices, see_notices
from fireside.notifications.queries import SHOWN, get_notice, kinds_told, list_notices, unseen_count


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The list. Opening it clears the bell, which is asked first: reading must not wait for a writer."""
    actor = actor_of(request)
    viewer, show = actor.member, request.GET.get("show", "all")
    show = show if show in SHOWN else "all"
    rows = list_notices(viewer, show=show, cursor=request.GET.get("after", ""), leads=False)
    frame = None if is_htmx(request) else frame_for(request)
    if not request.GET.get("after") and (unseen_count(viewer) if frame is None else frame.bell):
        see_notices(actor)
        frame = frame and replace(frame, bell=0)
    if frame is None:
        return fragment(request, "notifications/_rows.html", rows=rows, show=show)
    return page(request, "notifications/notices.html", frame=frame, rows=rows, show=show)


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for htmx to put in place when something arrived."""
    place = "rail" if request.GET.get("in") == "rail" else "head"
    answer = fragment(request, "notifications/_bell.html", unseen=unseen_count(viewer_of(request)), place=place, here="")
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    """The newest row, if it has been neither seen nor read, as it comes in over whatever page one is on. Older ones had their time."""
    viewer = viewer_of(request)
    rows = list_notices(viewer, size=1).rows if viewer is not None else []
    answer = fragment(request, "notifications/_newest.html", row=rows[0] if rows and rows[0].unseen and not rows[0].read else None)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    if read_notices(actor_of(request)):
        messages.success(request, _("All read."))
    return redirect("/notices")


@require_POST
def read_one(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice, with those grouped with it, is read without going where it leads."""
    actor = actor_of(request)
    notice, _url = get_notice(actor.member, pk)
    read_notices(actor, ids=[notice.pk])
    show = request.POST.get("show", "all")
    if is_htmx(request):
        rows = list_notices(actor.member, show=show, leads=False)
        return fragment(request, "notifications/_rows.html", rows=rows, show=show if show in SHOWN else "all")
    return redirect("/notices")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """What the bell tells of: one switch for each kind of thing."""
    actor = actor_of(request)
    kinds = kinds_told(actor.member)
    if request.method == "POST":
        wanted = set(request.POST.getlist("bell"))
        for one in kinds:
            if one.bell != (one.kind in wanted):
                choose_told(actor, kind=one.kind, bell=one.kind in wanted)
        messages.success(request, _("Kept."))
        return redirect("/notices/settings")
    return page(
        request, "notifications/settings.html", parts=[(about, list(some)) for about, some in groupby(kinds, key=lambda one: one.about)]
    )


@require_GET
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """To what the notice speaks of; the notice, with those grouped with it, is read by that."""
    actor = actor_of(request)
    notice, url = get_notice(actor.member, pk)
    if notice.read_at is None:
        read_notices(actor, ids=[notice.pk])
    return redirect(url)
