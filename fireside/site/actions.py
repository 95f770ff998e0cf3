"""What can happen through the site itself: founding the community with its first spaces."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils import translation

from fireside.activity.action import action
from fireside.activity.actor import Actor
from fireside.members.actions import set_up_community
from fireside.members.models import Community, Member
from fireside.members.queries import the_owner
from fireside.site.rules import STARTERS
from fireside.spaces.actions import make_space


@action(right="community.found")
def found_community(
    actor: Actor, *, name: str, purpose: str, kind: str, languages: Sequence[str], time_zone: str, owner_name: str, owner_email: str,
    owner_password: str | None = None, with_spaces: bool = True,
) -> Community:  # fmt: skip
    """Set up the community, its owner, and the spaces that its kind begins with."""
    community = set_up_community(
        actor, name=name, purpose=purpose, kind=kind, languages=languages, time_zone=time_zone, owner_name=owner_name,
        owner_email=owner_email, owner_password=owner_password,
    )  # fmt: skip
    if with_spaces:
        owner = replace(actor, who=the_owner())
        with translation.override(community.languages[0]):
            for starter in STARTERS[community.kind]:
                make_space(
                    owner, name=str(starter.name), about=str(starter.about), icon=starter.icon, openness=starter.openness, slug=starter.slug
                )
    return community


__all__ = ["Member", "found_community"]
