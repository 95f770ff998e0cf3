"""Stopping letters by the link in them: whoever holds the link reads that mailbox, and needs no account to be left alone."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.lib.errors import NotFound, Refused
from fireside.members.rights import require
from fireside.notifications.links import StopLink, read_link
from fireside.notifications.models import TellingChoice


@quiet(right="letters.stop")
def stop_letters(actor: Actor, *, link: str, again: bool = False) -> StopLink:
    """Stop the letters that a link stands in, at once; with `again`, take that back. The link is the whole address, or its last part."""
    require(actor, "letters.stop")
    try:
        found = read_link(link.rstrip("/").rpartition("/")[2])
    except NotFound:
        raise Refused("link_damaged", _("This link is damaged. Open it from the letter again, or sign in and choose under Me.")) from None
    wanted = {"email": again} if found.which == "notices" else {"digest": "" if again else "never"}
    TellingChoice.objects.update_or_create(member_id=found.person, defaults={**wanted, "changed_at": actor.now})
    return found
