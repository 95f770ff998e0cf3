"""Dates as people and programs write them, in both languages, as exact moments."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from fireside.connectors.rules.records import Unusable

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_MONTHS = {m: i for i, names in enumerate(
    ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august", "sep sept september",
     "oct october", "nov november", "dec december"), 1) for m in names.split()}  # fmt: skip
_CLOCK = r"(?:[T\s]*(?P<half>上午|下午|晚上|中午|凌晨|早上|傍晚|[AP]\.?M\.?)?\s*(?P<h>\d{1,2})\s*[::时點点]\s*(?P<m>\d{1,2})?\s*分?(?:\s*:?\s*(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?\s*秒?)?\s*(?P<half2>[AP]\.?M\.?)?)?"
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
_WEEKDAY = r"(?:\s*(?:星期|周|週)[一二三四五六日天])?"
_YEAR_FIRST = re.compile(
    rf"(?P<y>\d{{4}})\s*[-/.年]\s*(?P<mo>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})\s*[日号]?{_WEEKDAY}{_CLOCK}{_ZONE}$", re.I
)
_YEAR_LAST = re.compile(rf"(?P<a>\d{{1,2}})\s*[-/.]\s*(?P<b>\d{{1,2}})\s*[-/.]\s*(?P<y>\d{{4}}){_CLOCK}{_ZONE}$", re.I)
_MONTH_NAME = re.compile(
    rf"(?:\w{{3,9}},?\s+)?(?:(?P<mon>[A-Za-z]{{3,9}})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\.?[\s-]+(?P<mon2>[A-Za-z]{{3,9}})\.?,?)[\s-]+(?P<y>\d{{4}}),?(?:\s+at)?{_CLOCK}{_ZONE}$",
    re.I,
)
_PACKED = re.compile(r"(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})(?:T?(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?)?(?P<zone>Z)?$")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def read_time(value: object, *, zone: tzinfo, now: datetime, order: str = "") -> datetime:
    """A moment in UTC. `zone` is meant where the text names none; `order` ("dmy", "mdy") where day and month could be swapped.

    Unusable says why not: "no_time", "impossible_time", "unclear_time".
    """
    found = (
        value
        if isinstance(value, datetime)
        else _from_number(value, zone)
        if isinstance(value, int | float)
        else _from_text(str(value or ""), zone, order)
    )
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    try:
        found = found.astimezone(UTC)
    except (OverflowError, ValueError):
        raise Unusable("impossible_time") from None
    if not EARLIEST <= found <= now + timedelta(days=1):
        raise Unusable("impossible_time")
    return found


def order_of(text: str) -> str:
    """What this date alone tells: "dmy" (a first number above 12), "mdy" (a second one above 12), or ""."""
    found = _YEAR_LAST.match(_plain(text))
    if found is None:
        return ""
    first, second = int(found["a"]), int(found["b"])
    return "dmy" if first > 12 >= second else "mdy" if second > 12 >= first else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _from_text(text: str, zone: tzinfo, order: str) -> datetime:
    text = _plain(text)
    if not text:
        raise Unusable("no_time")
    if len(text) > 64:
        raise Unusable("impossible_time")
    if found := _YEAR_FIRST.match(text) or _PACKED.match(text):
        return _moment(found, int(found["mo"]), int(found["d"]))
    if _NUMBER.fullmatch(text):
        return _from_number(float(text), zone)
    if found := _YEAR_LAST.match(text):
        first, second = int(found["a"]), int(found["b"])
        order = order_of(text) or ("dmy" if first == second or "." in text.partition(found["y"])[0] else order)
        if order not in ("dmy", "mdy"):
            raise Unusable("unclear_time" if max(first, second) <= 12 else "impossible_time")
        return _moment(found, *((second, first) if order == "dmy" else (first, second)))
    if found := _MONTH_NAME.match(text):
        month = _MONTHS.get((found["mon"] or found["mon2"]).lower(), 0)
        return _moment(found, month, int(found["d"] or found["d2"]))
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        raise Unusable("impossible_time") from None


def _moment(found: "re.Match[str]", month: int, day: int) -> datetime:
    part = found.groupdict()
    hour, minute, second = int(part.get("h") or 0), int(part.get("m") or 0), int(part.get("s") or 0)
    half = (part.get("half") or part.get("half2") or "").replace(".", "").lower()
    if half in ("pm", "下午", "晚上", "傍晚", "中午") and hour < 12 and not (half == "中午" and hour >= 10):
        hour += 12
    if half in ("am", "上午", "凌晨", "早上") and hour == 12:
        hour = 0
    fraction = int((part.get("f") or "0")[:6].ljust(6, "0"))
    try:
        return datetime(int(part["y"]), month, day, hour, minute, second, fraction, tzinfo=_offset(part.get("zone")))
    except ValueError:
        raise Unusable("impossible_time") from None


def _offset(word: str | None) -> tzinfo | None:
    if not word:
        return None
    if word.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = word[1:].replace(":", "").ljust(4, "0")
    return timezone((1 if word[0] == "+" else -1) * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


def _from_number(value: float, zone: tzinfo) -> datetime:
    """Seconds, milliseconds or microseconds since 1970, or days of a spreadsheet since 1899-12-30."""
    if isinstance(value, bool):
        raise Unusable("impossible_time")
    try:
        if 20_000 <= value < 100_000:
            return (datetime(1899, 12, 30) + timedelta(days=value)).replace(tzinfo=zone)  # noqa: DTZ001  the zone comes at once
        for unit in (1, 1_000, 1_000_000):
            if EARLIEST.timestamp() <= value / unit < 5_000_000_000:
                return datetime.fromtimestamp(value / unit, UTC)
    except (OverflowError, ValueError, OSError):
        pass
    raise Unusable("impossible_time")
