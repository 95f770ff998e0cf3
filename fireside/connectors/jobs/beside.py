"""What stands beside the words of a history: which answers were accepted, tags and closed topics, and whether the source's own counters agree."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from fireside.activity.actor import Actor
from fireside.activity.jobs import Progress
from fireside.connectors.readers.archive import Archive, Standing
from fireside.connectors.rules.agreement import compared
from fireside.conversation import queries as talk
from fireside.conversation.actions import HelpIn, StandingIn, take_in_help, take_in_standings

PART = 2000
Here = Callable[[str, Sequence[str]], dict[str, int]]


def _replies(source: str, topics: Sequence[str]) -> dict[str, int]:
    return {key: posts - 1 for key, posts in talk.sizes_of_source(source, topics).items()}


HERE: dict[str, Here] = {
    "posts": talk.sizes_of_source, "replies": _replies, "answers": talk.answers_of_source, "accepted": talk.accepted_of_source,
    "comments": talk.comments_of_source, "likes": talk.thanks_of_source, "votes": talk.signs_of_source, "reactions": talk.signs_of_source,
}  # fmt: skip
OF_TOPICS = {"posts", "replies", "answers"}


def take_in_answers(actor: Actor, progress: Progress, archive: Archive, source: str, members: Mapping[str, int]) -> dict[str, int]:
    """Accepted answers and help. Nobody helps themselves: an answer of one's own may be accepted and helps nobody."""
    done = {"helps": 0, "helps_unchanged": 0, "helps_rejected": 0}
    for part in parts(archive.helps()):
        said = [HelpIn(one.id, one.post, members[one.person], one.at, one.accepts) for one in part if one.person in members]
        counts = take_in_help(actor, source=source, said=said)
        done["helps"] += counts.imported
        done["helps_unchanged"] += counts.unchanged
        done["helps_rejected"] += counts.rejected + len(part) - len(said)
        progress.advance(0)
    return {name: count for name, count in done.items() if count}


def take_in_states(actor: Actor, progress: Progress, archive: Archive, source: str, topics: Mapping[str, str]) -> dict[str, int]:
    """Tags of topics, that they are closed, where they are pinned. `topics`: the source's topic -> the topic here."""
    closed = tagged = pinned = 0
    for part in parts(archive.standings()):
        rows = [_standing(one, topics[one.topic]) for one in part if one.topic in topics]
        take_in_standings(actor, source=source, standings=rows)
        closed += sum(one.closed_at is not None for one in rows)
        tagged += sum(bool(one.tags) for one in rows)
        pinned += sum(one.pinned_at is not None for one in rows)
        progress.advance(0)
    return {name: count for name, count in (("closed_topics", closed), ("tagged_topics", tagged), ("pinned_topics", pinned)) if count}


def _standing(one: Standing, topic: str) -> StandingIn:
    """A thread that goes on in a topic of another name here does not pin all of that."""
    pinned_at = one.pinned_at if topic == one.topic else None
    return StandingIn(topic, one.tags, one.closed_at, pinned_at, one.pinned_until, one.above_all)


def agreement(archive: Archive, source: str, topics: Mapping[str, str], here: Mapping[str, Here] = HERE) -> dict[str, Any]:
    """Every counter of the source beside what stands here of it now, or would (`here`)."""
    said: dict[str, dict[str, int]] = {}
    for what, key, count in archive.counters():
        of = said.setdefault(what, {})
        of[key] = of.get(key, 0) + count
    left: dict[str, dict[str, int]] = {}
    for what, key, count in archive.left_out():
        left.setdefault(what, {})[key] = count
    unmet, rows = archive.unmet(), []
    for what, of in said.items():
        if what in OF_TOPICS:  # one that goes on in another topic counts there with that one's posts
            of = {key: count for key, count in of.items() if topics.get(key, key) == key}
        if any(of.values()):
            rows.append(compared(what, of, here[what](source, list(of)), left.get(what, {}), unmet.get(what, "")))
    agree, off = sum(row["agree"] for row in rows), sum(row["off"] for row in rows)
    return ({"agreement": rows} if rows else {}) | {k: n for k, n in (("counters_agree", agree), ("counters_differ", off)) if n}


def parts(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while part := list(islice(rows, PART)):
        yield part
