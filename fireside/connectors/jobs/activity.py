"""Bringing in a file of acts: people, spaces and topics first, then posts, then what speaks of posts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.jobs import Progress, job
from fireside.activity.log import Line, known_external_ids, record_many
from fireside.connectors.actions import Taken, refuse_in_sample, take_in_places
from fireside.connectors.jobs.first_reading import FirstReading
from fireside.connectors.jobs.intake import Batch, Intake, fingerprint_of
from fireside.connectors.readers.events import events, form_of
from fireside.connectors.reasons import refuse
from fireside.connectors.rules.bots import judge
from fireside.connectors.rules.events import SAID, SECOND, UNTOLD, Event, kind_of, read_event
from fireside.connectors.rules.records import Found, Unusable
from fireside.connectors.rules.rhythm import Rhythms
from fireside.connectors.rules.sources import source_of
from fireside.conversation.actions import (
    Counts,
    HelpCounts,
    HelpIn,
    PostIn,
    ReactionIn,
    TopicIn,
    take_in_help,
    take_in_posts,
    take_in_reactions,
)
from fireside.conversation.queries import other_words, topics_of_source
from fireside.members.actions import PersonIn, take_in_people
from fireside.members.queries import the_community
from fireside.members.rights import require
from fireside.spaces import kinds as places
from fireside.spaces.actions import SpaceIn, take_in_belongings
from fireside.spaces.queries import find_space


@job("connectors.import_activity")
def import_activity(actor: Actor, progress: Progress, *, path: str, source: str = "", space: str = "", dry_run: bool = False) -> None:
    """Bring in a file of acts, JSONL or CSV."""
    require(actor, "history.bring_in")
    refuse_in_sample()
    file = Path(path).expanduser().resolve()
    try:
        progress.step(_("Looking at what it is"))
        if next(events(file), None) is None:
            raise Unusable("no_records")
        Acts(actor, progress, file, source or source_of("activity", file.name), space, dry=dry_run).all()
    except Unusable as wrong:
        raise refuse(wrong) from wrong


class Acts:
    """One file of acts on its way in."""

    def __init__(self, actor: Actor, progress: Progress, path: Path, source: str, space: str, *, dry: bool) -> None:
        community = the_community()
        self.progress, self.path, self.source, self.now = progress, path, source, actor.now
        self.zone = ZoneInfo(community.time_zone if community else "UTC")
        self.parent = find_space(actor.who or actor, space) if space else None
        self.intake = Intake(
            actor, progress, importer="activity", source=source, path=path, form=form_of(path),
            fingerprint=fingerprint_of([path], space=space), dry=dry,
        )  # fmt: skip
        self.actor = self.intake.actor
        self.would_be: set[str] = set()  # only in a dry run: posts that would be here by now

    def all(self) -> None:
        self.progress.step(_("Reading everything once"))
        self.found = self._survey()
        self.intake.begin(self.found.records)
        if not self.intake.dry:
            self.progress.step(_("Bringing in people and spaces"))
            self.members = self._people()
            self.spaces = take_in_places(
                self.actor,
                source=self.source,
                parent=self.parent,
                spaces=[SpaceIn(name, name, at) for name, at in self.found.began.items()],
            )
        self.progress.step(_("Bringing in what they did"))
        for batch in self.intake.each(self._records(), self._judge):
            self.intake.take(batch, self._count_only if self.intake.dry else self._take, self._check)
        if not self.intake.dry:
            rows = [(self.spaces[s], p, at) for (s, p), at in self.found.inside.items()]
            rows += [(self.found.here[t].space_id, p, at) for (t, p), at in self.found.spoke.items() if t in self.found.here]
            take_in_belongings(self.actor, rows=[(s, self.members[p], at) for s, p, at in rows if not self.found.verdicts[p].is_bot])
        bots = sum(verdict.is_bot for verdict in self.found.verdicts.values())
        self.intake.end({
            "people": len(self.found.people), "bots": bots, "spaces": len(self.found.began), "topics": len(self.found.topics),
            "source": self.source, "form": form_of(self.path),
        })  # fmt: skip

    def _read(self, found: Found) -> Event:
        return read_event(found.value, zone=self.zone, now=self.now, raw=found)

    def _records(self) -> Iterator[Found]:
        """The file twice: what makes posts, then what speaks of them. Every record once, always in this order."""
        yield from (found for found in events(self.path) if found.reason or kind_of(found.value) not in SECOND)
        yield from (found for found in events(self.path) if not found.reason and kind_of(found.value) in SECOND)

    def _survey(self) -> FirstReading:
        known, rhythms = FirstReading(), Rhythms()
        for found in events(self.path):
            known.records += 1
            if known.records % 5000 == 0:
                self.progress.counts = {"read": known.records}
                self.progress.advance(0)
            if found.reason:
                continue
            try:
                one = self._read(found)
            except Unusable:
                continue
            known.note(one)
            if one.text and one.text != UNTOLD:
                rhythms.post(one.actor, int(one.at.timestamp()), one.space, one.topic, one.text)
            for called in one.mentions:
                rhythms.mention(called)
        known.here = topics_of_source(self.source, list(known.topics))
        known.forget_what_has_no_place()
        for (topic, person), at in known.spoke.items():
            if topic not in known.here and topic in known.topics and (space := known.topics[topic][0]):
                known.inside[space, person] = min(at, known.inside.get((space, person), at))
        for person, one in known.people.items():
            known.verdicts[person] = judge(one.actor_name or person, flagged=one.is_bot, traits=rhythms.traits(person))
        return known

    def _people(self) -> dict[str, int]:
        members: dict[str, int] = {}
        people = [
            PersonIn(
                key, one.actor_name or key, self.found.first[key], email=one.actor_email, is_bot=self.found.verdicts[key].is_bot,
                bot_reason=self.found.verdicts[key].reason,
            )
            for key, one in self.found.people.items()
        ]  # fmt: skip
        self.fresh = self._strangers()
        for i in range(0, len(people), 2000):
            members |= take_in_people(self.actor, source=self.source, people=people[i : i + 2000])
        return members

    def _strangers(self) -> set[str]:
        """People who were not here before this run began: who came in with it before it was killed is new, too."""
        keys, began = [f"person:{key}" for key in self.found.people], self.intake.run.started_at if self.intake.run else None
        return set(self.found.people) - {key.removeprefix("person:") for key in known_external_ids(self.source, keys, before=began)}

    def _came(self, one: Event) -> bool:
        """Is this the line by which somebody came in? Their first one, if they were not here before."""
        return one.actor in self.fresh and self.found.joins[one.actor] == one.raw.place

    def _judge(self, found: Found) -> Event:
        one = self._read(found)
        if one.kind in SAID and not one.space and one.topic not in self.found.topics:
            raise Unusable("no_place")
        return one

    def _check(self, batch: Batch) -> None:
        """What speaks of a post that nobody knows is put with the bad ones, by name."""
        here = {one.id for one in batch.good if one.kind in SAID}
        if self.intake.dry:
            self.would_be |= here
        targets = [one.target for one in batch.good if one.kind in SECOND]
        if targets:
            known = known_external_ids(self.source, targets) | here | self.would_be
            batch.bad += [
                replace(one.raw, value=None, reason="no_target") for one in batch.good if one.kind in SECOND and one.target not in known
            ]
            batch.good = [one for one in batch.good if one.kind not in SECOND or one.target in known]

    def _take(self, acts: Sequence[Event]) -> Taken:
        done = Taken()
        for counts in (self._posts(acts), self._joins(acts), self._reactions(acts), helps := self._help(acts)):
            done.imported += counts.imported
            done.unchanged += counts.unchanged
        if helps.own:
            done.counts["helped_themselves"] = helps.own
        said = {one.id: (one.text, one.format) for one in acts if one.kind in SAID}
        if done.unchanged and (changed := other_words(self.source, said)):
            done.counts["changed_there"] = changed
        return done

    def _posts(self, acts: Sequence[Event]) -> Counts:
        said = [one for one in acts if one.kind in SAID]
        untold = [f"act:{one.id}" for one in said if one.text == UNTOLD]
        if lines := known_external_ids(self.source, untold) if untold else set():  # kept as lines of the log only, once
            said = [one for one in said if f"act:{one.id}" not in lines]
        if not said:
            return Counts(0, len(lines))
        topics, posts = {}, []
        for one in said:
            space, title = self.found.topics[one.topic]
            place = self.found.here[one.topic].space_id if one.topic in self.found.here else self.spaces[space or one.space]
            asks = {"asked": True, "opened": False}.get(one.kind)
            if one.topic not in topics or asks is not None:
                topics[one.topic] = TopicIn(one.topic, place, title or one.text[:80], asks)
            called = tuple(self.members[who] for who in one.mentions if who in self.members and who != one.actor)
            posts.append(
                PostIn(one.id, one.topic, place, self.members[one.actor], one.at, one.text, one.format, called, one.reply_to or None)
            )
        counts = take_in_posts(self.actor, source=self.source, topics=list(topics.values()), posts=posts)
        return Counts(counts.imported, counts.unchanged + len(lines))

    def _joins(self, acts: Sequence[Event]) -> Counts:
        """Who came: into the community (their line is the person's own), or into a space."""
        joined = [one for one in acts if one.kind == "joined"]
        came = sum(self._came(one) for one in joined if not one.space)
        known = known_external_ids(self.source, [f"act:{one.id}" for one in joined if one.space])
        lines: dict[str, Line] = {}
        for one in joined:
            key = f"act:{one.id}"
            if one.space and key not in known:
                space = self.spaces[one.space]
                lines.setdefault(key, Line(
                    places.JOINED, one.at, self.members[one.actor], "spaces.space", space, space_id=space, source=self.source,
                    external_id=key, imported=True,
                ))  # fmt: skip
        record_many(self.actor, lines.values())
        return Counts(came + len(lines), len(joined) - came - len(lines))

    def _reactions(self, acts: Sequence[Event]) -> Counts:
        signs = [
            ReactionIn(one.id, one.target, self.members[one.actor], one.sign, one.at) for one in acts if one.kind in ("reacted", "thanked")
        ]
        return take_in_reactions(self.actor, source=self.source, reactions=signs) if signs else Counts(0, 0)

    def _help(self, acts: Sequence[Event]) -> HelpCounts:
        said = [
            HelpIn(one.id, one.target, self.members[one.actor], one.at, accepts=one.kind == "accepted")
            for one in acts
            if one.kind in ("helped", "accepted")
        ]
        return take_in_help(self.actor, source=self.source, said=said) if said else HelpCounts(0, 0)

    def _count_only(self, acts: Sequence[Event]) -> Taken:
        keys: dict[str, Any] = {}
        for one in acts:
            joined = one.kind == "joined" and not one.space
            prefix = (
                "act:"
                if one.kind == "joined"
                else "reaction:"
                if one.kind in ("reacted", "thanked")
                else "help:"
                if one.kind in ("helped", "accepted")
                else ""
            )
            if not joined:
                keys[f"{prefix}{one.id}"] = one
            elif self.found.joins[one.actor] == one.raw.place:
                keys[f"person:{one.actor}"] = one
        known = known_external_ids(self.source, list(keys))
        return Taken(len(keys) - len(known), len(acts) - len(keys) + len(known))
