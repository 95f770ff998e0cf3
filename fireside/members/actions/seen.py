"""The day on which somebody was last here."""

from datetime import date

from django.db.models import Q

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.members.models import Member


@quiet(passing=True)
def note_seen(actor: Actor, *, day: date) -> None:
    """Remember that the actor was here on this day (the community's): one write a day, for the account and for the person it stands for."""
    me = actor.member
    Member.objects.filter(Q(last_seen_on__isnull=True) | Q(last_seen_on__lt=day), pk__in={me.pk, me.person_id}).update(last_seen_on=day)
