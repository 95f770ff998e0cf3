"""Pure decisions about talk: what may be said, what asks, what counts as an answer."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from fireside.lib.text import name_key, straight

TITLE_MAX = 200
TEXT_MAX = 40_000
REASON_MAX = 300
MENTIONS_MAX = 20  # people one post can call; further names stay words
DRAFT_SLOTS = 9
LATER_MAX = 2000  # posts one member keeps for later
NOTE_MAX = 300
TAGS_MAX = 5  # on one topic
TAG_LENGTH = 30
PINS_MAX = 3  # topics above one list: more would hide what is new on a phone
WAITING_DAYS = 90  # after that nobody waits any more: pages count and show only questions younger than this

THANKS = "heart"
SIGNS = ("heart", "agree", "smile", "star")  # what members give here; archives bring their own names


class Level(IntEnum):
    """How closely somebody follows a topic or a space."""

    MUTE = 0  # never told, not among what is new or unread
    NORMAL = 1  # told when somebody answers or names them
    FOLLOW = 2  # the same, and what came since is counted
    WATCH = 3  # told of every post


ROLES = ("organisers", "operators", "team")
ROLE_NAMES = {
    "organisers": "organisers", "organizers": "organisers", "组织者": "organisers", "operators": "operators", "运营": "operators",
    "team": "team", "团队": "team",
}  # fmt: skip
CALL_ASKS_OVER = 10  # people: more are called only by somebody who has been asked whether they mean it
CALL_MOST = 500  # people that roles in one post can call
NEWCOMER_HOURS = 24


def is_new(joined: datetime, now: datetime) -> bool:
    """Whether somebody has only just come."""
    return now - joined < timedelta(hours=NEWCOMER_HOURS)


def why_not_call(*, new: bool, roles: Sequence[str], people: int, sure: bool) -> str:
    """What keeps a post from calling roles: of a newcomer, or so many people without having been asked. How many one may name: pacing."""
    if new and set(roles) - {"organisers"}:
        return "newcomer_calls_role"
    return "call_many" if roles and people > CALL_ASKS_OVER and not sure else ""


NEW_DAYS = 14  # a topic is new for so long
NEW_AMONG = 2000  # and among so many opened last in the house: what the list costs ends there
UNREAD_DAYS = 180  # what was followed and not opened for so long is counted no more
UNREAD_AMONG = 2000  # and of what is followed, so many read last are looked at
COUNTED_TO = 100  # a tab says 99+


def new_from(now: datetime, joined: datetime) -> datetime:
    """What was opened before that is not new for somebody who came then."""
    return max(now - timedelta(days=NEW_DAYS), joined)


def unread_from(now: datetime) -> datetime:
    """What was read last before that is counted no more."""
    return now - timedelta(days=UNREAD_DAYS)


def level_of(word: str) -> Level | None:
    """The level that a door names: "watch", "follow", "normal", "mute"."""
    return Level.__members__.get(word.upper())


def level_here(own: int | None, by_hand: bool, space: int | None) -> Level:
    """How closely somebody follows a topic: what they chose for it, else what they chose for its space. What they only spoke in is
    followed at least, also in a muted space."""
    there = Level.NORMAL if space is None else Level(space)
    if own is None:
        return there
    return Level(own) if by_hand else max(Level(own), there)


def why_not_title(title: str) -> str:
    """Why these words cannot be a title: "", "no_title" or "long_title"."""
    if not title:
        return "no_title"
    return "long_title" if len(title) > TITLE_MAX else ""


def why_not_text(text: str) -> str:
    """Why these words cannot be a post: "", "no_text" or "long_text"."""
    if not text:
        return "no_text"
    return "long_text" if len(text) > TEXT_MAX else ""


def why_not_reason(reason: str) -> str:
    """A removal is explained to the one who wrote: "", "no_reason" or "long_reason"."""
    if not reason:
        return "no_reason"
    return "long_reason" if len(reason) > REASON_MAX else ""


def why_not_later(*, kept: int, note: str, removed: bool) -> str:
    """What keeps a post from being kept for later, by somebody who keeps so many already."""
    if removed:
        return "post_removed"
    if len(note) > NOTE_MAX:
        return "long_note"
    return "later_full" if kept >= LATER_MAX else ""


_BETWEEN_TAGS = re.compile(r"[,，、;；\n]")


def tag_names(given: Iterable[str]) -> list[str]:
    """Tags as somebody wrote them, several in one piece too: without # and empty ones, each once however it is spelt."""
    found: dict[str, str] = {}
    for piece in given:
        for part in _BETWEEN_TAGS.split(piece):
            name = straight(part).lstrip("#＃ ")
            if key := name_key(name):
                found.setdefault(key, name)
    return list(found.values())


def why_not_tags(names: Sequence[str]) -> str:
    """What keeps these tags off a topic."""
    if len(names) > TAGS_MAX:
        return "many_tags"
    return "long_tag" if any(len(name) > TAG_LENGTH for name in names) else ""


def why_not_pin(*, others: int, place: int, until: date | None, today: date) -> str:
    """What keeps a topic from being pinned beside so many others, at a place (0 = the last) and up to a day."""
    if others >= PINS_MAX:
        return "pins_full"
    if not 0 <= place <= PINS_MAX:
        return "pin_place"
    return "pin_past" if until is not None and until < today else ""


def in_order(pinned: Sequence[int], one: int, place: int) -> list[int]:
    """The pinned ones with this one at its place; at 0 it stays where it is, or comes behind the others."""
    if not place and one in pinned:
        return list(pinned)
    others = [pk for pk in pinned if pk != one]
    at = len(others) if not place else place - 1
    return [*others[:at], one, *others[at:]]


def is_pinned(place: int | None, until: date | None, today: date) -> bool:
    """To the end of its day, whether or not anybody has tidied since."""
    return place is not None and (until is None or until >= today)


def is_closed(closed: bool, closes_on: date | None, opens_on: date | None, today: date) -> bool:
    """Whether nobody replies today: a day that was set counts from its beginning, whether or not a round has said so."""
    if closes_on is not None and closes_on <= today:
        closed = True
    return closed and not (opens_on is not None and opens_on <= today)


def why_not_close(*, reason: str, on: date | None, until: date | None, today: date) -> str:
    """What keeps a topic from being closed for a reason, from a day on (None: now) and up to another (None: until somebody reopens it)."""
    if len(reason) > REASON_MAX:
        return "long_reason"
    if on is not None and on < today:
        return "close_past"
    return "reopen_past" if until is not None and until <= (on or today) else ""


def why_not_move(*, same: bool, archived: bool, tags: int) -> str:
    """What keeps a topic from being moved: the new space is closed; the tags it would carry there are too many."""
    if archived and not same:
        return "archived"
    return "many_tags" if tags > TAGS_MAX else ""


MERGE_MAX = 5000  # posts that one act moves; more would hold up those who write


def why_not_split(*, gone: bool, opening: bool, accepted: bool, standing: bool) -> str:
    """What keeps posts from becoming a topic of their own: some stand elsewhere since; the first post and the accepted answer stay;
    one of them at least must stand."""
    if gone:
        return "moved_meanwhile"
    if opening:
        return "is_opening"
    return "splits_answer" if accepted else "" if standing else "no_posts"


def why_not_merge(*, same: bool, older: bool, posts: int) -> str:
    """What keeps a topic from being merged into another: the older one goes on, so that everything stays in the order of time."""
    if same:
        return "same_topic"
    if older:
        return "older"
    return "too_many_posts" if posts > MERGE_MAX else ""


def why_not_helped(*, reader: int | None, author: int | None, removed: bool, bot: bool = False) -> str:
    """`reader` and `author` are persons: nobody helps or thanks themselves, under whatever name; a `bot` is no helper."""
    if removed:
        return "post_removed"
    if reader == author:
        return "own_post"
    return "bot_post" if bot else ""


def why_not_accept(*, asks: bool, is_first: bool, removed: bool) -> str:
    """Which posts can be the accepted answer of a topic."""
    if removed:
        return "post_removed"
    if not asks:
        return "asks_nothing"
    return "is_the_question" if is_first else ""


def why_not_change(*, archived: bool) -> str:
    """In a closed space, what was said and decided stays as it is: no edit, no acceptance, no question made or unmade, no topic reopened.

    It can still help somebody, be thanked for, and be taken away. In a topic that is closed by itself, people only reply no more:
    own words may be put right, and an answer accepted.
    """
    return "archived" if archived else ""


def why_not_talk(*, accepted: bool) -> str:
    """A question with an accepted answer has been answered: it stays a question."""
    return "has_answer" if accepted else ""


def why_not_remove(*, is_first: bool, own: bool, tidies: bool, others_replied: bool) -> str:
    """An author may take back a topic while nobody else has spoken in it; afterwards the words of others stand there too."""
    return "others_replied" if is_first and own and not tidies and others_replied else ""


_MARK = re.compile(r"[?？]")
_LINK = re.compile(r"https?://\S+")
_TAG = re.compile(r"<[^>]{0,2000}>")
_OPENING = re.compile(
    r"^(how|what|why|when|where|who|which|whom|whose|is|are|am|was|were|do|does|did|can|could|should|shall|would|will|has|have|had|may"
    r"|any(one|body|thing)?|help|problem|error|issue|trouble|question|looking for|need)\b"
    r"|^(请问|求助|求教|请教|怎么|怎样|如何|为什么|为何|为啥|什么|哪|谁|有没有|有人|能不能|可不可以|是不是|会不会|几时|多少|咋|求)",
    re.IGNORECASE,
)
_ASKING_END = re.compile(r"(吗|呢|么|没有|怎么办|为什么|咋办)[。.!！~～\s]*$")


def sounds_like_a_question(title: str, text: str, *, html: bool = False) -> bool:
    """Whether imported words ask: a question mark of either script, or the way such sentences open (or, in Chinese, end).

    Links are taken out first (their ? asks nothing). Only the first 2,000 characters speak: a log pasted below does not ask.
    """
    if html:
        text = _TAG.sub(" ", text)
    for words in (title, _LINK.sub(" ", text[:2000])):
        words = words.strip()
        if _MARK.search(words) or _OPENING.search(words) or any(_ASKING_END.search(line) for line in words.splitlines()[:20]):
            return True
    return False


def first_answer(opened_at: datetime, asker: int, posts: Iterable[tuple[datetime, int | None, bool]]) -> datetime | None:
    """When somebody else first spoke: posts are (at, person, is_bot), in any order. Bots answer nobody."""
    times = [at for at, person, is_bot in posts if person != asker and not is_bot and at >= opened_at]
    return min(times, default=None)


def state_of(*, asks: bool, answered: bool, accepted: bool, closed: bool, cold: bool = False) -> str:
    """The one state a row shows: "answered", "waiting", "closed" or "" (then the last reply speaks)."""
    if accepted:
        return "answered"
    if closed:
        return "closed"
    return "waiting" if asks and not answered and not cold else ""


def waiting_since(now: datetime) -> datetime:
    """Questions older than this wait no more."""
    return now - timedelta(days=WAITING_DAYS)


def week_since(now: datetime, zone: str) -> datetime:
    """Where “the last 7 days” begin: at midnight of the community's zone, today included, as in every figure of the cockpit."""
    day = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=6)
    return datetime.combine(day, time.min, ZoneInfo(zone))
