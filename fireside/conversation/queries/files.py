"""Files for a viewer: seen by whoever gave them, and by whoever may see a post that holds them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from fireside.activity.actor import Actor
from fireside.activity.finding import finds
from fireside.conversation.markup import Files, Shown
from fireside.conversation.media.rules import named_in
from fireside.conversation.models import File, PostFile
from fireside.conversation.queries.sight import private_posts, tidies, visible_posts
from fireside.lib.errors import NotFound
from fireside.members.queries import traces_of


def visible_files(viewer: Any) -> QuerySet[File]:
    """What the viewer gave, and what stands in a post that they may see."""
    standing = PostFile.objects.filter(dropped_at__isnull=True, removed_at__isnull=True)
    held = standing.filter(Q(post__in=visible_posts(viewer)) | Q(post__in=private_posts(viewer)), file=OuterRef("pk"))
    seen: Q | Exists = Exists(held)
    return File.objects.filter(seen if viewer is None else Q(member__in=traces_of(viewer)) | seen).select_related("content", "member")


def get_file(viewer: Any, file_id: int) -> File:
    """The file. One that only removed posts hold, or what a post said before, is there for those who tidy where it stands."""
    found = visible_files(viewer).filter(pk=file_id).first() if 0 < file_id < 2**63 else None
    if found is None and viewer is not None and 0 < file_id < 2**63:
        rows = (
            PostFile.objects.filter(file=file_id).select_related("file__content", "file__member", "post__topic__space").order_by("-pk")[:20]
        )
        found = next((row.file for row in rows if tidies(viewer, row.post.topic.space)), None)
    if found is None:
        raise NotFound()
    return found


def files_to_show(viewer: Any, ids: Iterable[int]) -> Files:
    """Of these files those that the viewer may see, and so may put into a post."""
    wanted = set(ids)
    return {one.pk: shown(one) for one in visible_files(viewer).filter(pk__in=wanted)} if wanted else {}


def files_in(viewer: Any, text: str) -> list[Shown]:
    """What words that are being written name, in their order, as far as the viewer may see it. One query, if they name anything."""
    found = files_to_show(viewer, named := named_in([text]))
    return [found[pk] for pk in named if pk in found]


def files_held(posts: Sequence[int], *, dropped_too: bool = False) -> dict[int, Files]:
    """What each of these posts holds, what was taken out of its space as gone; with `dropped_too` also what it held before an edit. One query."""
    found: dict[int, dict[int, Shown]] = {}
    if not posts:
        return {}
    rows = PostFile.objects.filter(post__in=posts).select_related("file__content", "file__member")
    for row in rows if dropped_too else rows.filter(dropped_at__isnull=True):
        found.setdefault(row.post_id, {})[row.file_id] = replace(shown(row.file), gone=row.removed_at is not None)
    return dict(found)


def shown(file: File) -> Shown:
    content = file.content
    return Shown(
        file.pk, content.kind, file.name, content.media_type, content.size, content.width or 0, content.height or 0,
        tuple(content.widths), content.moving, file.member.person_id or file.member_id,
    )  # fmt: skip


@finds(File)
def find_file(viewer: Any, word: str) -> File:
    """By its id. The house itself finds any."""
    pk = int(word) if word.isascii() and word.isdigit() and len(word) < 19 else 0
    if isinstance(viewer, Actor):
        found = File.objects.select_related("content", "member").filter(pk=pk).first() if viewer.is_house else None
        if found is None:
            raise NotFound()
        return found
    return get_file(viewer, pk)
