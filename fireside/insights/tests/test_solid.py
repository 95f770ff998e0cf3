"""When DuckDB fails inside, the same is asked of solid tables."""

from datetime import UTC, datetime

import duckdb
import pytest

from fireside.insights.mirror import reading

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)


def test_a_failure_inside_the_engine_is_answered_from_solid_tables(mirror, ask, monkeypatch):
    actor, whole, asked = mirror("UTC", NOON), reading.session, []

    def session(snapshot, *, solid=False):
        asked.append(solid)
        if not solid:
            raise duckdb.InternalException("INTERNAL Error: dict-surviving join")
        return whole(snapshot, solid=solid)

    monkeypatch.setattr(reading, "session", session)
    monkeypatch.setattr(reading, "SMALL", -1)  # even nothing is too large to be copied into memory first
    assert ask(actor, "helped")["headline"]["value"] == 0
    assert asked == [False, True]
