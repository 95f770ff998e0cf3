"""Posts go from one topic into another: numbers, old addresses, marks of reading, notices and counters go with them."""

from bisect import bisect_right
from collections.abc import Sequence

from django.db.models import F

from fireside.activity.actor import Actor
from fireside.activity.kinds import Kind
from fireside.activity.log import Line, record_many
from fireside.conversation import kinds
from fireside.conversation.actions._steps import recount
from fireside.conversation.actions.files import rehouse_files
from fireside.conversation.models import Draft, Forward, Helped, Post, Reading, Topic
from fireside.notifications.actions import move_told

OF_POST = "conversation.placing"  # what these lines speak of: so the mirror finds them by the log's index of targets


def place(actor: Actor, posts: Sequence[Post], *, source: Topic, into: Topic, first: Kind = kinds.PLACED, as_before: bool = False) -> None:
    """Posts of `source`, in their order, stand in `into`; both are locked. `first` is what the log says of the first of them.

    `as_before`: nobody has been in `into` since, so how far it was read stays. A post that comes back to where it once stood takes its old number; others get the next ones. Where it stood, a forward stays.
    """
    fresh = into.last_number
    back = dict(Forward.objects.filter(topic=into, post__in=posts).values_list("post_id", "number"))
    old = {post.pk: post.number for post in posts}
    for post in posts:
        number = back.get(post.pk)
        if number is None:
            into.last_number += 1
            number = into.last_number
        post.topic, post.number = into, number
    Forward.objects.filter(topic=into, post__in=list(back)).delete()
    Forward.objects.bulk_create([Forward(topic=source, number=old[post.pk], post=post) for post in posts], batch_size=500)
    Post.objects.bulk_update(posts, ["topic", "number", "joined"], batch_size=300)
    into.save(update_fields=["last_number"])
    if into.space_id != source.space_id:
        rehouse_files(into)
    if not as_before:
        _marks(actor, posts, old, source, into, fresh)
    _close_gaps(source)
    for topic in (source, into):
        settle(topic)
    move_told(actor, target_type="conversation.post", ids=[post.pk for post in posts], parent=into.pk)
    said = [
        Line(
            first if n == 0 else kinds.PLACED, actor.now, getattr(actor.who, "pk", None), OF_POST, post.pk, into.space_id,
            parent_id=into.pk, data={"title": into.title},
        )
        for n, post in enumerate(posts)
    ]  # fmt: skip
    record_many(actor, said)


def settle(topic: Topic) -> None:
    """The counters of a locked topic, from the posts that stand in it now; the same as the sweep works out."""
    recount(topic)
    if not topic.posts_count:
        topic.last_post_at, topic.last_author = topic.opened_at, None
    helped = Helped.objects.filter(post__topic=topic).exclude(member__person_id=F("post__author__person_id"))
    topic.helped_count = helped.values("member__person_id").distinct().count()
    topic.save(update_fields=["last_post_at", "last_author", "helped_count"])


def take_drafts(source: Topic, into: Topic) -> None:
    """Replies that somebody has begun go on where the topic went."""
    for draft in Draft.objects.filter(place=f"reply:{source.pk}").order_by("pk"):
        taken = set(Draft.objects.filter(member_id=draft.member_id, place=f"reply:{into.pk}").values_list("slot", flat=True))
        free = next((slot for slot in range(1, 100) if slot not in taken), None)
        if free is not None:
            Draft.objects.filter(pk=draft.pk).update(place=f"reply:{into.pk}", slot=free)


def take_followers(actor: Actor, source: Topic, into: Topic) -> None:
    """Whoever follows a topic follows what it was merged into, unless they have chosen for that one already."""
    for mark in Reading.objects.filter(topic=source, level__isnull=False):
        chosen = {"level": mark.level, "level_by": mark.level_by}
        there, new = Reading.objects.get_or_create(member_id=mark.member_id, topic=into, defaults={"number": 0, "at": actor.now, **chosen})
        if not new and there.level is None:
            Reading.objects.filter(pk=there.pk).update(**chosen)


def _marks(actor: Actor, posts: Sequence[Post], old: dict[int, int], source: Topic, into: Topic, fresh: int) -> None:
    """How far everybody has read: a mark goes as far as hides nothing that they have not been shown."""
    read_there = dict(Reading.objects.filter(topic=source).values_list("member_id", "number"))
    come = sorted((post.number, old[post.pk]) for post in posts)
    marks = {mark.member_id: mark for mark in Reading.objects.filter(topic=into)}
    for mark in marks.values():
        seen = read_there.get(mark.member_id, 0)
        if mark.number >= fresh:
            mark.number = _unbroken(come, seen, mark.number)
        hidden = [number for number, before in come if before > seen and number <= mark.number]
        if hidden:
            mark.number = min(hidden) - 1
    new = {}
    if not fresh:
        new = {member: _unbroken(come, seen, 0) for member, seen in read_there.items() if member not in marks}
    Reading.objects.bulk_update(marks.values(), ["number"], batch_size=500)
    Reading.objects.bulk_create([Reading(member_id=m, topic=into, number=n, at=actor.now) for m, n in new.items() if n], batch_size=500)


def _unbroken(come: Sequence[tuple[int, int]], seen: int, upto: int) -> int:
    """From `upto` on, as far as every post that came was seen where it stood before."""
    for number, before in come:
        if number > upto:
            if before > seen:
                break
            upto = number
    return upto


def _close_gaps(topic: Topic) -> None:
    """Numbers that stand elsewhere now count as new for nobody."""
    numbers = list(Post.objects.filter(topic=topic).order_by("number").values_list("number", flat=True))
    if not numbers:
        return
    changed = []
    for mark in Reading.objects.filter(topic=topic):
        at = bisect_right(numbers, mark.number)
        upto = numbers[at] - 1 if at < len(numbers) else topic.last_number
        if upto > mark.number:
            mark.number = upto
            changed.append(mark)
    Reading.objects.bulk_update(changed, ["number"], batch_size=500)
