"""What of talk a viewer may see.

Two circles, and it matters which one you ask for:
visible_topics, get_topic  what is said in spaces. Whatever is made of these (lists, search, figures, feeds) never meets a private conversation.
get_talk, private_too=True the same, and private conversations that the viewer takes part in: for what both have, such as a page of posts,
                           an edit or a file. Nobody else sees those, whatever they run.
"""

from typing import Any

from django.db.models import Q, QuerySet

from fireside.activity.finding import finds
from fireside.conversation.models import Draft, Edit, Forward, Participant, Post, Topic
from fireside.lib.errors import NotFound
from fireside.lib.ready import Ready
from fireside.members.models import Member
from fireside.members.queries import traces_of_person
from fireside.members.rights import may
from fireside.spaces.queries import Reader, Seen, in_sight, organises, person_id


def visible_topics(viewer: Any) -> QuerySet[Topic]:
    """Topics in spaces that the viewer may read, without removed ones."""
    return Topic.objects.filter(in_sight(viewer), removed_at__isnull=True)


def visible_posts(viewer: Any) -> QuerySet[Post]:
    """Posts that stand, in topics that stand, in spaces that the viewer may read."""
    return Post.objects.filter(in_sight(viewer, "topic__space_id"), removed_at__isnull=True, topic__removed_at__isnull=True)


_TOPIC = Seen(lambda viewer, pk: Topic.objects.select_related("space", "author").filter(in_sight(viewer), pk=pk), Ready)


def get_topic(viewer: Any, topic_id: int) -> Topic:
    """The topic with its space and author. A removed one is there only for its author and for those who tidy."""
    found: Topic | None = _TOPIC.one(viewer, topic_id) if 0 < topic_id < 2**63 else None
    if found is None or found.removed_at is not None:
        merged = Topic.objects.filter(merged_into__isnull=False)
        if (into := _one(merged.values_list("merged_into_id", flat=True), topic_id)) is not None:
            return get_topic(viewer, into)  # its address leads to where its posts stand
    if found is None or (found.removed_at is not None and not (is_own(viewer, found) or tidies(viewer, found.space))):
        raise NotFound()
    return found


SEEN_BY = (Participant.State.IN, Participant.State.ASKED)


def own_talks(viewer: Any) -> QuerySet[Participant]:
    """Where the viewer takes part in private conversations, or is asked to, under whatever of their names. Not even the house looks into others."""
    if not isinstance(viewer, Member | Reader):
        return Participant.objects.none()
    return Participant.objects.filter(member__in=traces_of_person(person_id(viewer)), state__in=SEEN_BY)


def private_posts(viewer: Any) -> QuerySet[Post]:
    """Posts that stand in private conversations of the viewer."""
    return Post.objects.filter(removed_at__isnull=True, topic__space__isnull=True, topic__in=own_talks(viewer).values("topic_id"))


def in_reach(viewer: Any, of: str = "") -> Q:
    """Topics (with `of="topic__"`: posts) in spaces that the viewer may read, and in private conversations of theirs."""
    open_ = Q(in_sight(viewer, f"{of}space_id"))
    if not isinstance(viewer, Member | Reader):
        return open_
    return open_ | Q(**{f"{of}space__isnull": True, f"{of}id__in": own_talks(viewer).values("topic_id")})


_TALK = Seen(lambda viewer, pk: Topic.objects.select_related("space", "author").filter(in_reach(viewer), pk=pk), Ready)


def get_talk(viewer: Any, topic_id: int) -> Topic:
    """The topic, as `get_topic`, or a private conversation that the viewer takes part in: then it has no space."""
    found: Topic | None = _TALK.one(viewer, topic_id) if 0 < topic_id < 2**63 else None
    return found if found is not None and found.removed_at is None else get_topic(viewer, topic_id)


_WHOLE_POST = ("topic__space", "topic__author", "author")
_POST = Seen(lambda viewer, pk: Post.objects.select_related(*_WHOLE_POST).filter(in_sight(viewer, "topic__space_id"), pk=pk), Ready)
_POST_TOO = Seen(lambda viewer, pk: Post.objects.select_related(*_WHOLE_POST).filter(in_reach(viewer, "topic__"), pk=pk), Ready)


def get_post(viewer: Any, post_id: int, *, private_too: bool = False) -> Post:
    """The post with its topic, space and author; a removed post too (its words are shown only to those who may see them)."""
    found: Post | None = (_POST_TOO if private_too else _POST).one(viewer, post_id) if 0 < post_id < 2**63 else None
    if found is None or (found.topic.removed_at is not None and not (is_own(viewer, found.topic) or tidies(viewer, found.topic.space))):
        raise NotFound()
    return found


_NUMBERED = Ready(lambda topic, number: Post.objects.select_related("author").filter(topic_id=topic, number=number))


def get_numbered(viewer: Any, topic: Topic, number: int) -> Post:
    """A post by its number in a topic that the viewer has found."""
    found = _NUMBERED.first(topic.pk, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound()
    found.topic = topic
    return found


def get_at(viewer: Any, topic_id: int, number: int, *, private_too: bool = False) -> Post:
    """A post by its address, wherever it stands today: what was put into another topic is found by its old number, too."""
    try:
        topic = (get_talk if private_too else get_topic)(viewer, topic_id)
        if topic.pk == topic_id:
            return get_numbered(viewer, topic, number)
    except NotFound:
        pass
    rows = Forward.objects.filter(topic=topic_id, number=number) if 0 < topic_id < 2**63 and 0 < number < 2**31 else Forward.objects.none()
    return get_post(viewer, rows.values_list("post_id", flat=True).first() or 0)


def get_edits(viewer: Any, post: Post) -> QuerySet[Edit]:
    """What a post said before: for its author and those who tidy. Others find nothing."""
    if not (is_own(viewer, post) or tidies(viewer, post.topic.space)):
        raise NotFound()
    return Edit.objects.filter(post=post).order_by("-id")


def tidies(viewer: Any, space: Any, organiser: bool | None = None) -> bool:
    """Whether the viewer removes posts and closes topics in the space; `organiser`: whether they organise it, where that is known already.
    Nobody does in a private conversation (None)."""
    if viewer is None or space is None or not may(viewer, "talk.tidy", organiser=True):
        return False
    return may(viewer, "talk.tidy") or (organises(viewer, space) if organiser is None else organiser)


def is_own(viewer: Any, row: Any) -> bool:
    """Whether the viewer wrote it, under whatever of their names."""
    return viewer is not None and (row.author_id == viewer.pk or row.author.person_id == viewer.person_id)


def own_drafts(viewer: Any, place: str) -> list[Draft]:
    """The viewer's drafts for one place, the newest first."""
    return [] if viewer is None else list(Draft.objects.filter(member=viewer, place=place).order_by("-saved_at", "-id"))


@finds(Topic)
def find_topic(viewer: Any, word: str) -> Topic:
    """A topic by its id, or by its address: "7", "/t/7"; a private conversation too, for whoever takes part in it."""
    return get_talk(viewer, _number(word.strip().removeprefix("/t/")))


@finds(Post)
def find_post(viewer: Any, word: str) -> Post:
    """A post by its id, or by its place in a topic: "19", "7/2", "/t/7/2"."""
    topic, slash, number = word.strip().partition("#")[0].removeprefix("/t/").partition("/")
    if slash:
        return get_at(viewer, _number(topic), _number(number), private_too=True)
    return get_post(viewer, _number(topic), private_too=True)


def _number(word: str) -> int:
    """0 for what is no number: no row has it."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < 20 else 0


def _one(rows: Any, pk: int) -> Any:
    """None for numbers no database can hold, too: they are as missing as any."""
    return rows.filter(pk=pk).first() if 0 < pk < 2**63 else None
