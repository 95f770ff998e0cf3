"""One batch of an archive: its topics, its posts in their order, whom they name, and what follows for the counters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from fireside.activity.actor import Actor
from fireside.activity.log import Line, last_told
from fireside.conversation import kinds, rules
from fireside.conversation.actions.edits import first_of
from fireside.conversation.actions.taking_in_rows import PostIn, TopicIn, pieces
from fireside.conversation.actions.taking_in_thanks import thanks_lines
from fireside.conversation.markup import clean_archive_html
from fireside.conversation.models import Post, Topic
from fireside.lib.bulk import adapted, insert, next_ids
from fireside.lib.errors import Refused
from fireside.lib.text import plain, shorten, straight
from fireside.members.queries import Card, cards_of
from fireside.spaces.actions import note_talk

COLUMNS = (
    "id", "topic_id", "author_id", "number", "reply_to_id", "at", "source_text", "format", "html", "rendered", "edits_count",
    "helped_count", "thanks_count", "reactions", "removed_reason", "imported", "source", "external_id", "edited_at",
)  # fmt: skip
TOPIC = (
    "id", "space_id", "author_id", "title", "asks", "opened_at", "last_post_at", "last_author_id", "posts_count", "last_number", "answered_at",
    "helped_count", "imported", "source", "external_id",
)  # fmt: skip


class Begun(NamedTuple):
    """A topic that this batch begins, as far as its posts ask for it. A row of the model would take ten times as long to make."""

    pk: int
    space_id: int
    author_id: int
    title: str
    asks: bool
    last_number: int

    @property
    def place(self) -> int:
        return self.space_id


class Moved(NamedTuple):
    """A topic turned out to begin otherwise: the post that says so, who opened it until now, whether that post is older."""

    by: PostIn
    before: int
    older: bool


class Batch:
    """Posts that are not here yet, and the topics they belong to."""

    def __init__(self, actor: Actor, source: str, topics: Sequence[TopicIn], posts: Sequence[PostIn]) -> None:
        self.actor, self.source = actor, source
        self.given = {topic.external_id: topic for topic in topics}
        self.by_topic: dict[str, list[PostIn]] = {}
        for post in posts:
            self.by_topic.setdefault(post.topic, []).append(post)
        for rows in self.by_topic.values():
            rows.sort(key=lambda post: post.at)  # stable: the archive's own order among equals
        self.posts = posts
        self.cards: dict[int, Card] = {}
        self.here: dict[str, tuple[int, int, int]] = {}  # external id of a post -> its id, author, number

    def write(self) -> list[Line]:
        """Write the rows; returns the lines of the log, to be recorded in the same transaction."""
        there = self._topics_here()
        self._read_people([*{p.author_id for p in self.posts}, *(t.author_id for t in there.values())])
        made = self._make_topics([ext for ext in self.by_topic if ext not in there])
        every: dict[str, Topic | Begun] = {**there, **made}
        moved = self._move_openings(there)
        lines = self._posts(every, made)
        self._changed(there, moved)
        lines += [self._earlier(there[ext], one) for ext, one in moved.items()]
        self._tell_spaces(every, made)
        return lines

    def _topics_here(self) -> dict[str, Topic]:
        """Topics of earlier archives, locked in one order."""
        found: dict[str, Topic] = {}
        for part in pieces(sorted(self.by_topic)):
            rows = Topic.objects.filter(source=self.source, external_id__in=part).order_by("pk").select_for_update()
            found.update({str(topic.external_id): topic for topic in rows})
        self._follow_merged(found)
        return found

    def _follow_merged(self, found: dict[str, Topic]) -> None:
        """What belongs to a topic that was merged into another one here is said there."""
        for ext, topic in list(found.items()):
            if topic.merged_into_id is None:
                continue
            while topic.merged_into_id is not None:
                topic = Topic.objects.select_for_update().get(pk=topic.merged_into_id)
            same = next((key for key, one in found.items() if one.pk == topic.pk), ext)
            self.given.pop(ext, None)
            found[ext] = topic
            if same != ext:
                self.by_topic[same] = sorted([*self.by_topic[same], *self.by_topic.pop(ext)], key=lambda post: post.at)
                del found[ext]

    def _read_people(self, ids: Sequence[int]) -> None:
        for part in pieces(sorted(set(ids))):
            self.cards.update(cards_of(part))

    def _person(self, member: int) -> int:
        return self.cards[member].person_id

    def _answers(self, posts: Sequence[PostIn]) -> list[tuple[datetime, int, bool]]:
        return [(p.at, self._person(p.author_id), self.cards[p.author_id].is_bot) for p in posts]

    def _move_openings(self, there: dict[str, Topic]) -> dict[str, Moved]:
        """Topics that begin earlier than was known, or of which the source now says whether they ask. What people said here about it stands."""
        found: dict[str, Moved] = {}
        said = last_told("conversation.topic", [topic.pk for topic in there.values()], (kinds.MADE_QUESTION, kinds.MADE_TALK))
        for ext, topic in there.items():
            first, given, before = self.by_topic[ext][0], self.given[ext].asks if ext in self.given else None, (topic.author_id, topic.asks)
            older = first.at < topic.opened_at
            if topic.pk not in said and topic.accepted_id is None:
                if given is not None:
                    topic.asks = given
                elif older:
                    topic.asks = rules.sounds_like_a_question(topic.title, first.text, html=first.format == "html")
            if older:
                topic.opened_at, topic.author_id = first.at, first.author_id
            if older or topic.asks != before[1]:
                found[ext] = Moved(first, before[0], older)
        return found

    def _earlier(self, topic: Topic, moved: Moved) -> Line:
        """The line that says how a topic begins, as far as is known now. Of several on one topic the last is true."""
        opens = self.here[moved.by.external_id][0] if moved.older else first_of(topic)
        return Line(
            kinds.ASKED_EARLIER if topic.asks else kinds.OPENED_EARLIER, topic.opened_at, topic.author_id, "conversation.opening", opens,
            topic.space_id, moved.before if moved.before != topic.author_id else None, topic.pk, self.source,
            f"opening:{moved.by.external_id}"[:200], True, {"title": topic.title},
        )  # fmt: skip

    def _make_topics(self, missing: Sequence[str]) -> dict[str, Begun]:
        """New topics with their final counters: the earliest post of the batch opens them."""
        rows: list[tuple[Any, ...]] = []
        begun: dict[str, Begun] = {}
        ids = next_ids("conversation_topic", len(missing))
        for ext in missing:
            if ext not in self.given:
                raise Refused("unknown_topic", _("The topic “%(id)s” is neither here nor in this batch.") % {"id": ext})
            given, posts = self.given[ext], self.by_topic[ext]
            first, last = posts[0], posts[-1]
            title = shorten(straight(given.title), rules.TITLE_MAX) or "…"
            asks = rules.sounds_like_a_question(title, first.text, html=first.format == "html") if given.asks is None else given.asks
            answered_at = rules.first_answer(first.at, self._person(first.author_id), self._answers(posts))
            begun[ext] = one = Begun(next(ids), given.space_id, first.author_id, title, asks, len(posts))
            rows.append((
                *one[:5], first.at, last.at, last.author_id, len(posts), len(posts), answered_at, 0, True, self.source, ext,
            ))  # fmt: skip
        insert("conversation_topic", TOPIC, rows)
        return begun

    def _posts(self, every: Mapping[str, Topic | Begun], made: Mapping[str, Begun]) -> list[Line]:
        ids = next_ids("conversation_post", len(self.posts))
        here = self.here
        for ext, posts in self.by_topic.items():
            for number, p in enumerate(posts, 1 if ext in made else every[ext].last_number + 1):
                here[p.external_id] = (next(ids), p.author_id, number)
        answered = self._answered(here)
        rows: list[tuple[Any, ...]] = []
        lines: list[Line] = []
        names: list[tuple[int, int]] = []
        for ext, posts in self.by_topic.items():
            topic = every[ext]
            for p in posts:
                pk, author, number = here[p.external_id]
                words = clean_archive_html(p.text) if p.format == "html" else plain(p.text)
                to, other = answered.get(p.reply_to or "", (None, topic.author_id))
                rows.append(
                    (
                        pk,
                        topic.pk,
                        author,
                        number,
                        to,
                        p.at,
                        words,
                        p.format,
                        "",
                        0,
                        0,
                        0,
                        0,
                        {},
                        "",
                        True,
                        self.source,
                        p.external_id,
                        p.edited_at,
                    )
                )
                names += [(pk, member) for member in p.mentions]
                opens = number == 1 and ext in made
                kind = (kinds.ASKED if topic.asks else kinds.OPENED) if opens else kinds.REPLIED
                concerned = None if opens or other == author else other
                about = {"title": topic.title, "number": number}
                lines.append(
                    Line(
                        kind,
                        p.at,
                        author,
                        "conversation.post",
                        pk,
                        topic.space_id,
                        concerned,
                        topic.pk,
                        self.source,
                        p.external_id,
                        True,
                        about,
                    )
                )
                if p.mentions:
                    lines += thanks_lines(p, self.source, pk=pk, topic=topic.pk, space=topic.place, about=about)
        insert("conversation_post", COLUMNS, rows)
        insert("conversation_mention", ("post_id", "member_id"), names, unless_there=True)
        return lines

    def _answered(self, here: dict[str, tuple[int, int, int]]) -> dict[str, tuple[int, int]]:
        """Posts that are answered, of this batch or an earlier one: external id -> post, author."""
        wanted = {p.reply_to for p in self.posts if p.reply_to}
        found = {ext: here[ext][:2] for ext in wanted if ext in here}
        for part in pieces(sorted(wanted - found.keys())):
            earlier = Post.objects.filter(source=self.source, external_id__in=part).values_list("external_id", "pk", "author_id")
            found |= {str(ext): (pk, author) for ext, pk, author in earlier}
        return found

    def _changed(self, there: dict[str, Topic], moved: dict[str, Moved]) -> None:
        """Counters of topics that were here before. An older first post moves the opening back; numbers stay as they were given."""
        changed = []
        for ext, topic in there.items():
            posts = self.by_topic[ext]
            first, last = posts[0], posts[-1]
            topic.posts_count += len(posts)
            topic.last_number += len(posts)
            if last.at >= topic.last_post_at:
                topic.last_post_at, topic.last_author_id = last.at, last.author_id
            if ext in moved and moved[ext].older:
                here = Post.objects.filter(topic=topic, removed_at__isnull=True, joined__isnull=True).values_list(
                    "at", "author__person_id", "author__is_bot"
                )
                topic.answered_at = rules.first_answer(first.at, self._person(first.author_id), here)
            else:
                answers = [rules.first_answer(topic.opened_at, self._person(topic.author_id), self._answers(posts)), topic.answered_at]
                topic.answered_at = min((at for at in answers if at is not None), default=None)
            changed.append(topic)
        if changed:
            rows = [
                (t.posts_count, t.last_number, adapted(t.last_post_at), t.last_author_id, adapted(t.opened_at), t.author_id,
                 adapted(t.answered_at), t.asks, t.pk)
                for t in changed
            ]  # fmt: skip
            with connection.cursor() as cursor:
                cursor.executemany(
                    "UPDATE conversation_topic SET posts_count = %s, last_number = %s, last_post_at = %s, last_author_id = %s,"
                    " opened_at = %s, author_id = %s, answered_at = %s, asks = %s WHERE id = %s",
                    rows,
                )

    def _tell_spaces(self, every: Mapping[str, Topic | Begun], made: Mapping[str, Begun]) -> None:
        """Counters of the spaces: topics that are new, and the last moment of talk."""
        new: Counter[int] = Counter(topic.place for topic in made.values())
        last: dict[int, datetime] = {}
        for ext, posts in self.by_topic.items():
            space = every[ext].place
            last[space] = max(last.get(space, posts[-1].at), posts[-1].at)
        for space, at in last.items():
            note_talk(self.actor.at(at), space=space, topics=new[space])
