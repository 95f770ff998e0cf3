"""Words of chats that know no markup: shown as they were written, whatever Markdown would make of them."""

import hashlib
import re
from collections.abc import Mapping
from html import escape

from fireside.lib.text import name_key

_LINK = re.compile(r"https?://[^\s<>\"'“”‘’，。！？；、）】》「」]+")
_CALLED = re.compile(r"(?<![\w.])@([^\s@][^@\n\u2005]*)")  # WeChat ends a name with U+2005
_EVERYBODY = {"所有人", "全体成员", "all", "everyone", "here"}
_WORDS = 4  # of a name that is looked for
Names = Mapping[str, str]  # name_key -> the id of its bearer, "" if several bear it


def in_html(text: str) -> str:
    """The same words as HTML: a line of theirs is a line here, an address is a link, and nothing else means anything."""
    parts, at = [], 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(".,;:!?)")
        parts += [escape(text[at : found.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        at = found.start() + len(address)
    words = "".join([*parts, escape(text[at:])]).strip().replace("\r\n", "\n").replace("\r", "\n")
    return "".join(f"<p>{one.replace(chr(10), '<br>')}</p>" for one in re.split(r"\n{2,}", words) if one)


def called(text: str, names: Names) -> tuple[tuple[str, str], ...]:
    """Whom a message calls: (id, name); the id is "" of somebody who is not known (yet)."""
    found: dict[tuple[str, str], None] = {}
    for words in _CALLED.findall(text) if "@" in text else ():
        some = words.split(" ")
        tries = [" ".join(some[:many]) for many in range(min(len(some), _WORDS), 0, -1)]
        name = next((one for one in tries if names.get(name_key(one))), some[0])[:100]
        if name_key(name) not in _EVERYBODY:
            found[names.get(name_key(name), ""), name] = None
    return tuple(found)


def made_id(*parts: object, ordinal: int) -> str:
    """The id of a message to which its source gives none: what it says of itself, and which of the same it is (decision 0007)."""
    said = "\0".join(str(one) for one in parts)
    return f"{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}" + (f".{ordinal}" if ordinal else "")


class Ordinals:
    """Which of the same words of the same person at the same moment a message is: 0, 1, … Begins anew with each moment."""

    def __init__(self) -> None:
        self._moment: object = None
        self._met: dict[object, int] = {}

    def next(self, moment: object, *same: object) -> int:
        if moment != self._moment:
            self._moment, self._met = moment, {}
        self._met[same] = self._met.get(same, -1) + 1
        return self._met[same]
