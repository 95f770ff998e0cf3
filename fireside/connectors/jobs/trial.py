"""A try: what would come in, and whether the counters of the source would agree then. Writes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from fireside.activity.jobs import Progress
from fireside.activity.log import known_external_ids
from fireside.connectors.actions import Taken
from fireside.connectors.jobs.beside import HERE, Here, agreement, parts
from fireside.connectors.jobs.survey import Survey
from fireside.connectors.readers.archive import Archive
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import has_bad_characters
from fireside.conversation.queries import posts_of_source, sizes_of_source
from fireside.conversation.rules import THANKS

COMMENT = "comment:"


class Trial:
    """`coming`: counter -> topic or message -> how much of it is not here yet. `topics`: as they are called there -> as they are here."""

    def __init__(self, archive: Archive, source: str, found: Survey, topics: Mapping[str, str]) -> None:
        self.archive, self.source, self.found, self.topics = archive, source, found, topics
        self.fresh: set[str] = set()
        self.coming: dict[str, Counter[str]] = {what: Counter() for what in HERE}
        listed = {one.id for one in archive.known.people.values() if one.listed}
        self.people = listed | found.first.keys()

    def take(self, messages: Sequence[Message]) -> Taken:
        ids = [one.id for one in messages]
        known, had = known_external_ids(self.source, ids), len(self.fresh)
        for one in messages:
            if one.id in known or one.id in self.fresh:
                continue
            self.fresh.add(one.id)
            topic = self.topics.get(one.topic, one.topic)
            self.coming["posts"][topic] += 1
            if one.id.startswith(COMMENT):
                self.coming["comments"][one.reply_to] += 1
            elif one.id != topic:
                self.coming["answers"][topic] += 1
        came = len(self.fresh) - had
        return Taken(came, len(ids) - came)

    def beside(self, progress: Progress) -> dict[str, Any]:
        """Signs, accepted answers, states of topics, and the counters: under the names that they have in a run."""
        done = self._signs(progress) | self._helps() | self._states()
        topics = self.coming["posts"]
        begun = sizes_of_source(self.source, list(topics))
        self.coming["replies"] = Counter({key: count - (key not in begun) for key, count in topics.items()})
        here: dict[str, Here] = {what: partial(self._then, what) for what in HERE}
        return done | agreement(self.archive, self.source, self.topics, here)

    def _then(self, what: str, source: str, keys: Sequence[str]) -> dict[str, int]:
        now = HERE[what](source, keys)
        return {key: now.get(key, 0) + self.coming[what][key] for key in keys}

    def _signs(self, progress: Progress) -> dict[str, int]:
        done, seen = Counter[str](), set[tuple[str, str, str]]()
        for part in parts(self.archive.reactions()):
            standing = self._standing([one[0] for one in part])
            known = known_external_ids(self.source, [_line_of(*one[:3]) for one in part])
            for message, person, sign, *when in part:
                at = next((one for one in when if one), None) or self.found.reacted.get(message)
                pair = message, person, sign[:40]
                if at is None or person not in self.people or has_bad_characters(sign) or message not in standing:
                    done["reactions_rejected"] += 1
                elif pair in seen or _line_of(message, person, sign) in known:
                    done["reactions_unchanged"] += 1
                else:
                    seen.add(pair)
                    done["reactions"] += 1
                    for what in ("votes", "reactions", *(("likes",) if sign == THANKS else ())):
                        self.coming[what][message] += 1
            progress.advance(0)
        return {name: done[name] for name in ("reactions", "reactions_unchanged", "reactions_rejected")} if done else {}

    def _helps(self) -> dict[str, int]:
        done = Counter[str]()
        for part in parts(self.archive.helps()):
            standing = self._standing([one.post for one in part])
            known = known_external_ids(self.source, [f"help:{one.id}"[:200] for one in part])
            for one in part:
                if one.person not in self.people or one.post not in standing:
                    done["helps_rejected"] += 1
                elif f"help:{one.id}"[:200] in known:
                    done["helps_unchanged"] += 1
                else:
                    done["helps"] += 1
                    self.coming["accepted"][one.post] += one.accepts
        return dict(done)

    def _states(self) -> dict[str, int]:
        done = Counter[str]()
        for one in self.archive.standings():
            if one.topic in self.topics:
                done["closed_topics"] += one.closed_at is not None
                done["tagged_topics"] += bool(one.tags)
                done["pinned_topics"] += one.pinned_at is not None
        return {name: count for name, count in done.items() if count}

    def _standing(self, messages: Sequence[str]) -> set[str]:
        """Which of these are here, or would be."""
        asked = set(messages)
        return (asked & self.fresh) | posts_of_source(self.source, sorted(asked - self.fresh)).keys()


def _line_of(message: str, person: str, sign: str) -> str:
    return f"reaction:{message}:{person}:{sign}"[:200]
