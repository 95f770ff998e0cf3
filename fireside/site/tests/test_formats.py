"""Times, figures and the circle, as they are written in both languages."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from django.utils.html import format_html
from hypothesis import given
from hypothesis import strategies as st

from fireside.site import formats

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai


@pytest.fixture(autouse=True)
def _in_shanghai() -> Any:
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        yield


@pytest.mark.parametrize(
    ("back", "english", "chinese"),
    [
        (timedelta(seconds=20), "just now", "刚刚"),
        (timedelta(minutes=18), "18 min ago", "18 分钟前"),
        (timedelta(hours=1), "1 hour ago", "1 小时前"),
        (timedelta(hours=19, minutes=30), "19 hours ago", "19 小时前"),
        (timedelta(hours=21), "yesterday", "昨天"),
        (timedelta(days=3), "3 days ago", "3 天前"),
        (timedelta(days=10), "20 February", "2 月 20 日"),
        (timedelta(days=100), "22 November 2025", "2025 年 11 月 22 日"),
        (timedelta(days=-40), "11 April", "4 月 11 日"),
    ],
)
def test_how_long_ago(back: timedelta, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert formats.ago_words(NOW - back, NOW) == english
    with translation.override("zh-hans"):
        assert formats.ago_words(NOW - back, NOW) == chinese


def test_a_day_as_one_speaks_of_it() -> None:
    today = formats.local(datetime.now(UTC)).date()
    for locale, words in [("en", ("Today", "Yesterday")), ("zh-hans", ("今天", "昨天"))]:
        with translation.override(locale):
            assert tuple(formats.near_day(today - timedelta(days=n)).split(">")[1].split("<")[0] for n in (0, 1)) == words
            assert formats.near_day(today - timedelta(days=2)) == formats.on_day(today - timedelta(days=2))


def test_a_time_says_itself_to_machines() -> None:
    with translation.override("en"):
        words = formats.ago(NOW - timedelta(hours=2), NOW)
    assert words == '<time datetime="2026-03-02T10:00:00Z" title="2 March, 18:00">2 hours ago</time>'


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (30, "under a minute", "不到 1 分钟"),
        (2400, "40 min", "40 分钟"),
        (18000, "5 h", "5 小时"),
        (5 * 86400, "5 days", "5 天"),
        (100 * 86400, "3 months", "3 个月"),
    ],
)
def test_how_long(seconds: int, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert formats.span(seconds) == english
    with translation.override("zh-hans"):
        assert formats.span(seconds) == chinese


def test_words_where_a_digit_was_expected_bring_no_room() -> None:
    assert formats.tidy("等了 不到 1 分钟") == "等了不到 1 分钟" and formats.tidy("等了 5 小时") == "等了 5 小时"
    with translation.override("zh-hans"):
        assert formats.tidy(format_html("上次见到 {}", formats.ago(NOW, NOW))).startswith("上次见到<time")


def test_figures() -> None:
    assert (
        formats.number(1318) == "1,318"
        and formats.number(-0.5) == "−0.5"
        and formats.number(41.2, 2) == "41.20"
        and formats.number(None) == "–"
    )
    assert formats.percent(0.964) == "96%" and formats.percent(0.0712, 1) == "7.1%"
    assert (
        formats.bytes_words(34 * 1024**3) == "34 GB"
        and formats.bytes_words(900) == "900 B"
        and formats.bytes_words(5 * 1024**4) == "5.0 TB"
    )


@pytest.mark.parametrize(
    ("name", "sign"), [("麦子", "子"), ("Ben", "B"), ("élan", "É"), ("", "·"), ("…", "·"), ("南枝2", "南"), ("Tobi 托比", "比")]
)
def test_the_sign_of_a_face(name: str, sign: str) -> None:
    assert formats.initial(name) == sign


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "JavaScript:alert(1)", " data:text/html,x", "//evil.example/x", "vbscript:x", "http://[bad", ""]
)
def test_only_safe_addresses_become_links(bad: str) -> None:
    assert formats.safe_url(bad) == "#"


@given(st.integers(0, 100_000), st.integers(0, 1000))
def test_the_circle_shows_who_waits(lit: int, waiting: int) -> None:
    dots = formats.ring(lit, waiting)
    hollow = sum(1 for _x, _y, is_lit in dots if not is_lit)
    assert 40 <= len(dots) <= 56
    assert (hollow >= 1) == (waiting > 0 or lit == 0), "at least one is hollow while anybody waits, and none when nobody does"
    assert (hollow == len(dots)) == (lit == 0)
