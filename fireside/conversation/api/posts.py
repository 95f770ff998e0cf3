"""Posts: reading, changing and removing them, what helped, what is kept for later."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import EDITED, REMOVED, head, one_post, router, to_post
from fireside.conversation.api_shapes import EditIn, EditOut, LaterIn, LaterOut, PostOut, RemovalIn, TopicHead, later_out
from fireside.lib.answers import PageOf, answers, shows
from fireside.members.queries import cards_of


@router.get("/posts/{int:post}", response=answers(PostOut))
def post(request: HttpRequest, post: int) -> Any:
    """One post."""
    return one_post(request, post)


@router.patch("/posts/{int:post}", response=answers(PostOut), openapi_extra=EDITED)
def patch_post(request: HttpRequest, post: int, body: EditIn) -> Any:
    """Change a post, and with a topic's first post its title. With `seen_edits`, nobody's faster edit is overwritten."""
    return to_post(request, post, actions.edit_post, **body.dict())


@router.get("/posts/{int:post}/edits", response=answers(list[EditOut]))
def edits(request: HttpRequest, post: int) -> Any:
    """What a post said before, the newest first. For its author and those who tidy."""
    viewer = viewer_of(request)
    rows = list(queries.get_edits(viewer, queries.get_post(viewer, post, private_too=True))[:100])
    cards = cards_of([row.member_id for row in rows])
    return [
        {"by": cards[row.member_id].handle, "at": row.at, "title_before": row.title_before, "text_before": row.text_before,
         "format_before": row.format_before, "reason": row.reason}
        for row in rows
    ]  # fmt: skip


@router.put("/posts/{int:post}/removal", response=answers(PostOut), openapi_extra=REMOVED)
def put_removal(request: HttpRequest, post: int, body: RemovalIn) -> Any:
    """Take a post out of sight, with a reason; a topic's first post takes the topic with it."""
    return to_post(request, post, actions.remove_post, reason=body.reason)


@router.delete("/posts/{int:post}/removal", response=answers(PostOut))
def delete_removal(request: HttpRequest, post: int) -> Any:
    """Bring a removed post back."""
    return to_post(request, post, actions.restore_post)


@router.put("/posts/{int:post}/helped", response=answers(PostOut))
def put_helped(request: HttpRequest, post: int) -> Any:
    """Say that this post helped you."""
    return to_post(request, post, actions.say_helped)


@router.delete("/posts/{int:post}/helped", response=answers(PostOut), openapi_extra=shows(helped=8, helped_me=False))
def delete_helped(request: HttpRequest, post: int) -> Any:
    """Take that back."""
    return to_post(request, post, actions.take_back_helped)


@router.put("/posts/{int:post}/reactions/{sign}", response=answers(PostOut))
def put_reaction(request: HttpRequest, post: int, sign: str) -> Any:
    """React to a post: heart (thanks), agree, smile or star."""
    return to_post(request, post, actions.react, sign=sign)


@router.delete("/posts/{int:post}/reactions/{sign}", response=answers(PostOut), openapi_extra=shows(reactions={"heart": 2}, mine=[]))
def delete_reaction(request: HttpRequest, post: int, sign: str) -> Any:
    """Take a reaction back."""
    return to_post(request, post, actions.take_back_reaction, sign=sign)


@router.get("/later", response=answers(PageOf[LaterOut]))
def later(request: HttpRequest, cursor: str = "", size: Annotated[int, Query(ge=1, le=100)] = 30) -> Any:
    """What you keep for later, the last kept first, as far as you may still read it. Nobody else sees this."""
    found = queries.kept_for_later(actor_of(request, "json").member, cursor=cursor, size=size)
    return {"items": [later_out(row) for row in found.rows], "next": found.next}


@router.put("/posts/{int:post}/later", response=answers(PostOut), openapi_extra=shows(for_later=True))
def put_later(request: HttpRequest, post: int, body: LaterIn) -> Any:
    """Keep a post for later, perhaps with a note; a topic is kept by its first post."""
    return to_post(request, post, actions.keep_for_later, note=body.note)


@router.delete("/posts/{int:post}/later", response=answers(PostOut))
def delete_later(request: HttpRequest, post: int) -> Any:
    """Keep it no longer."""
    return to_post(request, post, actions.let_go)


@router.put("/posts/{int:post}/acceptance", response=answers(TopicHead))
def put_acceptance(request: HttpRequest, post: int) -> Any:
    """Accept this reply as the answer of its topic."""
    found = queries.get_post(viewer_of(request), post)
    actions.accept_answer(actor_of(request, "json"), post=found)
    return head(request, found.topic_id)
