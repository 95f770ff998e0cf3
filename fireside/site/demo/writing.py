"""Out of the stock come posts: each saying chosen where it was said least, slots filled, nothing said too often."""

import re
from collections import Counter
from datetime import datetime
from random import Random

from fireside.site.demo.slots import SHARED, slot_value
from fireside.site.demo.stock_reading import Scene, read_stock

_EITHER = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"\[([a-z][a-z0-9]*)\]")
_SENTENCE = re.compile(r"(?<=[。！？!?\n])|(?<=[a-z”\"]\.)\s")
SAYING_LIMIT = 8  # how often one longer sentence may be said in the whole half year
LONG = 20

Bound = dict[str, str]


class Writer:
    """Writes in one language; remembers everything it has said."""

    def __init__(self, language: str, dice: Random) -> None:
        self.language, self.dice, self.stock = language, dice, read_stock(language)
        self.used: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self.whole: set[str] = set()
        self.decks: dict[tuple[str, str], list[Scene]] = {}

    # ── choosing ──
    def scene(self, space: str, sorts: tuple[str, ...], *, but: tuple[str, ...] = ()) -> Scene | None:
        """The next scene of a space: each comes once before any comes again. None when only those in `but` are left."""
        key = (space, "+".join(sorts))
        deck = self.decks.setdefault(key, [])
        if not deck:
            deck += [scene for scene in self.stock.scenes[space] if scene.sort in sorts]
            self.dice.shuffle(deck)
        fits = [scene for scene in deck if scene.name not in but]
        if fits:
            deck.remove(fits[-1])
        return fits[-1] if fits else None

    def least(self, sayings: list[str], *, but: set[str] = frozenset()) -> str:  # type: ignore[assignment]
        """A saying that was used least so far, "" when none is left."""
        left = [one for one in sayings if one not in but]
        if not left:
            return ""
        fewest = min(self.used[one] for one in left)
        chosen = self.dice.choice([one for one in left if self.used[one] == fewest])
        self.used[chosen] += 1
        return chosen

    # ── filling ──
    def fill(self, saying: str, bound: Bound, at: datetime) -> str:
        """One of each {this|that}, every [slot] filled: from `bound`, which keeps what it is given."""
        text = _EITHER.sub(lambda m: self.dice.choice(m.group(1).split("|")), saying)

        def value(match: re.Match[str]) -> str:
            name = match.group(1)
            if name not in bound:
                bound[name] = slot_value(name, self.language, self.dice, at)
            return bound[name]

        text = _SLOT.sub(value, text).strip()
        if self.language == "en":
            text = re.sub(r"(^|[.!?] |\n)([a-z])", lambda m: m.group(1) + m.group(2).upper(), text)
        return text

    def several(self, saying: str, at: datetime, topic: Bound) -> str:
        """As `fill`, for one who answers: what the question fixed stays, everything else is their own, and each slot anew."""
        own = {name: topic[name] for name in SHARED if name in topic}
        return self.fill(saying, own, at)

    def fresh(self, saying: str, at: datetime) -> str:
        """Every slot on its own, even when it stands twice: lists of beans, recipes."""
        while (match := _SLOT.search(saying := _EITHER.sub(lambda m: self.dice.choice(m.group(1).split("|")), saying))) is not None:
            saying = saying[: match.start()] + slot_value(match.group(1), self.language, self.dice, at) + saying[match.end() :]
        return self.fill(saying, {}, at)

    # ── saying ──
    def small(self, sort: str, at: datetime, *, space: str = "", bound: Bound | None = None) -> str:
        """A small word of a sort, worded anew until it is not worn out."""
        sayings = self.stock.sayings(sort, space)
        text = ""
        for _try in range(12):
            saying = self.least(sayings)
            if not saying:
                return ""
            text = self.fill(saying, dict(bound or {}), at)
            if not self.worn(text):
                break
        return text

    def join(self, *parts: str) -> str:
        """Sentences after one another, as the language does it."""
        return ("" if self.language == "zh" else " ").join(part for part in parts if part)

    def title_with(self, title: str, more: str) -> str:
        """A title and an afterthought; a question mark keeps its place when a comma would follow it."""
        if more[0] in "，,":
            return f"{title.rstrip('?？')}{more}" + ("?" if title.endswith("?") else "？" if title.endswith("？") else "")
        return f"{title}{more}" if self.language == "zh" else f"{title} {more}"

    def worn(self, text: str) -> bool:
        return any(len(one) > LONG and self.said[one] >= SAYING_LIMIT for one in sentences(text))

    def keep(self, text: str) -> str:
        """Remember that this was said."""
        self.whole.add(text)
        self.said.update(one for one in sentences(text) if len(one) > LONG)
        return text

    def said_before(self, text: str) -> bool:
        return text in self.whole

    def casual(self, text: str, ease: float) -> str:
        """How people type: some leave the last full stop away."""
        if self.dice.random() < ease and text and text[-1] in "。.":
            return text[:-1]
        return text


def sentences(text: str) -> list[str]:
    """The sentences of a post."""
    return [one.strip() for one in _SENTENCE.split(text) if one and one.strip()]
