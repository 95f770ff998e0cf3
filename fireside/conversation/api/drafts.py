"""Words that are not said yet."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import router
from fireside.conversation.api._draft_shapes import DraftIn, DraftOut, PreviewIn, PreviewOut
from fireside.conversation.markup import parse, render
from fireside.conversation.queries.calling import ids_called, roles_among
from fireside.conversation.rules import TEXT_MAX
from fireside.lib.answers import answers
from fireside.members.queries import cards_of
from fireside.members.rights import require


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
    handles = ids_called(parsed.names)
    html, named = render(parsed, handles, queries.files_to_show(viewer_of(request), parsed.files))
    cards = cards_of([pk for pk in named if pk > 0])
    return {"html": html, "mentions": [cards[pk].handle for pk in named if pk > 0], "roles": roles_among(named)}
