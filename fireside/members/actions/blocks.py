"""Not wishing to be reached by somebody: theirs alone, so nothing is recorded, and nobody is told."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.lib.errors import Refused
from fireside.members.models import Block, Member
from fireside.members.queries import ids_of_person
from fireside.members.rights import RUNNERS, require

REFUSALS = {
    "block_oneself": _("This is you."),
    "block_runner": _(
        "Whoever runs the community cannot be blocked: it must be able to speak to its members. Report what breaks the rules."
    ),
    "blocks_full": _("You have blocked 1,000 people. Unblock some first, or ask those who run the community for help."),
}
MOST = 1000


@quiet(right="self.change")
def block_member(actor: Actor, *, member: Member) -> Member:
    """Be reached no more by somebody: they cannot write to you privately, what they say does not ring for you, and their posts are folded.

    They are not told. Who runs the community cannot be blocked.
    """
    require(actor, "self.change")
    person = member.person or member
    mine = ids_of_person(actor.member)
    _refuse("block_oneself" if person.pk in mine else "block_runner" if person.role in RUNNERS else "")
    _refuse("blocks_full" if Block.objects.filter(member__in=mine).count() >= MOST else "")
    Block.objects.get_or_create(member=actor.member, blocked=person, defaults={"at": actor.now})
    return person


@quiet(right="self.change")
def unblock_member(actor: Actor, *, member: Member) -> Member:
    """Let somebody reach you again."""
    require(actor, "self.change")
    person = member.person or member
    Block.objects.filter(member__in=ids_of_person(actor.member), blocked__in=ids_of_person(person)).delete()
    return person


def _refuse(obstacle: str) -> None:
    if obstacle:
        raise Refused(obstacle, REFUSALS[obstacle])
