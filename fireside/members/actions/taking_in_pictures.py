"""Pictures that people of an imported history had there."""

import hashlib

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.members import pictures
from fireside.members.models import Identity, Member
from fireside.members.rights import require


@quiet(right="history.bring_in")
def take_in_picture(actor: Actor, *, source: str, external_id: str, picture: bytes) -> bool:
    """Give somebody the picture that they had in a source, once. Refused when it cannot be read; False when nothing was changed.

    A picture that somebody set here stays, and so does the wish to have none: the identity remembers what it brought.
    """
    require(actor, "history.bring_in")
    identity = Identity.objects.select_for_update(of=("self",)).filter(source=source, external_id=external_id).first()
    if identity is None:
        return False
    before, digest = identity.data.get("picture", {}), hashlib.sha256(picture).hexdigest()[:32]
    if before.get("of") == digest:
        return False
    member = Member.objects.select_for_update().get(pk=identity.member_id)
    if member.picture != before.get("kept", "") or member.removed_at is not None:
        return False
    member.picture = pictures.keep(picture)
    identity.data = identity.data | {"picture": {"of": digest, "kept": member.picture}}
    member.save(update_fields=["picture"])
    identity.save(update_fields=["data"])
    return True
