"""When quiet hours end, and times of day as people write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from fireside.notifications import rules

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("at", "hours", "ends"),
    [
        ("2026-03-02T12:00+00:00", "20:00-07:30", "2026-03-02T23:30+00:00"),  # in Shanghai: evening, up to the morning
        ("2026-03-02T23:29+00:00", "20:00-07:30", "2026-03-02T23:30+00:00"),
        ("2026-03-02T23:30+00:00", "20:00-07:30", None),
        ("2026-03-02T04:00+00:00", "12:00-13:00", "2026-03-02T05:00+00:00"),
        ("2026-03-02T05:00+00:00", "12:00-13:00", None),
        ("2026-03-02T05:00+00:00", "13:00-13:00", None),
    ],
)
def test_quiet_hours(at: str, hours: str, ends: str | None) -> None:
    begin, end = (rules.minutes_of(word) for word in hours.split("-"))
    assert begin is not None and end is not None
    found = rules.quiet_until(datetime.fromisoformat(at), ZoneInfo("Asia/Shanghai"), begin, end)
    assert found == (datetime.fromisoformat(ends) if ends else None)


def test_quiet_hours_end_where_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring = datetime.fromisoformat("2026-03-28T23:00+00:00")  # midnight; at two it will be three
    assert rules.quiet_until(spring, berlin, 22 * 60, 8 * 60) == datetime.fromisoformat("2026-03-29T06:00+00:00")
    twice = datetime.fromisoformat("2026-10-25T01:15+00:00")  # 2:15 for the second time
    assert rules.quiet_until(twice, berlin, 22 * 60, 2 * 60 + 30) == datetime.fromisoformat("2026-10-25T01:16+00:00")


@pytest.mark.parametrize(
    ("words", "minute"),
    [("22:30", 1350), ("8", 480), ("24:00", 0), ("07：05", 425), ("25:00", None), ("8:61", None), ("x", None), ("", None), ("٣:00", None)],
)
def test_times_of_day(words: str, minute: int | None) -> None:
    assert rules.minutes_of(words) == minute
