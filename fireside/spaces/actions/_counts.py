"""The counter of people, worked out again from the rows: for a few spaces after an act, for all by the sweep."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from fireside.spaces.models import Belonging, Space


def true_count(space: Any) -> Any:
    """How many people belong to a space: each person once, whatever their traces; no bots, nobody removed."""
    people = Belonging.objects.filter(
        space=space, member__person__is_bot=False, member__is_bot=False, member__person__removed_at__isnull=True
    )
    counted = people.order_by().values("space").annotate(n=Count("member__person_id", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def count_people(space_ids: Iterable[int] | None = None) -> int:
    """Mend the counters of these spaces (None: of all) in one statement. Returns how many were wrong."""
    spaces = Space.objects.all() if space_ids is None else Space.objects.filter(pk__in=list(space_ids))
    return spaces.annotate(true=true_count(OuterRef("pk"))).exclude(members_count=F("true")).update(members_count=F("true"))
