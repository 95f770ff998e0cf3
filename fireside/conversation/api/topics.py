"""Topics: their lists, opening, answering in them, and what is done with a whole one."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Status

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import IN_FRONT, NEW_POST, NEW_TOPIC, NO_ANSWER, PINNED, head, one_post, router, to_topic
from fireside.conversation.api_shapes import (
    PinIn,
    PostIn,
    PostOut,
    ReadingIn,
    ReadingOut,
    TopicHead,
    TopicIn,
    TopicOut,
    posts_text,
    topic_text,
)
from fireside.conversation.models import Topic
from fireside.conversation.rules import waiting_since
from fireside.lib.answers import PageOf, answers, as_made, page_as_made, shows
from fireside.members.queries import day_here
from fireside.members.rights import require
from fireside.spaces.queries import get_space


@router.get("/topics", response=answers(PageOf[TopicOut]))
def topics(
    request: HttpRequest,
    space: Annotated[str, Query(max_length=60, description="Address of a space; without it, all that are open to you.")] = "",
    show: Literal["all", "new", "unread", "waiting", "answered", "mine"] = "all",
    tag: Annotated[str, Query(max_length=60, description="Only those that carry this tag.")] = "",
    cursor: str = "",
    size: Annotated[int, Query(ge=1, le=100)] = 30,
) -> Any:
    """Topics, the latest word first; the waiting ones by when they were asked, the new ones by when they were opened. Of all, the pinned ones stand first, beyond `size`."""
    viewer = viewer_of(request)
    now = actor_of(request, "json").now
    inside = get_space(viewer, space) if space else None
    found = queries.latest(
        viewer, space=inside, filter=show, cursor=cursor, size=size, waiting_since=waiting_since(now), today=day_here(now), tag=tag, now=now
    )
    return page_as_made(map(topic_text, found.rows), found.next)


@router.post("/topics", response=answers(TopicHead, status=201), openapi_extra=NEW_TOPIC)
def post_topic(request: HttpRequest, body: TopicIn) -> Any:
    """Open a topic. Whoever opens one in an open space joins it by that. `key` makes a retry harmless."""
    actor = actor_of(request, "json")
    require(actor, "talk.write")
    space = get_space(viewer_of(request), body.space)
    made = actions.open_topic(
        actor, space=space, title=body.title, text=body.text, asks=body.asks, tags=body.tags, key=body.key, sure=body.sure
    )
    return Status(201, head(request, made.pk))


@router.get("/topics/{int:topic}", response=answers(TopicHead))
def topic(request: HttpRequest, topic: int) -> Any:
    """One topic, with who helped most in it."""
    return head(request, topic)


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
    if number is not None and found.pk != topic:
        number = queries.get_at(viewer, topic, number).number
    page = queries.topic_page(viewer, found, cursor, number=number, size=size)
    if page.fresh:
        actions.keep_rendered(actor_of(request, "json"), posts=page.fresh)
    rows = sorted([*page.posts, *([page.accepted] if page.accepted and page.accepted_here else [])], key=lambda row: (row.at, row.id))
    return page_as_made(posts_text(rows), page.next)


@router.post("/topics/{int:topic}/posts", response=answers(PostOut, status=201), openapi_extra=NEW_POST)
def post_post(request: HttpRequest, topic: int, body: PostIn) -> Any:
    """Reply in a topic, perhaps to one of its posts. `key` makes a retry harmless."""
    actor, viewer = actor_of(request, "json"), viewer_of(request)
    require(actor, "talk.write")
    to = queries.get_at(viewer, topic, body.reply_to) if body.reply_to else None
    place = Topic(pk=topic)  # the action reads it under its lock; whoever may not see it hears there that it is missing
    made = actions.reply(actor, topic=place, text=body.text, reply_to=to, key=body.key, sure=body.sure)
    if made.at != actor.now:  # said before with the same key: much may have been done to it since
        return Status(201, one_post(request, made.pk))
    return as_made(posts_text([queries.just_said(actor.member, made)])[0], status=201)


@router.put("/topics/{int:topic}/reading", response=answers(ReadingOut))
def put_reading(request: HttpRequest, topic: int, body: ReadingIn) -> Any:
    """Say how far you have read a topic; what you were told of it is read, too. Reading posts by itself marks nothing."""
    found = queries.get_talk(viewer_of(request), topic)
    number = actions.mark_topic_read(actor_of(request, "json"), topic=found, number=body.number)
    return {"topic": found.pk, "number": number, "unread": found.last_number - number}


@router.put("/topics/{int:topic}/question", response=answers(TopicHead), openapi_extra=NEW_TOPIC)
def put_question(request: HttpRequest, topic: int) -> Any:
    """Say that a topic asks something: until somebody answers, it waits."""
    return to_topic(request, topic, actions.make_question)


@router.delete("/topics/{int:topic}/question", response=answers(TopicHead), openapi_extra=shows(asks=False, **NO_ANSWER))
def delete_question(request: HttpRequest, topic: int) -> Any:
    """Say that a topic asks nothing: nobody waits for an answer."""
    return to_topic(request, topic, actions.make_talk)


@router.put("/topics/{int:topic}/pin", response=answers(TopicHead), openapi_extra=shows(**PINNED))
def put_pin(request: HttpRequest, topic: int, body: PinIn) -> Any:
    """Pin a topic above the others of its space."""
    return to_topic(request, topic, actions.pin_topic, **body.dict())


@router.delete("/topics/{int:topic}/pin", response=answers(TopicHead))
def delete_pin(request: HttpRequest, topic: int) -> Any:
    """Let it stand among the others of its space again."""
    return to_topic(request, topic, actions.unpin_topic)


@router.put("/topics/{int:topic}/front", response=answers(TopicHead), openapi_extra=shows(**IN_FRONT))
def put_front(request: HttpRequest, topic: int, body: PinIn) -> Any:
    """Pin a topic above the talk of every space: for those who run the community."""
    return to_topic(request, topic, actions.pin_above_all, **body.dict())


@router.delete("/topics/{int:topic}/front", response=answers(TopicHead))
def delete_front(request: HttpRequest, topic: int) -> Any:
    """Let it stand among the others of all talk again."""
    return to_topic(request, topic, actions.unpin_above_all)


@router.delete("/topics/{int:topic}/acceptance", response=answers(TopicHead), openapi_extra=shows(**NO_ANSWER))
def delete_acceptance(request: HttpRequest, topic: int) -> Any:
    """Withdraw the accepted answer."""
    return to_topic(request, topic, actions.withdraw_acceptance)
