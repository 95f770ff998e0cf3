"""Discourse as JSON: a folder of `/t/ID.json` (and further pages of posts), or the file that its own export task writes.

Beside the topics, `categories.json` or `site.json` tells what the categories are called and which of them are restricted.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Archive, Person, Stream, read_json
from fireside.connectors.readers.copy_blocks import is_dump
from fireside.connectors.readers.discourse_dump import Backup
from fireside.connectors.readers.discourse_forum import Forum
from fireside.connectors.rules.discourse import LIKE, NOWHERE, TopicThere, key_of, number_of, sure_time, tags_of, topic_key, truth
from fireside.connectors.rules.records import Found, Unusable, in_words, readable, storable
from fireside.lib.text import one_line

WANTED = re.compile(r"^(?!(?:.*/)?uploads/).*(?:\.json|\.sql|\.sql\.gz)$", re.S)
_TAG = re.compile(r"<[^>]*>")
_FEW = 20  # files that are looked at to know what a folder is


class Pages(Forum):
    """Each file is read whole, one after the other."""

    form = "discourse"

    def __init__(self, paths: list[Path], root: Path) -> None:
        super().__init__()
        self.paths, self.root = paths, root
        self._members: dict[str, list[str]] = {}  # restricted category -> who may read it
        self._told = False

    def files(self) -> list[Path]:
        return self.paths

    def prepare(self) -> None:
        """Topics and categories first: a page of posts may come before the file that says what its topic is."""
        if self._told:
            return
        self._told = True
        for path in self.paths:
            value = read_json(path)[0]
            if isinstance(value, dict):
                self._read_categories(value)
                for topic in _topics(value):
                    self._read_topic(topic)

    def posts(self) -> Iterator[Found]:
        for path in self.paths:
            place = self._place(path)
            value, reason = read_json(path)
            if reason:
                yield Found(place, None, reason, readable(path.read_bytes()[:4096]) if reason != "too_long" else "")
            elif isinstance(value, dict):
                n = 0
                for topic, rows in _posts(value):
                    for row in rows:
                        if isinstance(row, dict):
                            yield Found(f"{place}[{n}]", row if "topic_id" in row or topic is None else row | {"topic_id": topic})
                        else:
                            yield Found(f"{place}[{n}]", None, "not_a_record", in_words(row))
                        n += 1

    def likes_of(self, row: dict[str, Any]) -> int:
        rows = row.get("actions_summary")
        counts = [
            number_of(one.get("count"))
            for one in (rows if isinstance(rows, list) else ())
            if isinstance(one, dict) and one.get("id") == LIKE
        ]
        return sum(count or 0 for count in counts)

    def unmet(self) -> dict[str, str]:
        return {"likes": "nobody_named"}

    def subscriptions(self) -> Iterator[tuple[str, str]]:
        return ((stream, person) for stream, people in self._members.items() for person in people if person in self.known.people)

    def gone(self) -> Iterator[tuple[str, str]]:
        for stream, people in self._members.items():
            yield from ((stream, person) for person in self.known.people if person not in set(people))

    def _place(self, path: Path) -> str:
        return storable(str(path.relative_to(self.root)) if path.is_relative_to(self.root) else path.name)

    def _read_topic(self, value: dict[str, Any]) -> None:
        key = topic_key(value.get("id"))
        if not key or not isinstance(value.get("title"), str):
            return
        details = value.get("details")
        by = details.get("created_by") if isinstance(details, dict) else None
        made = TopicThere(
            title=one_line(storable(value["title"])), category=key_of(value.get("category_id")) or NOWHERE,
            author=key_of(by.get("id")) if isinstance(by, dict) else key_of(value.get("user_id")),
            direct=value.get("archetype", "regular") != "regular", hidden=value.get("visible") is False or bool(value.get("deleted_at")),
            closed=truth(value.get("closed")) or truth(value.get("archived")), last=str(value.get("last_posted_at") or ""),
            tags=tags_of(value.get("tags")), posts=number_of(value.get("posts_count")),
            pinned_at=str(value.get("pinned_at") or ""), pinned_until=str(value.get("pinned_until") or ""), above_all=truth(value.get("pinned_globally")),
        )  # fmt: skip
        self._read_accepted(key, value, made)
        self.topics[key] = made

    def _read_accepted(self, key: str, value: dict[str, Any], made: TopicThere) -> None:
        """As the topic says it ({"accepted_answer": {"post_number": 3}}), or the post itself."""
        said, rows = value.get("accepted_answer"), [row for _topic, some in _posts(value) for row in some if isinstance(row, dict)]
        number = number_of(said.get("post_number")) if isinstance(said, dict) else None
        for row in rows:
            if truth(row.get("accepted_answer")) or (number is not None and number_of(row.get("post_number")) == number):
                self.accepted[key_of(row.get("id"))] = key, "", ""
        made.asks = True if number is not None or any(truth(row.get("accepted_answer")) for row in rows) else None

    def _read_categories(self, value: dict[str, Any]) -> None:
        listed = value.get("category_list")
        rows = value.get("categories") or (listed.get("categories") if isinstance(listed, dict) else None)
        groups = {str(one.get("name")): one.get("user_ids") for one in _dicts(value.get("groups"))}
        for row in _flat(rows):
            key = key_of(row.get("id"))
            if not key or not isinstance(row.get("name"), str):
                continue
            allowed = row.get("permissions_params")
            told, had = "read_restricted" in row or isinstance(allowed, dict), self.known.streams.get(key)
            if had is not None and (had.private or not told):  # what one file says is restricted, no other one opens
                continue
            shut = truth(row.get("read_restricted")) or (isinstance(allowed, dict) and bool(allowed) and "everyone" not in allowed)
            about = row.get("description_text") or row.get("description")
            made = sure_time(row.get("created_at"), self.now)
            self.known.streams[key] = Stream(
                key, one_line(storable(row["name"])) or f"Category {key}", one_line(_TAG.sub(" ", storable(about))) if isinstance(about, str) else "",
                "hidden" if shut or not told else "open", made.timestamp() if made else None, parent=key_of(row.get("parent_category_id")),
                unsure=not told,
            )  # fmt: skip
            if shut:
                lists = [groups.get(name) for name in (allowed if isinstance(allowed, dict) else ())]
                self._members[key] = sorted({key_of(who) for some in lists if isinstance(some, list) for who in some} - {""})
        for row in _dicts(value.get("users")) if "topics" in value else ():
            self._read_person(row)

    def _read_person(self, row: dict[str, Any]) -> None:
        key, name = key_of(row.get("id")), row.get("username")
        if key and isinstance(name, str) and one_line(storable(name)):
            joined = sure_time(row.get("created_at"), self.now)
            email = row.get("email")
            self.known.people[key] = Person(
                key, one_line(storable(name)), email=email if isinstance(email, str) else "", is_bot=key.startswith("-"),
                joined=joined.timestamp() if joined else None, listed=True,
            )  # fmt: skip


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [row for row in (value if isinstance(value, list) else ()) if isinstance(row, dict)]


def _flat(rows: Any) -> Iterator[dict[str, Any]]:
    """Categories, and those that stand in one of them; with its number, which not every form says again."""
    for row in _dicts(rows):
        yield row
        for below in _dicts(row.get("subcategory_list")):
            yield {"parent_category_id": row.get("id")} | below


def _topics(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The topics that a file tells of: the one that it is, or those of an export."""
    if "post_stream" in value:
        return [value]
    return [one for one in _dicts(value.get("topics")) if "posts" in one]


def _posts(value: dict[str, Any]) -> Iterator[tuple[Any, list[Any]]]:
    """(number of the topic, its posts): of a topic, of a further page, of an export, of a post alone."""
    stream = value.get("post_stream")
    if isinstance(stream, dict):
        rows = stream.get("posts")
        yield value.get("id"), rows if isinstance(rows, list) else []
    elif isinstance(value.get("topics"), list):
        for topic in _dicts(value["topics"]):
            if isinstance(topic.get("posts"), list):
                yield topic.get("id"), topic["posts"]
    elif isinstance(value.get("posts"), list):
        yield value.get("id"), value["posts"]
    elif "topic_id" in value and ("cooked" in value or "raw" in value):
        yield None, [value]


def open_archive(path: Path) -> Archive:
    """Unusable("not_discourse") when there is neither a topic of it nor a backup."""
    if not path.exists():
        raise Unusable("no_such_path")
    found = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
    found = [one for one in found if path.is_file() or WANTED.search(str(one.relative_to(path)))]
    for one in found:
        if (path.is_file() or one.name.endswith((".sql", ".sql.gz"))) and is_dump(one):
            return Backup(one)
    pages = [one for one in found if one.name.endswith(".json")] if path.is_dir() else found
    for one in pages[:_FEW]:
        value = read_json(one)[0]
        if isinstance(value, dict) and _topics(value):
            return Pages(pages, path if path.is_dir() else path.parent)
    raise Unusable("not_discourse")
