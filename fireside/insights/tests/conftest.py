"""A house with a mirror, filled from the lines of a real archive, and a short way to ask it."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from fireside.activity.actor import Actor, house
from fireside.insights import actions, queries
from fireside.insights.mirror import files
from fireside.members.models import Community
from fireside.members.queries import forget_community

ASK_AT = datetime(2025, 6, 3, 15, 30, tzinfo=UTC)


@pytest.fixture
def mirror(db: None) -> Iterator[Callable[..., Actor]]:
    """`mirror(zone)` gives the house a community in that time zone; the actor that comes back moves and asks."""
    shutil.rmtree(files.root(), ignore_errors=True)

    def begin(zone: str = "UTC", now: datetime = ASK_AT) -> Actor:
        Community.objects.update_or_create(
            pk=1, defaults={"name": "Test", "time_zone": zone, "made_at": now, "languages": ["en", "zh-hans"]}
        )
        forget_community()
        return house("worker", now=now)

    forget_community()
    yield begin
    forget_community()
    shutil.rmtree(files.root(), ignore_errors=True)


@pytest.fixture
def ask() -> Callable[..., dict[str, Any]]:
    """`ask(actor, "helped", by="month")`: bring the mirror up to date and answer, as the house."""

    def asked(actor: Actor, metric: str, **said: str) -> dict[str, Any]:
        actions.bring_up_to_date(actor)
        return queries.answer(metric, now=actor.now, viewer=actor, **said)

    return asked


@pytest.fixture(scope="session")
def whole() -> bool:
    return os.environ.get("FULL") == "1"
