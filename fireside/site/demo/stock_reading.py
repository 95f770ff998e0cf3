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
    answers: list[str] = field(default_factory=list)
    followups: list[str] = field(default_factory=list)


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
        if scene is None or line[:2] not in {"T ", "Q ", "A ", "F "}:
            raise ValueError(f"{path.name}: a line begins with T, Q, A or F, not {line[:30]!r}.")
        kinds = {"T": scene.titles, "Q": scene.openings, "A": scene.answers, "F": scene.followups}
        kinds[line[0]].append(line[2:].strip())
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
