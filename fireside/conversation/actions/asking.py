"""Whether a topic asks something. Archives are sorted by a rule, and people know better."""

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import lock_topic, refuse, require_tidy_or_own
from fireside.conversation.models import Topic


@action(right="talk.tidy")
def make_question(actor: Actor, *, topic: Topic) -> Topic:
    """Say that a topic asks something: until somebody answers, it waits. Its author may, and those who tidy."""
    return _set(actor, topic, asks=True)


@action(right="talk.tidy")
def make_talk(actor: Actor, *, topic: Topic) -> Topic:
    """Say that a topic asks nothing: nobody waits for an answer. Its author may, and those who tidy."""
    return _set(actor, topic, asks=False)


def _set(actor: Actor, topic: Topic, *, asks: bool) -> Topic:
    topic = lock_topic(actor, topic)
    require_tidy_or_own(actor, topic, topic.space)
    refuse(rules.why_not_change(archived=topic.space.archived_at is not None))
    refuse("" if asks else rules.why_not_talk(accepted=topic.accepted_id is not None))
    if topic.asks is asks:
        return already(topic)
    topic.asks = asks
    topic.save(update_fields=["asks"])
    record(actor, kinds.MADE_QUESTION if asks else kinds.MADE_TALK, topic, space=topic.space_id, parent=topic, title=topic.title)
    return topic
