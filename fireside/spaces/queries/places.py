"""What the page of a space shows: its head, its people, who waits at its door."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from fireside.lib.errors import NotAllowed
from fireside.lib.paging import Page, keyset_page
from fireside.lib.ready_rows import Many, Rows
from fireside.lib.text import one_line
from fireside.members.models import Member
from fireside.members.queries import CARD_COLUMNS, Card, card_from, cards_of
from fireside.members.rights import may
from fireside.spaces import rules
from fireside.spaces.models import AskToJoin, Belonging, Openness, Space
from fireside.spaces.queries.finding import get_space
from fireside.spaces.queries.listing import Row, first_below
from fireside.spaces.queries.sight import known_spaces, may_read, organises, own_belongings, person_id, visible_spaces

ORGANISER = Belonging.As.ORGANISER


@dataclass(frozen=True)
class SpaceHead:
    """All that the top of a space's page needs."""

    space: Space
    trail: list[Space]  # what it stands in, from the top; only what the viewer may know of
    below: list[Row]  # the first spaces in it
    more_below: bool
    organisers: list[Card]
    way: rules.Way
    role: str
    ask: AskToJoin | None
    readable: bool
    runs: bool
    may_make: bool  # a space inside this one
    waiting: int  # asks at the door; 0 for those who do not decide

    @property
    def closed(self) -> bool:
        return self.space.archived_at is not None

    @property
    def board(self) -> str:
        """What its organisers wrote above it: for those who may read there."""
        return self.space.board if self.readable else ""


BELOW_ON_PAGE = 12
ORGANISERS_SHOWN = 8


def space_page(viewer: Any, slug: str) -> SpaceHead:
    """The head of a space for a viewer. Raises NotFound for what they may not know of.

    Queries, at most: the space; those above; those below; organisers and their cards; own belongings on the path; own ask; asks waiting.
    """
    space = get_space(viewer, slug)
    return head_of(viewer, space)


def head_of(viewer: Any, space: Space) -> SpaceHead:
    above = rules.ids_on(space.path)[:-1]
    trail = sorted(known_spaces(viewer).filter(pk__in=above), key=lambda one: one.depth) if above else []
    below = first_below(viewer, [space.pk], BELOW_ON_PAGE)
    member = viewer if isinstance(viewer, Member) else None
    on_path, organisers = _beside(member, space, [*above, space.pk])
    by_role = may(member, "spaces.run")
    runs = by_role or (may(member, "spaces.run", organiser=True) and ORGANISER in on_path.values())
    ask = None
    if member is not None and space.openness == Openness.PRIVATE and space.pk not in on_path:
        ask = AskToJoin.objects.filter(space=space, member__person_id=person_id(member)).order_by("-id").first()
    readable = space.reach == rules.PUBLIC if member is None else by_role or space.read_inside_id is None or _inside(space, on_path)
    way = rules.way_in(
        space.openness, signed_in=member is not None, belongs=space.pk in on_path, asked=ask is not None and ask.decided_at is None,
        closed=space.archived_at is not None, inside_above=_inside_above(space, trail, on_path), runs=by_role,
    )  # fmt: skip
    waiting = (
        AskToJoin.objects.filter(space=space, decided_at__isnull=True)[:100].count() if runs and space.openness == Openness.PRIVATE else 0
    )
    return SpaceHead(
        space=space, trail=trail, below=below[:BELOW_ON_PAGE], more_below=len(below) > BELOW_ON_PAGE,
        organisers=organisers if readable or member is not None else [], way=way, role=on_path.get(space.pk, ""), ask=ask,
        readable=readable, runs=runs, may_make=runs and space.archived_at is None and may(member, "spaces.make", organiser=runs),
        waiting=waiting,
    )  # fmt: skip


def _inside(space: Space, on_path: dict[int, str]) -> bool:
    return space.read_inside_id in on_path


def _inside_above(space: Space, trail: Iterable[Space], on_path: dict[int, str]) -> bool:
    gate = max((one for one in trail if one.openness in (Openness.PRIVATE, Openness.HIDDEN)), key=lambda one: one.depth, default=None)
    return gate is None or gate.pk in on_path


OWN_PART, LOOKS_AFTER = range(2)


def _people(person: Any, path: Any, space: Any) -> QuerySet[Belonging, Any]:
    columns = ("space_id", "role", "since", "pk", "member_id", *(f"member__{name}" for name in CARD_COLUMNS))
    own = Belonging.objects.filter(member__person_id=person, space_id__in=Many(path)).annotate(what=Value(OWN_PART))
    organisers = Belonging.objects.filter(space_id=space, role=ORGANISER, member__person__removed_at__isnull=True)
    return own.values_list("what", *columns).union(organisers.annotate(what=Value(LOOKS_AFTER)).values_list("what", *columns), all=True)


_PEOPLE = Rows(_people)


def _beside(member: Member | None, space: Space, path: Sequence[int], limit: int = ORGANISERS_SHOWN) -> tuple[dict[int, str], list[Card]]:
    """The member's own part in each space of the path, the greater where two of their names have one; who looks after the space, the
    longest first. One query."""
    rows = _PEOPLE.all(person_id(member) if member is not None else 0, list(path), space.pk)
    own = dict(sorted(((row[1], row[2]) for row in rows if row[0] == OWN_PART), key=lambda one: one[1]))
    those = sorted((row for row in rows if row[0] == LOOKS_AFTER), key=lambda row: (row[3], row[4]))
    return own, list({card.person_id: card for card in (card_from(*row[5:]) for row in those)}.values())[:limit]


@dataclass(frozen=True, slots=True)
class PersonHere:
    """Somebody in the list of people of a space."""

    id: int
    card: Card
    role: str
    since: datetime


def people_of(viewer: Any, space: Space, *, words: str = "", role: str = "", cursor: str = "", size: int = 40) -> Page[PersonHere]:
    """Who belongs to the space, the newest first. Two queries. For members who may read the space; others are told how to come in."""
    if viewer is None:
        raise NotAllowed("sign_in", _("Sign in to see who belongs here."))
    if not may_read(viewer, space):
        raise NotAllowed("not_inside", _("Those inside see who belongs to “%(space)s”. Ask to join it first.") % {"space": space.name})
    rows = Belonging.objects.filter(space=space, member__person__removed_at__isnull=True)
    if words := one_line(words).removeprefix("@"):
        rows = rows.filter(member__person__name__istartswith=words)
    if role in Belonging.As.values:
        rows = rows.filter(role=role)
    page = keyset_page(rows.values("id", "member_id", "role", "since"), ["-since", "-id"], cursor=cursor, size=size)
    cards = cards_of(row["member_id"] for row in page.rows)
    seen: dict[int, PersonHere] = {}
    for row in page.rows:
        card = cards[row["member_id"]]
        if card.person_id not in seen or row["role"] == ORGANISER:
            seen[card.person_id] = PersonHere(row["id"], card, row["role"], row["since"])
    return Page(list(seen.values()), page.next)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody at the door of a private space."""

    id: int
    card: Card
    words: str
    asked_at: datetime


def asks_of(viewer: Any, space: Space, *, cursor: str = "", size: int = 20) -> Page[Waiting]:
    """Who waits to be let in, the longest first; for those who decide. Two queries."""
    if viewer is None or not (may(viewer, "spaces.run") or organises(viewer, space)):
        raise NotAllowed("not_allowed", _("Only organisers of “%(space)s” see who asks to join.") % {"space": space.name})
    rows = AskToJoin.objects.filter(space=space, decided_at__isnull=True).values("id", "member_id", "words", "asked_at")
    page = keyset_page(rows, ["asked_at", "id"], cursor=cursor, size=size)
    cards = cards_of(row["member_id"] for row in page.rows)
    return Page([Waiting(row["id"], cards[row["member_id"]], row["words"], row["asked_at"]) for row in page.rows], page.next)


PLACES_OFFERED = 100


def places_for(viewer: Any, space: Space) -> list[Space]:
    """Where the space could stand, as far as the page offers it: known open spaces that are not below it. One query."""
    rows = known_spaces(viewer).filter(archived_at__isnull=True, depth__lt=rules.DEEPEST - 1).exclude(path__startswith=space.path)
    return list(rows.order_by(Lower("name"), "id")[:PLACES_OFFERED])


def places_run_by(viewer: Any, *, most: int = 200) -> list[Space]:
    """Open spaces that the viewer looks after, by name: all that they may read, for those who run every space. Two queries."""
    rows = visible_spaces(viewer).filter(archived_at__isnull=True)
    if not may(viewer, "spaces.run"):
        mine = own_belongings(viewer).filter(role=ORGANISER).values_list("space__path", flat=True)
        below = Q(pk=None)
        for path in mine[:most]:
            below |= Q(path__startswith=path)
        rows = rows.filter(below)
    return list(rows.order_by(Lower("name"), "id")[:most])
