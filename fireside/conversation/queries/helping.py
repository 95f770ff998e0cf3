"""Who was helped, and by whom: the first number of every page of talk, and of somebody's own page.

One definition, that of the metric `helped` (insights/metrics/helped.py), here read from the rows and there from the log. Somebody
was helped when they said of another person's words "this helped me", or accepted another person's answer to their own question,
and did not take it back; bots are left out on both sides, and whoever has one bot among their traces is one. It happened, and stays counted when the words are removed or their
topic is: only whoever said so can unsay it. (Removing an accepted answer does withdraw its acceptance, in the log as here.)
"""

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from fireside.conversation.models import Helped, Topic
from fireside.lib.ready_rows import Many
from fireside.spaces.queries import Seen, visible_spaces

PACE = 50  # reading a busy week takes at most one fiftieth of a process's time
AT_LEAST = 1.0  # seconds that a week as it was read is good for

BySpace = dict[int, frozenset[tuple[int, int]]]  # space -> (person helped, person who helped); 0 = known no more
_weeks: dict[datetime, tuple[float, BySpace]] = {}  # since -> (good until, by the process's own clock)


@dataclass(frozen=True)
class HelpedSince:
    """People, not clicks: `people` were helped, by `helpers`."""

    people: int
    helpers: int
    helped_ids: frozenset[int]
    helper_ids: frozenset[int]


_SEEN = Seen(lambda viewer, among: visible_spaces(viewer).filter(pk__in=Many(among)).values_list("pk"))


def who_said() -> QuerySet[Helped]:
    """Every "this helped me" that counts; whoever turned out to be the helper themselves is left out by the asker of this."""
    return Helped.objects.exclude(member__person__traces__is_bot=True).exclude(post__author__person__traces__is_bot=True)


def who_accepted() -> QuerySet[Topic]:
    """Questions whose asker accepted another person's answer. What somebody else accepts for them helps nobody yet."""
    accepted = Topic.objects.filter(accepted__isnull=False, accepted_by__person_id=F("author__person_id"))
    accepted = accepted.exclude(accepted__author__person_id=F("author__person_id"))
    return accepted.exclude(author__person__traces__is_bot=True).exclude(accepted__author__person__traces__is_bot=True)


def helped_since(viewer: Any, since: datetime, *, space: Any = None) -> HelpedSince:
    """Who was helped since then, and by whom, in the spaces that the viewer may read.

    Formula: distinct persons who were helped (see above); helpers are the distinct persons whose words these were. One query, or none for one space that the viewer is known to read;
    one more when the week has to be read anew.
    """
    week = _week(since)
    if space is not None:
        seen = [getattr(space, "pk", space)]
    else:
        seen = [row[0] for row in _SEEN.all(viewer, list(week))] if week else []
    return _counted(frozenset(week[pk] for pk in seen if pk in week))


@lru_cache(maxsize=500)
def _counted(places: frozenset[frozenset[tuple[int, int]]]) -> HelpedSince:
    pairs = frozenset[tuple[int, int]]().union(*places)
    helped, helpers = frozenset(a for a, _ in pairs if a), frozenset(b for _, b in pairs if b)
    return HelpedSince(len(helped), len(helpers), helped, helpers)


def _week(since: datetime) -> BySpace:
    """Kept for a moment, because every page asks and a busy week is long: at least a second, fifty times as long as reading takes."""
    began = time.monotonic()
    if (kept := _weeks.get(since)) is not None and began < kept[0] and settings.KEEP_PAGES:
        return kept[1]
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    said = who_said().filter(at__gte=since).values_list("post__topic__space_id", "member__person_id", "post__author__person_id")
    accepted = who_accepted().filter(accepted_at__gte=since).values_list("space_id", "author__person_id", "accepted__author__person_id")
    for where, helped, helper in said.union(accepted).iterator():  # each pair once
        if helped != helper:  # nobody helps themselves: two who said so may be one person since
            found[where].add((helped or 0, helper or 0))
    week = {where: frozenset(pairs) for where, pairs in found.items()}
    _weeks.clear()  # one week at a time: yesterday's is asked for no more
    _weeks[since] = (time.monotonic() + max(AT_LEAST, PACE * (time.monotonic() - began)), week)
    return week
