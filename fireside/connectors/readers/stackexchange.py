"""A site of Stack Exchange as its dump tells of it: Posts.xml, and beside it (where they are) Users.xml, Comments.xml and Votes.xml."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Archive, HelpSaid, Known, Person, Standing, Stream
from fireside.connectors.readers.aside import Aside
from fireside.connectors.readers.xml_rows import beginning, xml_rows
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found, Unusable
from fireside.connectors.rules.stackexchange import (
    ANSWER,
    QUESTION,
    SITE,
    author_of,
    id_of,
    number_of,
    read_comment,
    read_post,
    sure_time,
    tags_of,
)
from fireside.lib.text import one_line

WANTED = re.compile(r"(^|/)([^/]+\.)?(posts|users|comments|votes)\.xml(\.gz)?$", re.I)
_NAME = re.compile(r"(?:(.+)\.)?(posts|users|comments|votes)\.xml(?:\.gz)?", re.I)
_HEAD = re.compile(rb"<(?:posts|row)\b", re.I)
_KEY = re.compile(r"[0-9a-f]{40}")  # of something handed in: its own name is known elsewhere
ASIDE = (
    "Id", "PostTypeId", "ParentId", "AcceptedAnswerId", "CreationDate", "AnswerCount", "CommentCount", "Score", "Tags", "ClosedDate", "LockedDate",
)  # fmt: skip
_ACCEPTED, _UP = "1", "2"  # kinds of votes


class Site(Archive):
    """People and titles are kept in memory; posts, comments and votes are read row by row."""

    form = "stackexchange"
    named_topics = False

    def __init__(self, files: dict[str, Path], name: str) -> None:
        self.paths, self.name, self.known = files, name, Known()
        self.known.streams[SITE] = Stream(SITE, name or "Stack Exchange")
        self._titles: dict[str, str] = {}
        self._questions: dict[str, str] = {}  # answer -> question, for the comments below it
        self._asked: dict[str, tuple[str, str]] = {}  # answer that was accepted -> its question, who asked
        self._aside = Aside()  # of each post what is asked for again, without its words
        self.now = datetime(9999, 1, 1, tzinfo=UTC)  # until somebody reads

    def site(self) -> str:
        return self.name

    def files(self) -> list[Path]:
        return [self.paths[kind] for kind in sorted(self.paths)]

    def read(self, value: Any, now: datetime) -> Message:
        self.now = now
        kind, row = value
        if kind == "comments":
            below = id_of(row, "PostId")
            return read_comment(row, now=now, titles=self._titles, topic=self._questions.get(below, below))
        return read_post(row, now=now, titles=self._titles)

    def settled(self, message: Message) -> Message:
        """An answer may stand before its question."""
        title = self._titles.get(message.topic)
        return replace(message, title=title, lost=False) if message.lost and title is not None else message

    def messages(self) -> Iterator[Found]:
        for kind in ("posts", "comments"):
            for found in self._rows(kind):
                if not found.reason:
                    self._note(kind, found.value)
                    found = Found(found.place, (kind, found.value), "", found.raw)
                yield found
        self._note_people()

    def helps(self) -> Iterator[HelpSaid]:
        """Who asked accepted an answer: on the day that a vote tells, else (no row says when) as soon as it was there."""
        days = {
            id_of(row, "PostId"): row for row in self._values("votes") if row.get("VoteTypeId") == _ACCEPTED and id_of(row, "PostId") in self._asked
        }  # fmt: skip
        for row in self._aside if self._asked else ():
            answer = id_of(row, "Id")
            if row.get("PostTypeId") == ANSWER and answer in self._asked and id_of(row, "ParentId") == self._asked[answer][0]:
                question, asker = self._asked[answer]
                said, voted = sure_time(row, "CreationDate", self.now), sure_time(days.get(answer, {}), "CreationDate", self.now)
                at = max((one for one in (said, voted) if one is not None), default=None)
                if at is not None:
                    yield HelpSaid(f"accepted:{question}:{answer}", answer, asker, at, accepts=True)

    def reactions(self) -> Iterator[tuple[Any, ...]]:
        """Votes whose voter the dump names. A public one names none."""
        for row in self._values("votes"):
            if row.get("VoteTypeId") == _UP and id_of(row, "UserId"):
                yield id_of(row, "PostId"), id_of(row, "UserId"), "+1", sure_time(row, "CreationDate", self.now)

    def standings(self) -> Iterator[Standing]:
        for row in self._aside:
            if row.get("PostTypeId") == QUESTION:
                shut = [at for at in (sure_time(row, name, self.now) for name in ("ClosedDate", "LockedDate")) if at is not None]
                tags = tags_of(row)
                if shut or tags:
                    yield Standing(id_of(row, "Id"), tags, min(shut, default=None))

    def counters(self) -> Iterator[tuple[str, str, int]]:
        for row in self._aside:
            post = id_of(row, "Id")
            if row.get("PostTypeId") not in (QUESTION, ANSWER) or not post:
                continue
            if row["PostTypeId"] == QUESTION:
                yield "answers", post, number_of(row, "AnswerCount") or 0
                if accepted := id_of(row, "AcceptedAnswerId"):
                    yield "accepted", accepted, 1
            yield "comments", post, number_of(row, "CommentCount") or 0
            yield "votes", post, number_of(row, "Score") or 0

    def unmet(self) -> dict[str, str]:
        lacking = {} if "comments" in self.paths else {"comments": "not_in_archive"}
        named = next((True for _one in self.reactions()), False)
        return lacking if named else lacking | {"votes": "nobody_named"}

    def _rows(self, kind: str) -> Iterator[Found]:
        return xml_rows(self.paths[kind]) if kind in self.paths else iter(())

    def _values(self, kind: str) -> Iterator[dict[str, str]]:
        return (found.value for found in self._rows(kind) if not found.reason)

    def _note(self, kind: str, row: dict[str, str]) -> None:
        number, type_id = id_of(row, "Id"), row.get("PostTypeId")
        if kind == "posts":
            self._aside.add({name: row[name] for name in ASIDE if name in row})
        if kind == "comments":
            if number:
                self._person(*author_of(row, f"comment:{number}", ""))
            return
        if not number or type_id not in (QUESTION, ANSWER):
            return
        somebody = author_of(row, number)
        self._person(*somebody)
        if type_id == QUESTION:
            self._titles[number] = one_line(row.get("Title", ""))
            if accepted := id_of(row, "AcceptedAnswerId"):
                self._asked[accepted] = number, somebody[0]
        elif "comments" in self.paths:
            self._questions[number] = id_of(row, "ParentId")

    def _person(self, key: str, name: str, weak: bool) -> None:
        if key not in self.known.people:
            self.known.people[key] = Person(key, name, weak=weak, is_bot=key.startswith("-"))

    def _note_people(self) -> None:
        for row in self._values("users"):
            if key := id_of(row, "Id"):
                joined = sure_time(row, "CreationDate", self.now)
                name = one_line(row.get("DisplayName", "")) or f"user{key}"
                self.known.people[key] = Person(
                    key, name, is_bot=key.startswith("-"), joined=joined.timestamp() if joined else None, listed=True
                )


def open_archive(path: Path) -> Archive:
    """Unusable("not_stackexchange") when there is no Posts.xml, "several_sites" when there are those of more than one."""
    if path.is_file():
        name = _NAME.fullmatch(path.name)
        beside = path.parent.iterdir() if name and name[2].casefold() == "posts" else [path]
        wanted = (name[1] or "").casefold() if name else None
    elif path.is_dir():
        beside, wanted = path.rglob("*"), None
    else:
        raise Unusable("no_such_path")
    sites: dict[tuple[Path, str], dict[str, Path]] = {}
    for one in sorted(beside):
        found = _NAME.fullmatch(one.name)
        if found and one.is_file() and not one.is_symlink() and (wanted is None or (found[1] or "").casefold() == wanted):
            sites.setdefault((one.parent, found[1] or ""), {}).setdefault(found[2].casefold(), one)
    if path.is_file() and not sites:
        sites[path.parent, ""] = {"posts": path}  # an upload lies here under another name
    sites = {key: files for key, files in sites.items() if "posts" in files and _is_dump(files["posts"])}
    if len(sites) != 1:
        raise Unusable("several_sites" if sites else "not_stackexchange")
    [((folder, prefix), files)] = sites.items()
    called = _name_of(folder, path) if not prefix else "" if _KEY.fullmatch(prefix) else prefix
    return Site(files, called)


def _name_of(folder: Path, path: Path) -> str:
    """A Posts.xml is called as the folder it lies in; not where that is a place of ours."""
    ours = re.fullmatch(r"unpacked-\d+", folder.name) or (path.is_file() and not _NAME.fullmatch(path.name))
    return "" if ours else folder.name


def _is_dump(path: Path) -> bool:
    return _HEAD.search(beginning(path)) is not None
