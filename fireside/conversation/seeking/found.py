"""How near a post comes to what was asked, and which part of it is shown."""

import re
from collections.abc import Sequence
from datetime import datetime
from math import log1p

from fireside.conversation.seeking import words
from fireside.conversation.seeking.asked import Asked
from fireside.lib.text import HAN, one_line

_RUN = re.compile(
    rf"[{HAN}]+|(?:(?![{HAN}])[^\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u0900-\u0e7f])+|[^\w\s]|_"
)
SHOWN, BEFORE = 220, 60  # signs of an excerpt, and before the first word found
YEAR = 365.25 * 86400
Piece = tuple[str, bool]  # words, and whether they were looked for


def holds(asked: Asked, title: str, text: str, *, spelled: bool) -> bool:
    """Whether what was put in quotes stands there as one; where Chinese was looked for character by character, every run of it."""
    wanted = [*asked.phrases, *(asked.runs if spelled else ())]
    if not wanted:
        return True
    here = " ".join(words.folded(f"{title} {text}").split())
    return all(one in here for one in wanted)


def weight(asked: Asked, *, title: str, text: str, at: datetime, helped: int, accepted: bool) -> float:
    """A word in the title weighs most, then how often it is said in how few words, then whom it helped; a year makes up for little.

    It does not depend on the hour of asking, so that the next page goes on where this one ended.
    """
    named, said = words.folded(title), words.folded(text)
    long = 1 + len(said) / 400
    total: float = 0.0
    for needle in asked.needles:
        n = said.count(needle)
        total += 2.2 * n / (n + 1.2 * long) + (3.0 if needle in named else 0.0)
    total /= float(max(1, len(asked.needles)) ** 0.5)
    whole = " ".join(asked.needles)
    if len(asked.needles) > 1 and (whole in said or whole in named or "".join(asked.needles) in said):
        total += 1.0
    return round(total + 0.6 * log1p(helped) + (1.2 if accepted else 0.0) + 0.35 * at.timestamp() / YEAR, 6)


def marked(asked: Asked, text: str) -> list[Piece]:
    """The text in pieces, those that were looked for told apart."""
    pieces: list[Piece] = []
    end = 0
    for begin, stop in _spans(asked, text):
        if begin > end:
            pieces.append((text[end:begin], False))
        pieces.append((text[begin:stop], True))
        end = stop
    return [*pieces, (text[end:], False)] if end < len(text) else pieces


def excerpt(asked: Asked, text: str) -> list[Piece]:
    """The part of a text that holds the first words found."""
    line = one_line(text[:20_000])
    first = next(iter(_spans(asked, line)), None)
    begin = 0 if first is None or first[0] < BEFORE else first[0] - BEFORE
    if begin:  # not in the midst of a word
        begin = line.find(" ", begin, begin + 20) + 1 or begin
    cut = line[begin : begin + SHOWN]
    return [*([("…", False)] if begin else []), *marked(asked, cut), *([("…", False)] if begin + SHOWN < len(line) else [])]


def _spans(asked: Asked, text: str) -> Sequence[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    needles = sorted(asked.needles, key=len, reverse=True)
    for run in _RUN.finditer(text):
        plain = words.folded(run[0])
        if len(plain) == len(run[0]) and plain and words.HAN_SIGN.match(plain):
            found += [(run.start() + a, run.start() + b) for a, b in _inside(plain, needles)]
        elif words.stem(plain[: words.LONGEST]) in needles:
            found.append(run.span())
    return found


def _inside(run: str, needles: Sequence[str]) -> list[tuple[int, int]]:
    """Words in a run of Han characters, the longest first, none twice."""
    taken = [False] * len(run)
    for needle in needles:
        start = run.find(needle)
        while start >= 0:
            taken[start : start + len(needle)] = [True] * len(needle)
            start = run.find(needle, start + len(needle))
    spans, begin = [], None
    for n, one in enumerate([*taken, False]):
        if one and begin is None:
            begin = n
        elif not one and begin is not None:
            spans.append((begin, n))
            begin = None
    return spans
