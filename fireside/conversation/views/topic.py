"""The page of a topic."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from fireside.activity.actor import Actor
from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.actions import keep_rendered, mark_topic_read
from fireside.conversation.markup import lang_of, quoted
from fireside.conversation.models import Topic
from fireside.conversation.queries import (
    PostRow,
    Stands,
    TopicPage,
    files_in,
    get_at,
    get_numbered,
    get_talk,
    get_topic,
    new_since,
    own_drafts,
    post_row,
    stands,
    story_of,
    topic_page,
)
from fireside.conversation.queries.pinned import ABOVE_ALL, IN_SPACE
from fireside.conversation.queries.topic import Counted
from fireside.conversation.rules import is_closed, waiting_since
from fireside.conversation.signs import OURS, picture_of
from fireside.conversation.views.following import of_topic
from fireside.lib.errors import NotFound
from fireside.lib.pages import fragment, page, stands_in
from fireside.lib.parts import parts, slot
from fireside.members.models import Role
from fireside.members.queries import Card, day_here, the_community

SCROLLS = "scrolls"  # the cookie of a browser whose pages say how far one has scrolled


@require_safe
def show_topic(request: HttpRequest, topic: int, number: int | None = None) -> HttpResponse:
    """A page of a topic's posts, from the beginning, from a post, or before or after a place."""
    viewer, actor = viewer_of(request), actor_of(request)
    at = request.GET.get("at", "")
    try:
        found = get_talk(viewer, topic)
        if found.pk != topic:
            raise NotFound()
        if found.is_chat:
            from fireside.conversation.views.chat import show_chat

            return show_chat(request, found, number)
        here = stands(viewer, found)
        mark = here.mark
        behind = 0 < mark.number < found.last_number
        posts = topic_page(
            viewer, found, at, number=number, after=mark.number if behind and number is None and not at else None, organises=here.organises
        )
    except NotFound:  # perhaps it stands elsewhere since
        return redirect(get_topic(viewer, topic) if number is None else get_at(viewer, topic, number))
    if posts.fresh:
        keep_rendered(actor, posts=posts.fresh)
    if viewer is not None:
        _note_reading(actor, found, here, posts, scrolls=SCROLLS in request.COOKIES)
    return page(
        request, "conversation/topic.html", **context_of(request, posts), composer=composer_of(request, found, drafts=here.drafts), last=found.last_number,
        following=of_topic(found.pk, mark) if viewer is not None else None, read_to=mark.number,
        new_from=next((row.number for row in posts.posts if behind and row.number > mark.number and not row.own), 0),
    )  # fmt: skip


@require_safe
def news(request: HttpRequest, topic: int) -> HttpResponse:
    """How many replies came since the page was opened: a bar that leads to them. Nothing moves by itself."""
    viewer = viewer_of(request)
    found = get_talk(viewer, topic)
    since = int(request.GET["since"]) if request.GET.get("since", "").isdecimal() and len(request.GET["since"]) < 10 else found.last_number
    count, first = new_since(found, since, viewer)
    return fragment(request, "conversation/_news.html", topic=found, count=count, first=first)


@require_POST
def reading(request: HttpRequest, topic: int) -> HttpResponse:
    """How far the reader has scrolled. Nothing is shown."""
    found, number = get_talk(viewer_of(request), topic), request.POST.get("number", "")
    mark_topic_read(actor_of(request), topic=found, number=int(number) if number.isdecimal() and len(number) < 10 else 0)
    return HttpResponse(status=204)


class Place(NamedTuple):
    archived_at: datetime | None


class Around(NamedTuple):
    """What a post's part knows of its topic."""

    pk: int
    asks: bool
    accepted_id: int | None
    opened_at: datetime
    space: Place


class By(NamedTuple):
    """And of the page."""

    author: Card
    accepted_by: Card | None
    own: bool = False


class Helped(NamedTuple):
    """What stands beside a topic for those who may do nothing more with it: whom it helped,"""

    helped_count: int


class Helpers(NamedTuple):
    """and who helped most."""

    helpers: tuple[tuple[Card, int], ...]
    own: bool = False
    may_tidy: bool = False


ITS_KEY = slot("key")


class Blank(NamedTuple):
    """A composer in which nothing stands yet: the same for everybody, but for its key."""

    place: str
    key: str = ITS_KEY
    text: str = ""
    slot: int = 0
    seen: int = 0
    reply_to: None = None
    others: tuple[Any, ...] = ()
    errors: Counted = Counted()
    preview: str = ""
    given: tuple[Any, ...] = ()


def post_part(topic: Around, by: By, **same: Any) -> Callable[[PostRow, bool], Any]:
    """How a page of a topic shows one post; pages that show it alike share it."""
    piece, given = parts("conversation/_post.html", "row", "pulled", "topic", "page", *same), (topic, by, *same.values())
    return lambda row, pulled: piece(row, pulled, *given)


def context_of(request: HttpRequest, posts: TopicPage) -> dict[str, Any]:
    """What the parts of a topic's page read, the swapped ones too."""
    stands_in(request, posts.topic.space.slug)
    viewer, now, community = viewer_of(request), actor_of(request).now, the_community()
    topic, by = posts.topic, By(posts.author, posts.accepted_by, posts.own)
    around = Around(topic.pk, topic.asks, topic.accepted_id, topic.opened_at, Place(topic.space.archived_at))
    closed, accepting = closed_now(posts.topic, day_here(now)), may_accept(posts)
    return {
        "page": posts, "topic": posts.topic, "signs": OURS, "picture_of": picture_of, "may_accept": accepting,
        "signed_in": viewer is not None, "role_word": role_word, "lang_of": lang_of, "waiting_since": waiting_since(now), "closed": closed,
        "story": story_of(viewer, posts.topic), "pinned": any(spot.is_pinned(posts.topic, day_here(now)) for spot in (IN_SPACE, ABOVE_ALL)),
        "around": around, "by": by, "helped": Helped(topic.helped_count), "helpers": Helpers(tuple(posts.helpers)),
        "post": post_part(
            around, by, signed_in=viewer is not None, may_accept=accepting, closed=closed, house=community.name if community else "Fireside",
            signs_of=_unfolded(request, "signs"), more_of=_unfolded(request, "more"),
        ),
    }  # fmt: skip


def _unfolded(request: HttpRequest, what: str) -> int:
    """The post whose other signs, or what `more` one can do with it, stand open, for a browser without scripts."""
    asked = request.GET.get(what, "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 0


def closed_now(topic: Topic, today: date) -> bool:
    """Whether nobody replies there today."""
    return is_closed(topic.closed_at is not None, topic.closes_on, topic.opens_on, today)


def may_accept(posts: TopicPage) -> bool:
    """Whether the page offers to accept an answer, or to withdraw that."""
    return (posts.own or posts.may_tidy) and posts.topic.space.archived_at is None


def role_word(role: str) -> str:
    """A role in the reader's words."""
    return str(Role(role).label)


def composer_of(request: HttpRequest, topic: Topic, *, drafts: bool = True) -> dict[str, Any]:
    """A composer for a reply: its one-time key, the newest draft of this place (if there are `drafts`), and what `?quote` or `?to` ask for."""
    viewer = viewer_of(request)
    place = f"reply:{topic.pk}"
    kept = own_drafts(viewer, place) if drafts else []
    values: dict[str, Any] = (
        {"text": kept[0].text, "slot": kept[0].slot, "seen": kept[0].version} if kept else {"text": "", "slot": 0, "seen": 0}
    )
    to = quote = None
    asked = request.GET.get("quote") or request.GET.get("to") or ""
    if asked.isdecimal() and len(asked) < 10:
        try:
            to = post_row(viewer, get_numbered(viewer, topic, int(asked)))
        except NotFound:
            to = None
    if to is not None and to.removed_at is None and request.GET.get("quote"):
        quote = quoted(to.words, author=to.author.name, link=f"/t/{topic.pk}/{to.number}")
        if quote.strip() not in values["text"]:
            values["text"] = f"{values['text'].rstrip()}\n\n{quote}".lstrip("\n")
    values["given"] = files_in(viewer, values["text"])
    values["blank"] = None if values["text"] or values["seen"] or kept or to is not None else Blank(place)
    return values | {"key": secrets.token_urlsafe(18), "place": place, "reply_to": to, "others": kept[1:], "errors": {}, "preview": ""}


def _note_reading(actor: Actor, topic: Topic, here: Stands, posts: TopicPage, *, scrolls: bool) -> None:
    """Without scripts what is shown is read. With them the page says how far one scrolls, and only that the topic was opened is noted here.

    No read; a write only when something is new, so that reading a page does not wait for a writer.
    """
    number = last_shown(posts)
    mark = here.mark
    if scrolls:
        number = mark.number or min(number, max((row.number for row in posts.posts[:1]), default=0))
    if mark.number < number or here.unread:
        mark_topic_read(actor, topic=topic, number=number)


def last_shown(posts: TopicPage) -> int:
    """The highest number on a page; on the last one that of the whole topic, whatever has become of its last posts."""
    return posts.topic.last_number if not posts.next else max((row.number for row in posts.posts), default=0)
