"""How closely one follows: the choice beside a topic and beside a space, and the page of everything that one has chosen."""

from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.actions import change_habits, follow_as_space, follow_space, follow_topic
from fireside.conversation.levels import LEVELS
from fireside.conversation.markup import lang_of
from fireside.conversation.models import Topic
from fireside.conversation.queries import Mark, follows_what_they_say, get_talk, mark_of, space_level, spaces_chosen, topics_chosen
from fireside.conversation.rules import Level
from fireside.lib.pages import fragment, is_htmx, page
from fireside.spaces.queries import get_space, space_to_read


@require_POST
def topic_level(request: HttpRequest, topic: int) -> HttpResponse:
    """Choose how closely to follow a topic."""
    found = get_talk(viewer_of(request), topic)
    return _of_topic(request, follow_topic(actor_of(request), topic=found, level=request.POST.get("level", "")))


@require_POST
def topic_level_end(request: HttpRequest, topic: int) -> HttpResponse:
    """Follow a topic as its space."""
    return _of_topic(request, follow_as_space(actor_of(request), topic=get_talk(viewer_of(request), topic)))


@require_POST
def space_followed(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose how closely to follow a space."""
    viewer = viewer_of(request)
    space = space_to_read(viewer, get_space(viewer, slug).pk)
    follow_space(actor_of(request), space=space, level=request.POST.get("level", ""))
    if is_htmx(request):
        return fragment(request, "conversation/_following.html", following=of_space(slug, space_level(viewer, space)))
    return redirect(space)


@login_required
@never_cache
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """Everything that the viewer has chosen to watch, follow or mute, and what follows by itself."""
    viewer = viewer_of(request)
    return page(
        request, "conversation/following.html", spaces=spaces_chosen(viewer), rows=topics_chosen(viewer, cursor=request.GET.get("after", "")),
        levels=LEVELS, follow_spoken=follows_what_they_say(viewer), lang_of=lang_of,
    )  # fmt: skip


@require_POST
def habits(request: HttpRequest) -> HttpResponse:
    change_habits(actor_of(request), follow_spoken="follow_spoken" in request.POST)
    messages.success(request, _("Kept."))
    return redirect("/following")


def _of_topic(request: HttpRequest, found: Topic) -> HttpResponse:
    if is_htmx(request):
        return fragment(request, "conversation/_following.html", following=of_topic(found.pk, mark_of(viewer_of(request), found)))
    return redirect(found)


class Following(NamedTuple):
    """What the choice beside a topic or a space shows: the level (its key), and why it is so."""

    of: str  # "topic" or "space"
    at: str
    level: str
    why: str = ""
    by_hand: bool = False


def of_topic(pk: int, mark: Mark) -> Following:
    by_space = mark.space if mark.space is not None else Level.NORMAL
    why = {
        "hand": _("You chose this."),
        "spoke": _("You follow this because you spoke here.") if mark.level == Level.FOLLOW else "",
    }.get(mark.by, "")
    if not why and mark.space is not None and mark.level == by_space:
        why = _("As you chose for the whole space.")
    return Following("topic", f"/t/{pk}/following", LEVELS[mark.level].key, why, mark.by == "hand")


def of_space(slug: str, level: Level) -> Following:
    return Following("space", f"/spaces/{slug}/following", LEVELS[level].key)
