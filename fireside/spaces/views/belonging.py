"""Coming in, going, asking to be let in, answering."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.errors import NotFound
from fireside.lib.pages import fragment, is_htmx
from fireside.lib.text import apart
from fireside.spaces.actions import ask_to_join, join_space, leave_space, let_in, take_back_ask, turn_down
from fireside.spaces.models import AskToJoin, Space
from fireside.spaces.queries import get_ask, get_space, head_of


@require_POST
def belonging(request: HttpRequest, slug: str) -> HttpResponse:
    space = get_space(viewer_of(request), slug)
    join_space(actor_of(request), space=space)
    return _way(request, space, _("You belong to “%(space)s” now.") % {"space": apart(space.name)})


@require_POST
def belonging_end(request: HttpRequest, slug: str) -> HttpResponse:
    space = leave_space(actor_of(request), space=get_space(viewer_of(request), slug))
    messages.success(request, _("You have left “%(space)s”. What you said there stays.") % {"space": apart(space.name)})
    try:
        get_space(viewer_of(request), space.slug)
    except NotFound:
        return redirect("/spaces")  # a hidden space is known from inside only
    return redirect(space)


@require_POST
def asks(request: HttpRequest, slug: str) -> HttpResponse:
    space = get_space(viewer_of(request), slug)
    ask_to_join(actor_of(request), space=space, words=request.POST.get("words", ""))
    return _way(request, space, _("Asked. An organiser answers, and a notice tells you."))


@require_POST
def ask_end(request: HttpRequest, slug: str, ask: int) -> HttpResponse:
    found = _ask(request, slug, ask)
    take_back_ask(actor_of(request), ask=found)
    return _way(request, found.space, _("Taken back. You can ask again whenever you like."))


@require_POST
def ask_entry(request: HttpRequest, slug: str, ask: int) -> HttpResponse:
    found = _ask(request, slug, ask)
    let_in(actor_of(request), ask=found)
    return _answered(request, found, _("%(member)s is in.") % {"member": apart(found.member.name)})


@require_POST
def ask_answer(request: HttpRequest, slug: str, ask: int) -> HttpResponse:
    found = _ask(request, slug, ask)
    turn_down(actor_of(request), ask=found, reason=request.POST.get("reason", ""))
    return _answered(request, found, _("Answered. %(member)s reads your reason.") % {"member": apart(found.member.name)})


def _ask(request: HttpRequest, slug: str, pk: int) -> AskToJoin:
    """The ask, of this space and open to the viewer."""
    viewer = viewer_of(request)
    space = get_space(viewer, slug)
    found: AskToJoin = get_ask(viewer, str(pk))
    if found.space_id != space.pk:
        raise NotFound()
    return found


def _way(request: HttpRequest, space: Space, says: str) -> HttpResponse:
    """htmx: the button as it stands now. Otherwise back to the space, with a word."""
    if is_htmx(request):
        space.refresh_from_db()
        return fragment(request, "spaces/_way.html", head=head_of(viewer_of(request), space), says=says)
    messages.success(request, says)
    return redirect(space)


def _answered(request: HttpRequest, ask: AskToJoin, says: str) -> HttpResponse:
    if is_htmx(request):
        return fragment(request, "spaces/_answered.html", says=says)
    messages.success(request, says)
    return redirect(f"{ask.space.get_absolute_url()}/people")
