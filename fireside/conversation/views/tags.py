"""Tags: those of a topic, those of a space, and what is offered while somebody writes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions
from fireside.conversation.forms import TagsForm, tell
from fireside.conversation.queries import get_topic, suggested, tags_in, tidies
from fireside.conversation.queries.sight import is_own
from fireside.lib.errors import NotAllowed, NotFound
from fireside.lib.pages import fragment, page, stands_in
from fireside.members.rights import require
from fireside.spaces.queries import get_space, space_to_read


@require_http_methods(["GET", "HEAD", "POST"])
def tags(request: HttpRequest, topic: int) -> HttpResponse:
    """The tags of a topic, in one field."""
    viewer = viewer_of(request)
    found = get_topic(viewer, topic)
    stands_in(request, found.space.slug)
    form = TagsForm(request.POST if request.method == "POST" else {"tags": ", ".join(found.tags or [])})
    if request.method == "POST" and form.is_valid():
        done = tell(form, lambda: actions.tag_topic(actor_of(request), topic=found, tags=[form.cleaned_data["tags"]]))
        if done is not None:
            messages.success(request, _("Kept."))
            return redirect(done)
    elif request.method != "POST":
        require(actor_of(request), "talk.write")
        if found.removed_at is not None or not (is_own(viewer, found) or tidies(viewer, found.space)):
            raise NotFound()
    return page(request, "conversation/tags.html", status=422 if form.errors else 200, topic=found, space=found.space, form=form)


@require_safe
def space_tags(request: HttpRequest, slug: str) -> HttpResponse:
    """The tags of a space; those who tidy rename and merge them here."""
    viewer, space = viewer_of(request), _readable(request, slug)
    return page(request, "conversation/space_tags.html", space=space, names=tags_in(space), may_tidy=tidies(viewer, space))


@require_POST
def tag_name(request: HttpRequest, slug: str) -> HttpResponse:
    return _change(request, slug, actions.rename_tag, _("The tag has a new name."), name=request.POST.get("name", ""))


@require_POST
def tag_merge(request: HttpRequest, slug: str) -> HttpResponse:
    return _change(request, slug, actions.merge_tags, _("The two tags are one."), into=request.POST.get("into", ""))


@require_safe
def tags_suggested(request: HttpRequest, slug: str) -> HttpResponse:
    """Tags of the space that fit what is being written."""
    if viewer_of(request) is None:
        raise NotAllowed("sign_in", _("Sign in first."))
    names = suggested(_readable(request, slug), title=request.GET.get("title", "")[:200], begun=request.GET.get("tags", "")[:300])
    return fragment(request, "conversation/_suggested.html", names=names)


def _readable(request: HttpRequest, slug: str) -> Any:
    viewer = viewer_of(request)
    return space_to_read(viewer, get_space(viewer, slug).pk)


def _change(request: HttpRequest, slug: str, act: Any, said: str, **more: str) -> HttpResponse:
    space = get_space(viewer_of(request), slug)
    act(actor_of(request), space=space, tag=request.POST.get("tag", ""), **more)
    messages.success(request, said)
    return redirect(f"/spaces/{space.slug}/tags")
