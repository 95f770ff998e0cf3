"""What talk does when somebody turns out to be somebody else, and what it answers to those who tell members."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from fireside.activity.actor import house
from fireside.activity.jobs import ask_once
from fireside.activity.models import Activity
from fireside.activity.reactions import reaction
from fireside.conversation import actions, kinds
from fireside.conversation.actions.links import note_links
from fireside.conversation.actions.mending import mend_topics_of
from fireside.conversation.actions.seeking import index_posts, index_topics
from fireside.conversation.markup import in_a_letter
from fireside.conversation.models import Post
from fireside.conversation.queries import spared, unheard
from fireside.conversation.queries.standing import standing
from fireside.conversation.queries.tags import tag_named
from fireside.conversation.queries.words import markdown_of_all
from fireside.members import kinds as members
from fireside.members.queries import Card
from fireside.notifications import visibility, wishes
from fireside.spaces.queries import readers_among


@reaction(
    "conversation.recount",
    kinds=[members.MERGED, members.UNMERGED, members.CLAIMED, members.MARKED_BOT, members.MARKED_PERSON],
    imported=True,
)
def recount(batch: Sequence[Activity], now: datetime) -> None:
    """A bot answers nobody, and two traces of one person are one: count again where they spoke and where they were helped."""
    ids = {pk for line in batch for pk in (line.target_id if line.target_type == "members.member" else None, line.other_id) if pk}
    if ids:
        mend_topics_of(house("worker", now=now), members=ids)


POST = "conversation.post"
_SAID = {kinds.ASKED.name, kinds.OPENED.name, kinds.REPLIED.name}  # the other lines are about a topic: its title, or which post begins it
_ABOUT_REMOVAL = {kinds.REMOVED.name, kinds.RESTORED.name, kinds.TALK_REMOVED.name}


def _sees(cards: Mapping[int, Card], lines: Sequence[Activity]) -> set[tuple[int, int]]:
    """A line about a post or a whole topic is for those who may read its space, or take part in the private conversation, as long as it
    stands; of a removal its author hears, in a private conversation everybody. Two queries."""
    posts, topics, taking = standing(
        {line.target_id or 0 for line in lines if line.target_type == POST},
        {line.target_id or 0 for line in lines if line.target_type != POST},
        {line.parent_id for line in lines if line.space_id is None and line.parent_id},
    )
    spaces = {one.space for one in (*posts.values(), *topics.values()) if one.space}
    open_to = readers_among(spaces, cards)  # where it stands today, not where it was said
    pairs = set()
    for line in lines:
        thing = (posts if line.target_type == POST else topics).get(line.target_id or 0)
        if thing is None:
            continue
        for pk, card in cards.items():
            if thing.space is None:
                sees = (line.parent_id, card.person_id) in taking and (thing.stands or line.kind == kinds.TALK_REMOVED.name)
            else:
                sees = (thing.space, pk) in open_to and (thing.stands or (line.kind in _ABOUT_REMOVAL and card.person_id == thing.person))
            if sees:
                pairs.add((pk, line.pk))
    return pairs


def _addresses(lines: Sequence[Activity]) -> dict[int, str]:
    """A post, by its number in its topic. One query."""
    rows = Post.objects.filter(pk__in={line.target_id for line in lines}).values_list("pk", "topic_id", "number")
    where = {pk: f"/t/{topic}/{number}#p{number}" for pk, topic, number in rows}
    return {line.pk: where[line.target_id] for line in lines if line.target_id in where}


for about in ("conversation.topic", "conversation.moving"):
    visibility.register(about, _sees, lambda lines: {line.pk: f"/t/{line.target_id}" for line in lines})


def _does_not_wish(lines: Sequence[Activity], persons: Collection[int]) -> set[tuple[int, int]]:
    """Who has muted it, or blocked whoever spoke; what became of one's own words everybody hears."""
    some = [line for line in lines if line.kind not in _ABOUT_REMOVAL]
    return spared(some, persons) | unheard(some, persons)


wishes.register(POST, _does_not_wish)


def _words(lines: Sequence[Activity]) -> dict[int, str]:
    """What was said, for a letter: only by lines that say something, and not what has been taken away. One query, two more for an archive's words."""
    said = [line for line in lines if line.kind in _SAID | {kinds.EDITED.name, kinds.TALK_SAID.name, kinds.TALK_ASKED.name}]
    rows = Post.objects.filter(pk__in={line.target_id for line in said}, removed_at__isnull=True).values_list("pk", "source_text", "format")
    words = {pk: in_a_letter(text) for pk, text in markdown_of_all(rows).items()}
    return {line.pk: words[line.target_id] for line in said if line.target_id in words}


visibility.register(POST, _sees, _addresses, _words)


@reaction(
    "conversation.index",
    kinds=[
        kinds.ASKED, kinds.OPENED, kinds.ASKED_EARLIER, kinds.OPENED_EARLIER, kinds.REPLIED, kinds.EDITED, kinds.REMOVED, kinds.RESTORED,
        kinds.MOVED, kinds.TAGGED, kinds.SPLIT, kinds.MERGED, kinds.PARTED,
    ],
    imported=True,
)  # fmt: skip
def index(batch: Sequence[Activity], now: datetime) -> None:
    """Whoever searches finds what was said, as it reads now."""
    actor = house("worker", now=now)
    index_posts(actor, posts={line.target_id for line in batch if line.target_id and line.kind in _SAID})
    index_topics(actor, topics={line.parent_id for line in batch if line.parent_id and line.kind not in _SAID})


@reaction("conversation.index_tags", kinds=[kinds.TAG_RENAMED, kinds.TAGS_MERGED])
def index_tags(batch: Sequence[Activity], now: datetime) -> None:
    """Whoever searches by a tag finds its topics under its new name. They may be many: a job reads them."""
    for pk in dict.fromkeys(tag for line in batch if (tag := tag_named(line.space_id, line.data["name"]))):
        ask_once(house("worker", now=now), "conversation.index", key=f"conversation.index:{pk}:{batch[-1].pk}", tag=pk)


@reaction("conversation.tell_watchers", kinds=[kinds.ASKED, kinds.OPENED, kinds.REPLIED], batch=100)
def tell_watchers(batch: Sequence[Activity], now: datetime) -> None:
    """Whoever watches a topic or its space is told of every post."""
    actions.tell_watchers(house("worker", now=now), lines=batch)


@reaction("conversation.links", kinds=[kinds.ASKED, kinds.OPENED, kinds.REPLIED, kinds.EDITED])
def links(batch: Sequence[Activity], now: datetime) -> None:
    """What stands alone in a line is asked what it leads to, a moment later."""
    note_links(house("worker", now=now), posts={line.target_id for line in batch if line.target_id})
