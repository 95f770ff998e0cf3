"""Splitting posts off into a topic of their own, merging topics, taking that apart."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Status

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import head, router
from fireside.conversation.api._organising_shapes import MergingOut, SplitIn, TopicMergeIn
from fireside.conversation.api_shapes import TopicHead
from fireside.lib.answers import answers, shows
from fireside.spaces.queries import get_space, require_in

SPLIT = shows(
    title="Which washer fits?", answered_at=None, accepted_post=None, accepted_at=None, replies=0, helped=0, helped_most=[], asks=True
)


@router.post("/topics/{int:topic}/splits", response=answers(TopicHead, status=201), openapi_extra=SPLIT)
def post_split(request: HttpRequest, topic: int, body: SplitIn) -> Any:
    """Make a topic of its own out of posts of this one, named by their numbers. Old addresses lead there."""
    actor, viewer = actor_of(request, "json"), viewer_of(request)
    found = queries.get_topic(viewer, topic)
    require_in(actor, "talk.tidy", found.space)
    posts = [queries.get_numbered(viewer, found, number) for number in dict.fromkeys(body.posts)]
    space = get_space(viewer, body.space) if body.space else None
    made = actions.split_topic(actor, posts=posts, title=body.title, asks=body.asks, space=space)
    return Status(201, head(request, made.pk))


@router.get("/topics/{int:topic}/merge", response=answers(MergingOut))
def merge(request: HttpRequest, topic: int, into: Annotated[int, Query(ge=1, le=2**62, examples=[7])]) -> Any:
    """What would follow if the topic were merged into another. For those who tidy in both."""
    actor, viewer = actor_of(request, "json"), viewer_of(request)
    found, other = queries.get_topic(viewer, topic), queries.get_topic(viewer, into)
    for one in (found, other):
        require_in(actor, "talk.tidy", one.space)
    return queries.before_merging(found, other)


@router.put("/topics/{int:topic}/merge", response=answers(TopicHead))
def put_merge(request: HttpRequest, topic: int, body: TopicMergeIn) -> Any:
    """Merge a topic into an older one; answers with that one. The old addresses lead there."""
    actor, viewer = actor_of(request, "json"), viewer_of(request)
    found = queries.get_topic(viewer, topic)
    require_in(actor, "talk.tidy", found.space)
    done = actions.merge_topic(actor, topic=found, into=queries.get_topic(viewer, body.into))
    return head(request, done.pk)


@router.delete("/topics/{int:topic}/merges/{int:number}", response=answers(TopicHead))
def delete_merge(request: HttpRequest, topic: int, number: int) -> Any:
    """Take out of this topic what was merged into it from the topic with that number; answers with that one."""
    done = actions.part_topics(actor_of(request, "json"), topic=queries.get_topic(viewer_of(request), topic), number=number)
    return head(request, done.pk)
