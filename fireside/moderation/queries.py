"""What waits to be decided, for those who decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from fireside.activity.actor import Actor
from fireside.activity.finding import finds
from fireside.conversation.models import Post
from fireside.conversation.queries import get_post, post_row, reported, tidies
from fireside.conversation.queries.topic import PostRow
from fireside.lib.errors import NotAllowed, NotFound
from fireside.lib.paging import Page, keyset_page
from fireside.members.models import Member
from fireside.members.queries import Card, cards_of
from fireside.members.rights import RIGHTS, may
from fireside.moderation.models import Case, Look, Reason, Report
from fireside.spaces.queries import places_run_by


@dataclass(frozen=True, slots=True)
class Said:
    """A report in a case."""

    by: Card
    at: datetime
    reason: str
    words: str

    @property
    def reason_word(self) -> str:
        return str(Reason(self.reason).label)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case with its post as it is now and all that was said of it."""

    id: int
    version: int
    opened_at: datetime
    post: PostRow
    title: str
    space_slug: str
    space_name: str
    reports: Sequence[Said]
    decided_at: datetime | None
    decided_by: Card | None
    decision: str
    reason: str
    private: bool = False  # a private message: its words are here only for whoever has said that they read them
    read: bool = True
    looks: Sequence[Look] = ()  # who read it
    before: Sequence[PostRow] = ()  # what was said before it
    said_before: Sequence[str] = ()  # what it said before edits


def visible_cases(viewer: Any) -> QuerySet[Case]:
    """Cases that the viewer may decide, or might have: all, or those in spaces that they look after."""
    if not isinstance(viewer, Member):
        return Case.objects.none()
    if may(viewer, "moderation.decide"):
        return Case.objects.all()
    mine = [space.pk for space in places_run_by(viewer)]
    return Case.objects.filter(post__topic__space__in=mine)


def cases(viewer: Any, *, decided: bool = False, cursor: str = "", size: int = 20) -> Page[CaseRow]:
    """The longest waiting first; of the decided ones the last decided first. Raises NotAllowed for whoever decides nowhere.

    Queries: the cases, what was said in them and by whom, and a few for each post.
    """
    if not decides(viewer):
        raise NotAllowed("not_allowed", RIGHTS["moderation.decide"].says)
    rows = visible_cases(viewer).filter(decided_at__isnull=not decided)
    page = keyset_page(
        rows.values("id", "opened_at", "decided_at"), ["-decided_at", "-id"] if decided else ["opened_at", "id"], cursor=cursor, size=size
    )
    return Page(_rows(viewer, [row["id"] for row in page.rows]), page.next)


def decides(viewer: Any) -> bool:
    """Whether the viewer decides anywhere."""
    return isinstance(viewer, Member) and (may(viewer, "moderation.decide") or bool(places_run_by(viewer, most=1)))


def open_cases(viewer: Any, at_most: int = 99) -> int:
    """How many wait for the viewer. One query, or two."""
    return visible_cases(viewer).filter(decided_at__isnull=True)[:at_most].count()


@finds(Case)
def find_case(viewer: Any, word: str) -> Case:
    return get_case(viewer, int(word) if word.isascii() and word.isdigit() and len(word) < 19 else 0)


def get_case(viewer: Any, pk: int) -> Case:
    """A case, for those who may decide it; for others it is as missing as any."""
    found = Case.objects.select_related("post__topic__space").filter(pk=pk).first() if 0 < pk < 2**63 else None
    by_itself = isinstance(viewer, Actor) and viewer.is_house
    if found is not None and found.post.topic.space_id is None and (by_itself or may(viewer, "moderation.look")):
        return found
    if found is None or not (by_itself or tidies(viewer, found.post.topic.space)):
        raise NotFound()
    return found


def case_row(viewer: Any, case: Case) -> CaseRow:
    return _rows(viewer, [case.pk])[0]


def _rows(viewer: Any, ids: Sequence[int]) -> list[CaseRow]:
    found = {case.pk: case for case in Case.objects.filter(pk__in=ids)}
    reports: dict[int, list[Report]] = {}
    for one in Report.objects.filter(case__in=ids).order_by("id"):
        reports.setdefault(one.case_id, []).append(one)
    private = set(Case.objects.filter(pk__in=ids, post__topic__space__isnull=True).values_list("pk", flat=True))
    looks: dict[int, list[Look]] = {}
    for look in Look.objects.filter(case__in=private).order_by("id").select_related("member") if private else ():
        looks.setdefault(look.case_id, []).append(look)
    people = cards_of([*(one.member_id for some in reports.values() for one in some), *(case.decided_by_id for case in found.values())])
    shown = []
    for pk in ids:
        case = found[pk]
        if pk in private:
            shown.append(
                _private(
                    viewer,
                    case,
                    looks.get(pk, []),
                    [Said(people[one.member_id], one.at, one.reason, one.words) for one in reports.get(pk, [])],
                    people,
                )
            )
            continue
        try:
            post: Post = get_post(viewer, case.post_id)
        except NotFound:
            continue  # moved to where the viewer may not read
        said = [Said(people[one.member_id], one.at, one.reason, one.words) for one in reports.get(pk, [])]
        topic = post.topic
        shown.append(
            CaseRow(
                pk, case.version, case.opened_at, post_row(viewer, post), topic.title, topic.space.slug, topic.space.name, said,
                case.decided_at, people.get(case.decided_by_id or 0), case.decision, case.reason,
            )
        )  # fmt: skip
    return shown


def has_looked(member: Member, case: Case) -> bool:
    """Whether they have read a reported private message. One query."""
    return Look.objects.filter(case=case, member__person_id=member.person_id or member.pk).exists()


def _private(viewer: Any, case: Case, looks: Sequence[Look], said: Sequence[Said], people: dict[int, Card]) -> CaseRow:
    """A case about a private message. Who has not said that they read it gets who wrote it and when, and no words."""
    _post, rows, earlier = reported(case.post_id)
    read = any(one.member.person_id == getattr(viewer, "person_id", None) for one in looks)
    row = rows[-1] if read else rows[-1]._replace(html="", source="", answered_words="")
    return CaseRow(
        case.pk, case.version, case.opened_at, row, "", "", "", said, case.decided_at, people.get(case.decided_by_id or 0), case.decision,
        case.reason, private=True, read=read, looks=looks, before=rows[:-1] if read else (), said_before=earlier if read else (),
    )  # fmt: skip
