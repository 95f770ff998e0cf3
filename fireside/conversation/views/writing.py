"""Writing: a new topic, a reply, its preview, its drafts, whom it may call."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.actions import drop_draft, keep_draft, open_topic, reply, write_privately
from fireside.conversation.forms import TopicForm, WordsForm, tell
from fireside.conversation.markup import parse, render
from fireside.conversation.models import Topic
from fireside.conversation.queries import files_in, files_to_show, get_at, get_post, get_talk, get_topic, own_drafts, topic_page
from fireside.conversation.queries.calling import ids_called, roles_to_call
from fireside.conversation.queries.privately import takers
from fireside.conversation.rules import TEXT_MAX
from fireside.conversation.views.files import with_files
from fireside.conversation.views.incoming import begun_with, carried_by
from fireside.conversation.views.topic import composer_of, context_of
from fireside.lib.errors import NotAllowed
from fireside.lib.pages import fragment, is_htmx, page
from fireside.members.queries import people_to_call
from fireside.members.rights import require
from fireside.spaces.queries import get_space, head_of


@require_http_methods(["GET", "HEAD", "POST"])
def new_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a new topic in a space."""
    viewer, actor = viewer_of(request), actor_of(request)
    space = get_space(viewer, slug)
    require(actor, "talk.write")
    head = head_of(viewer, space)
    if not head.readable:
        return page(request, "conversation/door.html", head=head)
    place = f"new:{space.pk}"
    shown, others = "", []
    values: dict[str, Any] = {}
    if request.method == "POST":
        form = TopicForm(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            if "preview" in request.POST:
                shown = rendered(viewer, said["text"])
            else:
                made = tell(
                    form,
                    lambda: open_topic(
                        actor,
                        space=space,
                        title=said["title"],
                        text=with_files(request, said["text"]),
                        asks=said["asks"] is not False,
                        tags=[said["tags"]],
                        key=said["key"],
                        sure=said["sure"],
                    ),
                )
                if made is not None:
                    drop_kept(request, place, said)
                    messages.success(
                        request, _("Your question stands. Whoever can help will see it.") if made.asks else _("Your topic stands.")
                    )
                    return redirect(made)
        values = {name: request.POST.get(name, "") for name in ("title", "text", "key", "slot", "seen", "asks", "tags")}
    else:
        form = TopicForm()
        drafts = own_drafts(viewer, place)
        newest = drafts[0] if drafts else None
        if newest:
            values = {"title": newest.title, "text": newest.text, "slot": newest.slot, "seen": newest.version}
        values |= {"key": secrets.token_urlsafe(18), "asks": "1"}
        if carried := carried_by(request.GET):
            values |= begun_with(carried, values)
        others = drafts[1:]
    context = {
        "form": form,
        "head": head,
        "values": values,
        "place": place,
        "preview": shown,
        "others": others,
        "space": space,
        "given": files_in(viewer, values.get("text", "")),
    }
    return page(request, "conversation/new.html", status=422 if form.errors else 200, **context)


@require_POST
def replies(request: HttpRequest, topic: int) -> HttpResponse:
    """Reply; what is refused comes back with every word."""
    viewer, actor = viewer_of(request), actor_of(request)
    found = get_talk(viewer, topic)
    if found.space_id is None:
        return _privately(request, found)
    require(actor, "talk.write")
    form = WordsForm(request.POST)
    shown = ""
    if form.is_valid():
        said = form.cleaned_data
        to = get_at(viewer, topic, said["reply_to"]) if said["reply_to"] else None
        if "preview" in request.POST:
            shown = rendered(viewer, said["text"])
        else:
            post = tell(
                form,
                lambda: reply(actor, topic=found, text=with_files(request, said["text"]), reply_to=to, key=said["key"], sure=said["sure"]),
            )
            if post is not None:
                drop_kept(request, f"reply:{found.pk}", said)
                return redirect(post)
    posts = topic_page(viewer, found)
    composer = composer_of(request, found) | {name: request.POST.get(name, "") for name in ("text", "key", "slot", "seen")}
    given = files_in(viewer, composer["text"])
    composer |= {"errors": form.errors, "preview": shown, "others": [], "given": given, "asks_sure": form.asks_sure, "blank": None}
    status = 422 if form.errors else 200
    return page(request, "conversation/topic.html", status=status, **context_of(request, posts), composer=composer, last=found.last_number)


def _privately(request: HttpRequest, topic: Topic) -> HttpResponse:
    """The same in a private conversation, by a browser without scripts."""
    from fireside.conversation.views.chat import show_chat  # which reads what stands below

    viewer, form = viewer_of(request), WordsForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        to = get_at(viewer, topic.pk, said["reply_to"], private_too=True) if said["reply_to"] else None
        text = with_files(request, said["text"])
        post = tell(form, lambda: write_privately(actor_of(request), topic=topic, text=text, reply_to=to, key=said["key"]))
        if post is not None:
            drop_kept(request, f"reply:{topic.pk}", said)
            return redirect(post)
    keep_draft(actor_of(request), place=f"reply:{topic.pk}", text=request.POST.get("text", ""))
    return show_chat(request, topic, None, trouble=" ".join(str(one) for errors in form.errors.values() for one in errors))


@require_safe
def composer(request: HttpRequest, topic: int) -> HttpResponse:
    """The composer with a quote or an answer to one post begun in it."""
    found = get_topic(viewer_of(request), topic)
    if not is_htmx(request):
        return redirect(f"/t/{topic}?{request.GET.urlencode()}#reply")
    return fragment(request, "conversation/_composer.html", topic=found, composer=composer_of(request, found), focus=True)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The words as they will stand."""
    require(actor_of(request), "talk.write")
    return fragment(request, "conversation/_preview.html", preview=rendered(viewer_of(request), request.POST.get("text", "")))


@require_POST
def drafts(request: HttpRequest) -> HttpResponse:
    """Keep the words of a composer while they are written."""
    form = WordsForm(request.POST)
    place, said = request.POST.get("place", ""), form.cleaned_data if form.is_valid() else {}
    kept = None
    if place.partition(":")[0] in {"reply", "new", "edit"}:
        words = request.POST.get("text", "")
        kept = keep_draft(
            actor_of(request), place=place, text=words, title=request.POST.get("title", ""), slot=said.get("slot") or 0,
            seen=said.get("seen") or 0, key=said.get("key") or "", seen_edits=said.get("seen_edits"),
        )  # fmt: skip
    shown = {"text": kept.text, "slot": kept.slot, "seen": kept.version} if kept else {"text": "", "slot": 0, "seen": 0}
    return fragment(request, "conversation/_draft.html", kept=shown)


@require_POST
def drafts_end(request: HttpRequest) -> HttpResponse:
    """Drop a draft."""
    slot = request.POST.get("slot", "")
    drop_draft(actor_of(request), place=request.POST.get("place", ""), slot=int(slot) if slot.isdecimal() and len(slot) < 5 else -1)
    if is_htmx(request):
        return HttpResponse("")
    messages.success(request, _("The draft is gone."))
    return redirect(_back(request, viewer_of(request)))


@require_safe
def mentions(request: HttpRequest) -> HttpResponse:
    """Members whose name or handle begins so: a list that the composer offers behind an @."""
    viewer = viewer_of(request)
    if viewer is None:
        raise NotAllowed("sign_in", _("Sign in first."))
    words, place = request.GET.get("q", "")[:40], request.GET.get("in", "")
    talk = get_talk(viewer, int(place)) if place.isdecimal() and len(place) < 10 else None
    if talk is not None and talk.space_id is None:  # whoever takes no part in it does not hear of it
        found, roles = (
            people_to_call(viewer, words, among={person for _talk, person in takers([talk.pk])} - {viewer.person_id or viewer.pk}),
            [],
        )
    else:
        found, roles = people_to_call(viewer, words), roles_to_call(words)
    return fragment(request, "conversation/_mentions.html", found=found, roles=roles)


def rendered(viewer: Any, text: str) -> str:
    """Words as a post would show them; the same parser, the same refusals at sending."""
    parsed = parse(text[:TEXT_MAX])
    return render(parsed, ids_called(parsed.names), files_to_show(viewer, parsed.files))[0]


def drop_kept(request: HttpRequest, place: str, said: dict[str, Any]) -> None:
    if said.get("slot"):
        drop_draft(actor_of(request), place=place, slot=said["slot"])


def _back(request: HttpRequest, viewer: Any) -> str:
    """Where a draft belongs: only addresses of our own making."""
    kind, _colon, pk = request.POST.get("place", "").partition(":")
    if kind == "edit" and pk.isdecimal():
        post = get_post(viewer, int(pk), private_too=True)
        return f"/t/{post.topic_id}/{post.number}/edit"
    return f"/t/{int(pk)}#reply" if kind == "reply" and pk.isdecimal() else "/start"
