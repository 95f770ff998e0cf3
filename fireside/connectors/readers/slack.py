"""Slack's own export: users.json, channels.json, a folder for each channel and in it a file for each day.

Direct messages are never taken in. A private channel is known to nobody here but its members of today.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Archive, Known, Names, Person, Standing, Stream, read_json
from fireside.connectors.readers.aside import Aside
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found, Unusable, has_bad_characters, in_words, readable, storable
from fireside.connectors.rules.slack import is_line_of_slack, name_of, read_record, sender_of, thread_of, title_of
from fireside.lib.text import one_line

WANTED = re.compile(r"(^|/)((users|channels|groups|dms|mpims)\.json|[^/]+/\d{4}-\d\d-\d\d\.json)$")
_ASIDE = ("ts", "thread_ts", "reply_count", "replies", "reactions")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")


class Workspace(Archive):
    """People and channels are kept in memory, messages are read day by day."""

    form = "slack"
    named_topics = False
    signs_have_times = True

    def __init__(self, folder: Path) -> None:
        self.folder, self.known = folder, Known()
        self._team = ""
        self._folders: dict[str, str] = {}  # folder -> channel
        self._members: dict[str, list[str]] = {}
        self._titles = Names()  # thread -> its first words
        self._pinned: dict[str, float | None] = {}  # message -> when
        self._counted = Aside()
        self._direct = {word for name in ("dms", "mpims") for row in _rows(folder, name) for word in (row["id"], row.get("name"))}
        self._read_people()
        for name, openness in (("channels", "open"), ("groups", "hidden")):
            self._read_channels(name, openness)
        self._names = Names((one.id, one.name) for one in self.known.people.values())
        self._channels = {one.id: one.name for one in self.known.streams.values()}

    def site(self) -> str:
        return self._team

    def files(self) -> list[Path]:
        days = (path for path in self.folder.glob("*/*.json") if _DAY.fullmatch(path.name) and path.is_file() and not path.is_symlink())
        return [self.folder / "channels.json", *sorted(days)]

    def read(self, value: Any, now: datetime) -> Message:
        channel, record = value
        self._names.missed = self._titles.missed = False
        try:
            return read_record(record, channel, now=now, people=self._names, channels=self._channels, titles=self._titles)
        finally:
            self.in_doubt = self._names.missed or self._titles.missed

    def messages(self) -> Iterator[Found]:
        for path in self.files()[1:]:
            name = path.parent.name
            channel = self._folders.get(name)
            if channel is None:
                yield from self._left_out(path, direct=name in self._direct or name.startswith("mpdm-"))
                continue
            place, (records, reason) = f"{storable(name)}/{path.name}", read_json(path)
            if not isinstance(records, list):
                yield Found(place, None, reason or "not_a_record", readable(path.read_bytes()[:4096]))
                continue
            for i, record in enumerate(records):
                if not isinstance(record, dict):
                    yield Found(f"{place}[{i}]", None, "not_a_record", in_words(record))
                    continue
                self._note(channel, record)
                yield Found(f"{place}[{i}]", (channel, record))

    def reactions(self) -> Iterator[tuple[Any, ...]]:
        """The time of a sign is not told: it stands at that of its message."""
        for message, row in self._signs():
            users = row.get("users")
            for person in users if isinstance(users, list) else ():
                if isinstance(person, str):
                    at = _number(message.rpartition("/")[2])
                    yield message, person, row["name"].partition("::")[0][:40], datetime.fromtimestamp(at, UTC) if at else None

    def counters(self) -> Iterator[tuple[str, str, int]]:
        for channel, record in self._counted:
            count = record.get("reply_count")
            if thread_of(record) == record.get("ts") and isinstance(count, int):
                yield "replies", f"{channel}/{record['ts']}", count
        for message, row in self._signs():
            if isinstance(row.get("count"), int):
                yield "reactions", message, row["count"]

    def standings(self) -> Iterator[Standing]:
        """What is pinned in a channel and opens a thread."""
        for message, when in self._pinned.items():
            if message in self._titles:
                at = when or _number(message.rpartition("/")[2])
                yield Standing(message, pinned_at=datetime.fromtimestamp(at, UTC) if at else None)

    def also(self) -> dict[str, int]:
        return {"pinned_there": len(self._pinned.keys() - self._titles.keys())}

    def subscriptions(self) -> Iterator[tuple[str, str]]:
        return ((channel, person) for channel, people in self._members.items() for person in people if person in self.known.people)

    def gone(self) -> Iterator[tuple[str, str]]:
        for channel, people in self._members.items():
            if self.known.streams[channel].private:
                inside = {person for person in people if person in self.known.people and self.known.people[person].active}
                yield from ((channel, person) for person in self.known.people if person not in inside)

    def reads_all(self, stream: str, person: str) -> bool:
        return not self.known.streams[stream].private or self.known.people[person].active

    def _left_out(self, path: Path, *, direct: bool) -> Iterator[Found]:
        """What no list of channels names may be private: its words, and between whom they were, are written nowhere."""
        records, _reason = read_json(path)
        for i in range(len(records) if isinstance(records, list) else 1):
            yield Found(f"{'direct' if direct else '?'}/{path.name}[{i}]", None, "direct_message" if direct else "no_place")

    def _signs(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for channel, record in self._counted:
            rows = record.get("reactions")
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict) and isinstance(row.get("name"), str) and row["name"]:
                    yield f"{channel}/{record.get('ts')}", row

    def _note(self, channel: str, record: dict[str, Any]) -> None:
        if (record.get("reactions") or "reply_count" in record) and not is_line_of_slack(record):
            self._counted.add((channel, {name: record.get(name) for name in _ASIDE}))
        person = sender_of(record)
        if person and person not in self.known.people and not has_bad_characters(person) and not is_line_of_slack(record):
            name = one_line(storable(name_of(record))) or person.removeprefix("bot:")
            self.known.people[person] = Person(person, name, is_bot=person.startswith("bot:"))
            self._names[person] = name
        if record.get("pinned_to") and isinstance(record.get("ts"), str) and not is_line_of_slack(record):
            self._pinned.setdefault(f"{channel}/{record['ts']}", None)
        if (thread := thread_of(record)) and thread == record.get("ts"):
            self._titles[f"{channel}/{thread}"] = storable(title_of(record, self._names, self._channels))

    def _read_people(self) -> None:
        for row in _rows(self.folder, "users"):
            profile = row.get("profile")
            said: dict[str, Any] = profile if isinstance(profile, dict) else {}
            names = (said.get("display_name"), said.get("real_name"), row.get("real_name"), row.get("name"))
            person = row["id"]
            self.known.people[person] = Person(
                person, next((name for name in map(_words, names) if name), person), email=_words(said.get("email")),
                is_bot=row.get("is_bot") is True or person == "USLACKBOT", active=row.get("deleted") is not True, listed=person != "USLACKBOT",
            )  # fmt: skip
            self._team = self._team or _words(row.get("team_id"))

    def _read_channels(self, file: str, openness: str) -> None:
        for row in _rows(self.folder, file):
            about = [part.get("value") for part in (row.get("purpose"), row.get("topic")) if isinstance(part, dict)]
            people, name = row.get("members"), row.get("name")
            self._folders[name if isinstance(name, str) else row["id"]] = self._folders[row["id"]] = row["id"]
            self._members[row["id"]] = [one for one in people if isinstance(one, str)] if isinstance(people, list) else []
            for pin in _dicts(row.get("pins")):
                if isinstance(pin.get("id"), str):
                    self._pinned[f"{row['id']}/{pin['id']}"] = _number(pin.get("created"))
            self.known.streams[row["id"]] = Stream(
                row["id"], _words(name) or row["id"], next(filter(None, map(_words, about)), ""), openness, _number(row.get("created")),
                row.get("is_archived") is True,
            )  # fmt: skip


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a list that bear an id."""
    rows = read_json(folder / f"{name}.json")[0] if (folder / f"{name}.json").is_file() else []
    return [
        row
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict) and isinstance(row.get("id"), str) and 0 < len(row["id"]) <= 100 and not has_bad_characters(row["id"])
    ]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else ()) if isinstance(one, dict)]


def _words(value: Any) -> str:
    return one_line(storable(value)) if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    try:
        return float(value) if not isinstance(value, bool) and 0 < float(value) < 1e15 else None
    except (TypeError, ValueError):
        return None


def open_archive(path: Path) -> Archive:
    """Unusable("not_slack") when there is no list of channels."""
    if path.is_file() and path.name in {"channels.json", "users.json"}:
        path = path.parent
    if not path.exists():
        raise Unusable("no_such_path")
    for folder in [path, *sorted(one for one in path.iterdir() if one.is_dir() and not one.is_symlink())] if path.is_dir() else ():
        if (folder / "channels.json").is_file() and _rows(folder, "channels"):
            return Workspace(folder)
    raise Unusable("not_slack")
