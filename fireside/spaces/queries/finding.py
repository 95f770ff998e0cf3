"""One space, or one ask at its door, by what an address or a command calls it. Hidden and missing look the same."""

from typing import Any

from django.db.models import Q

from fireside.activity.finding import finds
from fireside.lib.errors import NotFound
from fireside.lib.ready import Ready
from fireside.lib.text import plain
from fireside.spaces.models import AskToJoin, Space
from fireside.spaces.queries.seen import Seen
from fireside.spaces.queries.sight import known_spaces, organises, person_id, sees_every_space

_BY_SLUG = Seen(lambda viewer, slug: known_spaces(viewer).filter(slug=slug).order_by("pk"), Ready)


def get_space(viewer: Any, slug: str) -> Space:
    """The space with this slug, as far as the viewer may know of it. May be private: ask `may_read` before showing what is said there."""
    found: Space | None = _BY_SLUG.one(viewer, plain(slug))
    if found is None:
        raise NotFound()
    return found


@finds(Space)
def find_space(viewer: Any, word: str) -> Space:
    """The space with this slug or, for programs, with this number."""
    return get_space(viewer, word) if not word.isdecimal() else get_space_by_id(viewer, int(word))


def get_space_by_id(viewer: Any, pk: int) -> Space:
    found = known_spaces(viewer).filter(Q(slug=str(pk)) | Q(pk=pk if pk < 2**63 else 0)).order_by("-pk").first()
    if found is None:
        raise NotFound()
    return found


@finds(AskToJoin)
def get_ask(viewer: Any, word: str) -> AskToJoin:
    """An ask to join, for who asked and for who may answer it."""
    found = AskToJoin.objects.select_related("space", "member").filter(pk=int(word) if word.isdecimal() and len(word) < 19 else 0).first()
    if found is None or viewer is None:
        raise NotFound()
    if not (sees_every_space(viewer) or person_id(found.member) == person_id(viewer) or organises(viewer, found.space)):
        raise NotFound()
    return found
