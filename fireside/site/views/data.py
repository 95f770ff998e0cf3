"""One's own data: taking it out, being forgotten, and taking that back. And forgetting a member, for those who run the community."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fireside.activity.action import require_sure
from fireside.activity.doors import actor_of
from fireside.lib.handing import handed_over
from fireside.lib.pages import page
from fireside.members.queries import card_of, find_member, kept_days
from fireside.members.rights import require
from fireside.site import actions, queries
from fireside.site.queries.erasures import asked_of
from fireside.site.rules import ERASURE_DAYS, REASON_LIMIT

HERE = "/me/data"


@login_required
@never_cache
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Three queries beside the frame's: what was asked, the exports, how far their work is."""
    actor = actor_of(request)
    return page(request, "site/data.html", asked=asked_of(actor.member), days=ERASURE_DAYS, now=actor.now,
        exports=queries.list_own_exports(actor.member, actor.now).rows, kept=kept_days("exports"))  # fmt: skip


@login_required
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    actions.export_own_data(actor_of(request))
    return redirect(HERE)


@login_required
@require_safe
def export_file(request: HttpRequest, key: str) -> HttpResponse:
    actor = actor_of(request)
    row = queries.get_own_export(actor.member, key)
    require_sure(actor)
    return handed_over(queries.fetched(row, actor.now), f"my-data-{row.asked_at:%Y-%m-%d}.zip")


@login_required
@require_POST
def erasure(request: HttpRequest) -> HttpResponse:
    actions.ask_to_be_erased(actor_of(request), handle=request.POST.get("handle", ""), words=request.POST.get("words", "remove"))
    return redirect(HERE)


@login_required
@require_POST
def erasure_end(request: HttpRequest) -> HttpResponse:
    actions.take_back_erasure(actor_of(request))
    messages.success(request, _("You stay. Nothing was changed."))
    return redirect(HERE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, handle: str) -> HttpResponse:
    """Asks once more what it means; then it is done."""
    actor = actor_of(request)
    require(actor, "members.erase")
    member = find_member(actor.member, handle)
    if request.method == "POST":
        actions.erase_member(actor, member=member, reason=request.POST.get("reason", ""), words=request.POST.get("words", "remove"))
        messages.success(request, _("It is under way, and done in a minute."))
        return redirect("/people")
    return page(request, "site/erase.html", member=member, card=card_of(member), limit=REASON_LIMIT)
