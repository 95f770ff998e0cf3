"""The hand-written stock: scenes and small words, read from stock/LANGUAGE/*.txt."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "stock"
LANGUAGES = ("zh", "en")
SORTS = ("ask", "chat", "roll")


@dataclass
class Scene:
    """One thing that people talk about: how they would say it, and what fits as an answer."""

    language: str
    space: str
    sort: str  # ask, chat, roll
    name: str
    titles: list[str] = field(default_factory=list)
    openings: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  # all that others say to it
    beside: set[str] = field(default_factory=set)  # those of them that answer nothing: they agree, joke, ask back or only keep company
    only: dict[str, int] = field(default_factory=dict)  # answers that fit only the first or only the second opening
    followups: list[str] = field(default_factory=list)

    def titles_for(self, opening: int) -> list[str]:
        """Titles stand in the order of the openings: the first half goes with the first, the second half with the second."""
        n = len(self.titles)
        return self.titles[: (n + 1) // 2] if opening == 0 else self.titles[n // 2 :]

    def answers_for(self, opening: int) -> list[str]:
        return [one for one in self.answers if self.only.get(one, opening) == opening]

    def can_help(self, answer: str) -> bool:
        """Whether these words can be accepted as the answer, and be said to have helped: only a question has some that can."""
        return self.sort == "ask" and answer not in self.beside

    def followups_for(self, opening: int) -> list[str]:
        """What the asker says later, that of the same opening first."""
        return self.followups[opening : opening + 1] or self.followups[:1]


@dataclass
class Stock:
    """All the words of one language."""

    scenes: dict[str, list[Scene]]  # by space
    small: dict[tuple[str, str], list[str]]  # (sort, space or "") -> sayings
    names: dict[str, list[str]]

    def sayings(self, sort: str, space: str = "") -> list[str]:
        """Small words of a sort, those written for the space first; none when the sort does not speak in that space."""
        return self.small.get((sort, space)) or self.small.get((sort, ""), [])


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _scenes(language: str, path: Path) -> Iterator[Scene]:
    scene: Scene | None = None
    for line in _lines(path):
        if line.startswith("=="):
            if scene:
                yield scene
            _mark, space, sort, name = line.split()
            scene = Scene(language, space, sort, name)
            continue
        mark, _space, words = line.partition(" ")
        if scene is None or mark not in {"T", "Q", "A", "A1", "A2", "B", "B1", "B2", "F"}:
            raise ValueError(f"{path.name}: a line begins with T, Q, A, A1, A2, B, B1, B2 or F, not {line[:30]!r}.")
        if len(mark) > 1:
            scene.only[words] = int(mark[1]) - 1
        if mark[0] == "B":
            scene.beside.add(words)
        {"T": scene.titles, "Q": scene.openings, "A": scene.answers, "B": scene.answers, "F": scene.followups}[mark[0]].append(words)
    if scene:
        yield scene


@lru_cache(maxsize=4)
def read_stock(language: str) -> Stock:
    scenes: dict[str, list[Scene]] = {}
    small: dict[tuple[str, str], list[str]] = {}
    for path in sorted((FOLDER / language).glob("*.txt")):
        if path.name in {"small.txt", "names.txt"}:
            continue
        for scene in _scenes(language, path):
            scenes.setdefault(scene.space, []).append(scene)
    places: list[tuple[str, str]] = []
    for line in _lines(FOLDER / language / "small.txt"):
        if line.startswith("=="):
            _mark, sort, *where = line.split()
            places = [(sort, place) for place in where or [""]]
        else:
            for place in places:
                small.setdefault(place, []).append(line)
    names = {words[0]: words[1:] for line in _lines(FOLDER / language / "names.txt") if (words := line.split())}
    return Stock(scenes, small, names)
