"""What is pinned in a Discourse forum is pinned here, until somebody here says otherwise."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from fireside.activity.models import Activity
from fireside.connectors.tests import test_discourse as forum
from fireside.conversation.actions import unpin_topic
from fireside.conversation.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pinned(monkeypatch):
    """Topic 10 above all talk, 11 in its category, 12 until a day that has passed; 13 is between people."""
    pins: dict[int, dict[str, Any]] = {
        10: {"pinned_at": forum.when(41), "pinned_globally": True, "pinned_until": "2999-01-01T00:00:00"},
        11: {"pinned_at": forum.when(42), "pinned_globally": False},
        12: {"pinned_at": forum.when(43), "pinned_globally": True, "pinned_until": "2024-02-01T00:00:00"},
        13: {"pinned_at": forum.when(44), "pinned_globally": True},
    }
    monkeypatch.setattr(forum, "TOPICS", [one | pins.get(one["id"], {}) for one in forum.TOPICS])


def pinned() -> list[tuple[Any, ...]]:
    places = ("pin_place", "pin_until", "front_place", "front_until")
    return list(Topic.objects.exclude(external_id=None).order_by("external_id").values_list(*places))


NOWHERE = (None,) * 4


@pytest.mark.parametrize("form", ["pages", "backup"])
def test_what_is_pinned_there_is_pinned_here_until_somebody_here_says_otherwise(bring, tmp_path, world, form):
    place = forum.pages(tmp_path / "t") if form == "pages" else forum.backup(tmp_path / "dump.sql.gz")
    assert bring("discourse", place, dry_run=True).counts["pinned_topics"] == 2
    assert bring("discourse", place).counts["pinned_topics"] == 2
    above = (None, None, 1, date(2999, 1, 1))
    assert pinned() == [above, (1, None, None, None), NOWHERE]
    assert set(Activity.objects.filter(kind__contains="pinned").values_list("kind", "at", "imported", "member_id")) == {
        ("conversation.pinned_above_all", datetime(2024, 1, 5, 9, 41, tzinfo=UTC), True, None),
        ("conversation.pinned", datetime(2024, 1, 5, 9, 42, tzinfo=UTC), True, None),
    }
    unpin_topic(world.as_("dan"), topic=Topic.objects.get(external_id="topic:11"))
    bring("discourse", place)
    assert pinned() == [above, NOWHERE, NOWHERE]


def test_no_more_are_pinned_than_a_list_shows(bring, tmp_path, monkeypatch):
    monkeypatch.setattr("fireside.conversation.actions.pins.MOST_PINNED", 0)
    bring("discourse", forum.pages(tmp_path / "t"))
    assert pinned() == [NOWHERE] * 3
