"""The JSON door of places."""

from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status
from ninja.params.functions import Query

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.answers import PageOf, answers, shows
from fireside.lib.errors import NotFound
from fireside.members.queries import Card, get_member
from fireside.spaces import actions, queries
from fireside.spaces.api_shapes import (
    NO,
    NOON,
    AskOut,
    BoardIn,
    PersonHereOut,
    PlaceIn,
    PutOutIn,
    SomebodyOut,
    SpaceChanges,
    SpaceHeadOut,
    SpaceIn,
    SpaceInListOut,
    SpaceOut,
    SpaceRef,
    TurnDownIn,
    WaitingOut,
    WordsIn,
)
from fireside.spaces.models import AskToJoin, Space

router = Router()
NEW = shows(members_count=1, topics_count=0, last_active_at=None, below=[], board="", role="organiser", runs=True)


@router.get("/spaces", response=answers(PageOf[SpaceInListOut]))
def spaces(
    request: HttpRequest, within: str = Query("", alias="in", description="Slug: the spaces that stand in this one."),
    show: Literal["all", "mine", "closed"] = "all", search: str = Query("", max_length=80), cursor: str = "",
    size: int = Query(30, ge=1, le=100),
) -> Any:  # fmt: skip
    """Spaces you may know of, by name: those at the top, or in one; with `search` at any depth."""
    viewer = viewer_of(request)
    inside = queries.get_space(viewer, within) if within else None
    found = queries.list_spaces(viewer, inside=inside, show=show, words=search, cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post("/spaces", response=answers(SpaceHeadOut, status=201), openapi_extra=NEW)
def post_space(request: HttpRequest, body: SpaceIn) -> Any:
    """Make a space; you look after it."""
    actor, given = actor_of(request, "json"), body.dict()
    parent = given.pop("parent")
    space = actions.make_space(actor, parent=queries.get_space(viewer_of(request), parent) if parent else None, **given)
    return Status(201, _head(request, space))


@router.get("/spaces/{slug}", response=answers(SpaceHeadOut))
def space(request: HttpRequest, slug: str) -> Any:
    """One space, with what stands round it and what you can do there."""
    return _head(request, _space(request, slug))


@router.patch("/spaces/{slug}", response=answers(SpaceHeadOut), openapi_extra=shows(openness="private", reach="private", runs=True))
def patch_space(request: HttpRequest, slug: str, body: SpaceChanges) -> Any:
    """Change what a space is called, what it is about, or who comes in."""
    found = _space(request, slug)
    return _head(request, actions.change_space(actor_of(request, "json"), space=found, **body.dict()))


@router.put("/spaces/{slug}/parent", response=answers(SpaceHeadOut))
def put_parent(request: HttpRequest, slug: str, body: PlaceIn) -> Any:
    """Move a space, with all that stands in it."""
    viewer = viewer_of(request)
    found, parent = queries.get_space(viewer, slug), queries.get_space(viewer, body.parent) if body.parent else None
    return _head(request, actions.move_space(actor_of(request, "json"), space=found, parent=parent))


@router.put("/spaces/{slug}/group", response=answers(SpaceHeadOut), openapi_extra=shows(is_group=True, runs=True))
def put_group(request: HttpRequest, slug: str) -> Any:
    """Make a space a group: talk opens there as a chat."""
    return _head(request, actions.make_group(actor_of(request, "json"), space=_space(request, slug)))


@router.delete("/spaces/{slug}/group", response=answers(SpaceHeadOut), openapi_extra=shows(runs=True))
def delete_group(request: HttpRequest, slug: str) -> Any:
    """Make a group a forum again: talk opens there as a topic."""
    return _head(request, actions.make_forum(actor_of(request, "json"), space=_space(request, slug)))


@router.put("/spaces/{slug}/board", response=answers(SpaceHeadOut), openapi_extra=shows(runs=True))
def put_board(request: HttpRequest, slug: str, body: BoardIn) -> Any:
    """Write one line on the board of a space, for everybody who reads there."""
    return _head(request, actions.write_board(actor_of(request, "json"), space=_space(request, slug), words=body.words))


@router.delete("/spaces/{slug}/board", response=answers(SpaceHeadOut), openapi_extra=shows(board="", runs=True))
def delete_board(request: HttpRequest, slug: str) -> Any:
    """Wipe the board of a space."""
    return _head(request, actions.wipe_board(actor_of(request, "json"), space=_space(request, slug)))


@router.put("/spaces/{slug}/closing", response=answers(SpaceHeadOut), openapi_extra=shows(archived_at=NOON, way="closed", runs=True))
def put_closing(request: HttpRequest, slug: str) -> Any:
    """Close a space: it stays readable, nobody joins or writes."""
    return _head(request, actions.archive_space(actor_of(request, "json"), space=_space(request, slug)))


@router.delete("/spaces/{slug}/closing", response=answers(SpaceHeadOut))
def delete_closing(request: HttpRequest, slug: str) -> Any:
    """Open a closed space again."""
    return _head(request, actions.reopen_space(actor_of(request, "json"), space=_space(request, slug)))


@router.put("/spaces/{slug}/belonging", response=answers(SpaceHeadOut))
def put_belonging(request: HttpRequest, slug: str) -> Any:
    """Join a public or open space."""
    found = _space(request, slug)
    actions.join_space(actor_of(request, "json"), space=found)
    return _head(request, found)


@router.delete("/spaces/{slug}/belonging", response=answers(SpaceRef))
def delete_belonging(request: HttpRequest, slug: str) -> Any:
    """Leave a space."""
    return actions.leave_space(actor_of(request, "json"), space=_space(request, slug))


@router.get("/spaces/{slug}/people", response=answers(PageOf[PersonHereOut]))
def people(
    request: HttpRequest, slug: str, search: str = Query("", max_length=80), role: Literal["", "member", "organiser"] = "",
    cursor: str = "", size: int = Query(40, ge=1, le=100),
) -> Any:  # fmt: skip
    """Who belongs to a space, the newest first."""
    viewer = viewer_of(request)
    found = queries.people_of(viewer, queries.get_space(viewer, slug), words=search, role=role, cursor=cursor, size=size)
    return {"items": [_somebody(one.card) | {"role": one.role, "since": one.since} for one in found.rows], "next": found.next}


@router.put("/spaces/{slug}/people/{handle}", response=answers(SomebodyOut))
def put_person(request: HttpRequest, slug: str, handle: str) -> Any:
    """Bring somebody into a private or hidden space that you look after."""
    return _to_member(request, slug, handle, actions.bring_in)


@router.delete("/spaces/{slug}/people/{handle}", response=answers(SomebodyOut))
def delete_person(request: HttpRequest, slug: str, handle: str, body: PutOutIn) -> Any:
    """Remove somebody from a space that you look after, and tell them why; from a private or hidden one also from all that stands in it."""
    return _to_member(request, slug, handle, actions.put_out, reason=body.reason)


@router.put("/spaces/{slug}/organisers/{handle}", response=answers(SomebodyOut))
def put_organiser(request: HttpRequest, slug: str, handle: str) -> Any:
    """Make somebody who belongs to the space an organiser of it."""
    return _to_member(request, slug, handle, actions.make_organiser)


@router.delete("/spaces/{slug}/organisers/{handle}", response=answers(SomebodyOut))
def delete_organiser(request: HttpRequest, slug: str, handle: str) -> Any:
    """End somebody's time as organiser, or your own."""
    return _to_member(request, slug, handle, actions.end_organiser)


@router.get("/spaces/{slug}/asks", response=answers(PageOf[WaitingOut]))
def asks(request: HttpRequest, slug: str, cursor: str = "", size: int = Query(20, ge=1, le=100)) -> Any:
    """Who waits to be let in, the longest first; for those who look after the space."""
    viewer = viewer_of(request)
    found = queries.asks_of(viewer, queries.get_space(viewer, slug), cursor=cursor, size=size)
    rows = [{"id": one.id, "member": _somebody(one.card), "words": one.words, "asked_at": one.asked_at} for one in found.rows]
    return {"items": rows, "next": found.next}


@router.post("/spaces/{slug}/asks", response=answers(AskOut, status=201))
def post_ask(request: HttpRequest, slug: str, body: WordsIn) -> Any:
    """Ask to be let into a private space. Asking again while nobody has answered gives the same ask."""
    found = _space(request, slug)
    return Status(201, actions.ask_to_join(actor_of(request, "json"), space=found, words=body.words))


@router.delete("/spaces/{slug}/asks/{ask_id}", response=answers(AskOut))
def delete_ask(request: HttpRequest, slug: str, ask_id: int) -> Any:
    """Take your ask back."""
    return actions.take_back_ask(actor_of(request, "json"), ask=_ask(request, slug, ask_id))


@router.put("/spaces/{slug}/asks/{ask_id}/entry", response=answers(SomebodyOut))
def put_entry(request: HttpRequest, slug: str, ask_id: int) -> Any:
    """Let in who asked."""
    return actions.let_in(actor_of(request, "json"), ask=_ask(request, slug, ask_id)).member


@router.put("/spaces/{slug}/asks/{ask_id}/answer", response=answers(AskOut), openapi_extra=shows(decided_at=NOON, let_in=False, reason=NO))
def put_answer(request: HttpRequest, slug: str, ask_id: int, body: TurnDownIn) -> Any:
    """Say no, and why."""
    return actions.turn_down(actor_of(request, "json"), ask=_ask(request, slug, ask_id), reason=body.reason)


def _space(request: HttpRequest, slug: str) -> Space:
    return queries.get_space(viewer_of(request), slug)


def _to_member(request: HttpRequest, slug: str, handle: str, act: Callable[..., Any], **given: Any) -> Any:
    """One act on somebody in a space; answers with who it is."""
    space, member = _space(request, slug), get_member(viewer_of(request), handle)
    act(actor_of(request, "json"), space=space, member=member, **given)
    return member


def _head(request: HttpRequest, space: Space) -> dict[str, Any]:
    space.refresh_from_db()
    head = queries.head_of(viewer_of(request), space)
    own = {name: getattr(space, name) for name in SpaceOut.model_fields if name not in {"role", "asked"}}
    if not head.readable:
        own |= {"topics_count": None, "last_active_at": None}
    return own | {
        "reach": space.reach, "made_at": space.made_at, "trail": head.trail, "below": head.below, "way": head.way,
        "organisers": [_somebody(card) for card in head.organisers], "role": head.role, "asked": head.way == "waiting",
        "is_group": bool(head.space.is_group), "board": head.board, "readable": head.readable, "runs": head.runs, "waiting": head.waiting,
    }  # fmt: skip


def _somebody(card: Card) -> dict[str, Any]:
    return {"handle": card.handle, "name": card.name, "is_bot": card.is_bot}


def _ask(request: HttpRequest, slug: str, ask_id: int) -> AskToJoin:
    viewer = viewer_of(request)
    space = queries.get_space(viewer, slug)
    found: AskToJoin = queries.get_ask(viewer, str(ask_id))
    if found.space_id != space.pk:
        raise NotFound()
    return found
