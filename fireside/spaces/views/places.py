"""The list of spaces; making, changing, moving, closing one."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.pages import fragment, is_htmx, page
from fireside.lib.text import apart
from fireside.members.rights import may, require
from fireside.spaces.actions import (
    archive_space,
    change_space,
    make_forum,
    make_group,
    make_space,
    move_space,
    reopen_space,
    wipe_board,
    write_board,
)
from fireside.spaces.forms import NewSpaceForm, SettingsForm, tell
from fireside.spaces.queries import get_space, head_of, list_spaces, places_for, require_in
from fireside.spaces.rules import BOARD_LIMIT

SHOWS = ("all", "mine", "closed")


@require_GET
def show_spaces(request: HttpRequest) -> HttpResponse:
    """The spaces at the top or in one of them, with the first few that stand in each; searched, or the viewer's own."""
    viewer = viewer_of(request)
    show = request.GET.get("show", "all")
    show = show if show in SHOWS and (show != "mine" or viewer) else "all"
    inside = get_space(viewer, request.GET["in"]) if request.GET.get("in") else None
    words = request.GET.get("q", "").strip()
    rows = list_spaces(viewer, inside=inside, show=show, words=words, cursor=request.GET.get("after", ""))
    context: dict[str, Any] = {"rows": rows, "show": show, "inside": inside, "words": words, "may_make": may(viewer, "spaces.make")}
    if is_htmx(request) and request.headers.get("HX-Target") == "spaces":
        return fragment(request, "spaces/_rows.html", **context)
    return page(request, "spaces/list.html", **context)


@require_http_methods(["GET", "POST"])
def new_space(request: HttpRequest) -> HttpResponse:
    """A form for a new space, at the top or (?in=SLUG) inside another."""
    actor = actor_of(request)
    parent = get_space(viewer_of(request), request.GET["in"]) if request.GET.get("in") else None
    require_in(actor, "spaces.make", parent) if parent else require(actor, "spaces.make")
    form = NewSpaceForm(request.POST or None, initial={"key": secrets.token_urlsafe(18)})
    if form.is_valid() and (space := tell(form, lambda: make_space(actor, parent=parent, **form.cleaned_data))):
        messages.success(request, _("“%(space)s” is made. You look after it.") % {"space": apart(space.name)})
        return redirect(space)
    return page(request, "spaces/new.html", form=form, parent=parent, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """What a space is, for those who run it."""
    actor = actor_of(request)
    space = get_space(viewer_of(request), slug)
    require_in(actor, "spaces.run", space)
    names = ("name", "about", "openness", "icon", "slug")
    form = SettingsForm(request.POST or None, initial={name: getattr(space, name) for name in names})
    if form.is_valid() and (changed := tell(form, lambda: change_space(actor, space=space, **form.cleaned_data))):
        messages.success(request, _("Kept."))
        return redirect(f"{changed.get_absolute_url()}/settings")
    context: dict[str, Any] = {
        "form": form, "head": head_of(viewer_of(request), space), "places": places_for(viewer_of(request), space), "board_limit": BOARD_LIMIT,
    }  # fmt: skip
    return page(request, "spaces/settings.html", status=422 if form.errors else 200, **context)


@require_POST
def place(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = viewer_of(request)
    space = get_space(viewer, slug)
    into = request.POST.get("into", "").strip().rsplit("/", 1)[-1]
    space = move_space(actor_of(request), space=space, parent=get_space(viewer, into) if into else None)
    messages.success(request, _("“%(space)s” has its new place.") % {"space": apart(space.name)})
    return redirect(f"{space.get_absolute_url()}/settings")


@require_POST
def board(request: HttpRequest, slug: str) -> HttpResponse:
    space = write_board(actor_of(request), space=get_space(viewer_of(request), slug), words=request.POST.get("words", ""))
    messages.success(request, _("It stands on the board, for everybody who reads here."))
    return redirect(space)


@require_POST
def board_end(request: HttpRequest, slug: str) -> HttpResponse:
    space = wipe_board(actor_of(request), space=get_space(viewer_of(request), slug))
    messages.success(request, _("The board is empty."))
    return redirect(space)


@require_POST
def group(request: HttpRequest, slug: str) -> HttpResponse:
    space = make_group(actor_of(request), space=get_space(viewer_of(request), slug))
    messages.success(request, _("From now on, talk opens here as a chat."))
    return redirect(f"{space.get_absolute_url()}/settings")


@require_POST
def group_end(request: HttpRequest, slug: str) -> HttpResponse:
    space = make_forum(actor_of(request), space=get_space(viewer_of(request), slug))
    messages.success(request, _("From now on, talk opens here as a topic."))
    return redirect(f"{space.get_absolute_url()}/settings")


@require_POST
def closing(request: HttpRequest, slug: str) -> HttpResponse:
    space = archive_space(actor_of(request), space=get_space(viewer_of(request), slug))
    messages.success(request, _("“%(space)s” is closed. What was said stays readable.") % {"space": apart(space.name)})
    return redirect(f"{space.get_absolute_url()}/settings")


@require_POST
def opening(request: HttpRequest, slug: str) -> HttpResponse:
    space = reopen_space(actor_of(request), space=get_space(viewer_of(request), slug))
    messages.success(request, _("“%(space)s” is open again.") % {"space": apart(space.name)})
    return redirect(f"{space.get_absolute_url()}/settings")
