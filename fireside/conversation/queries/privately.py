"""Private conversations of a member: their list, one with who takes part, how many are unread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from fireside.conversation.models import Edit, File, FileContent, Habits, Participant, Post, PostFile, Reading, Topic
from fireside.conversation.queries.sight import SEEN_BY, own_talks
from fireside.conversation.queries.topic import PostRow, shown_to_nobody
from fireside.conversation.rules import COUNTED_TO, Level
from fireside.conversation.seeking.opening import opening
from fireside.lib.errors import NotFound
from fireside.lib.paging import Page, keyset_page
from fireside.lib.ready_rows import Count
from fireside.members.queries import Card, cards_of, traces_of
from fireside.spaces.queries import Seen

IN, ASKED, DECLINED = Participant.State.IN, Participant.State.ASKED, Participant.State.DECLINED
Which = Literal["all", "asked", "archived"]
BEGINS = 1200  # signs of a message that are read to show how it begins


@dataclass(frozen=True, slots=True)
class Talk:
    """A private conversation in the list of somebody who takes part."""

    id: int
    title: str  # "" = of two: the other one's name stands for it
    others: Sequence[Card]  # who takes part beside the reader; who left is not among them
    last_at: datetime
    last_author: Card | None
    begins: str  # how the last message begins
    unread: bool
    asked: bool
    archived: bool
    muted: bool
    pair: bool
    waits: bool  # of two: the other one has not said yes

    @property
    def url(self) -> str:
        return f"/t/{self.id}"

    @property
    def name(self) -> str:
        return self.title or ", ".join(card.name for card in self.others)


def talks(viewer: Any, *, which: Which = "all", cursor: str = "", size: int = 30) -> Page[Talk]:
    """Own private conversations, the latest word first: those that one takes part in, those where one is asked to, or the archived ones.

    Six queries: the page, who takes part, the last messages, muted ones, own names, people.
    """
    rows = own_talks(viewer).filter(state=ASKED if which == "asked" else IN, archived_at__isnull=which != "archived")
    fields = ("id", "topic_id", "last_at", "topic__title", "topic__pair", "topic__last_number", "unread", "state", "archived_at")
    page = keyset_page(rows.values(*fields), ("-last_at", "-id"), cursor=cursor, size=size)
    return Page(_rows(viewer, page.rows), page.next)


def own_talk(viewer: Any, topic: Topic) -> Talk:
    """One of them, as its own page shows it. Raises NotFound when the viewer takes no part in it."""
    fields = ("id", "topic_id", "last_at", "topic__title", "topic__pair", "topic__last_number", "unread", "state", "archived_at")
    found = list(own_talks(viewer).filter(topic=topic).order_by("state").values(*fields)[:1])
    if not found:
        raise NotFound()
    return _rows(viewer, found)[0]


def _rows(viewer: Any, rows: Sequence[Any]) -> list[Talk]:
    ids = [row["topic_id"] for row in rows]
    if not ids:
        return []
    taking = list(Participant.objects.filter(topic__in=ids).order_by("id").values_list("topic_id", "member_id", "state"))
    last = _last_words(ids)
    muted = set(Reading.objects.filter(topic__in=ids, member__in=traces_of(viewer), level=Level.MUTE).values_list("topic_id", flat=True))
    cards = cards_of([member for _topic, member, _state in taking] + [author for author, _begins in last.values()])
    me = viewer.person_id or viewer.pk
    found = []
    for row in rows:
        topic, pair = row["topic_id"], bool(row["topic__pair"])
        others = {
            cards[member].person_id: cards[member]
            for one, member, state in taking
            if one == topic and (pair or state in (IN, ASKED)) and cards[member].person_id != me
        }
        author, begins = last.get(topic, (0, ""))
        found.append(Talk(
            topic, row["topic__title"], list(others.values()), row["last_at"], cards.get(author), begins, row["unread"],
            row["state"] == ASKED, row["archived_at"] is not None, topic in muted, pair,
            pair and any(one == topic and state in (ASKED, DECLINED) and cards[member].person_id != me for one, member, state in taking),
        ))  # fmt: skip
    return found


def names_of(viewer: Any, topics: Iterable[int]) -> dict[int, str]:
    """What each of these conversations of the viewer is called. Two queries."""
    me, taking = viewer.person_id or viewer.pk, Participant.objects.filter(topic__in=list(topics)).order_by("id")
    rows = list(taking.values_list("topic_id", "topic__title", "topic__pair", "member_id", "state"))
    cards = cards_of({member for _topic, _title, _pair, member, _state in rows})
    named: dict[int, dict[int, str]] = {}
    titles = {topic: title for topic, title, *_rest in rows}
    for topic, _title, pair, member, state in rows:
        if (pair or state in (IN, ASKED)) and cards[member].person_id != me:
            named.setdefault(topic, {})[cards[member].person_id] = cards[member].name
    return {topic: title or ", ".join(named.get(topic, {}).values()) for topic, title in titles.items()}


def _last_words(topics: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Who spoke last in each, and how that begins, unless it was taken away. One query."""
    rows = Post.objects.filter(topic__in=list(topics), number=F("topic__last_number"), removed_at__isnull=True)
    return {
        topic: (author, opening(text, from_html=format == Post.Format.HTML))
        for topic, author, text, format in rows.values_list("topic_id", "author_id", "source_text", "format")
    }


def takers(topics: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs (conversation, person) of those who take part, or are asked to. One query."""
    rows = Participant.objects.filter(topic__in=list(topics), state__in=SEEN_BY).values_list("topic_id", "member__person_id")
    return {(topic, person) for topic, person in rows if person}


def unread_talks(viewer: Any) -> QuerySet[Participant]:
    """Private conversations with something unread, and those where one is asked: what the number beside them counts. Muted ones are not counted."""
    muted = Reading.objects.filter(topic=OuterRef("topic"), member__in=traces_of(viewer), level=Level.MUTE)
    return own_talks(viewer).filter(~Exists(muted), unread=True)


_UNREAD = Seen(lambda viewer: unread_talks(viewer).values_list("pk")[:COUNTED_TO], Count)


def count_unread_talks(viewer: Any) -> int:
    """Of these, no further than COUNTED_TO. One query."""
    found: int = _UNREAD.one(viewer)[0]
    return found


def others_in(viewer: Any, topic: Topic) -> list[Participant]:
    """Who else takes part, or did, with their accounts. One query."""
    rows = Participant.objects.filter(topic=topic).exclude(member__in=traces_of(viewer)).select_related("member")
    return list(rows.order_by("id"))


def brought_by(viewer: Any, topic: Topic) -> Any:
    """Who asked the viewer into a private conversation. One query."""
    found = own_talks(viewer).filter(topic=topic, by__isnull=False).select_related("by__person").first()
    return found.by.person or found.by if found is not None and found.by is not None else None


def reported(post_id: int, *, before: int = 5) -> tuple[Post, list[PostRow], list[str]]:
    """A message that was reported, whoever reads it: with those before it, oldest first and itself last, and what it said before edits. For
    whoever has asked already whether it may be read. A few queries."""
    post = Post.objects.select_related("topic", "author", "author__person").get(pk=post_id)
    earlier = Post.objects.filter(topic=post.topic_id, number__lt=post.number).order_by("-number").values_list("pk", flat=True)[:before]
    rows = shown_to_nobody(post.topic, [*earlier, post.pk])
    return post, rows, list(Edit.objects.filter(post=post).order_by("id").values_list("text_before", flat=True))


def wish_of(viewer: Any) -> str:
    """Who may begin a conversation with the viewer, as they chose; of two of their choices the narrower. One query."""
    chosen = set(Habits.objects.filter(member__in=traces_of(viewer)).values_list("written_by", flat=True))
    return next((wish for wish in ("nobody", "spaces") if wish in chosen), "everyone")


def pair_with(viewer: Any, member: Any) -> int:
    """The conversation of the viewer with somebody, if there is one that they take part in; 0 when not."""
    from fireside.conversation.privately.rules import pair_of

    key = pair_of(viewer.person_id or viewer.pk, member.person_id or member.pk)
    return own_talks(viewer).filter(topic__pair=key).values_list("topic_id", flat=True).first() or 0


def files_of_private_talk() -> Q:
    """Files that stand in private conversations and in nothing that is said in a space."""
    held = PostFile.objects.filter(file=OuterRef("pk"))
    return Q(Exists(held.filter(post__topic__space__isnull=True))) & ~Q(Exists(held.filter(post__topic__space__isnull=False)))


def contents_of_private_talk() -> Q:
    """Bytes of files all of which are such."""
    given = File.objects.filter(content=OuterRef("pk"))
    return Q(Exists(given)) & ~Q(Exists(given.exclude(files_of_private_talk())))


def places_of_private_files(alias: str = "default") -> set[str]:
    """Where those bytes lie in the store of files. One query."""
    return set(FileContent.objects.using(alias).filter(contents_of_private_talk()).values_list("place", flat=True))


def drafts_of_private_talk() -> Q:
    """Words not yet said there."""
    topics = Topic.objects.filter(space__isnull=True).annotate(at=Concat(Value("reply:"), Cast("pk", CharField())))
    posts = Post.objects.filter(topic__space__isnull=True).annotate(at_=Concat(Value("edit:"), Cast("pk", CharField())))
    return Q(Exists(topics.filter(at=OuterRef("place")))) | Q(Exists(posts.filter(at_=OuterRef("place"))))
