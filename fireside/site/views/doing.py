"""What the house is doing: long work, parked lines, letters that have not left, workers. For those who look after it."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fireside.activity.doing import EXACT
from fireside.activity.doors import actor_of
from fireside.lib.pages import page
from fireside.members.rights import require
from fireside.site import actions, queries
from fireside.site.queries.doing import REACTION_WORDS
from fireside.site.rules import REASON_LIMIT
from fireside.site.views.jobs import shown

HERE = "/cockpit/doing"


@require_safe
def doing(request: HttpRequest) -> HttpResponse:
    """Nine queries beside the frame's; one more while some work waits for a worker."""
    actor = actor_of(request)
    require(actor, "house.watch")
    cursors = {name: request.GET.get(name, "") for name in ("work", "lines", "letters")}
    found = queries.what_it_does(actor.who, actor.now, **cursors)
    return page(
        request, "site/doing.html", found=found, work=[shown(job) for job in found.work.rows], reactions=REACTION_WORDS,
        late=sum(found.behind.values()), exact=EXACT, further=any(cursors.values()), limit=REASON_LIMIT, soon=actor.now + timedelta(seconds=5),
    )  # fmt: skip


@require_POST
def line_try(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    actions.try_line_again(actor, line=queries.get_line(actor.who, str(pk)))
    return _back(request, _("A worker tries it again now."))


@require_POST
def lines_try(request: HttpRequest) -> HttpResponse:
    """All parked lines of one reaction."""
    actions.try_lines_again(actor_of(request), reaction=request.POST.get("reaction", ""))
    return _back(request, _("A worker tries them again now."))


@require_POST
def line_end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    actions.let_line_go(actor, line=queries.get_line(actor.who, str(pk)), reason=request.POST.get("reason", ""))
    return _back(request, _("Let go. The log says why."))


@require_POST
def letter_try(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    actions.try_letter_again(actor, letter=queries.get_letter_out(actor.who, str(pk)))
    return _back(request, _("A worker tries it again now."))


@require_POST
def letter_end(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    actions.let_letter_go(actor, letter=queries.get_letter_out(actor.who, str(pk)), reason=request.POST.get("reason", ""))
    return _back(request, _("Let go. The log says why."))


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(HERE)
