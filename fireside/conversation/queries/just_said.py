"""A reply that was said this moment, as its author gets it back: nobody has done anything to it yet, so little has to be asked."""

from fireside.conversation.models import Post
from fireside.conversation.queries.topic import Counted, PostRow
from fireside.members.models import Member
from fireside.members.queries import card_of, cards_of


def just_said(author: Member, post: Post) -> PostRow:
    """As `post_row`, for what `reply` has just made; a query at most, for people. What only pages show is not asked: `may_tidy`, and
    how the post begins that it answers."""
    to = post.reply_to if post.reply_to is not None and post.reply_to.topic_id == post.topic_id else None
    is_person = author.person_id in {None, author.pk}
    cards = {author.pk: card_of(author)} if to is None and is_person else cards_of([author.pk, to.author_id if to else None])
    return PostRow(
        id=post.pk, number=post.number, topic_id=post.topic_id, at=post.at, author=cards[author.pk], html=post.html, source=post.source_text,
        is_first=False, is_accepted=False, edited_at=None, edits=0, helped=0, thanks=0, signs=Counted(), mine=frozenset(), i_was_helped=False,
        for_later=False, own=True, may_tidy=False, removed_at=None, removed_by=None, removed_reason="", reply_to=to.number if to else None,
        reply_to_author=cards.get(to.author_id) if to else None, imported=False, format=post.format,
    )  # fmt: skip
