"""Who holds a piece of work. A holder on this machine that has died is known at once; of any other the lease must run out."""

import hashlib
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from fireside.activity.models import Job

HELD = [Job.State.RUNNING, Job.State.STOPPING]


def new_lease() -> str:
    """A name that nobody else has: this machine since it was started, the process and when it began, and some chance. At most 40 signs."""
    return f"{_machine()}-{os.getpid()}-{_began(os.getpid())}-{secrets.token_hex(4)}"


def let_go_of_the_dead(now: datetime) -> int:
    """End the leases of processes of this machine that are no more, so that their work is free at once. Returns how many."""
    ended = 0
    for pk, lease in Job.objects.filter(state__in=HELD, leased_until__gte=now).values_list("pk", "lease"):
        if _is_dead(lease):
            ended += Job.objects.filter(pk=pk, lease=lease, state__in=HELD).update(leased_until=now - timedelta(seconds=1))
    return ended


def _is_dead(lease: str) -> bool:
    machine, _, rest = lease.partition("-")
    pid, _, rest = rest.partition("-")
    began = rest.partition("-")[0]
    return bool(began) and machine == _machine() != "" and _began(int(pid)) != began


def _machine() -> str:
    """This start of this machine and its own space of process numbers, as Linux names them; empty elsewhere: then nobody is judged."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()
        return hashlib.sha256((boot + os.readlink("/proc/self/ns/pid")).encode()).hexdigest()[:10]  # containers count their own
    except OSError:
        return ""


def _began(pid: int) -> str:
    """When a process began, in ticks since the machine did; empty when there is none. A number given anew has another beginning."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state == "Z" else fields[18]  # a zombie works no more
