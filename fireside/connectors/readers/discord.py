"""What DiscordChatExporter makes of a Discord community: a JSON document for each channel and each thread, however large.

It does not say who could read a channel: each becomes a private space unless the operator says otherwise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Archive, Known, Names, Person, Standing, Stream
from fireside.connectors.readers.aside import Aside
from fireside.connectors.readers.json_lists import json_lists
from fireside.connectors.readers.texts import files_in, first_characters
from fireside.connectors.rules import discord as rules
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found, Unusable, storable
from fireside.lib.text import one_line

WANTED = re.compile(r"(^|/)[^/]+\.json(\.gz)?$", re.I)
LISTS = {"messages": r'"id"\s*:\s*"\d*"\s*,\s*"type"'}  # files and people have ids, too
_START = 64 * 1024
_HEAD = re.compile(r'"guild"\s*:\s*\{.*"channel"\s*:\s*\{', re.S)


@dataclass(frozen=True, slots=True)
class Channel:
    """A file: where its messages stand here, and the topic of all of them if it is a thread."""

    guild: str
    id: str
    name: str
    stream: Stream
    direct: bool
    thread: tuple[str, str] = ("", "")


class Guild(Archive):
    """The channels of one or more files. People are known by their number at Discord."""

    form = "discord"
    named_topics = False
    signs_have_times = True

    def __init__(self, paths: list[Path]) -> None:
        self.paths, self.known = paths, Known()
        self._files = {path: _channel(path) for path in paths}
        self._names = Names()
        self._channels = {one.id: one.name for one in self._files.values()}
        self._inside: set[tuple[str, str]] = set()
        self._pinned: dict[str, Any] = {}  # message -> its time
        self._threads = {one.id: one.thread[0] for one in self._files.values() if one.thread[0]}
        self._given = Aside()
        self._now = datetime(9999, 1, 1, tzinfo=UTC)  # until somebody reads

    def site(self) -> str:
        guilds = {one.guild for one in self._files.values() if not one.direct} or {"direct"}
        return guilds.pop() if len(guilds) == 1 else ""

    def files(self) -> list[Path]:
        return self.paths

    def why_not(self) -> str:
        return "" if any(self._let_in(one) for one in self._files.values()) else "one_to_one"

    def read(self, value: Any, now: datetime) -> Message:
        channel, record = value
        self._now, self._names.missed = now, False
        try:
            return self._message(channel, record, now)
        finally:
            self.in_doubt = self._names.missed

    def _message(self, channel: Channel, record: Any, now: datetime) -> Message:
        return rules.read_record(record, channel.stream.id, channel.thread, people=self._names, channels=self._channels, now=now)

    def messages(self) -> Iterator[Found]:
        for path, channel in self._files.items():
            if not self._let_in(channel):
                yield from (Found(found.place, None, "one_to_one") for found in _messages(path))
                continue
            self._place(channel)
            for found in _messages(path):
                if found.reason:
                    yield found
                    continue
                self._note(channel, found.value)
                yield Found(found.place, (channel, found.value), "", found.raw)

    def reactions(self) -> Iterator[tuple[Any, ...]]:
        """The time of a sign is not told: it stands at that of its message."""
        for message, when, row in self._given:
            for person in rules.rows(row, "users"):
                if number := rules.id_of(person.get("id")):
                    yield message, number, rules.sign_of(row), rules.sure_time(when, self._now)

    def counters(self) -> Iterator[tuple[str, str, int]]:
        for message, _when, row in self._given:
            if isinstance(count := row.get("count"), int) and not isinstance(count, bool):
                yield "reactions", message, count

    def subscriptions(self) -> Iterator[tuple[str, str]]:
        return iter(self._inside)

    def also(self) -> dict[str, int]:
        return {"pinned_there": len(self._pinned.keys() - self._threads.keys())}

    def standings(self) -> Iterator[Standing]:
        """What is pinned in a channel and opens a thread: the thread bears its number."""
        for message, when in self._pinned.items():
            if message in self._threads:
                yield Standing(self._threads[message], pinned_at=rules.sure_time(when, self._now))

    def _let_in(self, channel: Channel) -> bool:
        return not channel.direct or self.asked.one_to_one

    def _place(self, channel: Channel) -> None:
        """The space of a channel; that of a thread's own channel may be told of by the thread alone."""
        known = self.known.streams.get(channel.stream.id)
        if known is None or not channel.thread[0]:
            self.known.streams[channel.stream.id] = channel.stream
        if channel.stream.openness != "hidden":
            channel.stream.openness = self.asked.group

    def _note(self, channel: Channel, record: dict[str, Any]) -> None:
        for row, acted in rules.people_of(record):
            number, name = rules.id_of(row.get("id")), storable(rules.name_of(row))
            if not number:
                continue
            self._names[number] = name or number
            if acted:
                self._inside.add((channel.stream.id, number))
                known = self.known.people.get(number)
                if known is None:
                    self.known.people[number] = Person(number, name or number, is_bot=row.get("isBot") is True, listed=True)
        if rules.kind_of(record) in rules.JOINED:
            self._joined(record)
        for row in rules.rows(record, "reactions") if rules.kind_of(record) in rules.SAID else ():
            if (number := rules.id_of(record.get("id"))) and rules.sign_of(row):
                self._given.add((number, record.get("timestamp"), row))
        if record.get("isPinned") is True and (number := rules.id_of(record.get("id"))):
            self._pinned[number] = record.get("timestamp")

    def _joined(self, record: dict[str, Any]) -> None:
        """Discord's own line tells when somebody came."""
        author = record.get("author")
        person = self.known.people.get(rules.id_of(author.get("id"))) if isinstance(author, dict) else None
        if person is not None:
            try:
                at = datetime.fromisoformat(str(record.get("timestamp"))).timestamp()
            except (ValueError, OverflowError):
                return
            person.joined = min(at, person.joined or at)


def _messages(path: Path) -> Iterator[Found]:
    for key, found in json_lists(path, LISTS):
        if found.reason or (key == "messages" and isinstance(found.value, dict)):
            yield found


def _channel(path: Path) -> Channel:
    """What the head of a file says. Unusable("not_discord") when it tells of no channel."""
    head: dict[str, Any] = {}
    for key, found in json_lists(path, LISTS):
        if key in ("guild", "channel") and isinstance(found.value, dict):
            head[key] = found.value
        if len(head) == 2:
            break
    guild, told = head.get("guild", {}), head.get("channel", {})
    own, kind, above = rules.id_of(told.get("id")), str(told.get("type") or ""), rules.id_of(told.get("categoryId"))
    if not own:
        raise Unusable("not_discord")
    name, over = (_words(told.get(key)) for key in ("name", "category"))
    number = rules.id_of(guild.get("id"))
    if kind in rules.THREADS and above:
        return Channel(number, own, name or own, Stream(above, over or above), False, (f"{above}/thread/{own}", name or own))
    direct = kind in rules.DIRECT or number in ("", "0")
    openness = "hidden" if direct or kind == rules.PRIVATE_THREAD else "private"
    return Channel(number, own, name or own, Stream(own, name or own, _words(told.get("topic")), openness), direct)


def _words(value: Any) -> str:
    return one_line(storable(value)) if isinstance(value, str) else ""


def open_archive(path: Path) -> Archive:
    """Unusable("not_discord") when no file is an export of a channel."""
    found = files_in(path, WANTED, lambda one: looks_like_it(first_characters(one, _START)))
    if not found or not looks_like_it(first_characters(found[0], _START)):
        raise Unusable("not_discord")
    return Guild(found)


def looks_like_it(start: str) -> bool:
    """By its head: which community, which channel."""
    return start.lstrip().startswith("{") and _HEAD.search(start) is not None
