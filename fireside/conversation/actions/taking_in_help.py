"""What people of an archive said of answers: that one helped them, that one is the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Count

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import Line, known_external_ids, last_told, record_many
from fireside.conversation import kinds
from fireside.conversation.actions.taking_in_rows import pieces
from fireside.conversation.models import Helped, Post, Topic
from fireside.lib.bulk import adapted
from fireside.members.queries import cards_of
from fireside.members.rights import require


@dataclass(frozen=True, slots=True)
class HelpIn:
    """Somebody of an archive says that one of its posts helped them (`accepts`: that it is the answer)."""

    external_id: str
    post: str
    member_id: int
    at: datetime
    accepts: bool = False


class HelpCounts(NamedTuple):
    """Counts of lines that speak of help; `own`: of the unchanged, those by which somebody helped themselves."""

    imported: int
    unchanged: int
    rejected: int = 0
    own: int = 0


@action(right="history.bring_in")
def take_in_help(actor: Actor, *, source: str, said: Sequence[HelpIn]) -> HelpCounts:
    """Bring in who was helped by what, and which answers were accepted. Idempotent; nobody helps themselves; counters follow.

    What speaks of a post that is not here is counted as rejected.
    """
    require(actor, "history.bring_in")
    posts: dict[str, Post] = {}
    for part in pieces(sorted({one.post for one in said})):
        for post in (
            Post.objects.filter(source=source, external_id__in=part).select_related("topic").order_by("pk").select_for_update(of=("self",))
        ):
            posts[str(post.external_id)] = post
    known = known_external_ids(source, [_key(one) for one in said])
    fresh = {_key(one): one for one in reversed(said) if one.post in posts and _key(one) not in known}
    rejected = sum(one.post not in posts for one in said)
    if not fresh:
        return already(HelpCounts(0, len(said) - rejected, rejected))
    cards = cards_of([*(one.member_id for one in fresh.values()), *(post.author_id for post in posts.values())])
    own = {key for key, one in fresh.items() if cards[one.member_id].person_id == cards[posts[one.post].author_id].person_id}
    lines = []
    _accept([(one, posts[one.post]) for one in fresh.values() if one.accepts])
    for key, one in sorted(fresh.items(), key=lambda pair: pair[1].at):
        post = posts[one.post]
        topic = post.topic
        if not one.accepts and key in own:
            continue
        lines.append(
            Line(
                kind=kinds.ACCEPTED if one.accepts else kinds.HELPED, at=one.at, member_id=one.member_id, target_type="conversation.post",
                target_id=post.pk, parent_id=topic.pk, space_id=topic.space_id,
                other_id=None if key in own else post.author_id, source=source, external_id=key, imported=True,
                data={"title": topic.title, "number": post.number},
            )
        )  # fmt: skip
    rows = [
        Helped(post=posts[one.post], member_id=one.member_id, at=one.at) for key, one in fresh.items() if not one.accepts and key not in own
    ]
    Helped.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    _count({row.post_id for row in rows}, {row.post.topic_id for row in rows})
    counts = HelpCounts(len(lines), len(said) - len(lines) - rejected, rejected, sum(not one.accepts and _key(one) in own for one in said))
    if not lines:
        return already(counts)  # nobody but helpers of themselves
    record_many(actor, lines)
    return counts


def _accept(said: Sequence[tuple[HelpIn, Post]]) -> None:
    """The last word on a topic by its time is true, whichever came in first, and here as in the log: of archives as of people here."""
    last: dict[int, tuple[HelpIn, Post]] = {}
    for one, post in sorted(said, key=lambda pair: pair[0].at):
        last[post.topic_id] = one, post
    for part in pieces(sorted(last)):
        topics = list(Topic.objects.filter(pk__in=part).order_by("pk").select_for_update())
        word = _last_words(topics)
        rows = [
            (last[topic.pk][1].pk, adapted(last[topic.pk][0].at), last[topic.pk][0].member_id, topic.pk)
            for topic in topics
            if topic.pk not in word or last[topic.pk][0].at >= word[topic.pk]
        ]
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(
                    "UPDATE conversation_topic SET accepted_id = %s, accepted_at = %s, accepted_by_id = %s WHERE id = %s", rows
                )


def _last_words(topics: Sequence[Topic]) -> dict[int, datetime]:
    """When somebody last accepted an answer of each topic, or withdrew that; without those of which nobody has spoken."""
    found = {topic.pk: topic.accepted_at for topic in topics if topic.accepted_at is not None}
    open_ones = [topic.pk for topic in topics if topic.pk not in found]
    posts = dict(Post.objects.filter(topic__in=open_ones).values_list("pk", "topic_id"))
    for post, at in last_told("conversation.post", list(posts), [kinds.ACCEPTANCE_TAKEN_BACK]).items():
        found[posts[post]] = max(at, found.get(posts[post], at))
    return found


def _key(one: HelpIn) -> str:
    return f"help:{one.external_id}"[:200]


def _count(posts: set[int], topics: set[int]) -> None:
    """People helped by each post and each topic, from the rows: a person counts once, under whatever of their names."""
    for part in pieces(sorted(posts)):
        found = Helped.objects.filter(post__in=part).values_list("post").annotate(n=Count("member__person_id", distinct=True))
        Post.objects.bulk_update([Post(pk=pk, helped_count=n) for pk, n in found], ["helped_count"], batch_size=300)
    for part in pieces(sorted(topics)):
        found = Helped.objects.filter(post__topic__in=part).values_list("post__topic").annotate(n=Count("member__person_id", distinct=True))
        Topic.objects.bulk_update([Topic(pk=pk, helped_count=n) for pk, n in found], ["helped_count"], batch_size=300)
