"""How the tree keeps itself: every space carries its path, depth, reach and gates, so that no list walks upwards."""

from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Concat, Substr

from fireside.activity.actor import Actor
from fireside.spaces.actions._words import unguessable
from fireside.spaces.models import Openness, Space
from fireside.spaces.rules import DEEPEST

TREE = 0x66697265  # the key of PostgreSQL's advisory lock


def lock_tree() -> None:
    """One change of shape at a time: two moves could each be right alone and make a circle together. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE])


def below(space: Space) -> Any:
    """The space and all that stand in it."""
    return Space.objects.filter(path__startswith=space.path)


def height_of(space: Space) -> int:
    """How many levels stand below it."""
    deepest = below(space).order_by("-depth").values_list("depth", flat=True).first()
    return (space.depth if deepest is None else deepest) - space.depth


def replant(space: Space, parent: Space | None) -> None:
    """Give the space and all below it their new paths: one statement, whatever the size of the subtree."""
    old, depth = space.path, (parent.depth + 1 if parent else 0)
    new = f"{parent.path if parent else '/'}{space.pk}/"
    below(space).update(path=Concat(Value(new), Substr("path", len(old) + 1)), depth=F("depth") + (depth - space.depth))
    space.parent, space.path, space.depth = parent, new, depth
    space.save(update_fields=["parent"])


def settle(actor: Actor, space: Space) -> None:
    """Work reach and gates out again for the space and all below it: one statement a level (see rules.kept_of).

    What those outside may not know of any more gets an address that nobody guesses: else “taken” would tell of it.
    """
    known = list(below(space).filter(known_inside=None).values_list("pk", flat=True))
    for depth in range(space.depth, DEEPEST):
        level = below(space).filter(depth=depth)
        parent = Space.objects.filter(pk=OuterRef("parent_id"))
        reach, gate = Subquery(parent.values("reach")[:1]), Subquery(parent.values("read_inside_id")[:1], output_field=BigIntegerField())
        rows = level.annotate(above=reach).update(
            reach=Case(
                When(openness=Openness.HIDDEN, then=Value(Openness.HIDDEN)),
                When(above=Openness.HIDDEN, then=Value(Openness.HIDDEN)),
                When(openness=Openness.PRIVATE, then=Value(Openness.PRIVATE)),
                When(above=Openness.PRIVATE, then=Value(Openness.PRIVATE)),
                When(openness=Openness.OPEN, then=Value(Openness.OPEN)),
                When(above=Openness.OPEN, then=Value(Openness.OPEN)),
                default=Value(Openness.PUBLIC),
            ),
            known_inside_id=Case(When(openness=Openness.HIDDEN, then=F("id")), default=gate, output_field=BigIntegerField()),
            read_inside_id=Case(
                When(openness__in=[Openness.PRIVATE, Openness.HIDDEN], then=F("id")), default=gate, output_field=BigIntegerField()
            ),
        )
        if not rows:
            break
    for one in Space.objects.filter(pk__in=known, known_inside__isnull=False):
        one.slug = unguessable(actor, one.slug, str(one.pk))
        one.save(update_fields=["slug"])
    space.refresh_from_db()
