"""QQ's own text files: one or several conversations in each, every message below a line with its time and its author.

In groups that line ends with the number of the account; only where it does, or where the folder is called so, is it a group.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Archive
from fireside.connectors.readers.lines import LINE_LIMIT
from fireside.connectors.readers.talks import Talk, Talks, by_name_there
from fireside.connectors.readers.texts import BROKEN, files_in, first_characters, open_text
from fireside.connectors.rules import qq as rules
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.plain_words import Ordinals
from fireside.connectors.rules.records import Found, Unusable, cut_id, readable, storable
from fireside.lib.text import name_key, one_line

WANTED = re.compile(r"(^|/)[^/]+\.txt(\.gz)?$", re.I)
_START = 64 * 1024
_LINE = re.compile(r"={16,}$")


@dataclass(slots=True)
class Piece:
    """A message, or what stands where one should: the number of its first line, and in which conversation of the file it is."""

    line: int
    section: int
    head: rules.Head | None = None
    body: list[str] = field(default_factory=list)
    size: int = 0
    reason: str = ""


@dataclass(slots=True)
class Section:
    """A conversation in a file: the folder it lies in, its name, and whether its messages bear numbers of accounts."""

    folder: str = ""
    name: str = ""
    numbers: bool = False
    names: dict[str, str] = field(default_factory=dict)


class Texts(Talks):
    """People are known by the numbers of their accounts; who has none, by their name in this conversation."""

    form = "qq"

    def __init__(self, paths: list[Path]) -> None:
        super().__init__()
        self.paths = paths
        self._sections = {path: _sections(path) for path in paths}
        self._of: dict[tuple[Path, int], Talk] = {}
        for path, sections in self._sections.items():
            for number, section in enumerate(sections):
                if section.name or section.numbers or len(sections) == 1:
                    talk = _talk(section, path)
                    self._of[path, number] = self.talks.setdefault(talk.stream, talk)

    def site(self) -> str:
        return "im.qq.com"

    def files(self) -> list[Path]:
        return self.paths

    def also(self) -> dict[str, Any]:
        return {"clock": str(self.asked.clock)}

    def read(self, value: Any, now: datetime) -> Message:
        stream, said = value
        self.in_doubt = "@" in said.text or not said.sender  # who bears a name is known at the end
        return rules.read_said(said, stream, names=self.talks[stream].names, zone=self.asked.clock, now=now)

    def messages(self) -> Iterator[Found]:
        for path, sections in self._sections.items():
            ordinals = Ordinals()
            for piece in pieces(path, sections):
                place, talk = f"{path.name}:{piece.line}", self._of.get((path, piece.section))
                if talk is None or piece.head is None or piece.reason:
                    known = talk is not None and self.let_in(talk)
                    yield Found(place, None, piece.reason or "stray_words", readable("\n".join(piece.body)) if known else "")
                elif not self.let_in(talk):
                    yield Found(place, None, "one_to_one")
                else:
                    yield self._found(place, talk, piece.head, "\n".join(piece.body).strip(), ordinals)

    def _found(self, place: str, talk: Talk, head: rules.Head, text: str, ordinals: Ordinals) -> Found:
        sender = "" if head.number in rules.SYSTEM else cut_id(head.number) if head.number else by_name_there(head.name, talk.stream)
        if sender:
            self.note(talk, sender, head.name)
            if head.number in rules.MACHINES and sender in self.known.people:
                self.known.people[sender].is_bot = True
        said = rules.Said(head.when, sender, text, ordinals.next(head.when, sender, text))
        return Found(place, (talk.stream, said), "", readable(f"{head.when} {head.name}({head.number})\n{text}"))


def _lines(path: Path) -> Iterator[tuple[int, str, int, bool]]:
    """Every line with its number and the conversation it is in; whether it is one that names a conversation, below a line that is drawn."""
    number = section = 0
    named = drawn = False
    with open_text(path, newline=None) as text:
        while line := text.readline(LINE_LIMIT):
            number += 1
            line = (line.removeprefix("\ufeff") if number == 1 else line).rstrip("\n")
            naming = drawn and line.startswith((rules.GROUP, rules.OBJECT))
            if naming:
                section += line.startswith(rules.GROUP) or named
                named = line.startswith(rules.OBJECT)
            yield number, line, section, naming
            drawn = _LINE.match(line) is not None


def _sections(path: Path) -> list[Section]:
    """The conversations of a file. One reading of it, of which only these and their people are kept."""
    found = [Section()]
    try:
        for _number, line, at, naming in _lines(path):
            if at == len(found):
                found.append(Section(found[-1].folder))
            if naming and line.startswith(rules.GROUP):
                found[at].folder = _words(line.removeprefix(rules.GROUP))
            elif naming:
                found[at].name = _words(line.removeprefix(rules.OBJECT))
            elif (head := rules.read_head(line)) and head.number and head.number not in rules.SYSTEM:
                found[at].numbers = True
                key = name_key(storable(head.name))
                found[at].names[key] = head.number if found[at].names.get(key, head.number) == head.number else ""
    except BROKEN:
        pass  # the next reading says so
    return found


def pieces(path: Path, sections: list[Section]) -> Iterator[Piece]:
    """Every message of a file, and every line that belongs to none."""
    number, piece = 0, Piece(0, 0)
    try:
        for number, line, at, naming in _lines(path):
            if naming:
                yield from _whole(piece)
                piece = Piece(number, at)
            elif (head := rules.read_head(line)) and (head.number or not sections[at].numbers):
                yield from _whole(piece)
                piece = Piece(number, at, head)
            elif piece.head is None:
                if line.strip() and not _LINE.match(line) and not line.startswith(rules.TITLE[:4]):
                    yield Piece(number, at, body=[line])
            elif piece.size <= LINE_LIMIT:
                piece.body.append(line)
                piece.size += len(line)
    except BROKEN:  # inside the last message: nobody knows what else it said
        yield Piece(piece.line or number + 1, piece.section, reason="cut_off", body=piece.body)
        return
    yield from _whole(piece)


def _whole(piece: Piece) -> Iterator[Piece]:
    """A message at its end, without the line that is drawn below the last one of a conversation."""
    if piece.head is not None:
        while piece.body and (not piece.body[-1].strip() or _LINE.match(piece.body[-1])):
            piece.body.pop()
        if piece.size > LINE_LIMIT:
            piece = replace(piece, reason="too_long", body=piece.body[:20])
        yield piece


def _talk(section: Section, path: Path) -> Talk:
    name = section.name or one_line(storable(path.name.partition(".")[0]))
    of_two = not section.numbers and not any(word in section.folder for word in rules.GROUPS)
    stream = cut_id(f"{'private/' if of_two else ''}name:{name_key(name)}", 160)
    return Talk(stream, name, of_two, "qq", {key: cut_id(number) for key, number in section.names.items()})


def _words(line: str) -> str:
    return one_line(storable(line))


def open_archive(path: Path) -> Archive:
    """Unusable("not_qq") when no file is a record of messages of QQ."""
    found = files_in(path, WANTED, lambda one: looks_like_it(first_characters(one, _START)))
    if not found or not looks_like_it(first_characters(found[0], _START)):
        raise Unusable("not_qq")
    return Texts(found)


def looks_like_it(start: str) -> bool:
    """By its title, or by a line with a time and the number of an account."""
    lines = start.splitlines()
    return start.startswith(rules.TITLE[:13]) or any((head := rules.read_head(line)) is not None and bool(head.number) for line in lines)
