"""What the ground floor lets go of."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.models import Job, Letter, Parked
from fireside.lib.retention import keeps

PIECE = 2000


@keeps("letters", _("letters that were sent or given up, with their words"), days=30)
def letters(actor: Actor, before: datetime) -> int:
    return gone(Letter.objects.filter(Q(sent_at__lt=before) | Q(let_go_at__lt=before)))


@keeps("work", _("long work that has ended: who asked for it, and its counts"), days=90)
def work(actor: Actor, before: datetime) -> int:
    return gone(Job.objects.filter(ended_at__lt=before, state__in=[Job.State.DONE, Job.State.FAILED]))


@keeps("parked", _("lines that got stuck and were settled, with what was wrong"), days=90)
def parked(actor: Actor, before: datetime) -> int:
    return gone(Parked.objects.filter(settled_at__lt=before))


def gone(rows: "QuerySet[Any]") -> int:
    """These rows go, in pieces, so that no writer waits long. Returns how many."""
    count = 0
    while ids := list(rows.values_list("pk", flat=True)[:PIECE]):
        rows.model._base_manager.filter(pk__in=ids).delete()
        count += len(ids)
    return count
