"""Archives of mailing lists: mbox files (packed or not), one letter after the other, read as a stream.

Which letters are one thread is told by their References and In-Reply-To, else by their subject. Letters are read once;
a few numbers are kept for each until it is known what its thread is.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.errors import MessageError
from email.parser import BytesParser
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Archive, Known, Person, Stream
from fireside.connectors.readers.mbox_letters import head_of, is_mbox, letters
from fireside.connectors.rules.mail import (
    Mail,
    author_of,
    content_of,
    decoded,
    header,
    id_of,
    ids_in,
    in_html,
    is_robot,
    of_html,
    subject_of,
    time_of,
    went_to_a_list,
)
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found, Unusable, has_bad_characters, nested_too_deep, storable
from fireside.connectors.rules.zulip_files import SIGN
from fireside.lib.text import name_key, one_line, shorten

WANTED = re.compile(r"(^|/)[^/]+\.(mbox|mbx|mail|txt)(\.gz)?$|(^|/)(mbox|inbox)$", re.I)
WORDS_LIMIT = 1_000_000  # bytes of words that are read of one letter
PARTS_LIMIT = 200
FIRST = 20  # letters that are looked at to know the list
TOGETHER = timedelta(days=60)  # an answer that names no letter belongs to the last one of its subject that is not older


_MONTH = re.compile(
    r"[-_.]?(?:19|20)\d\d(?:[-_.]?(?:\d\d|january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]))?",
    re.I,
)
ODD = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    MessageError,
)  # what the library meets in odd letters


class Letters(Archive):
    """All mbox files of a list. A thread is known by the id of the letter with which it begins."""

    form = "mbox"
    named_topics = False

    def __init__(self, paths: list[Path], name: str, *, listed: bool) -> None:
        """`listed`: the letters say that they went to a list. Others may be between two people."""
        self.paths, self.known, self.name = paths, Known(), name
        self.known.streams["list"] = Stream("list", name or "mbox", openness="open" if listed else "hidden", unsure=not listed)
        self._up: dict[int, int] = {}  # letter -> the one that it answers or the thread that it names, 0 for none
        self._names: dict[int, str] = {}  # of those that begin a thread
        self._begun: dict[str, list[tuple[float, int]]] = {}  # subject -> threads that begin with it
        self._joins: dict[int, tuple[str, float]] = {}  # letters that say only by their subject what they answer

    def site(self) -> str:
        return self.name

    def files(self) -> list[Path]:
        return self.paths

    def read(self, value: Any, now: datetime) -> Message:
        try:
            return self._read(value, now)
        except Unusable as wrong:
            raise Unusable(wrong.reason, head_of(value[1])) from wrong
        except ODD as wrong:
            raise Unusable("not_a_letter", head_of(value[1])) from wrong

    def _read(self, value: Any, now: datetime) -> Message:
        first_line, raw = value
        mail = Mail.of(raw)
        number, (sender, name, address), at = id_of(mail, raw), author_of(mail), time_of(mail, first_line, now)
        subject, answers = subject_of(mail)
        up = _named(mail)
        words, files = _words(mail)
        if has_bad_characters(words):
            raise Unusable("bad_characters")
        if nested_too_deep(words):
            raise Unusable("too_deep")
        words += "".join(f"<p>{SIGN}{escape(one)}</p>" for one in files)
        if not words.strip():
            raise Unusable("no_text")
        self._note(number, up, subject, answers, at)
        self._person(sender, name, address, is_robot(mail, address))
        return Message(
            id=number, at=at, stream="list", topic=number, sender=sender, text=words, reply_to=up[-1] if up else "", files=tuple(files),
            title=shorten(subject, 200) or "…",
        )  # fmt: skip

    def settled(self, message: Message) -> Message:
        return replace(message, topic=self._thread(message.id))

    def threads(self) -> set[tuple[str, str]]:
        return {("list", name) for name in self._names.values()}

    def messages(self) -> Iterator[Found]:
        for path in self.paths:
            yield from letters(path)
        self._settle()

    def _note(self, number: str, up: list[str], subject: str, answers: bool, at: datetime) -> None:
        own = _sum(number)
        if own in self._up:
            return
        self._up[own] = _sum(up[0]) if up else 0
        if up:
            self._names[_sum(up[0])] = up[0]
            return
        self._names[own] = number
        key = name_key(subject)
        if answers and key:
            self._joins[own] = key, at.timestamp()
        elif key:
            self._begun.setdefault(key, []).append((at.timestamp(), own))

    def _settle(self) -> None:
        """After the first reading: where the answers by subject alone belong, and with which letter each thread begins."""
        for own, (key, at) in self._joins.items():
            near = [(when, thread) for when, thread in self._begun.get(key, ()) if 0 <= at - when <= TOGETHER.total_seconds()]
            if near:
                self._up[own] = max(near)[1]
        self._begun, self._joins = {}, {}
        for own in self._up:
            path, one = {own: None}, own
            while (above := self._up.get(one, 0)) and above not in path:
                path[above] = None
                one = above
            if above:  # two that answer each other: the thread begins with the one at which we stand
                self._up[one] = 0
            for passed in path:
                if passed != one and passed in self._up:
                    self._up[passed] = one
        begins = {above or own for own, above in self._up.items()}
        self._names = {one: name for one, name in self._names.items() if one in begins}

    def _thread(self, number: str) -> str:
        """The id of the letter with which its thread begins, whether that is in the archive or not."""
        own = _sum(number)
        return self._names.get(self._up.get(own, 0) or own, number)

    def _person(self, key: str, name: str, address: str, robot: bool) -> None:
        had = self.known.people.get(key)
        if had is None:
            self.known.people[key] = Person(key, name, weak=not address, email=address, is_bot=robot)
        elif len(name) > len(had.name):
            had.name = name


def _sum(number: str) -> int:
    return int.from_bytes(hashlib.blake2b(number.encode("utf-8", "surrogatepass"), digest_size=7).digest()) + 1


def _named(mail: Mail) -> list[str]:
    """The letters that this one names: first the one that its thread begins with, last the one that it answers."""
    above, answered = ids_in(mail, "References"), ids_in(mail, "In-Reply-To")
    own = ids_in(mail, "Message-ID")
    return [one for one in [*above, *(one for one in answered[:1] if one not in above)] if one not in own]


def _words(mail: Mail) -> tuple[str, list[str]]:
    """What somebody said, as HTML, and the names of what is attached. Of two writings of one letter the plain one."""
    plain: list[str] = []
    html: list[str] = []
    files: list[str] = []
    read = 0
    for n, part in enumerate(mail.walk()):
        if n > PARTS_LIMIT:
            break
        if part.is_multipart():
            continue
        told = part.first.get("content-type", "")
        kind, charset, flowed = content_of(told) if told else (part.get_content_type(), "", False)
        told = told.casefold()
        apart = "content-disposition" in part.first
        name = _file_name(part) if apart or "name" in told else ""
        if (
            name
            or (apart and part.get_content_disposition() == "attachment")
            or kind not in ("text/plain", "text/html")
            or read > WORDS_LIMIT
        ):
            if kind not in ("application/pgp-signature", "application/pkcs7-signature"):
                files.append(name or kind)
            continue
        raw = part.get_payload(decode=True)
        raw = raw[:WORDS_LIMIT] if isinstance(raw, bytes) else b""
        read += len(raw)
        text = storable(decoded(raw, charset))
        if kind == "text/html":
            html.append(of_html(text))
        else:
            plain.append(in_html(text, flowed=flowed))
    return ("".join(plain) if any(one.strip() for one in plain) else "".join(html)), files


def _file_name(part: Mail) -> str:
    return one_line(storable(str(part.get_filename() or "")))[:200]


def open_archive(path: Path) -> Archive:
    """Unusable("not_mbox") when no file of it begins as an mbox does."""
    if not path.exists():
        raise Unusable("no_such_path")
    found = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
    found = [one for one in found if is_mbox(one)]
    if not found:
        raise Unusable("not_mbox")
    name, listed = _list_of(found[0])
    return Letters(found, name or _plain_name(path) or _plain_name(path.parent), listed=listed)


def _list_of(path: Path) -> tuple[str, bool]:
    """The list as one of its first letters calls it, and whether each of them says that it went to one."""
    name, seen, marked = "", 0, 0
    for found in islice(letters(path), FIRST):
        if found.value:
            mail = BytesParser(Mail).parsebytes(found.value[1], headersonly=True)
            told = re.search(r"<([\w.-]{1,70})>\s*$", header(mail, "List-Id"))
            name = name or (told[1].casefold() if told else "")
            seen, marked = seen + 1, marked + went_to_a_list(mail)
    return name, seen > 0 and marked == seen


def _plain_name(path: Path) -> str:
    """A file or folder without its month; "" for places of ours."""
    name = _MONTH.sub("", path.name.partition(".")[0]).strip("-_ ")
    return "" if re.fullmatch(r"unpacked-?\d*|[0-9a-f]{40}|uploads|imports", name) else one_line(storable(name))[:70]
