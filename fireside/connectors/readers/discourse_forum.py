"""What every form of Discourse has: topics, posts, people, and what its own numbers say."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fireside.connectors.readers.archive import Archive, HelpSaid, Known, Person, Standing, Stream
from fireside.connectors.rules.discourse import (
    NOWHERE,
    TopicThere,
    author_of,
    key_of,
    number_of,
    read_post,
    shuts,
    sure_time,
    topic_key,
    why_left,
)
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found, has_bad_characters

LAST = datetime(9998, 1, 1, tzinfo=UTC)  # a day to come is told, too
LATER = 2**24  # numbers of posts in a topic are smaller


class Forum(Archive):
    """Topics and people are kept in memory, and which post bears which number in its topic; words are read as they come."""

    named_topics = False

    def __init__(self) -> None:
        self.known = Known()
        self.topics: dict[str, TopicThere] = {}
        self.numbers: dict[int, int] = {}  # topic * LATER + number -> post
        self.accepted: dict[str, tuple[str, str, str]] = {}  # post -> topic, who accepted it, when; "" where it is not told
        self.likes: dict[str, int] = {}
        self.left: Counter[str] = Counter()  # topic -> posts that it counts and that stay there
        self.now = datetime(9999, 1, 1, tzinfo=UTC)  # until somebody reads

    @abstractmethod
    def posts(self) -> Iterator[Found]:
        """Every post as a row of words, or why there is none."""

    def prepare(self) -> None:
        """Read what stands beside the posts, where that is a reading of its own."""

    def read(self, value: Any, now: datetime) -> Message:
        self.now = now
        topic = self.topics[topic_key(value.get("topic_id"))]
        return read_post(value, now=now, topic=topic, reply_to=self._answers(value))

    def messages(self) -> Iterator[Found]:
        self.prepare()
        for found in self.posts():
            row = found.value
            if found.reason:
                yield found
                continue
            key = topic_key(row.get("topic_id"))
            why = why_left(row, self.topics.get(key))
            self._note(row, key, why)
            yield Found(found.place, None, why) if why else found

    def helps(self) -> Iterator[HelpSaid]:
        """Who asked, or whom the source names, accepted an answer: when the source says, else as soon as it was there."""
        for found in self.posts() if self.accepted else ():
            post = "" if found.reason else key_of(found.value.get("id"))
            if post not in self.accepted:
                continue
            key, by, when = self.accepted[post]
            there = self.topics.get(key)
            said = sure_time(found.value.get("created_at"), self.now)
            at = max((one for one in (said, sure_time(when, self.now)) if one is not None), default=None)
            if there is not None and at is not None and topic_key(found.value.get("topic_id")) == key:
                yield HelpSaid(f"accepted:{key}:{post}", post, by or there.author, at, accepts=True)

    def standings(self) -> Iterator[Standing]:
        for key, topic in self.topics.items():
            shut = sure_time(topic.closed_at or topic.last, self.now) if topic.closed else None
            pinned, until = sure_time(topic.pinned_at, self.now), sure_time(topic.pinned_until, LAST)
            if until is not None and until < self.now:
                pinned = None
            if (topic.tags or shut or pinned) and not topic.direct and not topic.hidden:
                yield Standing(key, topic.tags, shut, pinned, until, topic.above_all)

    def counters(self) -> Iterator[tuple[str, str, int]]:
        for key, topic in self.topics.items():
            if topic.posts is not None and not topic.direct and not topic.hidden:
                yield "posts", key, topic.posts
        for post, (key, _by, _when) in self.accepted.items():
            there = self.topics.get(key)
            if there is not None and not there.direct and not there.hidden:
                yield "accepted", post, 1
        for post, count in self.likes.items():
            yield "likes", post, count

    def left_out(self) -> Iterator[tuple[str, str, int]]:
        return (("posts", key, count) for key, count in self.left.items())

    def _note(self, row: dict[str, Any], key: str, why: str) -> None:
        """The first reading: who wrote, which number a post bears, what it counts."""
        topic, number, post = number_of(row.get("topic_id")), number_of(row.get("post_number")), number_of(row.get("id"))
        if topic is not None and number is not None and post is not None and 0 < number < LATER:
            self.numbers[topic * LATER + number] = post
        if why in ("no_ones_words", "removed_there") and not row.get("deleted_at"):
            self.left[key] += 1
            if shuts(row) and isinstance(row.get("created_at"), str):
                self.topics[key].closed_at = max(self.topics[key].closed_at, row["created_at"])
        if why:
            return
        there = self.topics[key]
        person, name, weak = author_of(row)
        if person not in self.known.people and not has_bad_characters(person):
            self.known.people[person] = Person(person, name, weak=weak, is_bot=person.startswith("-"))
        if number == 1 and not there.author:
            there.author = person
        if post is not None and (count := self.likes_of(row)):
            self.likes[str(post)] = count
        if there.category not in self.known.streams:
            self.known.streams[there.category] = self.place(there.category)

    def likes_of(self, row: dict[str, Any]) -> int:
        return number_of(row.get("like_count")) or 0

    def place(self, category: str) -> Stream:
        """A category that nobody told of: who may read there is not known, so nobody does until somebody here says so."""
        return Stream(category, "Uncategorized" if category == NOWHERE else f"Category {category}", openness="hidden", unsure=True)

    def settled(self, message: Message) -> Message:
        if not message.reply_to:
            return message
        post = self.numbers.get(int(message.reply_to))
        return replace(message, reply_to="" if post is None or str(post) == message.id else str(post))

    def _answers(self, row: dict[str, Any]) -> str:
        """Where among `numbers` the post stands that this one answers; not the first, which every post answers."""
        topic, number = number_of(row.get("topic_id")), number_of(row.get("reply_to_post_number"))
        if topic is None or number is None or not 1 < number < LATER:
            return ""
        return str(topic * LATER + number)
