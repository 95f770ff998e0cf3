"""Words as the index keeps them: a set of tokens, the same on both databases."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime

import rjieba

from fireside.lib.text import HAN, name_key

# Signs of private use begin what is no word: nobody's text holds them, and SQLite's tokenizer takes them for letters.
PLACE, TITLE, SIGN, RARE = "\ue001", "\ue002", "\ue003", "\ue004"
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)  # accents, and what scripts from the right leave out
_EMOJI = "\u203c-\u3299\U0001f000-\U0001fbff"
_PARTS = re.compile(rf"([{HAN}]+)|((?:(?![{HAN}])[^\W_]|[\u0300-\u036f\u0900-\u0e7f])+)|([{_EMOJI}])")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_TARGET = re.compile(r"(?<=\])\((?:https?://|/)[^\s()]{1,2000}\)")  # where a link leads is no word of the sentence
HAN_SIGN = re.compile(f"[{HAN}]")
_SIGNS = re.compile(r"(?m)\*\*|`+|^\s{0,3}(?:#{1,6}|>+)\s+")  # the commonest signs of Markdown, of no use in an excerpt
LONGEST = 60  # letters of a word: what is longer is cut, in the index and in the question


def bare(text: str, *, from_html: bool) -> str:
    """What a reader sees of words, roughly: without the tags of an archive, or where Markdown's links lead."""
    return html.unescape(_TAG.sub(" ", text)) if from_html else _SIGNS.sub("", _TARGET.sub("", text))


def folded(text: str) -> str:
    """Without case, width and accents."""
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", _PRIVATE.sub(" ", text)))).casefold()


def parts(text: str) -> Iterator[tuple[str, str]]:
    """Folded text as runs: ("han", 水龙头), ("word", tap), ("sign", 😀)."""
    for found in _PARTS.finditer(text):
        yield ("han" if found[1] else "word" if found[2] else "sign"), found[0]


def stem(word: str) -> str:
    """One word for one thing and for many of it: an English plural loses its s. Whatever else it changes, it changes on both sides."""
    if len(word) < 4 or not word.isascii() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("shes", "ches", "xes", "sses", "zes")) else word[:-1]


def cut(run: str) -> list[str]:
    """A run of Han characters as words, the way a reader would part it."""
    return [str(word) for word in rjieba.cut(run)]


def tokens_of(text: str) -> set[str]:
    """Every token under which these words are found."""
    found: set[str] = set()
    for kind, run in parts(folded(text)):
        if kind == "word":
            found.add(safe(stem(run[:LONGEST])))
        elif kind == "sign":
            found.add(safe(run))
        else:
            found.update(SIGN + safe(sign) for sign in run)
            found.update(safe(word) for word in rjieba.cut_for_search(run) if len(word) > 1)
    return found


def index_of(*, title: str, text: str, space: int, author: int, at: datetime, tags: Iterable[str] = ()) -> str:
    """The tokens of a post. `title` only with the first post of a topic, `tags` of its topic with every one."""
    named = tokens_of(title) if title else set()
    return " ".join(
        sorted(tokens_of(text) | named | {TITLE + one for one in named} | set(places(space, author, at)) | {tagged(one) for one in tags})
    )


def places(space: int, author: int, at: datetime) -> Iterable[str]:
    return f"{PLACE}s{space}", f"{PLACE}a{author}", f"{PLACE}m{at.year:04}{at.month:02}", f"{PLACE}y{at.year:04}"


def tagged(name: str) -> str:
    """A tag, in whatever spelling."""
    return f"{PLACE}t{safe(name_key(name))}"


def safe(token: str) -> str:
    """Signs that SQLite's tokenizer does not know as letters, by their number."""
    if token.isalnum() and max(token) <= "\uffff":
        return token
    return "".join(one if one.isalnum() and one <= "\uffff" else f"{RARE}{ord(one):x}" for one in token)
