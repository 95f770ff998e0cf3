"""How closely you follow topics and spaces."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import router
from fireside.conversation.api_shapes import Place
from fireside.conversation.levels import LEVELS
from fireside.lib.answers import answers, shows
from fireside.spaces.queries import get_space, space_to_read

Word = Literal["watch", "follow", "normal", "mute"]


class LevelIn(Schema):
    level: Word = Field(description="watch, follow, normal or mute.", examples=["watch"])


class FollowingTopicOut(Schema):
    """How closely you follow a topic."""

    topic: int = Field(examples=[7])
    level: Word = Field(description="What holds: its own, else that of its space.", examples=["watch"])
    by: Literal["", "hand", "spoke", "space"] = Field(description="Why it has a level of its own; empty: it has none.", examples=["hand"])
    read_to: int = Field(description="The last post that you have read; 0: none.", examples=[0])


class FollowingSpaceOut(Schema):
    space: str = Field(examples=["hearth"])
    level: Word = Field(examples=["watch"])


class ChosenTopic(Schema):
    id: int = Field(examples=[7])
    title: str = Field(examples=["Handle works loose after about three months"])
    space: Place
    level: Word = Field(examples=["watch"])
    url: str = Field(examples=["/t/7"])


class HabitsIn(Schema):
    follow_spoken: bool = Field(description="To open a topic or to reply makes it followed.", examples=[True])


class FollowingOut(Schema):
    """What you have chosen. `topics`: the last read first."""

    follow_spoken: bool = Field(description="To open a topic or to reply makes it followed.", examples=[True])
    spaces: list[FollowingSpaceOut]
    topics: list[ChosenTopic]
    next: str = Field(description="The `cursor` of further topics.", examples=[""])


@router.get("/following", response=answers(FollowingOut))
def get_following(request: HttpRequest, cursor: str = "", size: Annotated[int, Query(ge=1, le=100)] = 30) -> Any:
    """What you watch, follow or mute by your own hand. Nobody else sees this."""
    member = actor_of(request, "json").member
    rows = queries.topics_chosen(member, cursor=cursor, size=size)
    topics = [
        {"id": row.id, "title": row.title, "space": {"slug": row.space_slug, "name": row.space_name}, "level": LEVELS[row.level].key, "url": row.url}
        for row in rows.rows
    ]  # fmt: skip
    spaces = [{"space": one.slug, "level": LEVELS[one.level].key} for one in queries.spaces_chosen(member)]
    return {"follow_spoken": queries.follows_what_they_say(member), "spaces": spaces, "topics": topics, "next": rows.next}


@router.put("/following/habits", response=answers(HabitsIn))
def put_habits(request: HttpRequest, body: HabitsIn) -> Any:
    """Choose what is followed by itself."""
    actions.change_habits(actor_of(request, "json"), follow_spoken=body.follow_spoken)
    return body.dict()


@router.get("/topics/{int:topic}/following", response=answers(FollowingTopicOut))
def get_topic_level(request: HttpRequest, topic: int) -> Any:
    """How closely you follow a topic, and how far you have read it."""
    return _topic(request, topic)


@router.put("/topics/{int:topic}/following", response=answers(FollowingTopicOut))
def put_topic_level(request: HttpRequest, topic: int, body: LevelIn) -> Any:
    """Choose how closely to follow a topic: this beats what you chose for its space."""
    actions.follow_topic(actor_of(request, "json"), topic=queries.get_talk(viewer_of(request), topic), level=body.level)
    return _topic(request, topic)


@router.delete("/topics/{int:topic}/following", response=answers(FollowingTopicOut), openapi_extra=shows(level="normal", by=""))
def delete_topic_level(request: HttpRequest, topic: int) -> Any:
    """Let the topic have no level of its own: what you chose for its space holds again."""
    actions.follow_as_space(actor_of(request, "json"), topic=queries.get_talk(viewer_of(request), topic))
    return _topic(request, topic)


@router.get("/spaces/{slug}/following", response=answers(FollowingSpaceOut))
def get_space_level(request: HttpRequest, slug: str) -> Any:
    """How closely you follow a space."""
    return _space(request, slug)


@router.put("/spaces/{slug}/following", response=answers(FollowingSpaceOut))
def put_space_level(request: HttpRequest, slug: str, body: LevelIn) -> Any:
    """Choose how closely to follow a space. A topic in it with a level of its own keeps that."""
    actions.follow_space(actor_of(request, "json"), space=get_space(viewer_of(request), slug), level=body.level)
    return _space(request, slug)


def _topic(request: HttpRequest, topic: int) -> dict[str, Any]:
    found = queries.get_talk(viewer_of(request), topic)
    mark = queries.mark_of(actor_of(request, "json").member, found)
    return {"topic": topic, "level": LEVELS[mark.level].key, "by": mark.by, "read_to": mark.number}


def _space(request: HttpRequest, slug: str) -> dict[str, Any]:
    viewer = viewer_of(request)
    space = space_to_read(viewer, get_space(viewer, slug).pk)
    return {"space": space.slug, "level": LEVELS[queries.space_level(actor_of(request, "json").member, space)].key}
