"""What is let go of people's ways in."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.retention import gone
from fireside.lib.retention import keeps
from fireside.members.models import ClaimLink


@keeps(
    "devices", _("devices that nobody used: they are signed out, and their address and browser are forgotten"), days=60, least=7, most=365
)
def devices(actor: Actor, before: datetime) -> int:
    old = UserSession.objects.filter(last_seen_at__lt=before)
    keys = list(old.values_list("session_key", flat=True))
    for i in range(0, len(keys), 900):
        Session.objects.filter(session_key__in=keys[i : i + 900]).delete()
    return gone(old) + Session.objects.filter(expire_date__lt=actor.now).delete()[0]


@keeps("claim_links", _("links by which somebody could claim what they said elsewhere, after their end"), days=30)
def claim_links(actor: Actor, before: datetime) -> int:
    return gone(ClaimLink.objects.filter(expires_at__lt=before))
