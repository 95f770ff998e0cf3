"""How closely people follow: a member's own levels, who watches what is said, and who does not want to be told of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value

from fireside.activity.models import Activity
from fireside.conversation.models import Draft, Habits, Reading, SpaceLevel, Topic
from fireside.conversation.rules import Level, level_here
from fireside.lib.paging import Page, keyset_page
from fireside.lib.ready_rows import Many, Rows
from fireside.members.queries import blocked_among, traces_of, traces_of_person
from fireside.notifications.queries import unread_about
from fireside.spaces.queries import looked_after_by, organising, person_id, visible_spaces
from fireside.spaces.rules import ids_on

BY = Reading.By
ABOUT_REPLIES = "conversation.replied"


@dataclass(frozen=True)
class Mark:
    """Where somebody stands with a topic."""

    number: int  # the highest they have been shown; 0 = never opened
    own: Level | None  # of the topic itself
    by: str  # why it has one: "hand", "spoke", "space"
    space: Level | None

    @property
    def level(self) -> Level:
        return level_here(self.own, self.by == BY.HAND, self.space)


def mark_of(viewer: Any, topic: Topic) -> Mark:
    """Where the viewer stands with a topic, under whatever of their names; of two of their levels the quieter counts. One query."""
    return stands(viewer, topic).mark


@dataclass(frozen=True)
class Stands:
    """Where somebody stands with a topic, and what is theirs there."""

    mark: Mark
    organises: bool = False  # its space
    drafts: bool = False  # there are drafts of theirs for a reply
    unread: bool = False  # they were told of it and have not read that


def stands(viewer: Any, topic: Topic) -> Stands:
    """All that a topic's page asks of its reader, in one query."""
    if viewer is None:
        return Stands(Mark(0, None, "", None))
    number, own, space, found = 0, list[tuple[int, str]](), list[int](), set[int]()
    person, spaces = person_id(viewer), list(ids_on(topic.space.path)) if topic.space is not None else []  # none: a private conversation
    for read, level, by in _STANDS.all(
        person, topic.pk, topic.space_id or 0, spaces, viewer.pk, f"reply:{topic.pk}", f"conversation:{topic.pk}"
    ):
        found.add(read)
        if read == SPACE:
            space.append(level or 0)
        elif read >= 0:
            number = max(number, read)
            if level is not None:
                own.append((level, by))
    own.sort(key=lambda one: (one[1] != BY.HAND, one[0]))
    mark = Mark(number, Level(own[0][0]) if own else None, own[0][1] if own else "", Level(min(space)) if space else None)
    return Stands(mark, ORGANISES in found, DRAFT in found, UNREAD in found)


SPACE, ORGANISES, DRAFT, UNREAD = -1, -2, -3, -4


def _stands(person: Any, topic: Any, space: Any, spaces: Any, member: Any, place: Any, thing: Any) -> QuerySet[Any, Any]:
    """Rows (number read, level, why); those with a number below 0 say the rest."""

    def says(rows: QuerySet[Any], what: int, level: Any = None) -> QuerySet[Any, Any]:
        return rows.values_list(Value(what), level or Value(0), Value("", output_field=CharField()))

    mine = traces_of_person(person)
    return Reading.objects.filter(member__in=mine, topic_id=topic).values_list("number", "level", "level_by").union(
        says(SpaceLevel.objects.filter(member__in=mine, space_id=space), SPACE, F("level")), says(organising(person, Many(spaces)), ORGANISES),
        says(Draft.objects.filter(member_id=member, place=place), DRAFT), says(unread_about(person, thing), UNREAD), all=True,
    )  # fmt: skip


_STANDS = Rows(_stands)


def space_level(viewer: Any, space: Any) -> Level:
    """How closely the viewer follows a space. One query."""
    if viewer is None:
        return Level.NORMAL
    rows = SpaceLevel.objects.filter(member__in=traces_of(viewer), space=space)
    return Level(min(rows.values_list("level", flat=True), default=Level.NORMAL))


def follows_what_they_say(viewer: Any) -> bool:
    """Whether opening a topic or replying makes it followed."""
    return not Habits.objects.filter(member__in=traces_of(viewer), follow_spoken=False).exists()


@dataclass(frozen=True, slots=True)
class SpaceChosen:
    slug: str
    name: str
    icon: str
    level: Level


@dataclass(frozen=True, slots=True)
class TopicChosen:
    id: int
    title: str
    space_name: str
    space_slug: str
    level: Level

    @property
    def url(self) -> str:
        return f"/t/{self.id}"


def spaces_chosen(viewer: Any) -> list[SpaceChosen]:
    """Spaces that have a level by the viewer's hand, by name, as far as they may still read there. One query."""
    rows = SpaceLevel.objects.filter(member__in=traces_of(viewer), space__in=visible_spaces(viewer)).exclude(level=Level.NORMAL)
    found = {}
    for slug, name, icon, level in rows.order_by("-level").values_list("space__slug", "space__name", "space__icon", "level"):
        found[slug] = SpaceChosen(slug, name, icon, Level(level))
    return sorted(found.values(), key=lambda one: one.name.casefold())


def topics_chosen(viewer: Any, *, cursor: str = "", size: int = 30) -> Page[TopicChosen]:
    """Topics that have a level by the viewer's hand, the last read first, as far as they may still read them. One query."""
    rows = Reading.objects.filter(
        member__in=traces_of(viewer), level_by=BY.HAND, topic__removed_at__isnull=True, topic__space__in=visible_spaces(viewer)
    )
    fields = ("id", "at", "topic_id", "topic__title", "topic__space__name", "topic__space__slug", "level")
    page = keyset_page(rows.values(*fields), ("-at", "-id"), cursor=cursor, size=size)
    made = [
        TopicChosen(one["topic_id"], one["topic__title"], one["topic__space__name"], one["topic__space__slug"], Level(one["level"]))
        for one in page.rows
    ]
    return Page(made, page.next)


def muted_by(viewer: Any) -> Q:
    """Of topics, those that the viewer wants to hear nothing of (rules.level_here): by themselves, or with their space."""
    own = Reading.objects.filter(member__in=traces_of(viewer), topic=OuterRef("pk"), level__isnull=False)
    space = SpaceLevel.objects.filter(member__in=traces_of(viewer), space=OuterRef("space"), level=Level.MUTE)
    return Q(Exists(own.filter(level_by=BY.HAND, level=Level.MUTE))) | Q(Exists(space) & ~Exists(own))


def watched_among(lines: Sequence[Activity]) -> set[int]:
    """Those of these lines whose topic or space anybody watches. Two queries, however many watch."""
    watch = Level.WATCH
    topics = Topic.objects.filter(pk__in={line.parent_id for line in lines if line.parent_id})
    by_topic = set(topics.filter(Exists(Reading.objects.filter(topic=OuterRef("pk"), level=watch))).values_list("pk", flat=True))
    spaces = {line.space_id for line in lines if line.space_id}
    by_space = set(SpaceLevel.objects.filter(space__in=spaces, level=watch).values_list("space_id", flat=True).distinct())
    return {line.pk for line in lines if line.parent_id in by_topic or line.space_id in by_space}


def watchers(line: Activity, *, after: int, limit: int) -> list[int]:
    """The next members who watch the topic or the space of a line, in rising order behind `after`. Two queries, each on an index."""
    own = Reading.objects.filter(topic=line.parent_id, level=Level.WATCH, member__gt=after).order_by("member_id")
    quieter = Reading.objects.filter(topic=line.parent_id, member=OuterRef("member"), level_by=BY.HAND, level__lt=Level.WATCH)
    here = SpaceLevel.objects.filter(~Exists(quieter), space=line.space_id, level=Level.WATCH, member__gt=after).order_by("member_id")
    found = {pk for rows in (own, here) for pk in rows.values_list("member_id", flat=True)[:limit]}
    return sorted(found)[:limit]


def spared(lines: Sequence[Activity], persons: Collection[int]) -> set[tuple[int, int]]:
    """Pairs (person, line): who has muted the topic or its space, or follows a topic of their own no more, and is not told. Two queries.

    Whoever spoke in a topic of a muted space follows that topic, unless they mute it, too.
    """
    topics = {line.parent_id for line in lines if line.parent_id}
    spaces = {line.space_id for line in lines if line.space_id}
    levels: dict[tuple[int, int], list[tuple[int, str, int]]] = {}
    rows = Reading.objects.filter(topic__in=topics, level__isnull=False, member__person__in=persons)
    for topic, person, member, level, by in rows.values_list("topic_id", "member__person_id", "member_id", "level", "level_by"):
        levels.setdefault((topic, person or 0), []).append((level or 0, by, member))
    muted = SpaceLevel.objects.filter(space__in=spaces, level=Level.MUTE, member__person__in=persons)
    closed = set(muted.values_list("space_id", "member__person_id"))
    out = set()
    for line in lines:
        for person in persons:
            own = levels.get((line.parent_id or 0, person))
            if _spared(line, own) if own else (line.space_id, person) in closed:
                out.add((person, line.pk))
    return out


def unheard(lines: Sequence[Activity], persons: Collection[int]) -> set[tuple[int, int]]:
    """Pairs (person, line): who has blocked whoever did it, unless they look after the space in which they did. One query, mostly."""
    pairs = blocked_among(persons, {line.member_id for line in lines if line.member_id})
    if not pairs:
        return set()
    out = {(person, line.pk) for line in lines for person in persons if (person, line.member_id) in pairs}
    doubtful = {pk for _person, pk in out}
    official = {
        line.pk
        for line in lines
        if line.pk in doubtful and line.space_id and line.member_id and looked_after_by(line.space_id, line.member_id)
    }
    return {(person, pk) for person, pk in out if pk not in official}


def _spared(line: Activity, own: Sequence[tuple[int, str, int]]) -> bool:
    """`own`: (level, why, member) of one person in the topic of the line."""
    by_hand = [(level, member) for level, by, member in own if by == BY.HAND]
    if any(level == Level.MUTE for level, _member in by_hand):
        return True
    # their own topic, which they want to hear of only where somebody speaks to them
    also: Mapping[str, Any] = line.data
    return line.kind == ABOUT_REPLIES and any(
        level == Level.NORMAL
        and member in also.get("also", ())
        and member != line.other_id
        and member not in [*also.get("mentioned", ()), *also.get("called", ())]
        for level, member in by_hand
    )
