"""Private conversations: their list, beginning one, saying whether one wants it. The page of one is that of a chat."""

import re
import secrets
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions
from fireside.conversation.actions.privately import REFUSALS
from fireside.conversation.forms import AddForm, BeginForm, tell
from fireside.conversation.models import Topic, WrittenBy
from fireside.conversation.privately.rules import PEOPLE_MOST
from fireside.conversation.queries import brought_by, count_unread_talks, files_in, get_talk, own_talk, pair_with, talks, wish_of
from fireside.conversation.queries.own_words import own_messages
from fireside.conversation.seeking import understand
from fireside.conversation.views.files import with_files
from fireside.lib.errors import NotFound, Refused
from fireside.lib.pages import belongs_to, fragment, page
from fireside.lib.text import storable
from fireside.members.actions import block_member
from fireside.members.models import Member
from fireside.members.queries import card_of, get_member, people_to_call, person_named

WHICH = ("all", "asked", "archived")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def private_list(request: HttpRequest) -> HttpResponse:
    """Own private conversations; sent to, it begins one."""
    if request.method == "POST":
        return begin(request)
    viewer = viewer_of(request)
    if words := storable(request.GET.get("q", "")).strip():
        said = own_messages(viewer, understand(words), cursor=request.GET.get("after", ""))
        return page(request, "conversation/private_found.html", words=words, rows=said.rows, next=said.next)
    which = request.GET.get("show", "all")
    which = which if which in WHICH else "all"
    found = talks(viewer, which=which, cursor=request.GET.get("after", ""))  # type: ignore[arg-type]
    asked = len(talks(viewer, which="asked", size=20).rows) if which != "asked" else len(found.rows)
    return page(
        request,
        "conversation/private_list.html",
        rows=found.rows,
        next=found.next,
        which=which,
        asked=asked,
        me=viewer.person_id or viewer.pk,
    )


@login_required
@never_cache
@require_safe
def private_new(request: HttpRequest) -> HttpResponse:
    """Whom to write to, and what. With one whom one writes to already it leads there."""
    viewer, chosen = viewer_of(request), list[Member]()
    for handle in request.GET.getlist("to")[:PEOPLE_MOST]:
        chosen.append(get_member(viewer, handle))
    if len(chosen) == 1 and (there := pair_with(viewer, chosen[0])):
        return redirect(f"/t/{there}#reply")
    return _form(request, BeginForm(), chosen, {"key": secrets.token_urlsafe(18)})


def begin(request: HttpRequest) -> HttpResponse:
    form = BeginForm(request.POST)
    chosen: list[Member] = (form.is_valid() and tell(form, lambda: _chosen(request))) or []
    if form.is_valid():
        said = form.cleaned_data
        begun = tell(
            form,
            lambda: actions.begin_conversation(
                actor_of(request), people=chosen, text=with_files(request, said["text"]), title=said["title"], key=said["key"]
            ),
        )
        if begun is not None:
            return redirect(f"/t/{begun.pk}#reply")
    return _form(request, form, chosen, request.POST.dict())


def _form(request: HttpRequest, form: BeginForm, chosen: list[Member], values: dict[str, Any]) -> HttpResponse:
    context = {
        "form": form,
        "chosen": [card_of(one) for one in chosen],
        "values": values,
        "typed": "" if chosen else values.get("names", ""),
        "given": files_in(viewer_of(request), values.get("text", "")),
    }
    return page(request, "conversation/private_new.html", status=422 if form.errors else 200, **context)


def _chosen(request: HttpRequest) -> list[Member]:
    """Those who were picked, and those whose names were written with a comma between. Raises Refused for a name that is nobody's."""
    viewer, found = viewer_of(request), dict[int, Member]()
    words = [*request.POST.getlist("to"), *re.split(r"[,，、;；\n]", request.POST.get("names", ""))]
    for word in [one.strip().removeprefix("@") for one in words if one.strip()][:40]:
        try:
            one = get_member(viewer, word)
        except NotFound:
            named = person_named(viewer, word)
            if named is None:
                sentence = _("“%(name)s” is nobody’s name here, or that of several. Choose them from the list.") % {"name": word[:60]}
                raise Refused("nobody_chosen", sentence, field="names") from None
            one = named
        found[one.pk] = one
    return list(found.values())


@login_required
@require_safe
def private_people(request: HttpRequest) -> HttpResponse:
    """Whom one may choose: members whose name or handle begins so."""
    words = request.GET.get("names", "").rpartition(",")[2].strip()[:40]
    me = viewer_of(request)
    found = [one for one in people_to_call(me, words) if one.pk != (me.person_id or me.pk)]
    return fragment(request, "conversation/_private_people.html", found=[card_of(one) for one in found], words=words)


@require_safe
def private_count(request: HttpRequest) -> HttpResponse:
    """The number beside Messages, for htmx to put in place when something arrived."""
    viewer = viewer_of(request)
    unread = count_unread_talks(viewer) if viewer is not None else 0
    place = "rail" if request.GET.get("in") == "rail" else "head"
    answer = fragment(request, "conversation/_private_count.html", unread=unread, place=place, here="")
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def private_settings(request: HttpRequest) -> HttpResponse:
    """Who may write to one."""
    if request.method == "POST":
        actions.choose_who_writes(actor_of(request), wish=request.POST.get("wish", ""))
        messages.success(request, _("Kept."))
        return redirect("/messages/settings")
    return page(request, "conversation/private_settings.html", wish=wish_of(viewer_of(request)), wishes=WrittenBy.choices)


@require_POST
def private_acceptance(request: HttpRequest, topic: int) -> HttpResponse:
    done = actions.accept_conversation(actor_of(request), topic=_own(request, topic))
    return redirect(f"/t/{done.pk}#reply")


@require_POST
def private_acceptance_end(request: HttpRequest, topic: int) -> HttpResponse:
    found, actor = _own(request, topic), actor_of(request)
    asked_by = brought_by(actor.member, found)
    actions.decline_conversation(actor, topic=found)
    if "block" in request.POST and asked_by is not None:
        block_member(actor, member=asked_by)
        messages.success(request, _("Declined and blocked. They are not told."))
    else:
        messages.success(request, _("Declined. They are not told."))
    return redirect("/messages")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def private_people_in(request: HttpRequest, topic: int) -> HttpResponse:
    """Who takes part; sent to, it brings somebody in."""
    found, form = _own(request, topic), AddForm(request.POST if request.method == "POST" else None)
    chosen: list[Member] = []
    if request.method == "POST" and form.is_valid():
        chosen = tell(form, lambda: _chosen(request)) or []
        if not chosen and not form.errors:
            form.add_error("names", str(REFUSALS["nobody_chosen"]))
        for one in chosen:
            if tell(form, partial(actions.add_to_conversation, actor_of(request), topic=found, member=one)) is None:
                break
        if not form.errors:
            messages.success(request, _("They take part now, or are asked whether they want to."))
            return redirect(f"/messages/{found.pk}/people")
    return _about(request, found, form, chosen)


@require_POST
def private_title(request: HttpRequest, topic: int) -> HttpResponse:
    """Another name for a conversation."""
    found, form = _own(request, topic), AddForm(request.POST)
    title = form.cleaned_data["title"] if form.is_valid() else ""
    if form.errors or tell(form, lambda: actions.rename_conversation(actor_of(request), topic=found, title=title)) is None:
        return _about(request, found, form, [])
    return redirect(f"/t/{found.pk}")


def _about(request: HttpRequest, topic: Topic, form: AddForm, chosen: list[Member]) -> HttpResponse:
    context = {"form": form, "topic": topic, "talk": own_talk(viewer_of(request), topic), "chosen": [card_of(one) for one in chosen]}
    typed = "" if chosen else request.POST.get("names", "")
    belongs_to(request, "messages")
    return page(request, "conversation/private_about.html", status=422 if form.errors else 200, typed=typed, **context)


@require_POST
def private_leaving(request: HttpRequest, topic: int) -> HttpResponse:
    actions.leave_conversation(actor_of(request), topic=_own(request, topic))
    messages.success(request, _("You have left the conversation."))
    return redirect("/messages")


@require_POST
def private_archive(request: HttpRequest, topic: int) -> HttpResponse:
    actions.archive_conversation(actor_of(request), topic=_own(request, topic))
    messages.success(request, _("Archived. It comes back when somebody writes there."))
    return redirect("/messages")


@require_POST
def private_archive_end(request: HttpRequest, topic: int) -> HttpResponse:
    found = actions.fetch_conversation(actor_of(request), topic=_own(request, topic))
    return redirect(f"/t/{found.pk}")


def _own(request: HttpRequest, topic: int) -> Topic:
    """A private conversation of the viewer; a topic of a space is as missing as any."""
    found = get_talk(viewer_of(request), topic)
    if found.space_id is not None:
        raise NotFound()
    return found
