"""Calling everybody of a role from a post."""

from collections.abc import Sequence

from fireside.activity.actor import Actor
from fireside.conversation import rules
from fireside.conversation.actions._steps import REFUSALS
from fireside.conversation.queries.calling import people_called
from fireside.lib.errors import Refused
from fireside.members.models import Role
from fireside.members.rights import may
from fireside.spaces.models import Space
from fireside.spaces.queries import organises


def call(actor: Actor, *, space: Space, named: Sequence[int], roles: Sequence[str], sure: bool) -> list[int]:
    """The persons whom a post calls by their roles, without its author and those whom it names: nobody is called twice.

    Refuses a newcomer who calls more than those who look after the space, and once, until they are `sure`, whoever calls very many.
    """
    people = [pk for pk in people_called(roles, space) if pk not in {*named, actor.member.pk, actor.member.person_id}] if roles else []
    new = actor.member.role == Role.MEMBER and rules.is_new(actor.member.joined_at, actor.now)
    obstacle = rules.why_not_call(new=new, roles=roles, people=len(named) + len(people), sure=sure)
    if obstacle == "newcomer_calls_role" and may(actor.member, "talk.tidy", organiser=True) and organises(actor.member, space):
        obstacle = rules.why_not_call(new=False, roles=roles, people=len(named) + len(people), sure=sure)
    if obstacle:
        raise Refused(obstacle, REFUSALS[obstacle] % {"people": len(named) + len(people)}, people=len(named) + len(people))
    return people
