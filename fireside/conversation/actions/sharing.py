"""What the community lets its members put into posts."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds as said
from fireside.conversation.media import rules
from fireside.conversation.media.refusing import refused
from fireside.conversation.models import Post, PostLink, Sharing
from fireside.members.rights import require


@action(right="community.change")
def change_sharing(
    actor: Actor,
    *,
    kinds: Sequence[str] | None = None,
    file_mib: int | None = None,
    day_mib: int | None = None,
    previews: bool | None = None,
) -> Sharing:
    """Choose which kinds of files members may put into posts (picture, audio, video, file), how large one may be, and a day's of one member; and whether posts show what their links lead to."""
    require(actor, "community.change")
    Sharing.objects.get_or_create(pk=1)
    row = Sharing.objects.select_for_update().get(pk=1)
    wanted: dict[str, Any] = {"kinds": row.kinds, "file_mib": row.file_mib, "day_mib": row.day_mib}
    for name, value in (("kinds", kinds), ("file_mib", file_mib), ("day_mib", day_mib)):
        if value is not None:
            wanted[name] = value
    if obstacle := rules.why_not_sharing(**wanted, most=settings.MAX_FILE_MIB):
        raise refused(obstacle, "kinds" if obstacle == "kinds_unknown" else obstacle, most_mib=settings.MAX_FILE_MIB)
    wanted["kinds"] = [one for one in rules.KINDS if one in wanted["kinds"]]
    if previews is not None:
        wanted["previews"] = previews
    changed = [name for name, value in wanted.items() if value != getattr(row, name)]
    if not changed:
        return already(row)
    for name in changed:
        setattr(row, name, wanted[name])
    row.save(update_fields=changed)
    if "previews" in changed:
        Post.objects.filter(Exists(PostLink.objects.filter(post=OuterRef("pk")))).update(rendered=0)
    record(actor, said.SHARING_CHANGED, row, fields=changed)
    return row
