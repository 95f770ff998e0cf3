"""What a member has been told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Case, Count, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from markupsafe import Markup, escape

from fireside.activity.kinds import KINDS, Kind
from fireside.activity.models import Activity
from fireside.lib.errors import NotFound, Refused
from fireside.lib.paging import Page, decode_cursor, encode_cursor
from fireside.lib.ready_rows import Rows
from fireside.lib.text import filled
from fireside.members.queries import Card, cards_of, the_community
from fireside.notifications import visibility
from fireside.notifications.models import Notice, Unwanted
from fireside.notifications.rules import STOPS_AT, capital, fill, newest_voices

PAGE = 30
VOICES = 2000  # rows looked at to name the people of a page


def own_notices(viewer: Any) -> QuerySet[Notice]:
    """Notices of a person: of the account and of every trace merged into it."""
    return notices_of_person(viewer.person_id or viewer.pk)


def notices_of_person(person: Any) -> QuerySet[Notice]:
    """The same of a person's number, or of the slot in which it comes."""
    return Notice.objects.filter(member__person_id=person)


def unseen_rows(person: Any) -> QuerySet[Any, Any]:
    """What a person was told and has not seen, as far as the bell counts; part of another query, with a slot for the person."""
    return Notice.objects.filter(member__person_id=person, seen_at__isnull=True).values_list("id")[: STOPS_AT + 1]


_UNSEEN = Rows(unseen_rows)
_UNREAD = Rows(lambda person, thing: unread_about(person, thing).values_list("id")[:1])


def unread_about(person: Any, thing: Any) -> QuerySet[Notice]:
    """What a person was told of a thing ("conversation:7") and has not read; part of another query, with slots for both."""
    return Notice.objects.filter(member__person_id=person, read_at__isnull=True, thing=thing)


def unseen_count(viewer: Any) -> int:
    """The number on the bell; 100 stands for "more than 99". One indexed query."""
    if viewer is None:
        return 0
    return len(_UNSEEN.all(viewer.person_id or viewer.pk))


def unseen(viewer: Any) -> QuerySet[Notice]:
    """What that number counts, no further than it is shown."""
    return own_notices(viewer).filter(seen_at__isnull=True)[: STOPS_AT + 1]


def has_unread(viewer: Any, target_type: str, ids: Iterable[int]) -> bool:
    """Whether `mark_read` would change anything. One indexed query."""
    app, wanted = target_type.partition(".")[0], list(ids)
    if viewer is not None and len(wanted) == 1:
        return bool(_UNREAD.all(viewer.person_id or viewer.pk, f"{app}:{wanted[0]}"))
    return viewer is not None and own_notices(viewer).filter(read_at__isnull=True, thing__in=[f"{app}:{pk}" for pk in wanted]).exists()


def unwanted_among(members: Mapping[int, Card], lines: Sequence[Activity]) -> set[tuple[int, int]]:
    """Pairs (person, line): who does not wish to be told of its kind. One query."""
    rows = Unwanted.objects.filter(member__person__in=list(members), kind__in={line.kind for line in lines})
    off = set(rows.values_list("member__person_id", "kind"))
    return {(person, line.pk) for line in lines for person in members if (person, line.kind) in off} if off else set()


@dataclass(frozen=True)
class Told:
    """A kind of thing that the bell can tell of."""

    kind: str
    words: str
    bell: bool
    about: str = ""  # the part of the house that it speaks of


def kinds_told(viewer: Any) -> list[Told]:
    """Every kind that tells somebody, in the reader's words, and whether the viewer wishes it: those about one part of the house together,
    private ones for themselves. One query."""
    off = set(Unwanted.objects.filter(member__person_id=viewer.person_id or viewer.pk).values_list("kind", flat=True))
    somebody = {"actor": _("somebody"), "other": _("you"), "others": _("your"), "space": "…", "title": "…", "name": "…"}
    told = [kind for kind in KINDS.values() if kind.audience is not None]
    return [
        Told(kind.name, capital(fill(str(kind.sentence).replace("{other}’s", "{others}"), somebody)), kind.name not in off, _about(kind))
        for kind in sorted(told, key=lambda kind: (kind.name.partition(".")[0], kind.private, kind.name))
    ]


def _about(kind: Kind) -> str:
    app = kind.name.partition(".")[0]
    return _("Private conversations") if kind.private and app == "conversation" else str(apps.get_app_config(app).verbose_name)


def last_notice_id() -> int:
    """The newest notice of all: where live connections begin to listen."""
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def notices_after(pk: int, limit: int) -> list[tuple[int, int]]:
    """(notice, member) written after this one, for the bells of live connections."""
    return list(Notice.objects.filter(pk__gt=pk).order_by("pk").values_list("pk", "member_id")[:limit])


@dataclass(frozen=True)
class Row:
    """Several notices of one kind about one thing, told in one sentence."""

    id: int  # of the newest
    kind: str
    at: datetime
    count: int
    unseen: bool
    read: bool
    names: bool  # some of them speak to the reader by name or role, which the sentence for all of them does not say
    html: Markup  # in the reader's language, names and titles set apart
    text: str
    words: str  # what somebody wrote along with it, "" for most kinds
    face: Card | None
    url: str  # where the thing itself stands; "/notices" where that was not asked


SHOWN = ("all", "unread", "mentions")


def list_notices(viewer: Any, *, show: str = "all", cursor: str = "", size: int = PAGE, leads: bool = True) -> Page[Row]:
    """What the member was told, the newest first, grouped: all of it, what is unread, or what speaks to them by name or role.

    Queries, whatever the number: the newest of each group with its line; who stands behind them; their cards; what the owners of the targets ask (visibility, names of spaces, and where they lead, unless `leads` is false: one each).
    """
    if viewer is None:
        raise NotFound()
    groups = _grouped(_shown(viewer, show)).values("kind", "thing", "done").annotate(last=Max("id")).order_by("-last")
    if cursor:
        groups = groups.filter(last__lt=_whole(decode_cursor(cursor, 1)[0]))
    same = _grouped(_shown(viewer, show)).filter(kind=OuterRef("kind"), thing=OuterRef("thing"), done=OuterRef("done")).order_by()
    fresh, calls = Count("id", filter=Q(seen_at__isnull=True)), Count("id", filter=Q(named=True))
    counted = same.values("kind").annotate(many=Count("id"), fresh=fresh, calls=calls)
    newest = _grouped(Notice.objects.filter(pk__in=groups.values("last")[: size + 1])).annotate(
        many=Subquery(counted.values("many")), fresh=Subquery(counted.values("fresh")), calls=Subquery(counted.values("calls"))
    )
    found = list(newest.select_related("activity").order_by("-pk"))
    more, found = len(found) > size, found[:size]
    rows = _rows(viewer, found, show, leads)
    return Page(rows, encode_cursor([found[-1].pk]) if more else "")


def _grouped(notices: QuerySet[Notice]) -> Any:
    """With `done`: what is read and what is not are told apart."""
    return notices.annotate(done=Case(When(read_at__isnull=True, then=Value(0)), default=Value(1)))


def get_notice(viewer: Any, pk: int) -> tuple[Notice, str]:
    """One notice of the viewer, with where it leads."""
    found = own_notices(viewer).select_related("activity").filter(pk=pk).first() if viewer is not None and pk < 2**63 else None
    if found is None or not _still_open(viewer, [found.activity], cards_of([viewer.pk])):
        raise NotFound()
    spaces = visibility.space_names([found.activity.space_id])
    return found, visibility.addresses_of([found.activity], spaces).get(found.activity.pk, "/notices")


def _shown(viewer: Any, show: str) -> QuerySet[Notice]:
    narrow = {"unread": {"read_at__isnull": True}, "mentions": {"named": True}}.get(show, {})
    return own_notices(viewer).filter(**narrow)


def _rows(viewer: Any, newest: Sequence[Any], show: str, leads: bool) -> list[Row]:
    lines = [one.activity for one in newest]
    voices = _voices(viewer, newest, show)
    cards = cards_of({v for some in voices.values() for v, _at in some} | {line.other_id for line in lines} | {viewer.pk})
    open_ids = _still_open(viewer, lines, cards)
    spaces = visibility.space_names(line.space_id for line in lines)
    urls = visibility.addresses_of(lines, spaces) if leads else {}
    rows = []
    by_person = {card.person_id: card for card in cards.values()}
    for notice in newest:
        line = notice.activity
        if line.pk not in open_ids or line.kind not in KINDS:
            continue  # no longer open to the reader, or the kind is gone from the code
        behind = [(cards[pk].person_id, at) for pk, at in voices.get((notice.kind, notice.thing, notice.done), []) if pk in cards]
        persons, others = newest_voices(behind)
        html, text = sentence(viewer, line, [by_person[p] for p in persons], others, cards, spaces, called=notice.calls == notice.many)
        rows.append(
            Row(
                id=notice.pk, kind=line.kind, at=notice.at, count=notice.many, unseen=bool(notice.fresh), read=bool(notice.done), names=0 < notice.calls < notice.many,
                html=html, text=text, words=str(line.data.get("reason", "") or ""),
                face=by_person[persons[0]] if persons else None, url=urls.get(line.pk, "/notices"),
            )
        )  # fmt: skip
    return rows


def _voices(viewer: Any, newest: Sequence[Any], show: str) -> dict[tuple[str, str, int], list[tuple[int, int]]]:
    """Who stands behind each group, (member, their newest notice). One query."""
    found: dict[tuple[str, str, int], list[tuple[int, int]]] = {}
    rows = (
        _grouped(_shown(viewer, show))
        .filter(thing__in={one.thing for one in newest}, kind__in={one.kind for one in newest}, actor_id__isnull=False)
        .values_list("kind", "thing", "done", "actor_id")
        .annotate(last=Max("id"))
        .order_by("-last")
    )
    for kind, thing, done, actor, last in rows[:VOICES]:
        found.setdefault((kind, thing, done), []).append((actor, last))
    return found


def _still_open(viewer: Any, lines: Sequence[Activity], cards: Mapping[int, Card]) -> set[int]:
    """Which of these the viewer may see today: a space may have closed to them since they were told."""
    me = cards[viewer.pk]._replace(role=viewer.role)  # a trace: as whoever it was merged into
    return {line for _member, line in visibility.allowed({me.person_id: me}, lines)}


def sentence(
    viewer: Any,
    line: Activity,
    persons: Sequence[Card],
    others: int,
    cards: Mapping[int, Card],
    spaces: Mapping[int, tuple[str, str]],
    *,
    called: bool = False,
) -> tuple[Markup, str]:
    """The kind's sentence for this reader (`called`: whom it speaks to by name or role), once with marks for the page and once plain. Everything that people wrote is escaped."""
    names = [card.name for card in persons] or [str(getattr(the_community(), "name", "Fireside"))]
    other = cards.get(line.other_id or 0)
    is_me = other is not None and other.person_id == (viewer.person_id or viewer.pk)
    data = {key: str(value) for key, value in line.data.items()}
    space = spaces.get(line.space_id or 0, (data.get("name", "…"), ""))[0]
    # English says "your answer" where others have "Ann’s answer"; Chinese needs no other form.
    kind = KINDS[line.kind]
    sentence = str((called and kind.calling) or kind.sentence).replace("{other}’s", "{others}")
    plain = data | {
        "actor": _together(names, others),
        "other": _("you") if is_me else other.name if other else "…",
        "others": _("your") if is_me else f"{other.name if other else '…'}’s",
        "space": space,
    }
    marked: dict[str, Any] = {key: escape(value) for key, value in plain.items()}
    marked |= {
        "actor": _together([Markup("<b>{}</b>").format(name) for name in names], others),
        "space": Markup("<b>{}</b>").format(space),
        "title": Markup("<b>{}</b>").format(data.get("title", "…")),
        "name": Markup("<b>{}</b>").format(data.get("name", "…")),
    }
    return Markup(capital(fill(str(escape(sentence)), marked))), capital(fill(sentence, plain))  # noqa: S704  every part is escaped above


def _together(names: Sequence[Any], others: int) -> Any:
    """Ann; Ann and Ben; Ann, Ben and Cat; Ann, Ben and 3 others. Escaped names stay escaped."""
    first, *rest = names
    made = Markup if isinstance(first, Markup) else str
    if others:
        words = ngettext("%(names)s and %(n)s other", "%(names)s and %(n)s others", others)
        return made(filled(words, {"names": made(pgettext("between names", ", ")).join(names), "n": others}))
    if not rest:
        return first
    return made(
        filled(_("%(names)s and %(last)s"), {"names": made(pgettext("between names", ", ")).join([first, *rest[:-1]]), "last": rest[-1]})
    )


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise Refused("bad_cursor", _("This page address is damaged. Start again from the first page."))
    return value
