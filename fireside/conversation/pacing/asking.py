"""Asking the rules of pace before words are kept."""

import re
from typing import Any

from django.conf import settings
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fireside.activity.actor import Actor
from fireside.conversation.models import Post, Topic
from fireside.conversation.pacing import rules
from fireside.lib.errors import Refused, TooSoon
from fireside.lib.hold import hold_one
from fireside.members.models import Member
from fireside.spaces.queries import may_in

REFUSALS: dict[str, Any] = {
    "many_links": _("A post of yours can hold %(limit)s links for now. Leave some out."),
    "many_mentions": _("One post can call at most %(limit)s members by name for now. Leave some out."),
    "same_words": _("You said the same a moment ago. Say something else, or wait %(when)s."),
    "in_a_row": _("The last %(limit)s replies here are yours. Add to the last one, or wait until somebody else has spoken."),
    "slow_post": _("You wrote a moment ago. You can send this in %(when)s."),
    "slow_topic": _("You opened a topic a moment ago. You can open this one in %(when)s."),
    "topics_full": _("You opened %(limit)s topics within a day, which is as many as you can for now. You can open this one in %(when)s."),
    "replies_full": _("You wrote %(limit)s replies within a day, which is as many as you can for now. You can send this in %(when)s."),
}
FOR_NEW = _("So it is while you are new: until a day after you joined, and until three of your posts stand.")
_LINK = re.compile(r'<a [^>]*href="(?:https?:)?//')
MOST = 60  # posts of the last day that are looked at; more than any limit needs


def keep_pace(actor: Actor, space: Any, *, post: Post, named: list[int], topic: Topic | None = None) -> None:
    """Go on, or refuse what is too soon or too much. Of several tries of one member in the same instant, each counts the one before."""
    if not _is_asked(actor):
        return
    member = actor.member
    hold_one("pace", member.pk)
    said, standing = _said_lately(actor, private=space is None)
    new = is_new_here(actor) if space is None else _is_new(actor, standing)
    chat = topic is not None and bool(topic.is_chat)
    pace = rules.pace_of(new=new, chat=chat)
    row = _in_a_row(member, topic) if topic is not None and not chat and topic.last_author_id == member.pk else 0
    obstacle = rules.why_not_content(pace, links=links_in(post), mentions=len(named)) or rules.why_not_yet(
        pace, now=actor.now, said=said, opens=topic is None, words=post.source_text, in_a_row=row, chat=chat
    )
    if obstacle is not None and (space is None or not may_in(actor, "talk.tidy", space)):
        raise _no(obstacle, new)


def keep_content(actor: Actor, space: Any, *, post: Post, named: list[int]) -> None:
    """The same of words that are changed afterwards: what may not be said at once may not be put in later."""
    if not _is_asked(actor):
        return
    new = is_new_here(actor)
    obstacle = rules.why_not_content(rules.NEW if new else rules.KNOWN, links=links_in(post), mentions=len(named))
    if obstacle is not None and (space is None or not may_in(actor, "talk.tidy", space)):
        raise _no(obstacle, new)


def is_new_here(actor: Actor) -> bool:
    """Whether the actor is held to what a new member may. Those who are asked for no pace are not."""
    return _is_asked(actor) and _is_new(actor, _said_lately(actor)[1])


def _is_asked(actor: Actor) -> bool:
    return settings.PACE and actor.via in {"web", "json"} and not actor.member.is_staff_role


def _said_lately(actor: Actor, *, private: bool = False) -> tuple[list[rules.Said], int]:
    """A member’s own posts of the last day in spaces, or in private, the newest first, and how many of them stand. One query.

    Those that another process has dated a moment later than this act count: they were first.
    """
    rows = Post.objects.filter(author=actor.member, imported=False, at__gt=actor.now - rules.DAY, topic__space__isnull=private)
    rows = rows.order_by("-at", "-id")
    found = rows.annotate(start=Substr("source_text", 1, 2000)).values_list("at", "number", "start", "removed_at")[:MOST]
    listed = list(found)
    return [rules.Said(at, number == 1, rules.key_of(start)) for at, number, start, _gone in listed], sum(row[3] is None for row in listed)


def _is_new(actor: Actor, standing: int) -> bool:
    """Posts of older days are only asked for where those of this one do not suffice; those under other names of theirs count, too."""
    member: Member = actor.member
    if standing < rules.STAND and actor.now - member.joined_at >= rules.DAY:
        rows = Post.objects.filter(author__person_id=member.person_id or member.pk, removed_at__isnull=True, topic__space__isnull=False)
        standing = len(rows.values_list("pk", flat=True)[: rules.STAND])
    return rules.is_new(joined_at=member.joined_at, now=actor.now, standing=standing)


def _in_a_row(member: Member, topic: Topic) -> int:
    """How many replies at the end of a topic are theirs, up to the limit. What opened it is no reply."""
    last = Post.objects.filter(topic=topic, removed_at__isnull=True).order_by("-number")
    count = 0
    for author, number in last.values_list("author_id", "number")[: rules.IN_A_ROW]:
        if author != member.pk or number == 1:
            break
        count += 1
    return count


def links_in(post: Post) -> int:
    return len(_LINK.findall(post.html))


def _no(obstacle: rules.Obstacle, new: bool) -> Refused:
    words = str(REFUSALS[obstacle.code]) % {"limit": obstacle.limit, "when": when(obstacle.wait)}
    if new and obstacle.code not in {"same_words", "in_a_row"}:
        words = _joined(words, FOR_NEW)
    return TooSoon(obstacle.code, words, wait=obstacle.wait)


def _joined(words: str, more: Promise | str) -> str:
    """Two sentences in one: Chinese puts no space between them."""
    return f"{words}{'' if words.endswith('。') else ' '}{more}"


def when(seconds: int) -> str:
    """How long, in the reader's words: 25 seconds, 3 minutes, 7 hours."""
    whole = seconds >= 60 and seconds % 60 == 0
    if seconds < 90 and not whole:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    if seconds < 90 * 60 and not (whole and seconds % 3600 == 0):
        minutes = -(-seconds // 60)
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = -(-seconds // 3600)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
