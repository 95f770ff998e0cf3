"""What people do to posts. Each answers htmx with the smallest piece that changed, and a browser without scripts with the page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions
from fireside.conversation.forms import EditForm, ReasonForm, tell
from fireside.conversation.models import Post
from fireside.conversation.queries import (
    files_in,
    get_at,
    get_edits,
    get_talk,
    get_topic,
    markdown_before,
    markdown_of,
    own_drafts,
    post_row,
    tidies,
)
from fireside.conversation.queries.sight import is_own
from fireside.conversation.queries.topic import page_head
from fireside.conversation.signs import OURS, picture_of
from fireside.conversation.views.chat import message_context, one
from fireside.conversation.views.files import with_files
from fireside.conversation.views.topic import closed_now, may_accept
from fireside.conversation.views.writing import drop_kept, rendered
from fireside.lib.differences import differences
from fireside.lib.errors import NotFound
from fireside.lib.pages import fragment, is_htmx, page, stands_in
from fireside.members.queries import cards_of, day_here
from fireside.members.rights import require


@require_POST
def helped(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    post = numbered(request, topic, number)
    actions.say_helped(actor_of(request), post=post)
    return foot(request, post)


@require_POST
def helped_end(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    return foot(request, actions.take_back_helped(actor_of(request), post=numbered(request, topic, number)))


@require_POST
def reactions(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    return foot(request, actions.react(actor_of(request), post=numbered(request, topic, number), sign=request.POST.get("sign", "heart")))


@require_POST
def reactions_end(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    post = numbered(request, topic, number)
    return foot(request, actions.take_back_reaction(actor_of(request), post=post, sign=request.POST.get("sign", "heart")))


@require_POST
def acceptance(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    actions.accept_answer(actor_of(request), post=numbered(request, topic, number))
    messages.success(request, _("This is the accepted answer now. It stands beside the question."))
    return redirect(f"/t/{topic}")


@require_POST
def acceptance_end(request: HttpRequest, topic: int) -> HttpResponse:
    return _to_topic(request, topic, actions.withdraw_acceptance, _("No answer is accepted now."))


@require_POST
def question(request: HttpRequest, topic: int) -> HttpResponse:
    return _to_topic(request, topic, actions.make_question, _("This is a question now: it waits until somebody answers."))


@require_POST
def question_end(request: HttpRequest, topic: int) -> HttpResponse:
    return _to_topic(request, topic, actions.make_talk, _("This asks nothing now: nobody waits for an answer."))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    """Change a post. When somebody else was faster, both texts are shown and nothing is lost."""
    viewer = viewer_of(request)
    post = _own_or_tidy(request, topic, number)
    first, place = post.topic.space_id is not None and post_row(viewer, post).is_first, f"edit:{post.pk}"
    shown, other, drafts = "", None, []
    if request.method == "POST":
        form = EditForm(request.POST)
        if form.is_valid() and "preview" in request.POST:
            shown = rendered(viewer, form.cleaned_data["text"])
        elif form.is_valid():
            names = ("text", "reason", "seen_edits", "sure", *(["title"] if first else []))
            said = {name: form.cleaned_data[name] for name in names}
            if (done := tell(form, lambda: _save(request, post, said))) is not None:
                drop_kept(request, place, form.cleaned_data)
                return redirect(done)
            post.refresh_from_db()
            if said["seen_edits"] not in (None, post.edits_count):
                other = markdown_of(post)
        values: dict[str, Any] = request.POST.dict()
        if other is not None:
            values["seen_edits"] = post.edits_count
            kept = actions.keep_draft(
                actor_of(request), place=place, text=values.get("text", ""), title=values.get("title", ""), slot=form.cleaned_data["slot"] or 0,
                seen=_whole(values.get("seen", "")), seen_edits=post.edits_count,
            )  # fmt: skip
            if kept is not None:
                values |= {"slot": kept.slot, "seen": kept.version}
    else:
        form, drafts = EditForm(), own_drafts(viewer, place)
        values = {"title": post.topic.title, "text": markdown_of(post), "seen_edits": post.edits_count, "reason": ""}
        if drafts:  # what was begun goes on; if the post was changed since, both stand there
            other = values["text"] if drafts[0].seen_edits not in (None, post.edits_count) else None
            values |= {
                "title": drafts[0].title or values["title"],
                "text": drafts[0].text,
                "slot": drafts[0].slot,
                "seen": drafts[0].version,
            }
    context = {
        "form": form, "post": post, "topic": post.topic, "values": values, "first": first, "preview": shown, "other": other,
        "place": place, "drafts": drafts, "given": files_in(viewer, values.get("text", "")), "apart": differences(other, values["text"].replace("\r\n", "\n")) if other is not None else [],
    }  # fmt: skip
    return page(request, "conversation/edit.html", status=422 if form.errors else 200, **context)


def _save(request: HttpRequest, post: Post, said: dict[str, Any]) -> Post:
    return actions.edit_post(actor_of(request), post=post, **{**said, "text": with_files(request, said["text"])})


@require_safe
def edits(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    """What a post said before: for its author and those who tidy."""
    viewer = viewer_of(request)
    post = numbered(request, topic, number)
    rows = list(get_edits(viewer, post)[:50])
    now, before = markdown_of(post), markdown_before(rows)
    after = [now, *(before[row.pk] for row in rows)]
    apart = {row.pk: differences(before[row.pk], next_) for row, next_ in zip(rows, after, strict=False)}
    return page(
        request, "conversation/edits.html", post=post, topic=post.topic, edits=rows, cards=cards_of([row.member_id for row in rows]),
        now=now, before=before, apart=apart,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    """Take a post out of sight, with a reason."""
    post = _own_or_tidy(request, topic, number)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = tell(form, lambda: actions.remove_post(actor_of(request), post=post, reason=form.cleaned_data["reason"]))
        if done is not None:
            messages.success(request, _("Removed. It can be brought back here."))
            return redirect(done)
    row = post_row(viewer_of(request), post)
    return page(
        request,
        "conversation/removal.html",
        status=422 if form.errors else 200,
        form=form,
        row=row,
        topic=post.topic,
        private=post.topic.space_id is None,
    )


@require_POST
def removal_end(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    post = actions.restore_post(actor_of(request), post=numbered(request, topic, number))
    messages.success(request, _("The post stands again."))
    return redirect(post)


def _to_topic(request: HttpRequest, topic: int, act: Callable[..., Any], said: str) -> HttpResponse:
    """One act on a topic that the viewer may see, and what is said of it on the topic's page."""
    act(actor_of(request), topic=get_topic(viewer_of(request), topic))
    messages.success(request, said)
    return redirect(f"/t/{topic}")


def _whole(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 10 else 0


def numbered(request: HttpRequest, topic: int, number: int) -> Post:
    post = get_at(viewer_of(request), topic, number, private_too=True)
    if post.topic.space_id is not None:
        stands_in(request, post.topic.space.slug)
    return post


def _own_or_tidy(request: HttpRequest, topic: int, number: int) -> Post:
    """The form of a change is shown to those who may make it; others find nothing there."""
    viewer = viewer_of(request)
    post = numbered(request, topic, number)
    require(actor_of(request), "talk.write")
    if not (is_own(viewer, post) or tidies(viewer, post.topic.space)):
        raise NotFound()
    return post


def foot(request: HttpRequest, post: Post) -> HttpResponse:
    """What stands under a post, and the circle of the topic."""
    if not is_htmx(request):
        return redirect(post)
    viewer = viewer_of(request)
    topic = get_talk(viewer, post.topic_id)
    if request.headers.get("HX-Target", "").startswith("m"):  # it stands in a chat
        return fragment(request, "conversation/_messages.html", **message_context(request, topic), said=[one(post_row(viewer, post))])
    head = page_head(viewer, topic)
    return fragment(
        request, "conversation/_foot.html", row=post_row(viewer, post), topic=topic, page=head, signs=OURS, picture_of=picture_of,
        may_accept=may_accept(head), signed_in=True, beside=True,
        closed=closed_now(topic, day_here(actor_of(request).now)),
    )  # fmt: skip
