"""What helped whom: the accepted answer, and "this helped me", the unit of people helped."""

from django.db.models import F

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import lock_post, lock_topic, refuse
from fireside.conversation.actions.edits import first_of
from fireside.conversation.models import Helped, Post, Topic
from fireside.conversation.queries.sight import is_own
from fireside.lib.ready import Ready, add, change
from fireside.members.rights import require
from fireside.spaces.queries import require_in

_SAID = Ready(lambda topic, person: Helped.objects.filter(post__topic_id=topic, member__person_id=person).order_by("pk"))


@action(right="talk.thank")
def say_helped(actor: Actor, *, post: Post) -> Helped:
    """Say that a post helped you. Counted once a person, under whatever of their names; nobody helps themselves."""
    topic, post = lock_post(actor, post)
    require_in(actor, "talk.thank", topic.space)
    person = actor.member.person_id
    author = post.author
    refuse(rules.why_not_helped(reader=person, author=author.person_id, removed=post.removed_at is not None, bot=author.is_bot))
    said = _SAID.all(topic.pk, person)
    for before in said:
        if before.post_id == post.pk:
            return already(before)
    row = add(Helped(post=post, member=actor.member, at=actor.now))
    change("UPDATE conversation_post SET helped_count = helped_count + 1 WHERE id = %s", post.pk)
    if not said:
        change("UPDATE conversation_topic SET helped_count = helped_count + 1 WHERE id = %s", topic.pk)
    record(actor, kinds.HELPED, post, space=topic.space_id, parent=topic, other=post.author_id, title=topic.title, number=post.number)
    return row


@action(right="talk.thank")
def take_back_helped(actor: Actor, *, post: Post) -> Post:
    """Take back that a post helped you."""
    topic, post = lock_post(actor, post)
    require_in(actor, "talk.thank", topic.space)
    person = actor.member.person_id
    if not (before := _said(post, person)):
        return already(post)
    before.delete()
    Post.objects.filter(pk=post.pk, helped_count__gt=0).update(helped_count=F("helped_count") - 1)
    if not Helped.objects.filter(post__topic=topic, member__person_id=person).exists():
        Topic.objects.filter(pk=topic.pk, helped_count__gt=0).update(helped_count=F("helped_count") - 1)
    record(actor, kinds.HELP_TAKEN_BACK, post, space=topic.space_id, parent=topic, other=post.author_id, title=topic.title)
    return post


@action(right="talk.accept")
def accept_answer(actor: Actor, *, post: Post) -> Topic:
    """Accept a reply as the answer. Who asked may, the organisers and those who run the community; one answer a topic."""
    topic, post = lock_post(actor, post)
    _may_accept(actor, topic)
    refuse(rules.why_not_accept(asks=topic.asks, is_first=first_of(topic) == post.pk, removed=post.removed_at is not None))
    free = Topic.objects.filter(pk=topic.pk, accepted__isnull=True)
    if not free.update(accepted=post, accepted_at=actor.now, accepted_by=actor.who):
        topic.refresh_from_db()
        refuse("already_accepted" if topic.accepted_id != post.pk else "")
        if not _asker_confirms(actor, topic):
            return already(topic)
        Topic.objects.filter(pk=topic.pk, accepted=post).update(accepted_at=actor.now, accepted_by=actor.who)
    topic.refresh_from_db()
    record(
        actor, kinds.ACCEPTED, post, space=topic.space_id, parent=topic, other=post.author_id, title=topic.title, number=post.number,
        asker=topic.author_id,
    )  # fmt: skip
    return topic


@action(right="talk.accept")
def withdraw_acceptance(actor: Actor, *, topic: Topic) -> Topic:
    """Withdraw the accepted answer: the question is open again."""
    topic = lock_topic(actor, topic)
    _may_accept(actor, topic)
    answer = topic.accepted
    if answer is None or not Topic.objects.filter(pk=topic.pk, accepted=answer).update(accepted=None, accepted_at=None, accepted_by=None):
        return already(topic)
    topic.refresh_from_db()
    record(actor, kinds.ACCEPTANCE_TAKEN_BACK, answer, space=topic.space_id, parent=topic, other=answer.author_id, title=topic.title)
    return topic


def _may_accept(actor: Actor, topic: Topic) -> None:
    if not actor.is_house and is_own(actor.member, topic):
        require(actor, "talk.accept", author=True)
    else:
        require_in(actor, "talk.accept", topic.space)
    refuse(rules.why_not_change(archived=topic.space.archived_at is not None))


def _asker_confirms(actor: Actor, topic: Topic) -> bool:
    """Somebody else had accepted it for them; only the asker's own word says that they were helped."""
    by = topic.accepted_by
    return actor.who is not None and is_own(actor.who, topic) and (by is None or by.person_id != actor.who.person_id)


def _said(post: Post, person: int) -> Helped | None:
    return Helped.objects.filter(post=post, member__person_id=person).first()
