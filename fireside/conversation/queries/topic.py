"""One page of a topic: its posts with everything that stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, Value

from fireside.conversation.markup import VERSION, clean_archive_html, parse, render, to_markdown
from fireside.conversation.models import Helped, Later, Post, Reaction, Topic
from fireside.conversation.queries.calling import ids_called
from fireside.conversation.queries.files import files_held
from fireside.conversation.queries.links import cards_held
from fireside.conversation.queries.sight import is_own, tidies
from fireside.conversation.rules import THANKS
from fireside.conversation.seeking import bare
from fireside.lib.errors import NotFound, Refused
from fireside.lib.paging import decode_cursor, encode_cursor
from fireside.lib.text import one_line, shorten
from fireside.members.queries import Card, blocked_ids, blocks_of, cards_of, traces_of
from fireside.spaces.queries import looking_after

SIZE = 20
LAST = "last"  # a cursor: the newest posts


@dataclass(frozen=True)
class PostRow:
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
    signs: dict[str, int]  # without thanks
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
    fresh: Sequence[Post] = field(default=(), repr=False)  # rendered just now: to be kept by keep_rendered


def topic_page(
    viewer: Any, topic: Topic, cursor: str = "", *, number: int | None = None, after: int | None = None, size: int = SIZE, pull: bool = True
) -> TopicPage:
    """Posts in the order of (at, id) from `cursor` ("last": the newest), or from the post with that number, or from the first one `after` a number, or from the
    beginning.

    Seven queries at most, whatever the topic's size: posts, the one before, the accepted answer, names in fresh words, people, own
    signs, own helped with what is kept for later and who is blocked; and one for who helped most.
    """
    posts, more_before, more_after = _slice(topic, cursor, number, size, after)
    accepted = None
    if pull and not more_before and topic.accepted_id:
        accepted = next((p for p in posts if p.pk == topic.accepted_id), None) or _rows(topic).filter(pk=topic.accepted_id).first()
    every = posts if accepted is None or accepted in posts else [*posts, accepted]
    helpers = _helpers(topic)
    fresh = show(every)
    maker = _Maker(viewer, topic, every, [person for person, _ in helpers])
    first = posts[0].pk if posts and not more_before else None
    shown = [maker.row(p, p.pk == first) for p in posts]
    pulled = None
    if accepted is not None and accepted.pk != first and accepted.removed_at is None:
        pulled = maker.row(accepted, False)
        shown = [row for row in shown if row.id != accepted.pk]
    return TopicPage(
        topic, maker.cards[topic.author_id], shown, pulled, maker.cards.get(topic.accepted_by_id or 0),
        _cursor("after", posts[-1]) if more_after and posts else "", _cursor("before", posts[0]) if more_before and posts else "",
        [(maker.cards[person], n) for person, n in helpers if person in maker.cards], maker.own, maker.tidies,
        accepted in posts, fresh,
    )  # fmt: skip


def page_head(viewer: Any, topic: Topic) -> TopicPage:
    """What stands beside a topic, without its posts: three queries."""
    helpers = _helpers(topic)
    maker = _Maker(viewer, topic, [], [person for person, _ in helpers])
    found = [(maker.cards[person], n) for person, n in helpers if person in maker.cards]
    return TopicPage(topic, maker.cards[topic.author_id], [], None, None, "", "", found, maker.own, maker.tidies)


def post_row(viewer: Any, post: Post) -> PostRow:
    """One post as a page shows it: what a button swaps in."""
    post = _rows(post.topic).get(pk=post.pk)
    show([post])
    first = Post.objects.filter(topic=post.topic).order_by("at", "id").values_list("pk", flat=True).first()
    return _Maker(viewer, post.topic, [post], []).row(post, post.pk == first)


def posts_after(viewer: Any, topic: Topic, number: int, *, most: int = 100) -> tuple[list[PostRow], list[Post]]:
    """Posts with a higher number, in order; those rendered just now. For a page that is open: it has seen what was said before."""
    posts = list(_rows(topic).filter(number__gt=number).order_by("at", "id")[:most])
    fresh = show(posts)
    maker = _Maker(viewer, topic, posts, [])
    return [maker.row(post, False) for post in posts], fresh


def shown_to_nobody(topic: Topic, posts: Sequence[Post]) -> list[PostRow]:
    """Rows for somebody who is not of this topic, with the words of what was removed: whether they may read it was asked before."""
    show(posts)
    maker = _Maker(None, topic, posts, [])
    return [replace(maker.row(post, False), html=post.html, source=post.source_text) for post in posts]


def _begins(post: Post | None) -> str:
    """How a post begins, in one line."""
    if post is None or post.removed_at is not None:
        return ""
    return shorten(one_line(bare(post.source_text[:600], from_html=post.format == Post.Format.HTML)), 90)


def new_since(topic: Topic, number: int, viewer: Any = None) -> tuple[int, int]:
    """How many posts of others came after this number, and the number of the first of them (0: none). One query."""
    rows = Post.objects.filter(topic=topic, number__gt=number, removed_at__isnull=True)
    if viewer is not None:
        rows = rows.exclude(author__in=traces_of(viewer))
    found = rows.aggregate(many=Count("pk"), first=Min("number"))
    return found["many"], found["first"] or 0


def show(posts: Sequence[Post]) -> list[Post]:
    """Make sure that every post has its `html`. Returns those rendered just now; one query if they name anybody, one if they show files, two if links stand alone in them."""
    stale = []
    for post in posts:
        if post.format == Post.Format.HTML:
            post.html = clean_archive_html(post.source_text)
        elif post.rendered != VERSION:
            stale.append((post, parse(post.source_text)))
    handles = ids_called({name for _, parsed in stale for name in parsed.names})
    held = files_held(pictured) if (pictured := [post for post, parsed in stale if parsed.files]) else {}
    cards = cards_held(linking) if (linking := [post for post, parsed in stale if parsed.links]) else {}
    for post, parsed in stale:
        post.html, _ = render(parsed, handles, held.get(post.pk), cards.get(post.pk))
        post.rendered = VERSION
    return [post for post, _ in stale]


def _rows(topic: Topic) -> Any:
    return Post.objects.filter(topic_id=topic.pk).select_related("topic__space", "author", "reply_to")


def _slice(topic: Topic, cursor: str, number: int | None, size: int, after: int | None = None) -> tuple[list[Post], bool, bool]:
    """The posts of the page, whether any stand before, whether any stand behind."""
    rows = _rows(topic).order_by("at", "id")
    if number is not None or after is not None:
        named = rows.filter(number=number).order_by() if after is None else rows.filter(number__gt=after).order_by("number")
        named = named.values_list("at", "id")[:1]  # one row by its unique index: nothing to sort
        start = next(iter(named), None) if number is None or 0 < number < 2**31 else None
        if start is None and after is not None:
            return _slice(topic, "", None, size)
        if start is None:
            raise NotFound()
        head = rows.filter(_bound("lt", *start)).values_list("pk", flat=True)[:size]
        if len(head) < size:  # it stands on the first page: show that, and let the anchor lead
            return _slice(topic, "", None, size)
        found = list(rows.filter(_bound("gte", *start))[: size + 1])
        return found[:size], True, len(found) > size
    if cursor == LAST:
        found = list(rows.order_by("-at", "-id")[: size + 1])
        return found[:size][::-1], len(found) > size, False
    if not cursor:
        found = list(rows[: size + 1])
        return found[:size], False, len(found) > size
    way, at, pk = decode_cursor(cursor, 3)
    try:
        when = datetime.fromisoformat(at)
        if when.tzinfo is None or not 0 < int(pk) < 2**63 or way not in ("before", "after"):
            raise ValueError
        bound = _bound("lt" if way == "before" else "gt", when, int(pk))
    except (TypeError, ValueError) as wrong:
        raise Refused("bad_cursor", _damaged()) from wrong
    if way == "before":
        found = list(rows.filter(bound).order_by("-at", "-id")[: size + 1])
        return found[:size][::-1], len(found) > size, True
    found = list(rows.filter(bound)[: size + 1])
    return found[:size], True, len(found) > size


def _bound(way: str, at: datetime, pk: int) -> Q:
    """(at, id) beyond the bound; the plain bound on `at` lets both databases seek the index."""
    outer = {"gt": "gte", "lt": "lte"}.get(way, way)
    return Q(**{f"at__{outer}": at}) & (Q(**{f"at__{way.removesuffix('e')}": at}) | Q(**{"at": at, f"id__{way}": pk}))


def _cursor(way: str, post: Post) -> str:
    return encode_cursor([way, post.at, post.pk])


def _damaged() -> Any:
    from django.utils.translation import gettext_lazy as _

    return _("This page address is damaged. Start again from the first page.")


def _helpers(topic: Topic) -> list[tuple[int, int]]:
    """Persons whose words helped most people in the topic. Reads only the posts that helped anybody."""
    if not topic.helped_count:
        return []
    rows = Helped.objects.filter(post__in=Post.objects.filter(topic=topic, helped_count__gt=0)).values("post__author__person_id")
    rows = rows.exclude(member__person_id=F("post__author__person_id"))  # two who thanked each other may be one person since
    counted = rows.annotate(n=Count("member__person_id", distinct=True)).order_by("-n", "post__author__person_id")
    return [(person or 0, n) for person, n in counted.values_list("post__author__person_id", "n")[:3]]


class _Maker:
    """Rows from posts: people, own signs and own helped are read once for the whole page."""

    def __init__(self, viewer: Any, topic: Topic, posts: Sequence[Post], people: Sequence[int]) -> None:
        self.viewer, self.topic = viewer, topic
        self.own, self.tidies = is_own(viewer, topic), tidies(viewer, topic.space)
        asked = [topic.author_id, topic.accepted_by_id, *people]
        for p in posts:
            asked += [p.author_id, p.removed_by_id, p.reply_to.author_id if p.reply_to else None]
        self.cards = cards_of(asked)
        ids = [p.pk for p in posts]
        self.signs: dict[int, set[str]] = {}
        self.helped: set[int] = set()
        self.later: set[int] = set()
        self.blocked: set[int] = set()  # persons
        if viewer is not None and ids:
            for pk, sign in Reaction.objects.filter(post__in=ids, member__in=traces_of(viewer)).values_list("post_id", "sign"):
                self.signs.setdefault(pk, set()).add(sign)
            helped = Helped.objects.filter(post__in=ids, member__in=traces_of(viewer)).values_list("post_id", Value(0))
            later = Later.objects.filter(post__in=ids, member__in=traces_of(viewer)).values_list("post_id", Value(1))
            authors = {p.author.person_id for p in posts}
            blocked = blocked_ids(blocks_of(viewer).filter(blocked__person_id__in=authors), Value(2))
            for pk, of in helped.union(later, blocked):
                (self.helped, self.later, self.blocked)[of].add(pk)
            if self.blocked and topic.space_id is not None:  # who looks after the place cannot be folded there
                self.blocked -= looking_after(topic.space, self.blocked)

    def row(self, p: Post, is_first: bool) -> PostRow:
        own = is_own(self.viewer, p)
        answered = (
            p.reply_to if p.reply_to is not None and p.reply_to.topic_id == p.topic_id else None
        )  # else it stands in another topic now
        open_words = p.removed_at is None or own or self.tidies
        return PostRow(
            id=p.pk, number=p.number, topic_id=p.topic_id, at=p.at, author=self.cards[p.author_id],
            html=p.html if open_words else "", source=p.source_text if open_words else "",
            is_first=is_first, is_accepted=p.pk == self.topic.accepted_id,
            edited_at=p.edited_at, edits=p.edits_count, helped=p.helped_count, thanks=p.thanks_count,
            signs={sign: n for sign, n in p.reactions.items() if sign != THANKS and n > 0}, mine=frozenset(self.signs.get(p.pk, ())),
            i_was_helped=p.pk in self.helped, for_later=p.pk in self.later, own=own, may_tidy=self.tidies,
            removed_at=p.removed_at, removed_by=self.cards.get(p.removed_by_id or 0), removed_reason=p.removed_reason,
            reply_to=answered.number if answered else None, reply_to_author=self.cards.get(answered.author_id) if answered else None,
            imported=p.imported,
            format=p.format, folded=p.author.person_id in self.blocked, answered_words=_begins(answered),
        )  # fmt: skip
