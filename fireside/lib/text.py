"""Small operations on words that more than one app needs."""

import re
import unicodedata

_INVISIBLE = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b\u2060\ufeff]")


def plain(words: str) -> str:
    """NFC, one kind of line end, no control characters: what any text is before it is stored."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def one_line(words: str) -> str:
    """As `plain`, with every run of white space as one space: titles and names."""
    return " ".join(plain(words).split())


def shorten(words: str, limit: int) -> str:
    """At most `limit` characters, cut with an ellipsis; never cuts inside a surrogate or after a lone joiner."""
    words = one_line(words)
    return words if len(words) <= limit else words[: limit - 1].rstrip("\u200d ") + "…"


def name_key(name: str) -> str:
    """The form under which two spellings of a name meet: NFKC, case-folded, without white space."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
