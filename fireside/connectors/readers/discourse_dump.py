"""A backup of Discourse: the dump of its database (`dump.sql.gz`), read as a stream, without a database.

Of people their name, address and day of joining are read; nothing of passwords, sessions, or what was said between people.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Person, Stream
from fireside.connectors.readers.copy_blocks import Row, copy_rows
from fireside.connectors.readers.discourse_forum import Forum
from fireside.connectors.rules.discourse import LIKE, NOWHERE, TopicThere, key_of, number_of, sure_time, topic_key, truth
from fireside.connectors.rules.records import Found, storable
from fireside.lib.text import one_line

EVERYBODY = "0"  # the group of everybody
SOLVED = "discourse_solved_solved_topics"
SIGNS, SIGNED = "discourse_reactions_reactions", "discourse_reactions_reaction_users"  # of the reactions plugin
_BESIDE = {
    "categories", "category_groups", "group_users", "tags", "topic_custom_fields", "topic_tags", "topics", "user_emails", "users", SOLVED, SIGNS,
}  # fmt: skip


class Backup(Forum):
    """Everything but posts and likes is kept in memory."""

    form = "discourse_backup"
    slow_to_open = True
    signs_have_times = True

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._told = False
        self._emails: dict[str, str] = {}
        self._allowed: dict[str, set[str]] = {}  # category -> groups
        self._groups: dict[str, set[str]] = {}  # group -> people
        self._signs: dict[str, tuple[str, str, int]] = {}  # number of a sign -> post, its name, by how many
        self._with_signs: set[str] = set()
        self._signed: set[str] = set()  # posts that come in with such signs
        self._tags: dict[str, str] = {}
        self._tagged: list[tuple[str, str]] = []

    def files(self) -> list[Path]:
        return [self.path]

    def prepare(self) -> None:
        """One reading of the dump: its tables stand in the order of the alphabet, so posts come before their topics and people."""
        if self._told:
            return
        self._told = True
        take = {
            "categories": self._category, "topics": self._topic, "users": self._user, SOLVED: self._solved, SIGNS: self._sign, "topic_custom_fields": self._field,
            "category_groups": self._allow, "group_users": self._grouped, "user_emails": self._email, "tags": self._tag, "topic_tags": self._tag_topic,
        }  # fmt: skip
        for table, found in copy_rows(self.path, _BESIDE):
            if found.value is not None:
                take[table](found.value)
        self._with_signs = {post for post, _sign, _count in self._signs.values()}
        for person, email in self._emails.items():
            if person in self.known.people:
                self.known.people[person].email = email
        tags: dict[str, list[str]] = {}
        for topic, tag in self._tagged:
            if tag in self._tags:
                tags.setdefault(topic, []).append(self._tags[tag])
        for topic, names in tags.items():
            if topic in self.topics:
                self.topics[topic].tags = tuple(names)

    def posts(self) -> Iterator[Found]:
        names = {key: one.name for key, one in self.known.people.items()}
        for _table, found in copy_rows(self.path, {"posts"}):
            if found.value is not None:
                found.value["username"] = names.get(found.value.get("user_id") or "", "")
            yield found

    def reactions(self) -> Iterator[tuple[Any, ...]]:
        """Likes, and the signs of the reactions plugin, with their time."""
        if not self.known.people:
            self.prepare()
        for table, found in copy_rows(self.path, {"post_actions", SIGNED}):
            row = found.value
            if row is not None and table == SIGNED:
                post, sign, _count = self._signs.get(key_of(row.get("reaction_id")), ("", "", 0))
                if post in self._signed:
                    yield post, key_of(row.get("user_id")), sign, sure_time(row.get("created_at"), self.now)
                continue
            if row is None or number_of(row.get("post_action_type_id")) != LIKE or row.get("deleted_at"):
                continue
            if (post := key_of(row.get("post_id"))) in self.likes:  # a post that comes in
                yield post, key_of(row.get("user_id")), "heart", sure_time(row.get("created_at"), self.now)

    def counters(self) -> Iterator[tuple[str, str, int]]:
        """Of a post with signs all of them count, likes too."""
        yield from super().counters()
        for post, _sign, count in self._signs.values():
            if post in self._signed:
                yield "reactions", post, count
        yield from (("reactions", post, self.likes[post]) for post in self._signed if post in self.likes)

    def subscriptions(self) -> Iterator[tuple[str, str]]:
        for stream, people in self._inside().items():
            yield from ((stream, person) for person in sorted(people))

    def gone(self) -> Iterator[tuple[str, str]]:
        for stream, people in self._inside().items():
            yield from ((stream, person) for person in self.known.people if person not in people)

    def _inside(self) -> dict[str, set[str]]:
        """Who may read each restricted category today."""
        found = {}
        for stream in self.known.streams.values():
            if stream.private:
                people = {person for group in self._allowed.get(stream.id, ()) for person in self._groups.get(group, ())}
                found[stream.id] = {one for one in people if one in self.known.people and self.known.people[one].active}
        return found

    def _category(self, row: Row) -> None:
        if not (key := key_of(row.get("id"))):
            return
        made = sure_time(row.get("created_at"), self.now)
        self.known.streams[key] = Stream(
            key, one_line(storable(row.get("name") or "")) or f"Category {key}", openness="hidden" if truth(row.get("read_restricted")) else "open",
            made_at=made.timestamp() if made else None, parent=key_of(row.get("parent_category_id")),
        )  # fmt: skip

    def _topic(self, row: Row) -> None:
        if key := topic_key(row.get("id")):
            self.topics[key] = TopicThere(
                title=one_line(storable(row.get("title") or "")), category=key_of(row.get("category_id")) or NOWHERE,
                author=key_of(row.get("user_id")), direct=(row.get("archetype") or "regular") != "regular",
                hidden=row.get("visible") == "f" or row.get("deleted_at") is not None,
                closed=truth(row.get("closed")) or truth(row.get("archived")), last=row.get("last_posted_at") or "",
                pinned_at=row.get("pinned_at") or "", pinned_until=row.get("pinned_until") or "", above_all=truth(row.get("pinned_globally")),
                posts=number_of(row.get("posts_count")), asks=True if key in {topic for topic, *_rest in self.accepted.values()} else None,
            )  # fmt: skip

    def _user(self, row: Row) -> None:
        key, name = key_of(row.get("id")), one_line(storable(row.get("username") or ""))
        if not key or not name or truth(row.get("staged")):  # staged: somebody who once wrote a letter, and has no account
            return
        joined = sure_time(row.get("created_at"), self.now)
        self.known.people[key] = Person(
            key, name, is_bot=key.startswith("-"), joined=joined.timestamp() if joined else None, active=truth(row.get("active")),
            listed=truth(row.get("active")) and not key.startswith("-"),
        )  # fmt: skip

    def _email(self, row: Row) -> None:
        if truth(row.get("primary")) and (key := key_of(row.get("user_id"))):
            self._emails[key] = row.get("email") or ""

    def _solved(self, row: Row) -> None:
        self._accept(row.get("topic_id"), row.get("answer_post_id"), key_of(row.get("accepter_user_id")), row.get("created_at"))

    def _field(self, row: Row) -> None:
        """As older versions noted it."""
        if row.get("name") == "accepted_answer_post_id":
            self._accept(row.get("topic_id"), row.get("value"), "", row.get("created_at"))

    def _accept(self, topic: Any, post: Any, by: str, when: str | None) -> None:
        key, answer = topic_key(topic), key_of(post)
        if key and answer and (by or answer not in self.accepted):
            self.accepted[answer] = key, by, when or ""
            if key in self.topics:
                self.topics[key].asks = True

    def _sign(self, row: Row) -> None:
        key, post, name = key_of(row.get("id")), key_of(row.get("post_id")), one_line(storable(row.get("reaction_value") or ""))[:40]
        if key and post and name:
            self._signs[key] = post, name, number_of(row.get("reaction_users_count") or row.get("count_cache")) or 0

    def _note(self, row: dict[str, Any], key: str, why: str) -> None:
        super()._note(row, key, why)
        if not why and (post := key_of(row.get("id"))) in self._with_signs:
            self._signed.add(post)

    def _allow(self, row: Row) -> None:
        self._allowed.setdefault(key_of(row.get("category_id")), set()).add(key_of(row.get("group_id")))

    def _grouped(self, row: Row) -> None:
        self._groups.setdefault(key_of(row.get("group_id")), set()).add(key_of(row.get("user_id")))

    def _tag(self, row: Row) -> None:
        self._tags[key_of(row.get("id"))] = one_line(storable(row.get("name") or ""))

    def _tag_topic(self, row: Row) -> None:
        self._tagged.append((topic_key(row.get("topic_id")), key_of(row.get("tag_id"))))
