"""Queries that depend on who looks, compiled once for each of the three ways to look: a visitor, somebody who belongs, who runs every space."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from fireside.lib.ready import Slot
from fireside.lib.ready_rows import Rows
from fireside.members.models import Role
from fireside.spaces.queries.sight import sees_every_space


@dataclass(frozen=True)
class Reader:
    """Stands in for a viewer while a query is compiled: the person comes later, by the first slot."""

    person_id: Slot
    role: Role = Role.MEMBER
    is_active: bool = True
    removed_at: None = None


class Seen:
    """`Seen(lambda viewer, since: visible_topics(viewer).filter(opened_at__gt=since).values_list("pk"))`, then `.all(viewer, since)`.

    `made_of=Ready`: whole models. Of the viewer the query may ask only what `own_belongings`, `traces_of` and the gates of spaces ask: the person.
    """

    def __init__(self, build: Callable[..., Any], made_of: Any = Rows) -> None:
        def by(role: Role) -> Callable[..., QuerySet[Any, Any]]:
            return lambda person, *slots: build(Reader(person, role), *slots)

        self.visitors = made_of(lambda _nobody, *slots: build(None, *slots))
        self.members, self.runners = made_of(by(Role.MEMBER)), made_of(by(Role.OWNER))

    def all(self, viewer: Any, *values: Any) -> list[Any]:
        rows = self.visitors if viewer is None else self.runners if sees_every_space(viewer) else self.members
        return list(rows.all(getattr(viewer, "person_id", None) or getattr(viewer, "pk", 0), *values))

    def one(self, viewer: Any, *values: Any) -> Any:
        return next(iter(self.all(viewer, *values)), None)
