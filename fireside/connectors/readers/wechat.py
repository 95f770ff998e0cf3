"""Tables of WeChat as WeChatMsg writes them (CSV): one message a row, all conversations of one person in one table.

The table does not say what is a group. One in which at least two others spoke is one; everything else is taken for a talk of two.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Archive
from fireside.connectors.readers.tables import open_table
from fireside.connectors.readers.talks import Talk, Talks, by_name_there
from fireside.connectors.readers.texts import files_in, first_characters
from fireside.connectors.rules import wechat as rules
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.plain_words import Ordinals
from fireside.connectors.rules.records import Found, Unusable, cut_id, storable
from fireside.lib.text import name_key, one_line

WANTED = re.compile(r"(^|/)[^/]+\.(csv|xlsx)(\.gz)?$", re.I)
OWN = "own"  # whoever made the table: it calls them 我
_ACCOUNT = re.compile(r"wxid_[0-9a-z]{4,40}|gh_[0-9a-z]{4,40}", re.I)
_START = 4096


@dataclass(slots=True)
class Seen:
    """What the first reading tells of a conversation: who else spoke, by what they are called; its nickname and its owner's word for it.

    Where there are several of these two, they speak of whoever wrote the row.
    """

    others: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    nicknames: set[str] = field(default_factory=set)
    remarks: set[str] = field(default_factory=set)

    @property
    def of_writers(self) -> bool:
        return len(self.nicknames) > 1 or len(self.remarks) > 1

    @property
    def name(self) -> str:
        return "" if self.of_writers else next(iter([*self.nicknames, *self.remarks]), "")

    @property
    def of_two(self) -> bool:
        """Nobody but one other spoke, under whichever of their names."""
        theirs = set() if self.of_writers else {name_key(one) for one in (*self.nicknames, *self.remarks)}
        return len(self.others) < 2 or not set(self.others) - theirs


class Tables(Talks):
    """People are known by their accounts where the table has these, else by their name in this conversation."""

    form = "wechat"

    def __init__(self, paths: list[Path]) -> None:
        super().__init__()
        self.paths = paths
        self._of: dict[tuple[Path, str], Talk] = {}
        self._writers: dict[tuple[Path, str], bool] = {}
        for path in paths:
            self._look_at(path)

    def site(self) -> str:
        return "weixin.qq.com"

    def files(self) -> list[Path]:
        return self.paths

    def also(self) -> dict[str, Any]:
        return {"clock": str(self.asked.clock)}

    def read(self, value: Any, now: datetime) -> Message:
        stream, said = value
        self.in_doubt = "@" in said.row.get("strcontent", "") or not said.sender  # who bears a name is known at the end
        return rules.read_said(said, stream, names=self.talks[stream].names, zone=self.asked.clock, now=now)

    def messages(self) -> Iterator[Found]:
        for path in self.paths:
            ordinals: dict[str, Ordinals] = {}
            for found in rows(path):
                if found.reason:
                    yield Found(found.place, None, found.reason, found.raw if self._whole(path) else "")
                    continue
                row, key = found.value, (path, found.value.get("talkerid", ""))
                talk = self._of[key]
                if not self.let_in(talk):
                    yield Found(found.place, None, "one_to_one")
                    continue
                sender, name = _who(row, talk.stream, of_writers=self._writers[key])
                self.note(talk, sender, name)
                same = (sender, row.get("type"), row.get("subtype"), row.get("strcontent"))
                when = row.get("createtime", "") or row.get("strtime", "")
                number = ordinals.setdefault(talk.stream, Ordinals()).next(when, *same)
                yield Found(found.place, (talk.stream, rules.Said(row, sender, number)), "", found.raw)

    def _whole(self, path: Path) -> bool:
        """Does every conversation of a table come in? What cannot be read may belong to one that does not."""
        return all(self.let_in(talk) for (of, _talker), talk in self._of.items() if of == path)

    def _look_at(self, path: Path) -> None:
        seen: dict[str, Seen] = {}
        for found in rows(path):
            if found.reason:
                continue
            row = found.value
            one = seen.setdefault(row.get("talkerid", ""), Seen())
            for known, column in ((one.nicknames, "nickname"), (one.remarks, "remark")):
                if len(known) < 2 and (word := one_line(storable(row.get(column, "")))):
                    known.add(word)
            person, name = _who(row, "", of_writers=True)
            if person and person != OWN:
                one.others[name_key(row["sender"])] = row["sender"]
                one.called[name_key(name)] = person
        called = Counter(name_key(one.name) for one in seen.values())
        for talker, one in seen.items():
            name = one.name or (one_line(storable(path.name.partition(".")[0])) if len(seen) == 1 else f"#{talker}")
            word = f"name:{name_key(name)}" + (f"#{talker}" if called[name_key(one.name)] > 1 else "")
            stream = cut_id(f"{'private/' if one.of_two else ''}{word}", 160)
            names = {key: by_name_there(key, stream) if person.startswith("name:") else person for key, person in one.called.items()}
            talk = Talk(
                stream, name, one.of_two, "wechat", names if one.of_writers else {key: names[key] for key in one.others if key in names}
            )
            self._of[path, talker] = self.talks.setdefault(talk.stream, talk)
            self._writers[path, talker] = one.of_writers


def _who(row: dict[str, str], stream: str, *, of_writers: bool) -> tuple[str, str]:
    """The id and the name of who wrote a row; ("", "") of a line of WeChat itself."""
    if row.get("type", "").partition(".")[0] in rules.SYSTEM:
        return "", ""
    sender = one_line(storable(row.get("sender", "")))
    if row.get("issender", "").strip().partition(".")[0] == "1" or sender == rules.OWN:
        return OWN, rules.OWN
    if _ACCOUNT.fullmatch(sender):
        names = (row.get("remark", ""), row.get("nickname", "")) if of_writers else ()
        return sender, next((word for word in map(one_line, map(storable, names)) if word), sender)
    return (by_name_there(sender, stream), sender) if sender else ("", "")


def rows(path: Path) -> Iterator[Found]:
    """Rows by the names of their columns in small letters. Unusable("not_wechat") when the head names others."""
    head: list[str] = []
    for found in open_table(path).rows(_narrow):
        if found.reason:
            yield found
        elif not head:
            head = _head(found.value)
            if not set(head) >= rules.COLUMNS:
                raise Unusable("not_wechat")
        elif len(found.value) > len(head):
            yield Found(found.place, None, "wrong_width", found.raw)
        else:
            yield Found(found.place, dict(zip(head, map(_cell, found.value), strict=False)), "", found.raw)


def _cell(value: Any) -> str:
    """What a spreadsheet made of a number is the number again."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _head(row: list[Any]) -> list[str]:
    return [str(cell).strip().casefold() for cell in row]


def _narrow(row: list[str]) -> set[int]:
    """Columns that never hold a line break: all but words."""
    return {column for column, word in enumerate(_head(row)) if word not in ("strcontent", "remark", "nickname", "sender")}


def open_archive(path: Path) -> Archive:
    """Unusable("not_wechat") when there is no such table."""
    found = files_in(path, WANTED, lambda one: one.suffix.lower() == ".xlsx" or looks_like_it(first_characters(one, _START)))
    try:
        if not found or next(rows(found[0]), None) is None:
            raise Unusable("not_wechat")
        return Tables(found)
    except Unusable as wrong:
        raise (wrong if wrong.reason == "doubtful_encoding" else Unusable("not_wechat")) from wrong


def looks_like_it(start: str) -> bool:
    """By the names of its columns."""
    return set(_head(re.split(r"[,;\t]", start.partition("\n")[0].replace('"', "")))) >= rules.COLUMNS
