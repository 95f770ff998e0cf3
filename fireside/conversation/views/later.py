"""What a member keeps for later: a page of their own, and the sign under each post."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.actions import keep_for_later, let_go
from fireside.conversation.markup import lang_of
from fireside.conversation.queries import kept_for_later
from fireside.conversation.rules import NOTE_MAX
from fireside.conversation.views.posts import foot, numbered
from fireside.lib.pages import page


@login_required
@never_cache
@require_safe
def later(request: HttpRequest) -> HttpResponse:
    """Everything the viewer keeps, the last kept first."""
    rows = kept_for_later(viewer_of(request), cursor=request.GET.get("after", ""))
    return page(request, "conversation/later.html", rows=rows, lang_of=lang_of, path="/talk", show="later", waiting=0, note_max=NOTE_MAX)


@require_POST
def keep(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    """Keep a post; from the page of what one keeps, with a note."""
    noted = request.POST.get("note")
    post = keep_for_later(actor_of(request), post=numbered(request, topic, number), note=noted)
    if noted is None:
        return foot(request, post)
    messages.success(request, _("Kept."))
    return redirect("/later")


@require_POST
def keep_end(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    """Let a post go; from the page of what one keeps, back to it."""
    post = let_go(actor_of(request), post=numbered(request, topic, number))
    if "listed" not in request.POST:
        return foot(request, post)
    messages.success(request, _("Let go. The post itself stays where it is."))
    return redirect("/later")
