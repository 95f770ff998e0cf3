"""Founding the community, with its first spaces or with the history it brings."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils import translation

from fireside.activity.action import action
from fireside.activity.actor import Actor
from fireside.activity.models import Job
from fireside.connectors.actions import ask_for_import, note_upload
from fireside.members.actions import set_up_community
from fireside.members.models import Community
from fireside.members.queries import the_owner
from fireside.site.starters import STARTERS
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
            for one in STARTERS[community.kind]:
                make_space(owner, name=str(one.name), about=str(one.about), icon=one.icon, openness=one.openness, slug=one.slug)
    return community


@action(right="community.found")
def bring_community(
    actor: Actor, *, name: str, purpose: str, kind: str, languages: Sequence[str], time_zone: str, owner_name: str, owner_email: str,
    owner_password: str | None = None, importer: str, upload: Any = None, path: str = "", source: str = "",
) -> Job:  # fmt: skip
    """Set up the community and put in line what it brings along. When that cannot be read, nothing is set up.

    `upload` is a file that was put aside before: it is noted here, because only now somebody is there whose it is.
    """
    found_community(
        actor, name=name, purpose=purpose, kind=kind, languages=languages, time_zone=time_zone, owner_name=owner_name,
        owner_email=owner_email, owner_password=owner_password, with_spaces=False,
    )  # fmt: skip
    owner = replace(actor, who=the_owner())
    kept = note_upload(owner, upload=upload).key if upload else ""
    return ask_for_import(owner, importer=importer, path=path, upload=kept, source=source)
