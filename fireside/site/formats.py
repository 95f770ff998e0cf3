"""Times, dates and figures as people of the page's language write them. A door: it reads the clock."""

import functools
import math
import re
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext

from fireside.lib.text import HAN, RIGHT_TO_LEFT
from fireside.members.agents import called

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

KEPT_FOR = 20  # seconds that the words of a time stand


def is_chinese() -> bool:
    return (get_language() or "en").startswith("zh")


def number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """1318 → 1,318; −0.5 with a real minus. `places` fixes the decimals (money has two)."""
    if value is None:
        return "–"
    if places is None:
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:,.{places}f}"
    return text.replace("-", "−")


def percent(share: float | None, places: int = 0) -> str:
    """0.964 → 96%."""
    return "–" if share is None else number(round(share * 100, places), places) + "%"


def local(moment: datetime) -> datetime:
    """The moment in the reader's time zone (the middleware has put it in force)."""
    return timezone.localtime(moment)


def day(value: datetime | date, now: datetime | None = None) -> str:
    """12 June / 6 月 12 日; with the year when it is another one."""
    value = local(value).date() if isinstance(value, datetime) else value
    this_year = local(now or datetime.now(UTC)).year
    if is_chinese():
        return f"{value.month} 月 {value.day} 日" if value.year == this_year else f"{value.year} 年 {value.month} 月 {value.day} 日"
    return f"{value.day} {MONTHS[value.month - 1]}" + ("" if value.year == this_year else f" {value.year}")


def clock(moment: datetime) -> str:
    """14:05 in the reader's time zone."""
    return f"{local(moment):%H:%M}"


def span(length: timedelta | float | None) -> str:
    """How long, in its largest sensible unit: 40 min, 5 h, 3 days. Seconds when given a number."""
    if length is None:
        return "–"
    seconds = length.total_seconds() if isinstance(length, timedelta) else float(length)
    minutes = max(0, int(seconds // 60))
    if minutes < 1:
        return pgettext("length", "under a minute")
    if minutes < 60:
        return pgettext("length", "%(n)s min") % {"n": minutes}
    if minutes < 48 * 60:
        return pgettext("length", "%(n)s h") % {"n": minutes // 60}
    days = minutes // (24 * 60)
    if days < 60:
        return npgettext("length", "%(n)s day", "%(n)s days", days) % {"n": number(days)}
    if days < 730:
        return npgettext("length", "%(n)s month", "%(n)s months", days // 30) % {"n": days // 30}
    return npgettext("length", "%(n)s year", "%(n)s years", days // 365) % {"n": number(days // 365)}


def since(moment: datetime, now: datetime | None = None) -> str:
    """How long ago, without the word: for “Waiting 5 h”."""
    return span((now or datetime.now(UTC)) - moment)


def ago_words(moment: datetime, now: datetime | None = None) -> str:
    now = now or datetime.now(UTC)
    passed = now - moment
    if timedelta(minutes=-5) < passed < timedelta(minutes=1):
        return gettext("just now")
    if timedelta() <= passed < timedelta(hours=1):
        return gettext("%(n)s min ago") % {"n": int(passed.total_seconds() // 60)}
    here, today = local(moment).date(), local(now).date()
    days = (today - here).days
    if timedelta() <= passed < timedelta(hours=6) or (passed < timedelta(hours=24) and days == 0):
        hours = int(passed.total_seconds() // 3600)
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    if days == 1:
        return gettext("yesterday")
    if 1 < days < 7:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return day(here, now)


def ago(moment: datetime | None, now: datetime | None = None) -> SafeString | str:
    """A <time> that says how long ago, with the exact time for machines and on hover."""
    if moment is None:
        return ""
    if now is None:
        now = datetime.fromtimestamp(time.time() // KEPT_FOR * KEPT_FOR, UTC)
    return _ago(moment, now, get_language() or "en", timezone.get_current_timezone_name())


@functools.lru_cache(maxsize=8192)  # a list shows sixty of them, and everybody sees the same ones
def _ago(moment: datetime, now: datetime, language: str, zone: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp(moment), exact(moment, now), ago_words(moment, now))


def when(moment: datetime | None) -> SafeString | str:
    """A <time> that says the day and the clock."""
    if moment is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', stamp(moment), exact(moment))


def on_day(value: datetime | date | None) -> SafeString | str:
    """A <time> that says the day only."""
    if value is None:
        return ""
    machine = local(value).date().isoformat() if isinstance(value, datetime) else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', machine, day(value))


def near_day(value: date) -> SafeString:
    """A day as one speaks of it: today, yesterday, else its date."""
    passed = (local(datetime.now(UTC)).date() - value).days
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), {0: gettext("Today"), 1: gettext("Yesterday")}.get(passed) or day(value)
    )


def exact(moment: datetime, now: datetime | None = None) -> str:
    here = local(moment)
    return f"{day(here.date(), now)}{' ' if is_chinese() else ', '}{here:%H:%M}"


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def initial(name: str) -> str:
    """The one character of a face without a picture: a Chinese name's last, any other's first."""
    letters = [c for c in name if c.isalnum()]
    if not letters:
        return "·"
    return letters[-1] if "㐀" <= letters[-1] <= "鿿" else letters[0].upper()


def bytes_words(size: int | None) -> str:
    """34 GB, 120 MB."""
    if size is None:
        return "–"
    amount, units = float(size), ["B", "KB", "MB", "GB", "TB"]
    while amount >= 1024 and len(units) > 1:
        amount /= 1024
        units.pop(0)
    unit = units[0]
    return f"{amount:.0f} {unit}" if amount >= 10 or unit == "B" else f"{amount:.1f} {unit}"


def safe_url(address: str | None) -> str:
    """An address that a member gave, for href: http(s), mailto, or a path of this house; anything else becomes "#"."""
    address = (address or "").strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return "#"
    if parts.scheme.lower() in {"http", "https", "mailto"} or (
        not parts.scheme and address.startswith("/") and not address.startswith("//")
    ):
        return address
    return "#"


@functools.lru_cache(maxsize=512)
def ring(lit: int, waiting: int) -> tuple[tuple[str, str, bool], ...]:
    """The dots of the circle: 40 to 56 of them on two rings, (x, y, lit?). While anybody waits at least one is hollow."""
    total = lit + waiting
    dots = max(40, min(56, total))
    hollow = 0 if not total else round(dots * waiting / total)
    if waiting:
        hollow = min(dots - (1 if lit else 0), max(1, hollow))
    if not lit:
        hollow = dots
    out = []
    for i in range(dots):
        radius = 52.0 if i % 2 == 0 else 44.5
        turn = 2 * math.pi * i / dots
        out.append((f"{60 + radius * math.sin(turn):.1f}", f"{60 - radius * math.cos(turn):.1f}", i < dots - hollow))
    return tuple(out)


def own(words: Any) -> Any:
    """A name or a title in the middle of a sentence of ours. One that runs from right to left keeps to itself, and turns nothing round it."""
    return format_html("<bdi>{}</bdi>", words) if RIGHT_TO_LEFT.search(str(words)) else words


_BETWEEN_HAN = re.compile(f"(?<=[{HAN}]) (?=(?:<[^<>]*>)*[{HAN}])")


def tidy(words: Any) -> Any:
    """A sentence of ours without the room that was meant for a digit, where words came instead: 等了不到 1 分钟. Not for members' words."""
    return type(words)(_BETWEEN_HAN.sub("", words))


FILTERS: dict[str, Any] = {
    "number": number, "percent": percent, "day": on_day, "near_day": near_day, "clock": clock, "span": span, "since": since, "ago": ago, "when": when,
    "initial": initial, "bytes": bytes_words, "safe_url": safe_url, "own": own, "tidy": tidy, "browser": called,
}  # fmt: skip
