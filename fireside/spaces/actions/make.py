"""Spaces come to be, change, move, close and open again."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import NotFound, Refused
from fireside.lib.ready import Ready
from fireside.members.actions.merges import take_turns
from fireside.members.rights import require
from fireside.spaces import kinds, rules
from fireside.spaces.actions import _tree
from fireside.spaces.actions._counts import count_people
from fireside.spaces.actions._staying import settle_below, settle_persons
from fireside.spaces.actions._words import (
    REFUSALS,
    checked_about,
    checked_icon,
    checked_name,
    checked_openness,
    free_slug_for,
)  # fmt: skip
from fireside.spaces.models import Belonging, Gone, Openness, Space
from fireside.spaces.queries import require_in


@action(right="spaces.make")
def make_space(
    actor: Actor, *, name: str, openness: str = "open", parent: Space | None = None, about: str = "", icon: str = "messages-square",
    slug: str = "", key: str = "",
) -> Space:  # fmt: skip
    """Make a space. Who makes it belongs to it as its organiser. A second time with the same `key` gives the space of the first."""
    if parent is None:
        require(actor, "spaces.make")
    else:
        require_in(actor, "spaces.make", parent)
    name, about, icon, openness = checked_name(name), checked_about(about), checked_icon(icon), checked_openness(openness)
    _tree.lock_tree()
    once = {"source": actor.form_source(key), "external_id": key[:200]} if key and actor.who is not None else {}
    if once and (made := Space.objects.filter(**once).first()):
        return already(made)
    if parent is not None:
        parent = fresh(parent)
        if parent.archived_at:
            raise Refused("closed", _("“%(space)s” is closed. Open it again first, or choose another place.") % {"space": parent.name})
        if actor.who is not None and parent.read_inside_id and not _is_inside(actor.who, parent):
            raise Refused("outside", _("First join “%(space)s”, in which the new space is to stand.") % {"space": parent.name})
    if obstacle := rules.why_not_under(own_id=None, own_height=0, parent_path=parent.path if parent else None):
        raise Refused(obstacle, REFUSALS[obstacle])
    hidden = openness == Openness.HIDDEN or (parent is not None and parent.read_inside_id is not None)
    slug = free_slug_for(actor, name, slug, hidden=hidden)
    space = plant(name=name, about=about, icon=icon, openness=openness, parent=parent, slug=slug, made_at=actor.now, **once)
    if actor.who is not None:
        Belonging.objects.create(space=space, member=actor.member, role=Belonging.As.ORGANISER, since=actor.now)
        count_people([space.pk])
        space.refresh_from_db(fields=["members_count"])
    record(actor, kinds.MADE, space, space=space, name=name, openness=openness)
    return space


@action(right="spaces.run")
def change_space(
    actor: Actor, *, space: Space, name: str | None = None, about: str | None = None, icon: str | None = None, openness: str | None = None,
    slug: str | None = None,
) -> Space:  # fmt: skip
    """Change what a space is called, what it is about, its sign, its address, or who may come in.

    Made private, it takes along whoever belongs to something in it. Only who was put out of it is not let in by that: what they
    belong to inside is shut to them, until they are let in or it opens again.
    """
    require_in(actor, "spaces.run", space)
    if openness is not None and checked_openness(openness) != space.openness:
        take_turns()  # who is gone from it must not turn out to be somebody else meanwhile
        _tree.lock_tree()
    space = fresh(space)
    wanted: dict[str, Any] = {}
    if name is not None:
        wanted["name"] = checked_name(name)
    if about is not None:
        wanted["about"] = checked_about(about)
    if icon is not None:
        wanted["icon"] = checked_icon(icon)
    if slug is not None and slug != space.slug:
        wanted["slug"] = free_slug_for(actor, wanted.get("name", space.name), slug, hidden=space.known_inside_id is not None, but=space.pk)
    if openness is not None:
        wanted["openness"] = openness
    changed = {field: value for field, value in wanted.items() if getattr(space, field) != value}
    if not changed:
        return already(space)
    narrowed: dict[str, Any] = {}
    before = space.openness
    for field, value in changed.items():
        setattr(space, field, value)
    space.save(update_fields=list(changed))
    if "openness" in changed:
        if space.openness in (Openness.PRIVATE, Openness.HIDDEN) and before in (Openness.PUBLIC, Openness.OPEN):
            # Whoever belongs to something in it could read it until now, and goes on to; but not who was put out of it.
            narrowed = {"brought_along": _bring_along(actor, space)}
        _tree.settle(actor, space)
        shut_out = settle_below(space)  # or in again, when it opens wider
        if narrowed and shut_out:
            narrowed["shut_out"] = shut_out
    record(actor, kinds.CHANGED, space, space=space, name=space.name, fields=sorted(changed), **narrowed)
    return space


@action(right="spaces.run")
def move_space(actor: Actor, *, space: Space, parent: Space | None = None) -> Space:
    """Put a space, with all that stands in it, into another one (or, without `parent`, at the top)."""
    require_in(actor, "spaces.run", space)
    if parent is None:
        require(actor, "spaces.make")
    else:
        require_in(actor, "spaces.make", parent)
    _tree.lock_tree()
    space, parent = fresh(space), fresh(parent) if parent else None
    if space.parent_id == (parent.pk if parent else None):
        return already(space)
    height = _tree.height_of(space)
    if obstacle := rules.why_not_under(own_id=space.pk, own_height=height, parent_path=parent.path if parent else None):
        raise Refused(obstacle, REFUSALS[obstacle])
    if parent is not None and parent.read_inside_id and (outside := _people_outside(space, parent.read_inside_id)):
        raise Refused(
            "people_outside",
            _("%(count)s people who belong here are not inside “%(space)s”, and would lose their place. Let them in there first.")
            % {"count": outside, "space": parent.name},
            count=outside,
        )
    above = rules.ids_on(space.path)
    _tree.replant(space, parent)
    _tree.settle(actor, space)
    settle_below(space, left=above)
    record(actor, kinds.MOVED, space, space=space, name=space.name, into=parent.name if parent else "")
    return space


@action(right="spaces.run")
def archive_space(actor: Actor, *, space: Space) -> Space:
    """Close a space and all that stand in it: what was said stays readable, nobody comes in or writes."""
    require_in(actor, "spaces.run", space)
    _tree.lock_tree()
    space = fresh(space)
    if space.archived_at:
        return already(space)
    _tree.below(space).filter(archived_at__isnull=True).update(archived_at=actor.now)
    space.archived_at = actor.now
    record(actor, kinds.ARCHIVED, space, space=space, name=space.name)
    return space


@action(right="spaces.run")
def reopen_space(actor: Actor, *, space: Space) -> Space:
    """Open a closed space again, with what was closed along with it."""
    require_in(actor, "spaces.run", space)
    _tree.lock_tree()
    space = fresh(space)
    if space.archived_at is None:
        return already(space)
    if space.parent_id and Space.objects.filter(pk=space.parent_id, archived_at__isnull=False).exists():
        raise Refused("closed_above", _("The space it stands in is closed. Open that one again first."))
    _tree.below(space).filter(archived_at=space.archived_at).update(archived_at=None)
    space.archived_at = None
    record(actor, kinds.REOPENED, space, space=space, name=space.name)
    return space


_LOCKED = Ready(lambda pk: Space.objects.select_for_update().filter(pk=pk))


def fresh(space: Space) -> Space:
    """The space as it is now, locked until the end of the act."""
    found = _LOCKED.first(space.pk)
    if found is None:
        raise NotFound()
    return found


def plant(*, parent: Space | None, **fields: Any) -> Space:
    """A new row with its path, reach and gates. Two statements, because the path holds the row's own id."""
    space = Space.objects.create(parent=parent, depth=parent.depth + 1 if parent else 0, reach=fields["openness"], **fields)
    above = rules.Kept(parent.reach, parent.known_inside_id, parent.read_inside_id) if parent else None
    space.reach, space.known_inside_id, space.read_inside_id = rules.kept_of(space.pk, space.openness, above)
    space.path = f"{parent.path if parent else '/'}{space.pk}/"
    space.save(update_fields=["reach", "known_inside", "read_inside", "path"])
    return space


def _is_inside(member: Any, space: Space) -> bool:
    return Belonging.objects.filter(space_id=space.read_inside_id or 0, member__person_id=member.person_id or member.pk).exists()


def _people_outside(space: Space, gate: int) -> int:
    """How many who belong to the space or below do not belong to the gate."""
    inside = Belonging.objects.filter(space_id=gate).values("member__person_id")
    rows = Belonging.objects.filter(space__path__startswith=space.path).exclude(member__person_id__in=inside)
    return rows.values("member__person_id").distinct().count()


def _bring_along(actor: Actor, space: Space) -> int:
    """Those who belong below but not to the space itself belong to it from now on; returns how many. One statement for many rows.

    Who left it by themselves comes along, too: else they would lose what they belong to in it. Who was put out of it does not.
    """
    inside = Belonging.objects.filter(space=space).values("member__person_id")
    put_out = Gone.objects.filter(space=space, put_out=True).values("member__person_id")
    people = (
        Belonging.objects.filter(Q(space__path__startswith=space.path) & ~Q(space=space))
        .exclude(member__person_id__in=inside)
        .exclude(member__person_id__in=put_out)
        .values_list("member__person_id", flat=True)
        .distinct()
    )
    rows = [Belonging(space=space, member_id=person, since=actor.now) for person in people if person]
    Belonging.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    left = set(Gone.objects.filter(space=space, put_out=False).values_list("member__person_id", flat=True)) & {
        one.member_id for one in rows
    }
    Gone.objects.filter(space=space, member__person_id__in=left).delete()
    settle_persons(pk for pk in left if pk)
    count_people([space.pk])
    return len(rows)
