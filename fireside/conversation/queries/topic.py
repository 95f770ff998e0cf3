"""One page of a topic: its posts with everything that stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Min, QuerySet, Value

from fireside.conversation.markup import to_markdown
from fireside.conversation.models import Helped, Later, Post, Reaction, Topic
from fireside.conversation.queries.said import Said, begins, columns_of, said, with_html
from fireside.conversation.queries.sight import is_own, tidies
from fireside.conversation.queries.slices import cursor_at, one_of, posts_of, slice_of
from fireside.conversation.rules import THANKS
from fireside.lib.errors import NotFound
from fireside.lib.ready_rows import Many, Rows
from fireside.members.queries import Card, cards_of, traces_of_person, waking_blocks
from fireside.spaces.queries import looking_after

SIZE = 20


class Counted(dict[str, int]):
    """How often each sign was given. Never changed once it is made, so that a part of a page can be kept under it."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


class PostRow(NamedTuple):
    """What a page shows of a post. Words of a removed post are there only for its author and for those who tidy."""

    id: int
    number: int
    topic_id: int
    at: datetime
    author: Card
    html: str
    source: str
    is_first: bool
    is_accepted: bool
    edited_at: datetime | None
    edits: int
    helped: int
    thanks: int
    signs: Counted  # without thanks
    mine: frozenset[str]  # signs the viewer gave
    i_was_helped: bool
    for_later: bool  # the viewer keeps it
    own: bool
    may_tidy: bool
    removed_at: datetime | None
    removed_by: Card | None
    removed_reason: str
    reply_to: int | None  # number
    reply_to_author: Card | None
    imported: bool
    format: str
    folded: bool = False  # the viewer has blocked who said it, and may open it all the same
    answered_words: str = ""  # how the post that it answers begins, while that stands

    @property
    def words(self) -> str:
        """What a quote is made of: Markdown, which calls nobody anew."""
        return self.source if self.format != Post.Format.HTML else to_markdown(self.source)

    @property
    def url(self) -> str:
        return f"/t/{self.topic_id}/{self.number}#p{self.number}"


@dataclass(frozen=True)
class TopicPage:
    topic: Topic
    author: Card
    posts: Sequence[PostRow]
    accepted: PostRow | None  # pulled up beside the first post, on the page that begins with it
    accepted_by: Card | None
    next: str
    previous: str
    helpers: Sequence[tuple[Card, int]]  # who helped most, and how many people
    own: bool
    may_tidy: bool
    accepted_here: bool = False  # its own place in time is on this page, too
    fresh: Sequence[Said] = field(default=(), repr=False)  # rendered just now: to be kept by keep_rendered


def topic_page(
    viewer: Any, topic: Topic, cursor: str = "", *, number: int | None = None, after: int | None = None, size: int = SIZE, pull: bool = True,
    organises: bool | None = None,
) -> TopicPage:  # fmt: skip
    """Posts in the order of (at, id) from `cursor` ("last": the newest), or from the post with that number, or from the first one `after` a number, or from the
    beginning.

    Six queries at most, whatever the topic's size: where the page begins, posts, the accepted answer, names in fresh words, own signs with
    who helped most, people; and one more for whether the viewer `organises` the space, unless that is known.
    """
    posts, more_before, more_after = slice_of(topic, cursor, number, size, after)
    accepted = None
    if pull and not more_before and topic.accepted_id:
        accepted = next((p for p in posts if p.pk == topic.accepted_id), None)
        if accepted is None and (elsewhere := one_of(topic, topic.accepted_id)) is not None:
            accepted = elsewhere[0]
    accepted_here = accepted in posts
    every, fresh = with_html(posts if accepted is None or accepted_here else [*posts, accepted])
    posts, accepted = every[: len(posts)], next((p for p in every if accepted is not None and p.pk == accepted.pk), None)
    maker = _Maker(viewer, topic, every, organises)
    helpers = maker.helpers
    first = posts[0].pk if posts and not more_before else None
    shown = [maker.row(p, p.pk == first) for p in posts]
    pulled = None
    if accepted is not None and accepted.pk != first and accepted.removed_at is None:
        pulled = maker.row(accepted, False)
        shown = [row for row in shown if row.id != accepted.pk]
    return TopicPage(
        topic, maker.cards[topic.author_id], shown, pulled, maker.cards.get(topic.accepted_by_id or 0),
        cursor_at("after", posts[-1]) if more_after and posts else "", cursor_at("before", posts[0]) if more_before and posts else "",
        [(maker.cards[person], n) for person, n in helpers if person in maker.cards], maker.own, maker.tidies,
        accepted_here, fresh,
    )  # fmt: skip


def page_head(viewer: Any, topic: Topic) -> TopicPage:
    """What stands beside a topic, without its posts: three queries."""
    maker = _Maker(viewer, topic, [])
    found = [(maker.cards[person], n) for person, n in maker.helpers if person in maker.cards]
    return TopicPage(topic, maker.cards[topic.author_id], [], None, None, "", "", found, maker.own, maker.tidies)


def post_row(viewer: Any, post: Post) -> PostRow:
    """One post as a page shows it: what a button swaps in."""
    topic = post.topic
    if (found := one_of(topic, post.pk)) is None:
        raise NotFound()
    posts, _fresh = with_html([found[0]])
    return _Maker(viewer, topic, posts).row(posts[0], found[1])


def posts_after(viewer: Any, topic: Topic, number: int, *, most: int = 100) -> tuple[list[PostRow], list[Said]]:
    """Posts with a higher number, in order; those rendered just now. For a page that is open: it has seen what was said before."""
    posts, fresh = with_html(said(columns_of(posts_of(topic).filter(number__gt=number)).order_by("at", "id")[:most]))
    maker = _Maker(viewer, topic, posts)
    return [maker.row(post, False) for post in posts], fresh


def shown_to_nobody(topic: Topic, ids: Sequence[int]) -> list[PostRow]:
    """Rows in the order of their numbers for somebody who is not of this topic, with the words of what was removed: whether they may read it
    was asked before."""
    posts, _fresh = with_html(said(columns_of(posts_of(topic).filter(pk__in=ids)).order_by("number")))
    maker = _Maker(None, topic, posts)
    return [maker.row(post, False)._replace(html=post.html, source=post.source_text) for post in posts]


def new_since(topic: Topic, number: int, viewer: Any = None) -> tuple[int, int]:
    """How many posts of others came after this number, and the number of the first of them (0: none). One query."""
    many, first = _NEW_SINCE.one(0 if viewer is None else viewer.person_id or viewer.pk, topic.pk, number) or (0, 0)
    return many, first


def _new_since(person: Any, topic: Any, number: Any) -> QuerySet[Any, Any]:
    rows = Post.objects.filter(topic_id=topic, number__gt=number, removed_at__isnull=True).exclude(author__in=traces_of_person(person))
    return rows.values("topic_id").annotate(many=Count("pk"), first=Min("number")).values_list("many", "first")


_NEW_SINCE = Rows(_new_since)


SIGN, HELPED, LATER, HELPER, BLOCKED = range(5)


def _beside(person: Any, posts: Any, topic: Any) -> QuerySet[Any, Any]:
    """What somebody did to these posts, whom of their authors they blocked, and who helped how many people in the topic: rows (post or person,
    what, sign, how many)."""
    mine = traces_of_person(person)

    def says(rows: QuerySet[Any], what: int) -> QuerySet[Any, Any]:
        return rows.filter(post_id__in=Many(posts), member__in=mine).values_list("post_id", Value(what), Value(""), Value(0))

    # two who thanked each other may be one person since; only posts that helped anybody are read
    helped = Helped.objects.filter(post__topic_id=topic, post__helped_count__gt=0).exclude(member__person_id=F("post__author__person_id"))
    people = helped.values("post__author__person_id").annotate(n=Count("member__person_id", distinct=True))
    given = Reaction.objects.filter(post_id__in=Many(posts), member__in=mine).values_list("post_id", Value(SIGN), "sign", Value(0))
    authors = Post.objects.filter(pk__in=Many(posts)).values("author__person_id")
    blocked = waking_blocks().filter(member__in=mine, blocked__person_id__in=authors)
    return given.union(
        blocked.values_list("blocked__person_id", Value(BLOCKED), Value(""), Value(0)),
        says(Helped.objects.all(), HELPED), says(Later.objects.all(), LATER),
        people.values_list("post__author__person_id", Value(HELPER), Value(""), "n"), all=True,
    )  # fmt: skip


_BESIDE = Rows(_beside)


class _Maker:
    """Rows from posts: people, own signs and own helped are read once for the whole page."""

    def __init__(self, viewer: Any, topic: Topic, posts: Sequence[Said], organises: bool | None = None) -> None:
        self.viewer, self.topic = viewer, topic
        self.own, self.tidies = is_own(viewer, topic), tidies(viewer, topic.space, organises)
        self.signs: dict[int, set[str]] = {}
        done: dict[int, set[int]] = {HELPED: set(), LATER: set(), BLOCKED: set()}
        helpers: list[tuple[int, int]] = []
        if topic.helped_count or (viewer is not None and posts):
            person = 0 if viewer is None else viewer.person_id or viewer.pk
            for pk, what, sign, n in _BESIDE.all(person, [p.pk for p in posts], topic.pk if topic.helped_count else 0):
                if what == SIGN:
                    self.signs.setdefault(pk, set()).add(sign)
                elif what == HELPER:
                    helpers.append((pk or 0, n))
                else:
                    done[what].add(pk)
        self.helped, self.later, self.blocked = done[HELPED], done[LATER], done[BLOCKED]  # the blocked ones are persons
        self.helpers = sorted(helpers, key=lambda one: (-one[1], one[0]))[:3]  # whose words helped most people
        asked = [topic.author_id, topic.accepted_by_id, *(person for person, _ in self.helpers)]
        for p in posts:
            asked += [p.author_id, p.removed_by_id, p.reply_to.author_id if p.reply_to else None]
        self.cards = cards_of(asked)
        if self.blocked and topic.space_id is not None:  # who looks after the place cannot be folded there
            self.blocked -= looking_after(topic.space, self.blocked)

    def row(self, p: Said, is_first: bool) -> PostRow:
        own = self.viewer is not None and (p.author_id == self.viewer.pk or self.cards[p.author_id].person_id == self.viewer.person_id)
        answered = (
            p.reply_to if p.reply_to is not None and p.reply_to.topic_id == p.topic_id else None
        )  # else it stands in another topic now
        open_words = p.removed_at is None or own or self.tidies
        return PostRow(
            id=p.pk, number=p.number, topic_id=p.topic_id, at=p.at, author=self.cards[p.author_id],
            html=p.html if open_words else "", source=p.source_text if open_words else "",
            is_first=is_first, is_accepted=p.pk == self.topic.accepted_id,
            edited_at=p.edited_at, edits=p.edits_count, helped=p.helped_count, thanks=p.thanks_count,
            signs=Counted((sign, n) for sign, n in p.reactions.items() if sign != THANKS and n > 0), mine=frozenset(self.signs.get(p.pk, ())),
            i_was_helped=p.pk in self.helped, for_later=p.pk in self.later, own=own, may_tidy=self.tidies,
            removed_at=p.removed_at, removed_by=self.cards.get(p.removed_by_id or 0), removed_reason=p.removed_reason,
            reply_to=answered.number if answered else None, reply_to_author=self.cards.get(answered.author_id) if answered else None,
            imported=p.imported,
            format=p.format, folded=self.cards[p.author_id].person_id in self.blocked, answered_words=begins(answered),
        )  # fmt: skip
