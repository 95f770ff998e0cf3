"""Pure decisions about pace: who is new, what is too soon, what is too much."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

DAY = timedelta(days=1)
STAND = 3  # posts of a new member that must stand
SAME_WORDS = timedelta(minutes=5)  # within which the same words are not said again
IN_A_ROW = 3  # replies of one member at the end of a topic


@dataclass(frozen=True)
class Pace:
    """What one member may write. Seconds between posts and between topics; 0 in the others: as many as they like."""

    post_gap: int
    topic_gap: int
    topics_a_day: int
    replies_a_day: int
    links: int  # in one post
    mentions: int  # members called in one post


NEW = Pace(post_gap=30, topic_gap=120, topics_a_day=3, replies_a_day=10, links=2, mentions=2)
KNOWN = Pace(post_gap=5, topic_gap=15, topics_a_day=20, replies_a_day=0, links=0, mentions=10)
# In a chat one says it in pieces, and “yes” as often as one is asked.
NEW_IN_CHAT = replace(NEW, post_gap=3, replies_a_day=50)
KNOWN_IN_CHAT = replace(KNOWN, post_gap=1)
SHORT = 20  # signs: said again and again in a chat without harm


@dataclass(frozen=True)
class Said:
    """One of a member's own posts of the last day: `opens` a topic, or replies."""

    at: datetime
    opens: bool
    words: str


@dataclass(frozen=True)
class Obstacle:
    """Why not: a code, after how many seconds it is gone by itself (0: it does not), and the number that was passed."""

    code: str
    wait: int = 0
    limit: int = 0


def pace_of(*, new: bool, chat: bool) -> Pace:
    if chat:
        return NEW_IN_CHAT if new else KNOWN_IN_CHAT
    return NEW if new else KNOWN


def is_new(*, joined_at: datetime, now: datetime, standing: int) -> bool:
    return now - joined_at < DAY or standing < STAND


def key_of(words: str) -> str:
    """Under which words are the same: case and white space do not count."""
    return " ".join(words.casefold().split())[:200]


def why_not_content(pace: Pace, *, links: int, mentions: int) -> Obstacle | None:
    """What keeps words back because of what is in them."""
    if pace.links and links > pace.links:
        return Obstacle("many_links", limit=pace.links)
    if pace.mentions and mentions > pace.mentions:
        return Obstacle("many_mentions", limit=pace.mentions)
    return None


def why_not_yet(
    pace: Pace, *, now: datetime, said: Sequence[Said], opens: bool, words: str, in_a_row: int, chat: bool = False
) -> Obstacle | None:
    """What keeps words back because of what was written before. `said` is the last day's, the newest first."""
    key = key_of(words)
    for one in said:
        if chat and len(key) < SHORT:
            break
        if one.words == key and now - one.at < SAME_WORDS:
            return Obstacle("same_words", wait=_left(one.at + SAME_WORDS, now))
    if not opens and not chat and in_a_row >= IN_A_ROW:
        return Obstacle("in_a_row", limit=IN_A_ROW)
    waits = [("slow_post", _until(said, pace.post_gap, now))]
    if opens:
        topics = [one for one in said if one.opens]
        waits += [("slow_topic", _until(topics, pace.topic_gap, now)), ("topics_full", _room(topics, pace.topics_a_day, now))]
    else:
        waits.append(("replies_full", _room([one for one in said if not one.opens], pace.replies_a_day, now)))
    code, wait = max(waits, key=lambda one: one[1])
    limit = {"topics_full": pace.topics_a_day, "replies_full": pace.replies_a_day}.get(code, 0)
    return Obstacle(code, wait, limit) if wait else None


def _until(said: Sequence[Said], gap: int, now: datetime) -> int:
    """Seconds until `gap` has passed since the last of them."""
    return _left(said[0].at + timedelta(seconds=gap), now) if said else 0


def _room(said: Sequence[Said], most: int, now: datetime) -> int:
    """Seconds until fewer than `most` of them are younger than a day."""
    recent = [one for one in said if now - one.at < DAY]
    return _left(recent[most - 1].at + DAY, now) if most and len(recent) >= most else 0


def _left(moment: datetime, now: datetime) -> int:
    seconds = (moment - now).total_seconds()
    return max(0, int(seconds) + (seconds > int(seconds)))
