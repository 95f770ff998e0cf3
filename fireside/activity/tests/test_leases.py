"""Work whose holder died: free at once where that can be known, else when its lease is over."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from fireside.activity import jobs, leases
from fireside.activity.leases import let_go_of_the_dead, new_lease
from fireside.activity.models import Job

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 18, 12, tzinfo=UTC)


def held_by(lease: str) -> Job:
    return Job.objects.create(name="x", asked_at=NOON, state="running", lease=lease, leased_until=NOON + timedelta(seconds=80))


@pytest.fixture
def of_the_dead() -> str:
    """The lease of a process that was and is no more."""
    code = "import os; from fireside.activity.leases import _machine, _began; print(_machine(), os.getpid(), _began(os.getpid()), 'aa', sep='-')"
    code = f"import django; django.setup(); {code}"
    return subprocess.check_output([sys.executable, "-c", code], text=True, timeout=60).strip()


@pytest.mark.skipif(not leases._machine(), reason="only Linux names a process so that it cannot be taken for another")
def test_what_a_dead_process_of_this_machine_held_is_free_at_once(of_the_dead):
    row, mine = held_by(of_the_dead), held_by(new_lease())
    assert let_go_of_the_dead(NOON) == 1
    assert let_go_of_the_dead(NOON) == 0
    taken = jobs.claim_next(NOON)
    assert taken and taken.pk == row.pk and taken.lease != of_the_dead
    assert jobs.claim_next(NOON) is None, "who lives keeps their work"
    mine.refresh_from_db()
    assert mine.leased_until == NOON + timedelta(seconds=80)


@pytest.mark.parametrize("change", [("machine", "0123456789"), ("began", "1")])
def test_who_may_live_elsewhere_is_waited_for_and_a_number_given_anew_is_nobody(change):
    machine, pid, began, chance = new_lease().split("-")
    what, value = change
    held_by("-".join([value if what == "machine" else machine, pid, value if what == "began" else began, chance]))
    assert let_go_of_the_dead(NOON) == (what == "began" and machine != "")


def test_leases_of_earlier_versions_are_waited_for():
    held_by("0f" * 16)
    held_by("")
    assert let_go_of_the_dead(NOON) == 0
    assert len(new_lease()) <= 40
