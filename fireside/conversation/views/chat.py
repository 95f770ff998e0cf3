"""A topic in the shape of a chat: a page whose newest words stand at the bottom, and the pieces that it loads while it is open."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.actions import keep_rendered, mark_topic_read, reply, write_privately
from fireside.conversation.forms import WordsForm, tell
from fireside.conversation.markup import lang_of
from fireside.conversation.models import Topic
from fireside.conversation.queries import (
    PostRow,
    TopicPage,
    files_in,
    get_at,
    get_talk,
    mark_of,
    own_drafts,
    own_talk,
    post_row,
    posts_after,
    topic_page,
)
from fireside.conversation.signs import OURS, picture_of
from fireside.conversation.views.following import of_topic
from fireside.conversation.views.topic import context_of
from fireside.conversation.views.writing import drop_kept
from fireside.lib.pages import belongs_to, fragment, page
from fireside.members.queries import day_here
from fireside.members.rights import require
from fireside.notifications.queries import has_unread

SIZE = 30
RUN = timedelta(minutes=5)  # what one person says in so short a time stands together


@dataclass(frozen=True, slots=True)
class Said:
    """A message and its day; the day that begins with it; whether it stands under the same name as the one before."""

    row: PostRow
    on: date
    day: date | None = None
    goes_on: bool = False


def in_runs(rows: Sequence[PostRow]) -> list[Said]:
    found: list[Said] = []
    before: PostRow | None = None
    for row in rows:
        day = day_here(row.at)
        new_day = before is None or day_here(before.at) != day
        same = before is not None and before.author.person_id == row.author.person_id and row.at - before.at < RUN
        goes_on = (
            same and not new_day and row.removed_at is None and before is not None and before.removed_at is None and row.reply_to is None
        )
        found.append(Said(row, day, day if new_day else None, goes_on))
        before = row
    return found


def one(row: PostRow, *, goes_on: bool = False) -> Said:
    """A message by itself, put in place of what it was."""
    return Said(row, day_here(row.at), None, goes_on)


def show_chat(request: HttpRequest, topic: Topic, number: int | None, *, trouble: str = "") -> HttpResponse:
    """The newest messages, or those from a number on."""
    viewer = viewer_of(request)
    cursor = request.GET.get("at", "") or "last"
    posts = topic_page(viewer, topic, "" if number else cursor, number=number, size=SIZE, pull=False)
    if posts.fresh:
        keep_rendered(actor_of(request), posts=posts.fresh)
    last = topic.last_number if not posts.next else max((row.number for row in posts.posts), default=0)
    mark = mark_of(viewer, topic) if viewer is not None else None
    seen = mark.number if mark is not None else topic.last_number
    if viewer is not None:
        _read(request, topic, last)
    drafts, private = own_drafts(viewer, f"reply:{topic.pk}"), topic.space_id is None
    asked = request.GET.get("to", "")
    to = post_row(viewer, get_at(viewer, topic.pk, int(asked), private_too=True)) if asked.isdecimal() and len(asked) < 10 else None
    context = private_context(request, posts) if private else context_of(request, posts)
    return page(
        request, "conversation/private.html" if private else "conversation/chat.html", status=422 if trouble else 200, **context, said=in_runs(posts.posts), last=topic.last_number, seen=seen,
        key=secrets.token_urlsafe(18), draft=drafts[0] if drafts else None, given=files_in(viewer, drafts[0].text) if drafts else [], to=to, answers=answers(context), trouble=trouble,
        **({} if private or mark is None else {"following": of_topic(topic.pk, mark)}),
    )  # fmt: skip


def private_context(request: HttpRequest, posts: TopicPage) -> dict[str, Any]:
    """What the page of a private conversation reads instead of `context_of`: it stands in no space."""
    viewer = viewer_of(request)
    belongs_to(request, "messages")
    return {
        "page": posts, "topic": posts.topic, "talk": own_talk(viewer, posts.topic), "signs": OURS, "picture_of": picture_of, "signed_in": True,
        "lang_of": lang_of, "closed": False, "story": [], "following": of_topic(posts.topic.pk, mark_of(viewer, posts.topic)),
    }  # fmt: skip


def answers(context: dict[str, Any]) -> bool:
    """Whether one writes there today."""
    topic = context["topic"]
    if topic.space_id is None:
        return not (context["talk"].asked or context["talk"].waits)
    return topic.removed_at is None and topic.space.archived_at is None and not context["closed"]


@require_safe
def chat_part(request: HttpRequest, topic: int) -> HttpResponse:
    """A piece of an open chat: what stands before or behind a place (`at`), what came `after` a number, or one `post` as it is now."""
    viewer, found = viewer_of(request), get_talk(viewer_of(request), topic)
    if number := _number(request.GET.get("post", "")):
        return _part(
            request, found, [one(post_row(viewer, get_at(viewer, topic, number, private_too=True)), goes_on="goes_on" in request.GET)]
        )
    if "after" in request.GET:
        rows, fresh = posts_after(viewer, found, _number(request.GET["after"]))
        if viewer is not None and request.GET.get("seen") and rows:
            _read(request, found, max(row.number for row in rows))
        return _part(request, found, in_runs(rows), fresh=fresh)
    posts = topic_page(viewer, found, request.GET.get("at", ""), size=SIZE, pull=False)
    answer = _part(request, found, in_runs(posts.posts), fresh=posts.fresh)
    answer["X-Before"], answer["X-Behind"] = posts.previous, posts.next
    return answer


@require_POST
def send(request: HttpRequest, topic: int) -> HttpResponse:
    """Say something in an open chat; answers with everything that came since `after`. Sent twice, it speaks once."""
    viewer, actor = viewer_of(request), actor_of(request)
    found = get_talk(viewer, topic)
    require(actor, "talk.write")
    form = WordsForm(request.POST)
    post = None
    if form.is_valid():
        said = form.cleaned_data
        to = get_at(viewer, topic, said["reply_to"], private_too=True) if said["reply_to"] else None
        say = reply if found.space_id else write_privately
        sure = {"sure": said["sure"]} if found.space_id else {}
        post = tell(form, lambda: say(actor, topic=found, text=said["text"], reply_to=to, key=said["key"], **sure))
    if post is None:
        trouble = " ".join(str(one) for errors in form.errors.values() for one in errors)
        answer = fragment(request, "conversation/_trouble.html", status=422, trouble=trouble)
        if form.asks_sure:
            answer["X-Ask-Sure"] = "1"  # chat.js asks, and sends it again with `sure`
        return answer
    drop_kept(request, f"reply:{found.pk}", form.cleaned_data)
    rows, fresh = posts_after(viewer, post.topic, min(_number(request.POST.get("after", "")), post.number - 1))
    mark_topic_read(actor, topic=post.topic, number=post.number)
    return _part(request, post.topic, in_runs(rows), fresh=fresh)


def _part(request: HttpRequest, topic: Topic, said: Sequence[Said], *, fresh: Sequence[Any] = ()) -> HttpResponse:
    if fresh:
        keep_rendered(actor_of(request), posts=fresh)
    return fragment(request, "conversation/_messages.html", **message_context(request, topic), said=said)


def message_context(request: HttpRequest, topic: Topic) -> dict[str, Any]:
    """What a message reads beside itself."""
    open_ = topic.removed_at is None and (topic.space_id is None or topic.space.archived_at is None)
    return {"topic": topic, "signs": OURS, "picture_of": picture_of, "signed_in": viewer_of(request) is not None, "answers": open_}


def _read(request: HttpRequest, topic: Topic, number: int) -> None:
    """One or two small reads; a write only when something is new."""
    actor = actor_of(request)
    if mark_of(actor.member, topic).number < number or has_unread(actor.member, "conversation.post", [topic.pk]):
        mark_topic_read(actor, topic=topic, number=number)


def _number(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 10 else 0
