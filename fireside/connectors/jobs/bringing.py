"""Bringing in a history of talk, whatever it comes from: one reading to know people, places and rhythms, one to take everything in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.jobs import Progress
from fireside.activity.log import known_external_ids
from fireside.connectors.actions import Taken, follow_names, take_in_places
from fireside.connectors.jobs.beside import agreement, take_in_answers, take_in_states
from fireside.connectors.jobs.chat_people import Places, places_of, take_in_pictures
from fireside.connectors.jobs.intake import Batch, Intake, fingerprint_of
from fireside.connectors.jobs.kept import Kept
from fireside.connectors.jobs.survey import epoch, survey, topic_key
from fireside.connectors.jobs.trial import Trial
from fireside.connectors.queries import other_sources
from fireside.connectors.readers.archive import Archive, Stream, by_name
from fireside.connectors.readers.unpacking import is_packed
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found, cut_id, has_bad_characters
from fireside.conversation.actions import PostIn, ReactionIn, TopicIn, take_in_posts, take_in_reactions
from fireside.conversation.queries import latest_of_source, other_words, posts_of_source, topics_of_source
from fireside.lib.errors import Refused
from fireside.members.actions import PersonIn, take_in_people
from fireside.spaces.actions import SpaceIn, take_in_belongings, take_out_belongings
from fireside.spaces.queries import find_space, known_of_source, open_of_source, who_belong

NO_TOPIC = "(no topic)"


class Bringing:
    """One history on its way in."""

    def __init__(
        self, actor: Actor, progress: Progress, archive: Archive, importer: str, path: Path, source: str, space: str,
        dry: bool, *, sure: bool,
    ) -> None:  # fmt: skip
        self.progress, self.archive, self.importer, self.source, self.sure, self.now = progress, archive, importer, source, sure, actor.now
        self.parent = find_space(actor.who or actor, space) if space else None
        given = path if is_packed(path) else None
        fingerprint = fingerprint_of([given] if given else archive.files(), space=space, **archive.asked.said)
        self.intake = Intake(
            actor, progress, importer=importer, source=source, path=path, form=archive.form, fingerprint=fingerprint, dry=dry
        )  # fmt: skip
        self.actor = self.intake.actor
        self.kept_out = 0  # by `settled`

    def all(self) -> None:
        self.progress.step(_("Reading everything once"))
        self.kept = Kept(self.intake.rejected.parent)
        self.found = survey(self.archive, now=self.now, progress=self.progress, keep=self.kept)
        if not self.sure:
            self._refuse_other_name()
        private = [one.id for one in self.archive.known.streams.values() if one.private]
        self.wide = open_of_source(self.source, private)  # private there, and open here
        self.settled = self._settled(private)
        self.intake.begin(self.found.records)
        if self.intake.dry:
            trial = Trial(self.archive, self.source, self.found, {} if self.archive.named_topics else self._threads())
            self._each_batch(trial.take)
            self.intake.end(self._counts() | trial.beside(self.progress))
            return
        self.progress.step(_("Bringing in people and spaces"))
        self.members = self._people()
        self.spaces = self._spaces()
        self.topics = self._topics()
        self.weak = self._by_name() | {key: pk for key, pk in self.members.items() if key.startswith("name:")}
        self.progress.step(_("Bringing in what they said"))
        self._each_batch(self._take)
        self.progress.step(_("Bringing in who belonged where, and reactions"))
        places = self._belongings()
        reactions = self._reactions()
        self.progress.step(_("Bringing in pictures of people"))
        pictures, broken = take_in_pictures(self.actor, self.progress, self.archive, self.source, self.members)
        self.intake.note(broken)
        reactions |= take_in_answers(self.actor, self.progress, self.archive, self.source, self.members)
        reactions |= take_in_states(self.actor, self.progress, self.archive, self.source, self.topics)
        self.progress.step(_("Comparing the counters of the source"))
        reactions |= agreement(self.archive, self.source, self.topics)
        later = {name: n for name, n in (("not_let_in", len(places.later)), ("left_since", self.kept_out)) if n}
        self.intake.end(self._counts() | reactions | pictures | later, self._bots())

    def _each_batch(self, take: Any) -> None:
        for batch in self.intake.each(self.kept, self._judge):
            self.intake.take(batch, take, self._check)

    def _judge(self, found: Found) -> Message:
        return self.archive.settled(found.value) if isinstance(found.value, Message) else self.archive.read(found.value, self.now)

    def _check(self, batch: Batch) -> None:
        if self.wide:
            self._leave_out_private(batch)
        lost = {one.topic for one in batch.good if one.lost}
        if lost := lost - set(topics_of_source(self.source, sorted(lost))) if lost else lost:
            batch.bad += [Found(f"message {one.id}", None, "no_topic") for one in batch.good if one.lost and one.topic in lost]
            batch.good = [one for one in batch.good if not (one.lost and one.topic in lost)]

    def _leave_out_private(self, batch: Batch) -> None:
        """What is said in a private stream does not come into a space that stands open here; what is here already stays."""
        asked = [one.id for one in batch.good if one.stream in self.wide]
        new = set(asked) - known_external_ids(self.source, asked)
        batch.bad += [Found(f"message {one.id}", None, "private_there") for one in batch.good if one.id in new]
        batch.good = [one for one in batch.good if one.id not in new]

    def _refuse_other_name(self) -> None:
        """The same messages under another name of the source would come in twice."""
        for other in other_sources(self.importer, self.source):
            here = posts_of_source(other, list(self.found.sample))  # small numbers alone are in every forum
            if sum(one.at == self.found.sample[key] for key, one in here.items()) * 2 > len(self.found.sample):
                raise Refused(
                    "other_source",
                    _("Most of these messages are here already as “%(other)s”. Bring it in again under “Bring in history” and write “%(other)s” as the name of the source (on the command line: --source): then only what is new comes in. If it is another community, write “%(mine)s” there.")
                    % {"other": other, "mine": self.source},
                    source=other,
                )  # fmt: skip

    def _settled(self, private: list[str]) -> set[str]:
        """Private streams of which something newer than this archive has told already who belongs: whoever left since stays out."""
        latest = latest_of_source(self.source) if private else None
        older = latest is not None and self.found.latest is not None and self.found.latest < latest
        return known_of_source(self.source, private) if older else set()

    # ── people and places ──
    def _people(self) -> dict[str, int]:
        found = self.found
        members: dict[str, int] = {}
        people = []
        for one in self.archive.known.people.values():
            joined, wrote = epoch(one.joined), found.first.get(one.id)
            if wrote is None and not one.listed:
                continue
            verdict = found.verdicts[one.id]
            first = min((at for at in (joined, wrote) if at is not None), default=self.now)
            people.append(PersonIn(
                one.id, one.name, min(first, self.now), one.weak, one.email, verdict.is_bot, verdict.reason,
                {} if one.active else {"active_there": False}, joined is not None or wrote is not None,
            ))  # fmt: skip
        for i in range(0, len(people), 2000):
            members |= take_in_people(self.actor, source=self.source, people=people[i : i + 2000])
            self.progress.advance(0)
        return members

    def _spaces(self) -> dict[str, int]:
        made: dict[str, int] = {}
        left = dict(self.archive.known.streams)
        while left:  # those that stand in another one after it
            level = [one for one in left.values() if one.parent not in left or one.parent == one.id] or list(left.values())
            for above in dict.fromkeys(one.parent if one.parent in made else "" for one in level):
                parent = find_space(self.actor.who or self.actor, str(made[above])) if above else self.parent
                some = [self._space(one) for one in level if (one.parent if one.parent in made else "") == above]
                made |= take_in_places(self.actor, source=self.source, spaces=some, parent=parent)
            left = {key: one for key, one in left.items() if key not in made}
        return made

    def _space(self, one: Stream) -> SpaceIn:
        began = min((at for at in (epoch(one.made_at), self.found.began.get(one.id)) if at is not None), default=self.now)
        return SpaceIn(one.id, one.name, began, one.about, one.openness, self.now if one.archived else None)

    def _topics(self) -> dict[str, str]:
        """Name of a topic in this archive -> the topic here: names change at the source, and messages keep their numbers."""
        if not self.archive.named_topics:
            return self._threads()
        said: dict[str, list[str]] = {}
        kept_to: dict[str, int] = {}
        for (stream, topic), some in self.found.said.items():
            key = self._key(stream, topic)
            said.setdefault(key, []).extend(some)
            if self.archive.known.streams[stream].private:
                kept_to[key] = self.spaces[stream]
        return follow_names(self.actor, source=self.source, said=said, kept_to=kept_to)

    def _threads(self) -> dict[str, str]:
        """Topics with ids of their own. One that grew below a message brought in before goes on where that message stands."""
        keys = sorted({topic for _stream, topic in self.found.topics})
        begun = posts_of_source(self.source, keys)
        return {key: begun[key].topic if key in begun else key for key in keys}

    def _key(self, stream: str, topic: str) -> str:
        return topic_key(self.found, stream, topic, named=self.archive.named_topics)

    def _by_name(self) -> dict[str, int]:
        """Names that only one person of the source bears: for mentions that carry no number."""
        names: dict[str, list[str]] = {}
        for one in self.archive.known.people.values():
            names.setdefault(by_name(one.name), []).append(one.id)
        return {name: self.members[ids[0]] for name, ids in names.items() if len(ids) == 1 and ids[0] in self.members}

    def _belongings(self) -> Places:
        places = places_of(self.archive, self.found, self.now)
        spaces, members = self.spaces, self.members
        inside = [(spaces[s], members[p], at) for (s, p), at in places.inside.items() if s in spaces and p in members]
        settled = {spaces[s] for s in self.settled}
        here = who_belong(settled)
        new = [row for row in inside if row[0] not in settled or row[:2] in here]
        self.kept_out = len(inside) - len(new)
        take_in_belongings(self.actor, rows=sorted(new))  # of few spaces at a time
        take_out_belongings(self.actor, rows=[(spaces[s], members[p]) for s, p in places.outside if s in spaces and p in members])
        return places

    def _bots(self) -> list[dict[str, Any]]:
        rows = [
            {"member": self.members[key], "reason": verdict.reason, "signs": list(verdict.signs), "posts": self.found.posts[key]}
            for key, verdict in self.found.verdicts.items()
            if verdict.is_bot and key in self.members
        ]
        return sorted(rows, key=lambda row: -int(str(row["posts"])))[:500]

    # ── what was said ──
    def _take(self, messages: Sequence[Message]) -> Taken:
        topics: dict[str, TopicIn] = {}
        posts, unknown = [], 0
        for one in messages:
            key = self.topics[self._key(one.stream, one.topic)]
            if key not in topics:
                topics[key] = TopicIn(key, self.spaces[one.stream], one.title or one.topic or NO_TOPIC, one.asks)
            author = self.members[one.sender]
            called = [self._called(user, name) for user, name in one.mentions]
            unknown += called.count(None)
            posts.append(PostIn(
                one.id, key, self.spaces[one.stream], author, one.at, one.text, one.format,
                tuple(pk for pk in called if pk is not None and pk != author), one.reply_to or None,
                one.edited_at,
            ))  # fmt: skip
        done = take_in_posts(self.actor, source=self.source, topics=list(topics.values()), posts=posts)
        changed = other_words(self.source, {one.id: (one.text, one.format) for one in messages}) if done.unchanged else 0
        return Taken(done.imported, done.unchanged, counts={"changed_there": changed} if changed else {})

    def _called(self, user: str, name: str) -> int | None:
        """Who is meant by a mention: by number, by name, or by another name that the same number bore."""
        if (pk := self.members.get(user)) is not None:
            return pk
        if (pk := self.weak.get(by_name(name))) is not None:
            return pk
        for other in sorted(self.found.names.get(user, ())) if user else ():
            if (pk := self.weak.get(cut_id(f"name:{other}"))) is not None:
                return pk
        return None

    def _reactions(self) -> dict[str, int]:
        """Signs on posts. Where the source keeps no time of them they stand at the time of the post."""
        done = {"reactions": 0, "reactions_unchanged": 0, "reactions_rejected": 0}
        part: list[ReactionIn] = []

        def flush() -> None:
            counts = take_in_reactions(self.actor, source=self.source, reactions=part)
            for name, more in zip(done, counts, strict=True):
                done[name] += more
            part.clear()
            self.progress.advance(0)

        for message, person, sign, *when in self.archive.reactions():
            at, member = next((one for one in when if one), None) or self.found.reacted.get(message), self.members.get(person)
            if at is None or member is None or has_bad_characters(sign):
                done["reactions_rejected"] += 1
                continue
            part.append(ReactionIn(f"{message}:{person}:{sign}", message, member, sign, at))
            if len(part) >= 2000:
                flush()
        if part:
            flush()
        return done if any(done.values()) else {}

    def _counts(self) -> dict[str, Any]:
        found = self.found
        bots = {key for key, verdict in found.verdicts.items() if verdict.is_bot and found.posts.get(key)}
        topics = {self._key(*pair) for pair in found.topics}
        kept = self.archive.attachments()
        more = {"files_left": len(found.files) if kept is None else kept}
        more["hidden_spaces"] = sum(one.private for one in self.archive.known.streams.values())
        more["unsure_spaces"] = sum(one.unsure for one in self.archive.known.streams.values())
        more |= self.archive.also()
        return {
            "people": len(found.first), "bots": len(bots), "bot_posts": sum(found.posts[key] for key in bots),
            "spaces": len(found.began), "topics": len(topics), "source": self.source, "form": self.archive.form,
        } | {name: count for name, count in more.items() if count}  # fmt: skip
