"""Moments as SQLite's columns give them, whoever wrote them."""

from datetime import UTC, datetime

import pytest
from django.db import connection

pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has moments of its own")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-12-01 09:26:28.515819", datetime(2026, 12, 1, 9, 26, 28, 515819, UTC)),
        ("2026-12-01 09:26:28", datetime(2026, 12, 1, 9, 26, 28, tzinfo=UTC)),
        ("2026-12-01T09:26:28Z", datetime(2026, 12, 1, 9, 26, 28, tzinfo=UTC)),
        ("2026-12-01 17:26:28+08:00", datetime(2026, 12, 1, 9, 26, 28, tzinfo=UTC)),
        ("0001-01-01 00:00:00", datetime(1, 1, 1, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
def test_a_moment_is_utc_however_it_was_written(db, written, read):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE clock (at datetime)")
        cursor.execute("INSERT INTO clock VALUES (%s)", [written])
        cursor.execute("SELECT at, at || '' FROM clock")
        assert cursor.fetchone() == (read, written)
        cursor.execute("DROP TABLE clock")
