"""Tags: short names that a space gives its topics. What is written in two ways is one tag."""

from collections.abc import Sequence

from django.db.models import F

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import REFUSALS, lock_topic, refuse, require_tidy_or_own
from fireside.conversation.models import Tag, Topic, TopicTag
from fireside.lib.errors import NotFound, Refused
from fireside.lib.text import name_key
from fireside.spaces.models import Space
from fireside.spaces.queries import require_in, space_to_read

PIECE = 500


@action(right="talk.tidy")
def tag_topic(actor: Actor, *, topic: Topic, tags: Sequence[str]) -> Topic:
    """Say what a topic is about in at most five tags, in place of those it has. Its author may, and those who tidy."""
    topic = lock_topic(actor, topic)
    require_tidy_or_own(actor, topic, topic.space)
    refuse(rules.why_not_change(archived=topic.space.archived_at is not None))
    before = topic.tags or []
    put_tags(topic, tags)
    if (topic.tags or []) == before:
        return already(topic)
    record(actor, kinds.TAGGED, topic, space=topic.space_id, parent=topic, title=topic.title, tags=topic.tags or [])
    return topic


@action(right="talk.tidy")
def rename_tag(actor: Actor, *, space: Space, tag: str, name: str) -> Space:
    """Write a tag of a space in another way, on every topic that has it."""
    space, row = _of(actor, space, tag)
    names = rules.tag_names([name])
    if len(names) != 1:
        raise Refused("no_tag", REFUSALS["no_tag"])
    refuse(rules.why_not_tags(names))
    if names[0] == row.name:
        return already(space)
    key, before = name_key(names[0]), row.name
    if Tag.objects.filter(space=space, key=key).exclude(pk=row.pk).exists():
        raise Refused("tag_there", REFUSALS["tag_there"])
    row.key, row.name = key, names[0]
    row.save(update_fields=["key", "name"])
    _rewrite(row)
    record(actor, kinds.TAG_RENAMED, space, space=space, tag=before, name=row.name)
    return space


@action(right="talk.tidy")
def merge_tags(actor: Actor, *, space: Space, tag: str, into: str) -> Space:
    """Put another tag of the space in place of one, on every topic that has it; the first one is no more."""
    space, row = _of(actor, space, tag)
    _space, other = _of(actor, space, into)
    refuse("same_tag" if row.pk == other.pk else "")
    TopicTag.objects.filter(tag=row).exclude(topic_id__in=TopicTag.objects.filter(tag=other).values("topic_id")).update(tag=other)
    TopicTag.objects.filter(tag=row).delete()
    Tag.objects.filter(pk=other.pk).update(uses=TopicTag.objects.filter(tag=other).count())
    name = row.name
    row.delete()
    _rewrite(other)
    record(actor, kinds.TAGS_MERGED, space, space=space, tag=name, name=other.name)
    return space


def put_tags(topic: Topic, names: Sequence[str]) -> None:
    """These tags and no others; the topic is locked or new."""
    wanted = rules.tag_names(names)
    refuse(rules.why_not_tags(wanted))
    if not wanted and not topic.tags:
        return
    tags = [Tag.objects.get_or_create(space_id=topic.place, key=name_key(name), defaults={"name": name})[0] for name in wanted]
    there = set(TopicTag.objects.filter(topic=topic).values_list("tag_id", flat=True))
    new = [tag.pk for tag in tags if tag.pk not in there]
    gone = there - {tag.pk for tag in tags}
    TopicTag.objects.filter(topic=topic, tag__in=gone).delete()
    TopicTag.objects.bulk_create(TopicTag(topic=topic, tag_id=pk) for pk in new)
    Tag.objects.filter(pk__in=new).update(uses=F("uses") + 1)
    Tag.objects.filter(pk__in=gone).update(uses=F("uses") - 1)
    topic.tags = [tag.name for tag in tags] or None
    topic.save(update_fields=["tags"])


def _of(actor: Actor, space: Space, tag: str) -> tuple[Space, Tag]:
    space = space_to_read(actor.who, space.pk)
    require_in(actor, "talk.tidy", space)
    row = Tag.objects.select_for_update().filter(space=space, key=name_key(tag)).first()
    if row is None:
        raise NotFound("no_such_tag", REFUSALS["no_such_tag"])
    return space, row


def _rewrite(tag: Tag) -> None:
    """What the topics of a tag show beside their titles, after it was written anew or took another's place."""
    ids = list(TopicTag.objects.filter(tag=tag).values_list("topic_id", flat=True))
    for i in range(0, len(ids), PIECE):
        topics = list(Topic.objects.select_for_update().filter(pk__in=ids[i : i + PIECE]).order_by("pk"))
        carried: dict[int, list[str]] = {}
        for topic, name in TopicTag.objects.filter(topic__in=topics).order_by("id").values_list("topic_id", "tag__name"):
            carried.setdefault(topic, []).append(name)
        for one in topics:
            one.tags = carried.get(one.pk, [])
        Topic.objects.bulk_update(topics, ["tags"])
