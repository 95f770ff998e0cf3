"""What is shared in a space, tidied by those who look after it: a file is taken out of all its posts there, and may be put back."""

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import refuse
from fireside.conversation.models import File, Post, PostFile
from fireside.lib.errors import NotFound
from fireside.lib.text import one_line
from fireside.spaces.models import Space
from fireside.spaces.queries import require_in, space_to_read


@action(right="talk.tidy")
def remove_file(actor: Actor, *, file: File, space: Space, reason: str) -> File:
    """Take a file out of all posts of a space, with a reason that its giver reads. The words around it stay; it can be put back."""
    rows, space = _held(actor, file, space)
    standing = [row for row in rows if row.removed_at is None]
    if not standing:
        return already(file)
    reason = one_line(reason)
    refuse(rules.why_not_reason(reason))
    _mark(standing, removed_at=actor.now, removed_by=actor.who, removed_reason=reason)
    _tell(actor, kinds.FILE_REMOVED, standing[0].post, file, space, reason)
    return file


@action(right="talk.tidy")
def put_file_back(actor: Actor, *, file: File, space: Space) -> File:
    """Put a file back into the posts of a space that it was taken out of."""
    rows, space = _held(actor, file, space)
    gone = [row for row in rows if row.removed_at is not None]
    if not gone:
        return already(file)
    _mark(gone, removed_at=None, removed_by=None, removed_reason="")
    _tell(actor, kinds.FILE_PUT_BACK, gone[0].post, file, space)
    return file


def _held(actor: Actor, file: File, space: Space) -> tuple[list[PostFile], Space]:
    """Where posts of the space hold these bytes, whoever gave them, locked."""
    space = space_to_read(actor.who, space.pk)
    require_in(actor, "talk.tidy", space)
    rows = PostFile.objects.select_for_update(of=("self",)).filter(file__content=file.content_id, space=space)
    found = list(rows.select_related("post__topic", "post__author").order_by("pk"))
    if not found:
        raise NotFound()
    return found, space


def _mark(rows: list[PostFile], **values: object) -> None:
    PostFile.objects.filter(pk__in=[row.pk for row in rows]).update(**values)
    Post.objects.filter(pk__in=[row.post_id for row in rows], format=Post.Format.MARKDOWN).update(
        rendered=0
    )  # made anew at the next reading


def _tell(actor: Actor, kind: object, post: Post, file: File, space: Space, reason: str = "") -> None:
    giver = None if actor.who is not None and file.member.person_id == actor.who.person_id else file.member_id
    record(actor, kind, post, space=space, parent=post.topic, other=giver, title=post.topic.title, name=file.name, reason=reason)  # type: ignore[arg-type]
