"""What is new and what is unread: lists for one member, found from their own marks and not by looking through the talk.

New     opened in the last days, never opened by them, not theirs, not muted, not dismissed. Of the newest topics of the house only.
Unread  in what they follow and have read, something was said since. Found from their marks of what they follow: how many topics
        there are does not matter, only how many they followed and read lately.
"""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from fireside.conversation.models import Habits, Reading, SpaceLevel, Topic
from fireside.conversation.queries.sight import visible_topics
from fireside.conversation.rules import NEW_AMONG, UNREAD_AMONG, Level
from fireside.lib.among import Among
from fireside.members.queries import traces_of
from fireside.spaces.queries import in_sight


def new_topics(viewer: Any, *, since: Any) -> QuerySet[Topic]:
    """Topics opened after `since` (rules.new_from) that are new for the viewer; order them by -id, the last opened first."""
    mine = traces_of(viewer)
    chosen = SpaceLevel.objects.filter(member__in=mine, space=OuterRef("space"))
    dismissed = Habits.objects.filter(member__in=mine, new_from__gte=OuterRef("opened_at"))
    after = Subquery(Topic.objects.order_by("-pk").values("pk")[:1]) - NEW_AMONG
    # found at once, and not for each topic: whoever has opened them all has as many marks as there are topics to look at
    seen = Reading.objects.filter(Q(number__gt=0) | Q(level=Level.MUTE), Among("member", mine), topic_id__gt=after).values("topic_id")
    # what most topics fail by stands first: SQLite asks in this order
    rows = Topic.objects.filter(pk__gt=after, opened_at__gt=since, removed_at__isnull=True).filter(~Q(pk__in=seen))
    rows = rows.filter(~Exists(chosen.filter(Q(level=Level.MUTE) | Q(new_from__gte=OuterRef("opened_at")))), ~Exists(dismissed))
    return rows.filter(in_sight(viewer)).exclude(author__in=mine)


def _followed(viewer: Any, since: Any) -> QuerySet[Reading]:
    """The viewer's latest marks of what they follow, made after `since`, under each of their names."""
    marks = Reading.objects.filter(Among("member", traces_of(viewer)), level__gte=Level.FOLLOW, at__gt=since, number__gt=0)
    return marks.order_by("-at")[:UNREAD_AMONG]


def unread_marks(viewer: Any, *, since: Any) -> QuerySet[Reading]:
    """The viewer's marks made after `since` (rules.unread_from) of what they follow and have not read to its end, under each of their names."""
    latest = _followed(viewer, since).values("pk")
    # private conversations are counted by themselves
    return Reading.objects.filter(pk__in=latest, number__lt=F("topic__last_number"), topic__space__isnull=False)


def unread_topics(viewer: Any, *, since: Any) -> QuerySet[Topic]:
    """Topics that are unread for the viewer, with `said`: by it, and not by `last_post_at`, they are put in order, so that no database
    looks through all talk for the few of them."""
    read = Reading.objects.filter(
        Q(number__gte=OuterRef("last_number")) | Q(level=Level.MUTE), Among("member", traces_of(viewer)), topic=OuterRef("pk")
    )  # under whatever name of theirs
    behind = visible_topics(viewer).filter(~Exists(read), pk__in=_followed(viewer, since).values("topic_id"))
    return behind.annotate(said=Coalesce(F("last_post_at"), F("opened_at")))
