"""The JSON door of talk."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Status

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api_shapes import (
    DraftIn,
    DraftOut,
    EditIn,
    EditOut,
    PostIn,
    PostOut,
    PreviewIn,
    PreviewOut,
    ReadingIn,
    ReadingOut,
    RemovalIn,
    TopicHead,
    TopicIn,
    TopicOut,
    head_out,
    posts_out,
    topic_out,
)
from fireside.conversation.markup import parse, render
from fireside.conversation.rules import TEXT_MAX, waiting_since
from fireside.lib.answers import PageOf, answers, shows
from fireside.members.queries import cards_of, ids_by_handle
from fireside.members.rights import require
from fireside.spaces.queries import get_space

router = Router()
LATER = "2026-03-02T19:00:00Z"  # in examples: when something was done to what the shapes show
NO_ANSWER = {"accepted_post": None, "accepted_at": None}
NEW_TOPIC = shows(answered_at=None, replies=0, helped=0, helped_most=[], **NO_ANSWER)
NEW_POST = shows(
    text="Turn the **washer** over, @ben.", html='<p>Turn the <strong>washer</strong> over, <a href="/people/ben" class="mention">@Ben</a>.</p>\n',
    is_accepted=False, helped=0, reactions={}, mine=[], helped_me=False,
)  # fmt: skip
EDITED = shows(text="Turn the washer over.", html="<p>Turn the washer over.</p>\n", edits=1, edited_at=LATER)
REMOVED = shows(
    removed_at=LATER, removed_by={"handle": "dan", "name": "Dan", "is_bot": False}, removed_reason="Rule 2: no selling.", is_accepted=False
)


@router.get("/topics", response=answers(PageOf[TopicOut]))
def topics(
    request: HttpRequest,
    space: Annotated[str, Query(max_length=60, description="Address of a space; without it, all that are open to you.")] = "",
    show: Literal["all", "waiting", "answered", "mine"] = "all",
    cursor: str = "",
    size: Annotated[int, Query(ge=1, le=100)] = 30,
) -> Any:
    """Topics, the latest word first; the waiting ones by when they were asked."""
    viewer = viewer_of(request)
    since = waiting_since(actor_of(request, "json").now)
    inside = get_space(viewer, space) if space else None
    found = queries.latest(viewer, space=inside, filter=show, cursor=cursor, size=size, waiting_since=since)
    return {"items": [topic_out(row) for row in found.rows], "next": found.next}


@router.post("/topics", response=answers(TopicHead, status=201), openapi_extra=NEW_TOPIC)
def post_topic(request: HttpRequest, body: TopicIn) -> Any:
    """Open a topic. Whoever opens one in an open space joins it by that. `key` makes a retry harmless."""
    actor = actor_of(request, "json")
    require(actor, "talk.write")
    space = get_space(viewer_of(request), body.space)
    made = actions.open_topic(actor, space=space, title=body.title, text=body.text, asks=body.asks, key=body.key)
    return Status(201, _head(request, made.pk))


@router.get("/topics/{int:topic}", response=answers(TopicHead))
def topic(request: HttpRequest, topic: int) -> Any:
    """One topic, with who helped most in it."""
    return _head(request, topic)


@router.get("/topics/{int:topic}/posts", response=answers(PageOf[PostOut]))
def posts(
    request: HttpRequest,
    topic: int,
    cursor: str = "",
    number: Annotated[int | None, Query(ge=1, description="Begin with the page that holds it.")] = None,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Any:
    """Posts in the order in which they were said. The accepted answer stands in its own place and says so."""
    viewer = viewer_of(request)
    found = queries.get_topic(viewer, topic)
    page = queries.topic_page(viewer, found, cursor, number=number, size=size)
    if page.fresh:
        actions.keep_rendered(actor_of(request, "json"), posts=page.fresh)
    rows = sorted([*page.posts, *([page.accepted] if page.accepted and page.accepted_here else [])], key=lambda row: (row.at, row.id))
    return {"items": posts_out(rows), "next": page.next}


@router.post("/topics/{int:topic}/posts", response=answers(PostOut, status=201), openapi_extra=NEW_POST)
def post_post(request: HttpRequest, topic: int, body: PostIn) -> Any:
    """Reply in a topic, perhaps to one of its posts. `key` makes a retry harmless."""
    actor, viewer = actor_of(request, "json"), viewer_of(request)
    require(actor, "talk.write")
    found = queries.get_topic(viewer, topic)
    to = queries.get_numbered(viewer, found, body.reply_to) if body.reply_to else None
    made = actions.reply(actor, topic=found, text=body.text, reply_to=to, key=body.key)
    return Status(201, _post(request, made.pk))


@router.put("/topics/{int:topic}/reading", response=answers(ReadingOut))
def put_reading(request: HttpRequest, topic: int, body: ReadingIn) -> Any:
    """Say how far you have read a topic; what you were told of it is read, too. Reading posts by itself marks nothing."""
    found = queries.get_topic(viewer_of(request), topic)
    number = actions.mark_topic_read(actor_of(request, "json"), topic=found, number=body.number)
    return {"topic": found.pk, "number": number, "unread": found.last_number - number}


@router.put("/topics/{int:topic}/closing", response=answers(TopicHead), openapi_extra=shows(closed_at=LATER))
def put_closing(request: HttpRequest, topic: int) -> Any:
    """Close a topic: it stays readable, nobody replies any more."""
    return _to_topic(request, topic, actions.close_topic)


@router.delete("/topics/{int:topic}/closing", response=answers(TopicHead))
def delete_closing(request: HttpRequest, topic: int) -> Any:
    """Open a closed topic again."""
    return _to_topic(request, topic, actions.reopen_topic)


@router.put("/topics/{int:topic}/question", response=answers(TopicHead), openapi_extra=NEW_TOPIC)
def put_question(request: HttpRequest, topic: int) -> Any:
    """Say that a topic asks something: until somebody answers, it waits."""
    return _to_topic(request, topic, actions.make_question)


@router.delete("/topics/{int:topic}/question", response=answers(TopicHead), openapi_extra=shows(asks=False, **NO_ANSWER))
def delete_question(request: HttpRequest, topic: int) -> Any:
    """Say that a topic asks nothing: nobody waits for an answer."""
    return _to_topic(request, topic, actions.make_talk)


@router.delete("/topics/{int:topic}/acceptance", response=answers(TopicHead), openapi_extra=shows(**NO_ANSWER))
def delete_acceptance(request: HttpRequest, topic: int) -> Any:
    """Withdraw the accepted answer."""
    return _to_topic(request, topic, actions.withdraw_acceptance)


@router.get("/posts/{int:post}", response=answers(PostOut))
def post(request: HttpRequest, post: int) -> Any:
    """One post."""
    return _post(request, post)


@router.patch("/posts/{int:post}", response=answers(PostOut), openapi_extra=EDITED)
def patch_post(request: HttpRequest, post: int, body: EditIn) -> Any:
    """Change a post, and with a topic's first post its title. With `seen_edits`, nobody's faster edit is overwritten."""
    return _to_post(request, post, actions.edit_post, **body.dict())


@router.get("/posts/{int:post}/edits", response=answers(list[EditOut]))
def edits(request: HttpRequest, post: int) -> Any:
    """What a post said before, the newest first. For its author and those who tidy."""
    viewer = viewer_of(request)
    rows = list(queries.get_edits(viewer, queries.get_post(viewer, post))[:100])
    cards = cards_of([row.member_id for row in rows])
    return [
        {"by": cards[row.member_id].handle, "at": row.at, "title_before": row.title_before, "text_before": row.text_before,
         "format_before": row.format_before, "reason": row.reason}
        for row in rows
    ]  # fmt: skip


@router.put("/posts/{int:post}/removal", response=answers(PostOut), openapi_extra=REMOVED)
def put_removal(request: HttpRequest, post: int, body: RemovalIn) -> Any:
    """Take a post out of sight, with a reason; a topic's first post takes the topic with it."""
    return _to_post(request, post, actions.remove_post, reason=body.reason)


@router.delete("/posts/{int:post}/removal", response=answers(PostOut))
def delete_removal(request: HttpRequest, post: int) -> Any:
    """Bring a removed post back."""
    return _to_post(request, post, actions.restore_post)


@router.put("/posts/{int:post}/helped", response=answers(PostOut))
def put_helped(request: HttpRequest, post: int) -> Any:
    """Say that this post helped you."""
    return _to_post(request, post, actions.say_helped)


@router.delete("/posts/{int:post}/helped", response=answers(PostOut), openapi_extra=shows(helped=8, helped_me=False))
def delete_helped(request: HttpRequest, post: int) -> Any:
    """Take that back."""
    return _to_post(request, post, actions.take_back_helped)


@router.put("/posts/{int:post}/reactions/{sign}", response=answers(PostOut))
def put_reaction(request: HttpRequest, post: int, sign: str) -> Any:
    """React to a post: heart (thanks), agree, smile or star."""
    return _to_post(request, post, actions.react, sign=sign)


@router.delete("/posts/{int:post}/reactions/{sign}", response=answers(PostOut), openapi_extra=shows(reactions={"heart": 2}, mine=[]))
def delete_reaction(request: HttpRequest, post: int, sign: str) -> Any:
    """Take a reaction back."""
    return _to_post(request, post, actions.take_back_reaction, sign=sign)


@router.put("/posts/{int:post}/acceptance", response=answers(TopicHead))
def put_acceptance(request: HttpRequest, post: int) -> Any:
    """Accept this reply as the answer of its topic."""
    found = queries.get_post(viewer_of(request), post)
    actions.accept_answer(actor_of(request, "json"), post=found)
    return _head(request, found.topic_id)


@router.get("/drafts", response=answers(list[DraftOut]))
def drafts(request: HttpRequest, place: Annotated[str, Query(max_length=40, examples=["reply:7"])]) -> Any:
    """Your drafts for one place ("reply:TOPIC", "new:SPACE" or "edit:POST", by id), the newest first."""
    return queries.own_drafts(actor_of(request, "json").member, place)


@router.put("/drafts", response=answers(list[DraftOut]))
def put_draft(request: HttpRequest, body: DraftIn) -> Any:
    """Keep words that are being written. On top of words you have not `seen`, you get a slot of your own."""
    kept = actions.keep_draft(actor_of(request, "json"), **body.dict())
    return [kept] if kept else []


@router.delete("/drafts", response=answers(list[DraftOut]))
def delete_draft(
    request: HttpRequest, place: Annotated[str, Query(max_length=40, examples=["reply:7"])], slot: Annotated[int, Query(ge=0, le=99)] = 0
) -> Any:
    """Drop one draft of a place, or (slot 0) all; answers with what is left."""
    actor = actor_of(request, "json")
    actions.drop_draft(actor, place=place, slot=slot)
    return queries.own_drafts(actor.member, place)


@router.post("/preview", response=answers(PreviewOut))
def preview(request: HttpRequest, body: PreviewIn) -> Any:
    """Markdown as a post would show it, and whom it would call."""
    require(actor_of(request, "json"), "talk.write")
    parsed = parse(body.text[:TEXT_MAX])
    handles = ids_by_handle(parsed.names)
    html, named = render(parsed, handles)
    cards = cards_of(named)
    return {"html": html, "mentions": [cards[pk].handle for pk in named]}


def _to_topic(request: HttpRequest, topic: int, act: Callable[..., Any]) -> dict[str, Any]:
    """One act on a topic that the viewer may see; answers with the topic as it is then."""
    act(actor_of(request, "json"), topic=queries.get_topic(viewer_of(request), topic))
    return _head(request, topic)


def _to_post(request: HttpRequest, post: int, act: Callable[..., Any], **more: Any) -> dict[str, Any]:
    """One act on a post that the viewer may see; answers with the post as it is then."""
    act(actor_of(request, "json"), post=queries.get_post(viewer_of(request), post), **more)
    return _post(request, post)


def _head(request: HttpRequest, topic: int) -> dict[str, Any]:
    viewer = viewer_of(request)
    return head_out(queries.page_head(viewer, queries.get_topic(viewer, topic)))


def _post(request: HttpRequest, post: int) -> dict[str, Any]:
    viewer = viewer_of(request)
    return posts_out([queries.post_row(viewer, queries.get_post(viewer, post))])[0]
