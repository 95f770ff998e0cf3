"""After a clock that was ahead: what waits for a time that this house cannot have meant is brought back to now."""

from datetime import timedelta

from django.db.models import F, Q

from fireside.activity import jobs, outbox
from fireside.activity.actor import Actor
from fireside.activity.models import Job, Letter, Parked
from fireside.activity.sweeps import SKEW, every

LONGEST_WAIT = timedelta(days=2)  # between two tries of a letter or of a parked line


@every(minutes=10)
def bring_back(actor: Actor) -> None:
    """Letters, parked lines and jobs. What somebody put off on purpose stays where it is."""
    now, ahead = actor.now, actor.now + SKEW
    waiting = Letter.objects.filter(sent_at__isnull=True, parked_at__isnull=True)
    tried = Q(tries__gt=0, due_at__gt=ahead + LONGEST_WAIT)
    at_once = Q(tries=0, written_at__gt=ahead, due_at__lte=F("written_at"))
    waiting.filter(tried | at_once).update(due_at=now)
    waiting.filter(leased_until__gt=ahead + outbox.LEASE).update(leased_until=now)
    Parked.objects.filter(settled_at__isnull=True, next_try_at__gt=ahead + LONGEST_WAIT).update(next_try_at=now)
    going = Job.objects.filter(state__in=[Job.State.RUNNING, Job.State.STOPPING])
    going.filter(leased_until__gt=ahead + jobs.LEASE).update(leased_until=now)
