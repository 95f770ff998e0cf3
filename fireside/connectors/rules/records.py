"""What a reader hands over: a record with its place in the source, or the reason why there is none."""

from dataclasses import dataclass
from typing import Any

KEEP = 20_000  # characters of a rejected record that are written down


@dataclass(frozen=True, slots=True)
class Found:
    """One record of a source. `value` is None exactly when `reason` says why; `raw` is what stood there."""

    place: str  # "messages.jsonl:17", "general/welcome.json[3]"
    value: Any = None
    reason: str = ""
    raw: str = ""


class Unusable(ValueError):
    """A record that cannot be taken in. `args[0]` is a code of REASONS."""

    @property
    def reason(self) -> str:
        return str(self.args[0])


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


def readable(raw: bytes | str) -> str:
    """What a bad record looks like in the file of rejected records: cut, and every byte visible."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= KEEP else text[:KEEP] + f"… ({len(text) - KEEP} more)"
