"""Private conversations: their list, beginning one, reading and writing there, saying whether one wants it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema, Status
from pydantic import Field

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import NEW_POST, one_post, router
from fireside.conversation.api_shapes import PostOut, Who, posts_out, who
from fireside.conversation.models import Topic
from fireside.conversation.queries.own_words import own_messages
from fireside.conversation.seeking import understand
from fireside.lib.answers import PageOf, answers, shows
from fireside.lib.errors import NotFound
from fireside.members.queries import get_member
from fireside.members.rights import require


class TalkOut(Schema):
    """A private conversation. Its messages are posts: change, remove and answer them as those of topics."""

    id: int = Field(examples=[9])
    title: str = Field(description="Empty: it is of two, without a name.", examples=[""])
    others: list[Who] = Field(description="Who takes part beside you, or is asked to.")
    last_at: datetime = Field(examples=["2026-03-02T18:30:00Z"])
    begins: str = Field(description="How the last message begins.", examples=["See you at five."])
    unread: bool = Field(examples=[True])
    asked: bool = Field(description="You are asked whether you want it.", examples=[False])
    waits: bool = Field(description="The other one has not said yes: until then you write nothing more.", examples=[False])
    archived: bool = Field(examples=[False])
    muted: bool = Field(examples=[False])
    url: str = Field(examples=["/t/9"])


class TalkIn(Schema):
    people: list[str] = Field(min_length=1, max_length=40, description="Their handles.", examples=[["ben"]])
    text: str = Field(examples=["Would you show me how you mended it?"])
    title: str = Field(
        "", max_length=200, description="Needed where several take part. With one person and without it, you go on where you two left off."
    )
    key: str = Field("", max_length=60, description="Made once by you; sent again, it says nothing new.", examples=["4f2a"])


class TalkTitleIn(Schema):
    title: str = Field(max_length=200, examples=["Saturday"])


class MessageIn(Schema):
    text: str = Field(examples=["See you at five."])
    reply_to: int | None = Field(None, ge=1, description="Number of the message it answers.", examples=[1])
    key: str = Field("", max_length=60, description="Made once by you; sent again, it says nothing new.", examples=["4f2b"])


@router.get("/messages", response=answers(PageOf[TalkOut]))
def private_talks(
    request: HttpRequest,
    show: Literal["all", "asked", "archived"] = "all",
    cursor: str = "",
    size: Annotated[int, Query(ge=1, le=100)] = 30,
) -> Any:
    """Your private conversations, the latest word first: those you take part in, those where you are asked to, or the archived ones."""
    found = queries.talks(actor_of(request, "json").member, which=show, cursor=cursor, size=size)
    return {"items": [_out(row) for row in found.rows], "next": found.next}


class SaidOut(Schema):
    """A message that holds the words."""

    id: int = Field(description="Id of the post.", examples=[31])
    number: int = Field(description="Its number in the conversation.", examples=[2])
    topic: int = Field(description="Id of the conversation.", examples=[9])
    name: str = Field(description="Of the conversation.", examples=["Ben"])
    excerpt: str = Field(description="The part of its words that holds the first of those looked for.", examples=["See you at five."])
    author: Who
    at: datetime = Field(examples=["2026-03-02T18:30:00Z"])
    url: str = Field(examples=["/t/9/2#m2"])


@router.get("/messages/words", response=answers(PageOf[SaidOut]))
def private_words(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=2000, examples=["washer"], description="All words must be there. The first 200 signs count.")] = "",
    cursor: str = "",
    size: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Any:
    """Messages of your own private conversations that hold the words, the latest first. Those of others are never looked through."""
    found = own_messages(actor_of(request, "json").member, understand(q), cursor=cursor, size=size)
    return {"items": [{
        "id": one.id, "number": one.number, "topic": one.topic_id, "name": one.name, "excerpt": "".join(words for words, _sought in one.pieces),
        "author": who(one.author), "at": one.at, "url": one.url,
    } for one in found.rows], "next": found.next}  # fmt: skip


@router.post("/messages", response=answers(TalkOut, status=201), openapi_extra=shows(unread=False))
def post_private_talk(request: HttpRequest, body: TalkIn) -> Any:
    """Write privately to one member or several. Whom you share no space with is asked first whether they want it."""
    actor, viewer = actor_of(request, "json"), viewer_of(request)
    require(actor, "talk.private")
    people = [get_member(viewer, handle) for handle in dict.fromkeys(body.people)]
    begun = actions.begin_conversation(actor, people=people, text=body.text, title=body.title, key=body.key)
    return Status(201, _one(request, begun))


class WishIn(Schema):
    """Who may begin a private conversation with you. Who runs the community, and who looks after a space of yours, always may."""

    wish: Literal["everyone", "spaces", "nobody"] = Field(
        description="spaces: those who share one with you, and with whom you have a conversation. nobody: nor may those go on.",
        examples=["spaces"],
    )


@router.get("/messages/wish", response=answers(WishIn))
def private_wish(request: HttpRequest) -> Any:
    """Who may write to you."""
    return {"wish": queries.wish_of(actor_of(request, "json").member)}


@router.put("/messages/wish", response=answers(WishIn))
def put_private_wish(request: HttpRequest, body: WishIn) -> Any:
    """Choose who may write to you."""
    actions.choose_who_writes(actor_of(request, "json"), wish=body.wish)
    return body.dict()


@router.get("/messages/{int:topic}", response=answers(TalkOut))
def private_talk(request: HttpRequest, topic: int) -> Any:
    """One of your private conversations."""
    return _one(request, _own(request, topic))


@router.get("/messages/{int:topic}/posts", response=answers(PageOf[PostOut]))
def private_posts(
    request: HttpRequest,
    topic: int,
    cursor: Annotated[str, Query(description="“last” begins with the newest page.")] = "",
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Any:
    """What was said there, in its order. Reading by itself marks nothing: PUT /topics/{id}/reading does."""
    page = queries.topic_page(viewer_of(request), _own(request, topic), cursor, size=size, pull=False)
    if page.fresh:
        actions.keep_rendered(actor_of(request, "json"), posts=page.fresh)
    return {"items": posts_out(page.posts), "next": page.next}


@router.post("/messages/{int:topic}/posts", response=answers(PostOut, status=201), openapi_extra=NEW_POST)
def post_private_post(request: HttpRequest, topic: int, body: MessageIn) -> Any:
    """Write there, perhaps in answer to one message. Whoever was asked and writes accepts by that."""
    actor, viewer = actor_of(request, "json"), viewer_of(request)
    require(actor, "talk.private")
    found = _own(request, topic)
    to = queries.get_at(viewer, topic, body.reply_to, private_too=True) if body.reply_to else None
    made = actions.write_privately(actor, topic=found, text=body.text, reply_to=to, key=body.key)
    return Status(201, one_post(request, made.pk))


@router.put("/messages/{int:topic}/acceptance", response=answers(TalkOut))
def put_private_acceptance(request: HttpRequest, topic: int) -> Any:
    """Take part in a conversation that you were asked to."""
    return _one(request, actions.accept_conversation(actor_of(request, "json"), topic=_own(request, topic)))


@router.delete("/messages/{int:topic}/acceptance", response=answers(TalkOut))
def delete_private_acceptance(request: HttpRequest, topic: int) -> Any:
    """Say no to it. Nobody is told; the answer is how it stood when you declined, and it is gone for you then."""
    found = _own(request, topic)
    shown = _one(request, found)
    actions.decline_conversation(actor_of(request, "json"), topic=found)
    return shown


@router.put("/messages/{int:topic}/people/{handle}", response=answers(TalkOut))
def put_private_person(request: HttpRequest, topic: int, handle: str) -> Any:
    """Bring somebody into a conversation that has a name. They can read everything that was said there."""
    found = _own(request, topic)
    member = get_member(viewer_of(request), handle)
    return _one(request, actions.add_to_conversation(actor_of(request, "json"), topic=found, member=member))


@router.put("/messages/{int:topic}/title", response=answers(TalkOut), openapi_extra=shows(title="Saturday"))
def put_private_title(request: HttpRequest, topic: int, body: TalkTitleIn) -> Any:
    """Give a conversation another name, for everybody who takes part."""
    return _one(request, actions.rename_conversation(actor_of(request, "json"), topic=_own(request, topic), title=body.title))


@router.delete("/messages/{int:topic}/part", response=answers(TalkOut))
def delete_private_part(request: HttpRequest, topic: int) -> Any:
    """Leave a conversation of several. The answer is how it stood when you left; it is gone for you then."""
    found = _own(request, topic)
    shown = _one(request, found)
    actions.leave_conversation(actor_of(request, "json"), topic=found)
    return shown


@router.put("/messages/{int:topic}/archive", response=answers(TalkOut), openapi_extra=shows(archived=True))
def put_private_archive(request: HttpRequest, topic: int) -> Any:
    """Put a conversation out of your list until somebody writes there."""
    return _one(request, actions.archive_conversation(actor_of(request, "json"), topic=_own(request, topic)))


@router.delete("/messages/{int:topic}/archive", response=answers(TalkOut))
def delete_private_archive(request: HttpRequest, topic: int) -> Any:
    """Put it back into your list."""
    return _one(request, actions.fetch_conversation(actor_of(request, "json"), topic=_own(request, topic)))


def _own(request: HttpRequest, topic: int) -> Topic:
    found = queries.get_talk(viewer_of(request), topic)
    if found.space_id is not None:
        raise NotFound()
    return found


def _one(request: HttpRequest, topic: Topic) -> dict[str, Any]:
    return _out(queries.own_talk(actor_of(request, "json").member, topic))


def _out(row: queries.Talk) -> dict[str, Any]:
    same = ("id", "title", "last_at", "begins", "unread", "asked", "waits", "archived", "muted", "url")
    return {name: getattr(row, name) for name in same} | {"others": [who(card) for card in row.others]}
