"""The whole community in one archive: asked for, shown while it is written, fetched, removed. For the owner."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fireside.activity.action import require_sure
from fireside.activity.doors import actor_of
from fireside.lib.handing import handed_over
from fireside.lib.pages import page
from fireside.members.queries import kept_days
from fireside.members.rights import require
from fireside.site import actions, queries
from fireside.site.carrying.things import left_behind

HERE = "/cockpit/export"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Two queries beside the frame's: the exports, how far their work is."""
    actor = actor_of(request)
    require(actor, "community.export")
    if request.method == "POST":
        actions.export_community(actor)
        return redirect(HERE)
    found = queries.list_exports(actor.now, cursor=request.GET.get("after", ""))
    return page(request, "site/exports.html", found=found, days=kept_days("exports"), left=sorted(left_behind()))


@require_safe
def export_file(request: HttpRequest, key: str) -> HttpResponse:
    actor = actor_of(request)
    row = queries.get_export(actor.who, key)
    require_sure(actor)
    return handed_over(queries.fetched(row, actor.now), f"fireside-export-{row.asked_at:%Y-%m-%d}.zip")


@require_POST
def export_end(request: HttpRequest, key: str) -> HttpResponse:
    actor = actor_of(request)
    actions.remove_export(actor, takeout=queries.get_export(actor.who, key))
    messages.success(request, _("The export is gone."))
    return redirect(HERE)
