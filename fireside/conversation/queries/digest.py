"""What the digest tells of talk: thanks one got, topics many spoke in, topics that are new. Closed and hidden ones are left out."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from fireside.conversation.models import Helped, Post, Reaction, Topic
from fireside.conversation.queries.following import muted_by
from fireside.conversation.queries.sight import visible_topics
from fireside.conversation.rules import THANKS
from fireside.lib.text import filled
from fireside.members.queries import cards_of, traces_of
from fireside.notifications.digests import Item, Section, section
from fireside.spaces.queries import own_belongings

EACH = 5
LOOKED_AT = 2000  # topics with a word since then
KEPT = 300  # of these, from which each reader's five are taken


@section("conversation.thanks", order=10)
def thanks(viewer: Any, since: datetime, now: datetime) -> Section | None:
    """Who thanked the member or was helped by them, by topic."""
    mine = {"post__author__in": traces_of(viewer), "post__removed_at__isnull": True, "at__gte": since, "at__lte": now}
    rows = [
        *Reaction.objects.filter(sign=THANKS, **mine).values_list("post__topic_id", "member_id"),
        *Helped.objects.filter(**mine).values_list("post__topic_id", "member_id"),
    ]
    people: dict[int, dict[int, None]] = {}
    cards = cards_of(member for _topic, member in rows)
    for topic, member in rows:
        if member in cards:
            people.setdefault(topic, {})[cards[member].person_id] = None
    topics = {topic.pk: topic for topic in visible_topics(viewer).filter(pk__in=people)}
    order = sorted(topics, key=lambda pk: (-len(people[pk]), -pk))[:EACH]
    names = {card.person_id: card.name for card in cards.values()}
    items = [Item(topics[pk].title, f"/t/{pk}", _by([names[one] for one in people[pk]])) for pk in order]
    return Section(_("Thanks you got"), items)


@section("conversation.popular", order=20)
def popular(viewer: Any, since: datetime, now: datetime) -> Section | None:
    """Topics in which the most people spoke, those of the member's own spaces first."""
    return Section(
        _("What people talked about"), _items(viewer, [pk for pk, _n in _many_spoke(_moment(since))], dict(_many_spoke(_moment(since))))
    )


@section("conversation.new", order=30)
def new(viewer: Any, since: datetime, now: datetime) -> Section | None:
    """The newest topics, without those that stand above already."""
    above = {item.url for item in _items(viewer, [pk for pk, _n in _many_spoke(_moment(since))], {})}
    ids = [pk for pk in _opened(_moment(since)) if f"/t/{pk}" not in above]
    return Section(_("New topics"), _items(viewer, ids, {}))


def _items(viewer: Any, ids: Sequence[int], voices: dict[int, int]) -> list[Item]:
    """The first five of these that the member may read, has not muted and did not open themselves; what belongs to their spaces comes first. Two queries."""
    mine = set(own_belongings(viewer).values_list("space_id", flat=True))
    rows = visible_topics(viewer).filter(~muted_by(viewer), pk__in=ids, closed_at__isnull=True).exclude(author__in=traces_of(viewer))
    topics = {topic.pk: topic for topic in rows.select_related("space")}
    order = sorted((pk for pk in ids if pk in topics), key=lambda pk: topics[pk].space_id not in mine)[:EACH]
    return [Item(topics[pk].title, f"/t/{pk}", _where(topics[pk], voices.get(pk, 0))) for pk in order]


def _where(topic: Topic, voices: int) -> str:
    """The space, and how many spoke."""
    spoke = filled(ngettext("%(n)s person spoke", "%(n)s people spoke", voices), {"n": voices}) if voices else ""
    return " · ".join(filter(None, [topic.space.name, spoke, _("a question") if topic.asks and topic.answered_at is None else ""]))


def _by(names: Sequence[str]) -> str:
    """Ann, Ben and 3 others."""
    shown, more = names[:2], len(names) - 2
    if more > 0:
        words = ngettext("%(names)s and %(n)s other", "%(names)s and %(n)s others", more)
        return filled(words, {"names": pgettext("between names", ", ").join(shown), "n": more})
    return shown[0] if len(shown) == 1 else filled(_("%(names)s and %(last)s"), {"names": shown[0], "last": shown[1]})


def _moment(since: datetime) -> datetime:
    """Digests that are put together in the same five minutes look at the same topics: they are counted once."""
    return since.replace(minute=since.minute // 5 * 5, second=0, microsecond=0)


def _since(since: datetime) -> Any:
    rows = Topic.objects.filter(space__isnull=False, removed_at__isnull=True, last_post_at__gte=since, closed_at__isnull=True)
    return rows.order_by("-last_post_at", "-id")


@lru_cache(maxsize=8)
def _many_spoke(since: datetime) -> tuple[tuple[int, int], ...]:
    """Topics in which two people or more spoke since then, with how many: most first."""
    active = list(_since(since).values_list("pk", flat=True)[:LOOKED_AT])
    posts = Post.objects.filter(topic__in=active, at__gte=since, removed_at__isnull=True, author__is_bot=False).order_by()
    rows = posts.values_list("topic_id").annotate(people=Count("author__person", distinct=True), many=Count("pk")).filter(people__gte=2)
    return tuple((pk, people) for pk, people, _many in rows.order_by("-people", "-many", "-topic_id")[:KEPT])


@lru_cache(maxsize=8)
def _opened(since: datetime) -> tuple[int, ...]:
    rows = _since(since).filter(opened_at__gte=since, author__is_bot=False)
    return tuple(rows.order_by("-opened_at", "-id").values_list("pk", flat=True)[:KEPT])
