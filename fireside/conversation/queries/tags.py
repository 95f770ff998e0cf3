"""Tags of a space, what to suggest of them, and the topics that carry one."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from fireside.conversation.models import Tag, Topic, TopicTag
from fireside.conversation.rules import TAGS_MAX, tag_names
from fireside.lib.text import name_key

SUGGESTED, KNOWN, SHOWN = 8, 300, 300


def tags_in(space: Any) -> list[str]:
    """Tags that topics of a space carry, those used most first: 300 at most. For whoever may read there. One query."""
    return list(Tag.objects.filter(space=space, uses__gt=0).order_by("-uses", "id").values_list("name", flat=True)[:SHOWN])


def tags_named(space: Any, names: Iterable[str]) -> list[str]:
    """Tags of a space by name, in whatever spelling, as the space spells them. One query."""
    return list(Tag.objects.filter(space=space, key__in=[name_key(name) for name in names]).values_list("name", flat=True))


def tag_named(space: Any, name: str) -> int | None:
    """The id of a tag of a space (or of its id), in whatever spelling."""
    return Tag.objects.filter(space=space, key=name_key(name)).values_list("pk", flat=True).first()


def suggested(space: Any, *, title: str = "", begun: str = "") -> list[str]:
    """Tags of a space to offer while somebody writes: those that begin as the last one does, or those that the title names, then the
    most used. One query."""
    *whole, last = begun.replace("，", ",").replace("、", ",").split(",")
    chosen = {name_key(name) for name in tag_names(whole)}
    if len(chosen) >= TAGS_MAX:
        return []
    rows = Tag.objects.filter(space=space, uses__gt=0).order_by("-uses", "id")
    start = name_key(last.strip().lstrip("#＃"))
    if start:
        found = rows.filter(key__startswith=start).values_list("key", "name")[: SUGGESTED + TAGS_MAX]
        return _some((key, name) for key, name in found if key not in chosen and key != start)
    said = name_key(title)
    known = [(key, name) for key, name in rows.values_list("key", "name")[:KNOWN] if key not in chosen]
    return _some(sorted(known, key=lambda one: one[0] not in said))


def carrying(rows: QuerySet[Topic], tag: str) -> QuerySet[Topic]:
    """Those of these topics that carry a tag, in whatever spelling, of whichever space."""
    return rows.filter(pk__in=TopicTag.objects.filter(tag__key=name_key(tag)).values("topic_id"))


def _some(found: Iterable[tuple[str, str]]) -> list[str]:
    return [name for _key, name in found][:SUGGESTED]
