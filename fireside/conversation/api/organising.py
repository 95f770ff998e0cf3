"""What is done with a whole topic: closing it, moving it into another space."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import LATER, router, to_topic
from fireside.conversation.api._organising_shapes import ClosingIn, MoveIn, MovingOut
from fireside.conversation.api_shapes import TopicHead
from fireside.lib.answers import answers, shows
from fireside.spaces.queries import get_space, require_in, space_to_read

AT_ONCE = ClosingIn(reason="", on=None, until=None)


@router.put("/topics/{int:topic}/closing", response=answers(TopicHead), openapi_extra=shows(closed_at=LATER, opens_on="2999-01-01"))
def put_closing(request: HttpRequest, topic: int, body: ClosingIn = AT_ONCE) -> Any:
    """Close a topic: it stays readable, nobody replies any more. Perhaps with a reason, from a day on, up to another."""
    return to_topic(request, topic, actions.close_topic, **body.dict())


@router.delete("/topics/{int:topic}/closing", response=answers(TopicHead))
def delete_closing(request: HttpRequest, topic: int) -> Any:
    """Open a closed topic again, or give up the day on which it would close."""
    return to_topic(request, topic, actions.reopen_topic)


@router.put("/topics/{int:topic}/chat", response=answers(TopicHead), openapi_extra=shows(is_chat=True))
def put_chat(request: HttpRequest, topic: int) -> Any:
    """Show a topic as a chat. Nothing else changes."""
    return to_topic(request, topic, actions.turn_into_chat)


@router.delete("/topics/{int:topic}/chat", response=answers(TopicHead))
def delete_chat(request: HttpRequest, topic: int) -> Any:
    """Show a chat as a topic of a forum."""
    return to_topic(request, topic, actions.turn_into_topic)


@router.get("/topics/{int:topic}/move", response=answers(MovingOut))
def move(request: HttpRequest, topic: int, space: Annotated[str, Query(max_length=60, examples=["workshop"])]) -> Any:
    """What would follow if the topic were moved into another space. For those who tidy in both."""
    viewer, actor = viewer_of(request), actor_of(request, "json")
    found = queries.get_topic(viewer, topic)
    require_in(actor, "talk.tidy", found.space)
    inside = space_to_read(viewer, get_space(viewer, space).pk)
    require_in(actor, "talk.tidy", inside)
    return queries.before_moving(found, inside)


@router.put("/topics/{int:topic}/space", response=answers(TopicHead), openapi_extra=shows(space={"slug": "workshop", "name": "Workshop"}))
def put_space(request: HttpRequest, topic: int, body: MoveIn) -> Any:
    """Move a topic into another space. Its address stays; whoever may not read there loses sight of it."""
    actor, viewer = actor_of(request, "json"), viewer_of(request)
    found = queries.get_topic(viewer, topic)
    require_in(actor, "talk.tidy", found.space)
    return to_topic(request, topic, actions.move_topic, space=get_space(viewer, body.space), new_tags=body.new_tags)
