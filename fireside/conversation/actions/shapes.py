"""The two shapes of one conversation: a topic as in a forum, a chat as in a group. Nothing but the shape changes, addresses stay."""

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import lock_topic, refuse
from fireside.conversation.models import Topic
from fireside.spaces.queries import require_in


@action(right="talk.tidy")
def turn_into_chat(actor: Actor, *, topic: Topic) -> Topic:
    """Show a topic as a chat, the newest at the bottom, live. For those who tidy."""
    return _turn(actor, topic, is_chat=True)


@action(right="talk.tidy")
def turn_into_topic(actor: Actor, *, topic: Topic) -> Topic:
    """Show a chat as a topic of a forum. For those who tidy."""
    return _turn(actor, topic, is_chat=None)


def _turn(actor: Actor, topic: Topic, *, is_chat: bool | None) -> Topic:
    topic = lock_topic(actor, topic)
    require_in(actor, "talk.tidy", topic.space)
    refuse(rules.why_not_change(archived=topic.space.archived_at is not None))
    if bool(topic.is_chat) is bool(is_chat):
        return already(topic)
    topic.is_chat = is_chat
    topic.save(update_fields=["is_chat"])
    record(actor, kinds.TURNED_CHAT if is_chat else kinds.TURNED_TOPIC, topic, space=topic.space_id, parent=topic, title=topic.title)
    return topic
