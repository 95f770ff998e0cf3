"""What is done with a whole topic: closing it now or on a day, moving it into another space."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions
from fireside.conversation.forms import ClosingForm, MoveForm, tell
from fireside.conversation.models import Topic
from fireside.conversation.queries import before_moving, get_topic, tidies
from fireside.conversation.queries.sight import is_own
from fireside.lib.errors import NotFound
from fireside.lib.pages import page, stands_in
from fireside.members.queries import day_here
from fireside.members.rights import require
from fireside.spaces.queries import get_space, places_run_by, space_to_read


@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest, topic: int) -> HttpResponse:
    """Close a topic: at once, or on a day; with a reason; perhaps until another day."""
    actor, viewer = actor_of(request), viewer_of(request)
    found = get_topic(viewer, topic)
    if request.method == "POST":
        form = ClosingForm(request.POST)
        if form.is_valid() and (done := tell(form, lambda: actions.close_topic(actor, topic=found, **form.cleaned_data))) is not None:
            messages.success(
                request, _("The topic is closed. It stays readable.") if done.closed_at else _("It closes by itself on that day.")
            )
            return redirect(done)
    else:
        for_those_who_tidy(request, found, own_too=True)
        form = ClosingForm(initial={"reason": found.close_reason or "", "on": found.closes_on, "until": found.opens_on})
    stands_in(request, found.space.slug)
    today = day_here(actor.now).isoformat()
    for name in ("on", "until"):
        form.fields[name].widget.attrs["min"] = today
    planned = found.closed_at is not None or found.closes_on is not None
    return page(request, "conversation/closing.html", status=422 if form.errors else 200, topic=found, form=form, planned=planned)


@require_POST
def closing_end(request: HttpRequest, topic: int) -> HttpResponse:
    done = actions.reopen_topic(actor_of(request), topic=get_topic(viewer_of(request), topic))
    messages.success(request, _("The topic is open again."))
    return redirect(done)


@require_POST
def chat(request: HttpRequest, topic: int) -> HttpResponse:
    done = actions.turn_into_chat(actor_of(request), topic=get_topic(viewer_of(request), topic))
    messages.success(request, _("This is a chat now. Every address is the same."))
    return redirect(done)


@require_POST
def chat_end(request: HttpRequest, topic: int) -> HttpResponse:
    done = actions.turn_into_topic(actor_of(request), topic=get_topic(viewer_of(request), topic))
    messages.success(request, _("This is a topic now. Every address is the same."))
    return redirect(done)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, topic: int) -> HttpResponse:
    """Choose a space, see what would follow, move the topic there."""
    actor, viewer = actor_of(request), viewer_of(request)
    found = get_topic(viewer, topic)
    form = MoveForm(request.POST if request.method == "POST" else request.GET)
    form.is_valid()
    slug = form.cleaned_data.get("space", "")
    if request.method == "POST":
        space = get_space(viewer, slug)
        again = form.cleaned_data.get("new_tags", False)
        if (done := tell(form, lambda: actions.move_topic(actor, topic=found, space=space, new_tags=again))) is not None:
            messages.success(request, _("Moved. Its address is the same."))
            return redirect(done)
    else:
        for_those_who_tidy(request, found)
    stands_in(request, found.space.slug)
    places = [one for one in places_run_by(viewer) if one.pk != found.space_id]
    chosen = next((one for one in places if one.slug == slug), None)
    if slug and chosen is None:
        chosen = space_to_read(viewer, get_space(viewer, slug).pk)
    asked = before_moving(found, chosen) if chosen is not None else None
    status = 422 if request.method == "POST" else 200
    return page(request, "conversation/move.html", status=status, topic=found, form=form, places=places, chosen=chosen, asked=asked)


def for_those_who_tidy(request: HttpRequest, topic: Topic, *, own_too: bool = False) -> None:
    """A form for others looks as missing as a topic that never was."""
    viewer = viewer_of(request)
    require(actor_of(request), "talk.write")
    if topic.removed_at is not None or not (tidies(viewer, topic.space) or (own_too and is_own(viewer, topic))):
        raise NotFound()
