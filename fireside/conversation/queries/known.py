"""Posts, those that were taken away too, as far as a viewer may know of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from fireside.activity.actor import Actor
from fireside.conversation.models import Post
from fireside.conversation.queries.sight import is_own
from fireside.members.queries import Card, cards_of
from fireside.members.rights import may
from fireside.spaces.queries import organised_among, visible_spaces


@dataclass(frozen=True)
class KnownPost:
    """A post without its words: where it is and whose; and when it was taken away, by whom and why, as the topic shows it in its place."""

    id: int
    title: str
    url: str
    author: Card
    by: Card | None
    reason: str
    removed_at: datetime | None  # None = it stands, or was put back since

    @property
    def own(self) -> bool:
        """Whether its author took it back."""
        return self.by is not None and self.by.person_id == self.author.person_id


def removed_topics(viewer: Any, ids: Sequence[int]) -> dict[int, KnownPost]:
    """Those of these topics that stand removed, by the topic's id, for its author and for those who tidy: the post that went with it.
    One query more than `known_posts`."""
    away = Post.objects.filter(topic__in=ids, removed_at=F("topic__removed_at")).order_by("-at", "-id")
    first = dict(away.values_list("topic_id", "pk"))  # the earliest of a topic comes last
    found = known_posts(viewer, list(first.values())) if first else {}
    return {topic: found[post] for topic, post in first.items() if post in found}


def known_posts(viewer: Any, ids: Sequence[int]) -> dict[int, KnownPost]:
    """These posts by id, removed ones too, in spaces that the viewer may read. A post whose topic was removed is there only
    for the topic's author and for those who tidy. Two queries; one more for who tidies only where they organise."""
    found = list(Post.objects.filter(pk__in=ids, topic__space__in=visible_spaces(viewer)).select_related("topic__space", "topic__author"))
    away = [post.topic for post in found if post.topic.removed_at is not None]
    everywhere = viewer.is_house if isinstance(viewer, Actor) else viewer is not None and may(viewer, "talk.tidy")
    tidied = organised_among(viewer, [topic.space for topic in away]) if away and not everywhere else set()
    hidden = {topic.pk for topic in away if not (everywhere or topic.space_id in tidied or is_own(viewer, topic))}
    cards = cards_of([pk for post in found for pk in (post.author_id, post.removed_by_id)])
    return {
        post.pk: KnownPost(
            post.pk, post.topic.title, f"/t/{post.topic_id}/{post.number}#p{post.number}", cards[post.author_id],
            cards.get(post.removed_by_id or 0), post.removed_reason, post.removed_at,
        )
        for post in found
        if post.topic_id not in hidden
    }  # fmt: skip


def posts_where(ids: Iterable[int]) -> dict[int, str]:
    """Where each of these posts stands, by its id: for whoever has asked already whether it may be known. One query."""
    rows = Post.objects.filter(pk__in=list(ids)).values_list("pk", "topic_id", "number")
    return {pk: f"/t/{topic}/{number}#p{number}" for pk, topic, number in rows}
