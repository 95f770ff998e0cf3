"""How long things are kept: one table, for those who set the community up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fireside.activity.doors import actor_of
from fireside.lib.pages import page
from fireside.members.rights import require
from fireside.site import actions
from fireside.site.queries.retention import periods


@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """No query beside the frame's: the choices stand in the community's row."""
    actor = actor_of(request)
    require(actor, "community.change")
    if request.method == "POST":
        what, days = request.POST.get("what", ""), request.POST.get("days", "")
        actions.keep_for(actor, what=what, days=int(days) if days.isdecimal() and len(days) < 7 else 0)
        messages.success(request, _("Kept."))
        return redirect(f"/community/retention#{what}")
    return page(request, "site/retention.html", periods=periods())
