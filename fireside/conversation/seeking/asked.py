"""What somebody looks for, understood: which tokens a post must hold, and what is looked at once more in its text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from fireside.conversation.seeking import words

LONGEST, MOST = 200, 12  # signs of a question; its words: what is beyond is not looked for
YEARS = 40  # a longer time is looked for without its years
QUOTED = re.compile('["“”„«»「」『』]([^"“”„«»「」『』]+)["“”„«»「」『』]')
# What stands in nearly every post and says nothing: left out while there is another word.
SMALL = frozenset("a an and are as at be but by for from i in is it of on or so that the this to was we with you".split()) | frozenset("的了是在我你和也就都吗呢啊吧")  # noqa: SIM905  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """`tokens`: all must be there. `spelled`: the same, character by character, for Chinese that is cut otherwise in a post. `needles`: as they stand in a text."""

    tokens: tuple[str, ...]
    spelled: tuple[str, ...]
    needles: tuple[str, ...]
    phrases: tuple[str, ...]
    runs: tuple[str, ...]
    too_long: bool = False

    def __bool__(self) -> bool:
        return bool(self.tokens)

    @property
    def in_title(self) -> tuple[str, ...]:
        return tuple(words.TITLE + token for token in self.tokens)


def understand(question: str) -> Asked:
    """Any words at all; signs of a query language are no words, and never an error."""
    text = words.folded(question[:LONGEST])
    found: list[tuple[str, str, tuple[str, ...]]] = []  # the token, the word as written, and its characters
    runs = []
    for kind, run in words.parts(text):
        if kind == "han":
            runs.append(run)
            found += [_han(word) for word in words.cut(run)]
        else:
            token = words.safe(words.stem(run[: words.LONGEST]) if kind == "word" else run)
            found.append((token, run[: words.LONGEST], (token,)))
    telling = [one for one in found if one[1] not in SMALL] or found
    kept = list({one[0]: one for one in telling}.values())
    spelled = tuple(dict.fromkeys(sign for one in kept[:MOST] for sign in one[2]))
    phrases = tuple(phrase for one in QUOTED.findall(text) if (phrase := " ".join(one.split())))
    needles = tuple(dict.fromkeys(needle for _token, word, _signs in kept[:MOST] for needle in (words.stem(word),)))
    return Asked(
        tuple(one[0] for one in kept[:MOST]), spelled, needles, phrases, tuple(runs), len(question) > LONGEST or len(kept) > MOST
    )  # fmt: skip


def _han(word: str) -> tuple[str, str, tuple[str, ...]]:
    signs = tuple(words.SIGN + words.safe(sign) for sign in word)
    return (signs[0] if len(word) == 1 else words.safe(word)), word, signs


def months_between(since: datetime | None, until: datetime | None, now: datetime) -> list[str]:
    """Tokens of the years, and at both ends of the months, that a time touches; none where that is every time, or more than a life."""
    if since is None and until is None:
        return []
    end = min(until or now, now).astimezone(UTC)
    begin = (since.year, since.month) if since and (since := since.astimezone(UTC)) else (end.year - YEARS, 1)
    if not 0 <= end.year - begin[0] <= YEARS:
        return [] if begin[0] < end.year else [f"{words.PLACE}m0"]
    whole = [year for year in range(begin[0], end.year + 1) if (year, 1) >= begin and (year, 12) <= (end.year, end.month)]
    months = [
        (year, month) for year in {begin[0], end.year} - set(whole) for month in range(1, 13) if begin <= (year, month) <= (end.year, end.month)
    ]  # fmt: skip
    return [f"{words.PLACE}y{year:04}" for year in whole] + [f"{words.PLACE}m{year:04}{month:02}" for year, month in sorted(months)] or [
        f"{words.PLACE}m0"
    ]


def spaces_among(ids: Iterable[int]) -> list[str]:
    return [f"{words.PLACE}s{pk}" for pk in ids]


def authors_among(ids: Iterable[int]) -> list[str]:
    return [f"{words.PLACE}a{pk}" for pk in ids]
