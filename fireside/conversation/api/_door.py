"""What the addresses of talk share: one act and its answer; what examples show."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import queries
from fireside.conversation.api_shapes import (
    head_out,
    posts_out,
)
from fireside.lib.answers import shows
from fireside.members.queries import day_here

router = Router()
LATER = "2026-03-02T19:00:00Z"  # in examples: when something was done to what the shapes show
NO_ANSWER = {"accepted_post": None, "accepted_at": None}
PINNED = {"pin_place": 1, "pin_until": "2026-12-24"}
IN_FRONT = {"front_place": 1, "front_until": "2026-12-24"}
NEW_TOPIC = shows(answered_at=None, replies=0, helped=0, helped_most=[], **NO_ANSWER)
NEW_POST = shows(
    text="Turn the **washer** over, @ben.", html='<p>Turn the <strong>washer</strong> over, <a href="/people/ben" class="mention">@Ben</a>.</p>\n',
    is_accepted=False, helped=0, reactions={}, mine=[], helped_me=False,
)  # fmt: skip
EDITED = shows(text="Turn the washer over.", html="<p>Turn the washer over.</p>\n", edits=1, edited_at=LATER)
REMOVED = shows(
    removed_at=LATER, removed_by={"handle": "dan", "name": "Dan", "is_bot": False}, removed_reason="Rule 2: no selling.", is_accepted=False
)


def to_topic(request: HttpRequest, topic: int, act: Callable[..., Any], **more: Any) -> dict[str, Any]:
    """One act on a topic that the viewer may see; answers with the topic as it is then."""
    act(actor_of(request, "json"), topic=queries.get_topic(viewer_of(request), topic), **more)
    return head(request, topic)


def to_post(request: HttpRequest, post: int, act: Callable[..., Any], **more: Any) -> dict[str, Any]:
    """One act on a post that the viewer may see; answers with the post as it is then."""
    act(actor_of(request, "json"), post=queries.get_post(viewer_of(request), post, private_too=True), **more)
    return one_post(request, post)


def head(request: HttpRequest, topic: int) -> dict[str, Any]:
    viewer = viewer_of(request)
    return head_out(queries.page_head(viewer, queries.get_topic(viewer, topic)), day_here(actor_of(request, "json").now))


def one_post(request: HttpRequest, post: int) -> dict[str, Any]:
    viewer = viewer_of(request)
    return posts_out([queries.post_row(viewer, queries.get_post(viewer, post, private_too=True))])[0]
