"""Lists of spaces: those that stand somewhere, one's own, those of a name; each with the first few that stand in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import BooleanField, CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, Lower, RowNumber

from fireside.lib.paging import Page, keyset_page, page_of
from fireside.lib.ready_rows import Many
from fireside.lib.text import one_line
from fireside.members.models import Member
from fireside.spaces import rules
from fireside.spaces.models import AskToJoin, Belonging, Space
from fireside.spaces.queries.seen import Reader, Seen
from fireside.spaces.queries.sight import known_spaces, own_belongings, person_id, sees_every_space


@dataclass(frozen=True, slots=True)
class Row:
    """One space in a list."""

    id: int
    slug: str
    name: str
    about: str
    icon: str
    openness: str
    members_count: int
    topics_count: int | None  # None: what is said there is not open to the viewer, nor how much and when
    last_active_at: datetime | None
    archived_at: datetime | None
    parent_id: int | None
    role: str  # "" = does not belong
    asked: bool
    below: list["Row"] = field(default_factory=list)  # the first few that stand in it


COLUMNS = (
    "id", "slug", "name", "about", "icon", "openness", "members_count", "topics_count", "last_active_at", "archived_at", "parent_id",
    "role", "asked", "readable", "by_name",
)  # fmt: skip
BY_NAME = ("by_name", "id")
SHOWN_BELOW = 4


def list_spaces(
    viewer: Any, *, inside: Space | None = None, show: str = "all", words: str = "", cursor: str = "", size: int = 30
) -> Page[Row]:
    """Spaces the viewer may know of, by name, each with the first few that stand in it. Two queries, whatever the number.

    show: "all" (those standing in `inside`, or at the top), "mine", "readable" (wherever they stand), "closed". With `words` the whole
    tree is searched.
    """
    if show == "mine" and viewer is None:
        return Page([], "")
    words = one_line(words)[: rules.NAME_LIMIT]
    if words:
        rows = _of_kind(viewer, show).filter(name__icontains=words)
        if inside is not None:
            rows = rows.filter(path__startswith=inside.path).exclude(pk=inside.pk)
        page = keyset_page(_with_mine(rows, viewer).values(*COLUMNS), BY_NAME, cursor=cursor, size=size)
    elif cursor:
        rows = _standing(viewer, show, inside.pk if inside is not None else None)
        page = keyset_page(_with_mine(rows, viewer).values(*COLUMNS), BY_NAME, cursor=cursor, size=size)
    else:
        given = [] if inside is None else [inside.pk]
        first = _first_of(show, inside is not None, size).all(viewer, *given)
        page = page_of([dict(zip(COLUMNS, row, strict=True)) for row in first], BY_NAME, size)
    found = [_row(row) for row in page.rows]
    if show == "all" and found:
        by_id = {row.id: row for row in found}
        for child in first_below(viewer, list(by_id)):
            by_id[child.parent_id or 0].below.append(child)
    return Page(found, page.next)


def _of_kind(viewer: Any, show: str) -> QuerySet[Space]:
    rows = known_spaces(viewer).filter(archived_at__isnull=show != "closed")
    if show == "readable":
        return rows.filter(_readable(viewer))
    return rows.filter(pk__in=own_belongings(viewer).values("space_id")) if show == "mine" else rows


def _standing(viewer: Any, show: str, inside: Any) -> QuerySet[Space]:
    """Those standing in a space, or where the list of that kind begins."""
    rows = _of_kind(viewer, show)
    if inside is not None:
        return rows.filter(parent_id=inside)
    return rows.filter(parent__isnull=True) if show == "all" else rows


@cache
def _first_of(show: str, inside: bool, size: int) -> Seen:
    def rows(viewer: Any, *space: Any) -> QuerySet[Any, Any]:
        found = _standing(viewer, show, space[0] if inside else None)
        return _with_mine(found, viewer).order_by(*BY_NAME).values_list(*COLUMNS)[: size + 1]

    return Seen(rows)


def first_below(viewer: Any, ids: Sequence[int], each: int = SHOWN_BELOW) -> list[Row]:
    """The first few open spaces that stand in each of these, by name. One query; one more than `each` says that there are others."""
    return [_row(dict(zip(COLUMNS, row, strict=True))) for row in _first_below(each + 1).all(viewer, list(ids))]


@cache
def _first_below(most: int) -> Seen:
    def rows(viewer: Any, ids: Any) -> QuerySet[Any, Any]:
        nth = Window(RowNumber(), partition_by=F("parent_id"), order_by=[Lower("name"), F("id")])
        found = known_spaces(viewer).filter(parent_id__in=Many(ids), archived_at__isnull=True).annotate(nth=nth).filter(nth__lte=most)
        return _with_mine(found, viewer).order_by("parent_id", "by_name", "id").values_list(*COLUMNS)

    return Seen(rows)


def _row(row: dict[str, Any]) -> Row:
    """A row as the viewer may see it: who may not read a space is not told how much is said there, nor when."""
    readable = row["readable"]
    hidden = {} if readable else {"topics_count": None, "last_active_at": None}
    return Row(**({name: value for name, value in row.items() if name not in {"readable", "by_name"}} | hidden))


def _with_mine(rows: QuerySet[Space], viewer: Any) -> QuerySet[Any]:
    """With the viewer's own part in each space, in the same query."""
    rows = rows.annotate(by_name=Lower("name"), readable=_readable(viewer))
    if not isinstance(viewer, Member | Reader):
        return rows.annotate(role=Value("", output_field=CharField()), asked=Value(False))
    mine = Belonging.objects.filter(space_id=OuterRef("pk"), member__person_id=person_id(viewer)).order_by("-role")
    asked = AskToJoin.objects.filter(space_id=OuterRef("pk"), member__person_id=person_id(viewer), decided_at__isnull=True)
    return rows.annotate(role=Coalesce(Subquery(mine.values("role")[:1]), Value("")), asked=Exists(asked))


def _readable(viewer: Any) -> Any:
    """As `may_read`, for every row of a list of known spaces."""
    if not isinstance(viewer, Member | Reader) or sees_every_space(viewer):
        return Value(True)  # a visitor knows only of what is public; the house and who runs it read all
    open_to_all = Q(read_inside__isnull=True) | Q(read_inside__in=own_belongings(viewer).values("space_id"))
    return ExpressionWrapper(open_to_all, output_field=BooleanField())
