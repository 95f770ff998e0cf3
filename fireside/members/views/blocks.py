"""Blocking somebody, and whom one has blocked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.pages import page
from fireside.members.actions import block_member, unblock_member
from fireside.members.queries import blocked_by, get_member


@login_required
@require_POST
def block(request: HttpRequest, handle: str) -> HttpResponse:
    member = block_member(actor_of(request), member=get_member(viewer_of(request), handle))
    messages.success(request, _("Blocked. They are not told."))
    return redirect(member)


@login_required
@require_POST
def block_end(request: HttpRequest, handle: str) -> HttpResponse:
    member = unblock_member(actor_of(request), member=get_member(viewer_of(request), handle))
    messages.success(request, _("They can reach you again."))
    return redirect("blocked") if "listed" in request.POST else redirect(member)


@login_required
@never_cache
@require_safe
def blocked(request: HttpRequest) -> HttpResponse:
    """Whom one has blocked."""
    return page(request, "members/blocked.html", rows=blocked_by(viewer_of(request), cursor=request.GET.get("after", "")))
