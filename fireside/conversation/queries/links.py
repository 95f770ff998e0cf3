"""What links of posts lead to, and who may see its picture."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from fireside.conversation.markup.cards import Card, Cards
from fireside.conversation.models import LinkPreview, PostLink
from fireside.conversation.queries.sharing import sharing
from fireside.conversation.queries.sight import visible_posts
from fireside.lib.errors import NotFound


def cards_held(posts: Sequence[int]) -> dict[int, Cards]:
    """What is known of the links of each of these posts, where the community shows it. Two queries."""
    found: dict[int, dict[str, Card]] = {}
    if posts and sharing().previews:
        rows = PostLink.objects.filter(post__in=posts).exclude(preview__title="").select_related("preview")
        for row in rows:
            one = row.preview
            found.setdefault(row.post_id, {})[one.url] = Card(one.pk, one.url, one.title, one.words, one.width, one.height)
    return dict(found)


def get_link_picture(viewer: Any, preview_id: int) -> LinkPreview:
    """The preview whose picture this is, for whoever may see a post that links there."""
    linked = PostLink.objects.filter(preview=OuterRef("pk"), post__in=visible_posts(viewer))
    found = LinkPreview.objects.filter(Exists(linked), pk=preview_id).exclude(place="").first() if 0 < preview_id < 2**63 else None
    if found is None:
        raise NotFound()
    return found
