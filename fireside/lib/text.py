"""Small operations on words that more than one app needs."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

_INVISIBLE = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b\u2060\ufeff]")

# Marks that turn the reading direction of whatever stands behind them, and the tags that hide text inside emoji.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")

HAN, _LATIN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f", "0-9A-Za-z\u00c0-\u024f"
_MEET = re.compile(rf"(?:[{HAN}][{_LATIN}]|[{_LATIN}]\.?[{HAN}])\Z")  # also behind an initial: Ben S. 回复
_MARKS_END, _MARKS_BEGIN = re.compile(r"(?:<[^<>]*>)+\Z"), re.compile(r"\A(?:<[^<>]*>)+")
_PLACE = re.compile(r"%\((\w+)\)[sd]|(%%)")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001eeff]")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def storable(words: str) -> str:
    """Without NUL, which PostgreSQL refuses as text, and without the other signs that nobody can write or see. For what comes in by any door."""
    return _UNSTORABLE.sub("", words)


def all_storable(value: Any) -> Any:
    """The same for what a program sends: every word in it, and in its lists and their lists."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [all_storable(one) for one in value]
    if isinstance(value, dict):
        return {storable(name): all_storable(one) for name, one in value.items()}
    return value


def plain(words: str) -> str:
    """NFC, one kind of line end, no control characters: what any text is before it is stored."""
    if words.isprintable():  # no line ends, and nothing that nobody sees
        return (words if words.isascii() else unicodedata.normalize("NFC", words)).strip()
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def one_line(words: str) -> str:
    """As `plain`, with every run of white space as one space: titles and names."""
    return " ".join(plain(words).split())


def straight(words: str) -> str:
    """As `one_line`, without marks that would turn the text around it: what stands in lists beside other people's words."""
    return one_line(_TURNING.sub("", words))


def apart(name: str) -> str:
    """A name in a sentence of ours that is said without HTML. One that runs from right to left is closed in, and turns nothing round it."""
    return f"\u2068{name}\u2069" if RIGHT_TO_LEFT.search(name) else name


def json_line(body: Any) -> str:
    """One line of JSON: what a command answers to programs."""
    return json.dumps(body, ensure_ascii=False, default=str)


def shorten(words: str, limit: int) -> str:
    """At most `limit` characters, cut with an ellipsis; never cuts inside a surrogate or after a lone joiner."""
    words = one_line(words)
    return words if len(words) <= limit else words[: limit - 1].rstrip("\u200d ") + "…"


def name_key(name: str) -> str:
    """The form under which two spellings of a name meet: NFKC, case-folded, without white space."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def joined(parts: Iterable[str]) -> str:
    """Parts of a sentence in a row, with a space where Han and Latin letters or digits meet: 安和 Ben, 从 zulip 带来了 7 条记录.

    Only seams are looked at: a name is written as its owner writes it. Marks around a name (<b>) do not hide where it ends.
    """
    made: list[str] = []
    end = ""
    for part in map(str, parts):
        if not part:
            continue
        if _MEET.search(end + _MARKS_BEGIN.sub("", part)[:1]):
            made.append(" ")
        made.append(part)
        end = _MARKS_END.sub("", part)[-2:] or end
    return "".join(made)


def filled(sentence: str, places: Mapping[str, Any]) -> str:
    """A sentence with its %(places)s filled, spaced as `joined` does. For plain text; on pages the style sheet makes this room."""
    parts: list[str] = []
    end = 0
    for place in _PLACE.finditer(sentence):
        parts += [sentence[end : place.start()], "%" if place[2] else str(places[place[1]])]
        end = place.end()
    return joined([*parts, sentence[end:]])
