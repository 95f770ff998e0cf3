"""Tags: of a topic, of a space."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import router, to_topic
from fireside.conversation.api._tag_shapes import TagMergeIn, TagNameIn, TagOut, TagsIn
from fireside.conversation.api_shapes import TopicHead
from fireside.conversation.rules import tag_names
from fireside.lib.answers import answers, shows
from fireside.spaces.queries import get_space, space_to_read


@router.put("/topics/{int:topic}/tags", response=answers(TopicHead))
def put_tags(request: HttpRequest, topic: int, body: TagsIn) -> Any:
    """Say what a topic is about. Tags that differ only in case, width or white space are one."""
    return to_topic(request, topic, actions.tag_topic, tags=body.tags)


@router.get("/spaces/{slug}/tags", response=answers(list[TagOut]))
def tags(
    request: HttpRequest,
    slug: str,
    begun: Annotated[str, Query(max_length=300, description="What is written so far: offers what it may become.")] = "",
    title: Annotated[str, Query(max_length=200, description="Offers what it names first.")] = "",
) -> Any:
    """Tags of a space, the most used first; with `begun` or `title`, those to offer."""
    space = _space(request, slug)
    return _out(queries.suggested(space, title=title, begun=begun) if begun or title else queries.tags_in(space))


@router.put("/spaces/{slug}/tags/name", response=answers(TagOut), openapi_extra=shows(name="oil lamp"))
def put_name(request: HttpRequest, slug: str, body: TagNameIn) -> Any:
    """Rename a tag of a space, on every topic that has it."""
    space = get_space(viewer_of(request), slug)
    actions.rename_tag(actor_of(request, "json"), space=space, tag=body.tag, name=body.name)
    return _out([tag_names([body.name])[0]])[0]


@router.put("/spaces/{slug}/tags/merge", response=answers(TagOut))
def put_merge(request: HttpRequest, slug: str, body: TagMergeIn) -> Any:
    """Put another tag of the space in place of one."""
    space = get_space(viewer_of(request), slug)
    actions.merge_tags(actor_of(request, "json"), space=space, tag=body.tag, into=body.into)
    return _out(queries.tags_named(space, [body.into]))[0]


def _space(request: HttpRequest, slug: str) -> Any:
    viewer = viewer_of(request)
    return space_to_read(viewer, get_space(viewer, slug).pk)


def _out(names: list[str]) -> list[dict[str, str]]:
    return [{"name": name} for name in names]
