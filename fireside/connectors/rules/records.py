"""What a reader hands over: a record with its place in the source, or the reason why there is none."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import Any

DEEPEST = 300  # levels of HTML: what cleans it takes the square of them in time
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_LEVEL_LESS = frozenset(
    ["p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "img", "hr", "input", "wbr", "col", "source", "area", "meta", "link", "embed"]
)
KEEP = 20_000  # characters of a rejected record that are written down


@dataclass(frozen=True, slots=True)
class Found:
    """One record of a source. `value` is None exactly when `reason` says why; `raw` is what stood there."""

    place: str  # "messages.jsonl:17", "general/welcome.json[3]"
    value: Any = None
    reason: str = ""
    raw: str = ""


class Unusable(ValueError):
    """A record that cannot be taken in. `args[0]` is a code of REASONS; `args[1]`, if there, what stood there."""

    @property
    def reason(self) -> str:
        return str(self.args[0])

    @property
    def raw(self) -> str:
        return str(self.args[1]) if len(self.args) > 1 else ""


def left_out(found: Found, wrong: Unusable) -> Found:
    """A record that cannot be taken in, as it is written down."""
    return replace(found, value=None, reason=wrong.reason, raw=wrong.raw or found.raw or in_words(found.value))


def has_bad_characters(text: str) -> bool:
    """NUL, or half of a surrogate pair: no database keeps them, and nobody wrote them on purpose."""
    if "\x00" in text:
        return True
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def nested_too_deep(html: str) -> bool:
    """Elements within elements beyond what anybody writes."""
    if html.count("<") - html.count("</") <= DEEPEST:
        return False
    inside: list[str] = []
    for end, name in _TAG.findall(html):
        name = name.lower()
        if end and inside and inside[-1] == name:
            inside.pop()
        elif not end and name not in _LEVEL_LESS:
            inside.append(name)
            if len(inside) > DEEPEST:
                return True
    return False


def cut_id(external: str, limit: int = 180) -> str:
    """An id that fits its table: a longer one keeps its beginning, and the sum of all of it so that it stays one of its own."""
    if len(external) <= limit:
        return external
    return f"{external[: limit - 33]}#{hashlib.sha256(external.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def in_words(value: object) -> str:
    """A record of a JSON file as it stood there, as far as it can be told."""
    try:
        return readable(json.dumps(value, ensure_ascii=False, default=str))
    except (ValueError, RecursionError):
        return ""


def storable(words: str) -> str:
    """Names beside the records: what nothing can store of them becomes the sign for it."""
    return (
        words.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if has_bad_characters(words)
        else words
    )


def readable(raw: bytes | str) -> str:
    """What a bad record looks like in the file of rejected records: cut, and every byte visible."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= KEEP else text[:KEEP] + f"… ({len(text) - KEEP} more)"
