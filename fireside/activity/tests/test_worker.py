"""Sweeps, letters and jobs: each round once, each letter by its key, each job to its end."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from fireside.activity import clocks, jobs, outbox, reactions, sweeps
from fireside.activity.actor import house
from fireside.activity.kinds import KINDS, Kind
from fireside.activity.log import Line, record_many
from fireside.activity.models import Bookmark, Job, Letter, Parked, Sweep
from fireside.activity.worker import react_until_quiet, run_worker
from fireside.lib.errors import Refused

pytestmark = pytest.mark.both

NOON = datetime(2026, 6, 18, 12, tzinfo=UTC)
SAID = KINDS.get("activity.proof_said") or Kind("activity.proof_said", "said")
DONE = KINDS.get("activity.proof_done") or Kind("activity.proof_done", "done")


@pytest.fixture
def registries(monkeypatch):
    for module, name in ((reactions, "REACTIONS"), (sweeps, "SWEEPS"), (outbox, "CHANNELS"), (jobs, "JOBS")):
        monkeypatch.setattr(module, name, {})


@pytest.fixture
def committed(transactional_db):
    """Threads of the worker see only what is committed."""
    yield
    connections.close_all()


def write(n, kind=SAID, **more):
    record_many(house("sample", now=NOON), [Line(kind, NOON, **more) for _ in range(n)])


@pytest.mark.django_db(transaction=True)
def test_reactions_hear_their_kinds_and_no_history_unless_asked(registries):
    heard = {"all": 0, "done": 0, "history": 0}

    @reactions.reaction("t.all")
    def hear_all(batch, now):
        heard["all"] += len(batch)

    @reactions.reaction("t.done", kinds=[DONE])
    def hear_done(batch, now):
        heard["done"] += len(batch)

    @reactions.reaction("t.history", imported=True, batch=2)
    def hear_history(batch, now):
        heard["history"] += len(batch)

    write(3)
    write(2, DONE)
    write(4, imported=True)
    react_until_quiet(NOON)
    assert heard == {"all": 5, "done": 2, "history": 9}
    assert Bookmark.objects.values_list("tx", "position").distinct().count() == 1
    react_until_quiet(NOON)
    assert heard["all"] == 5


@pytest.mark.django_db(transaction=True)
def test_a_parked_line_is_tried_again_and_settles(registries):
    broken = [True]

    @reactions.reaction("t.fragile")
    def fragile(batch, now):
        if broken[0]:
            raise ValueError("not yet")

    write(1)
    react_until_quiet(NOON)
    parked = Parked.objects.get()
    assert reactions.retry_parked(NOON) == 0, "not due yet"
    assert reactions.retry_parked(NOON + timedelta(minutes=1)) == 0
    parked.refresh_from_db()
    assert parked.tries == 2 and parked.next_try_at == NOON + timedelta(minutes=3)
    broken[0] = False
    assert reactions.retry_parked(NOON + timedelta(hours=1)) == 1
    parked.refresh_from_db()
    assert parked.settled_at


@pytest.mark.django_db(transaction=True)
def test_a_sweep_runs_once_a_round_and_again_after_failing(registries):
    rounds = []

    @sweeps.every(hours=1)
    def look(actor):
        rounds.append(actor.now)
        if len(rounds) == 2:
            raise ValueError("broken")

    assert sweeps.sweep_due(NOON) == 1
    assert sweeps.sweep_due(NOON + timedelta(minutes=59)) == 0
    assert sweeps.sweep_due(NOON + timedelta(hours=1)) == 1
    assert "broken" in Sweep.objects.get().error
    assert sweeps.sweep_due(NOON + timedelta(hours=1, minutes=4)) == 0
    assert sweeps.sweep_due(NOON + timedelta(hours=1, minutes=5)) == 1
    assert Sweep.objects.get().error == ""
    assert sweeps.sweep_due(NOON + timedelta(days=3)) == 1, "a worker that was off catches up with one round"


@pytest.mark.django_db(transaction=True)
def test_a_letter_goes_out_once_and_is_parked_after_eight_tries(registries):
    sent, refuse = [], [True]

    @outbox.channel("pigeon")
    def send(body, key):
        if refuse[0]:
            raise OSError("no wind")
        sent.append(key)

    for _again in range(2):
        outbox.write_letter(house(now=NOON), channel="pigeon", key="welcome:7", body={"to": "x"})
    now = NOON
    for _try in range(7):
        assert outbox.send_due(now) == 0
        assert outbox.send_due(now) == 0, "waits before the next try"
        now += timedelta(days=2)
    refuse[0] = False
    outbox.write_letter(house(now=NOON), channel="pigeon", key="other", body={})
    assert outbox.send_due(now) == 2
    assert outbox.send_due(now + timedelta(days=9)) == 0
    assert sorted(sent) == ["other", "welcome:7"]
    refuse[0] = True
    outbox.write_letter(house(now=NOON), channel="pigeon", key="hopeless", body={})
    for _try in range(12):
        now += timedelta(days=2)
        outbox.send_due(now)
    letter = Letter.objects.get(key="hopeless")
    assert letter.tries == 8 and letter.parked_at and not letter.sent_at


@pytest.mark.django_db(transaction=True)
def test_a_letter_whose_sender_died_goes_out_after_its_lease(registries):
    sent = []
    outbox.channel("pigeon")(lambda body, key: sent.append(key))
    letter = outbox.write_letter(house(now=NOON), channel="pigeon", key="k", body={})
    Letter.objects.filter(pk=letter.pk).update(lease="dead", leased_until=NOON + timedelta(minutes=2), tries=1)
    assert outbox.send_due(NOON + timedelta(minutes=1)) == 0
    assert outbox.send_due(NOON + timedelta(minutes=3)) == 1
    assert sent == ["k"]


def test_a_job_is_stopped_resumed_and_done_twice_without_harm(registries, committed):
    @jobs.job("t.count")
    def count(actor, progress, upto):
        progress.total(upto)
        for n in range(progress.marks.get("n", 0), upto):
            time.sleep(0.005)
            progress.marks["n"] = n + 1
            progress.advance(1, counted=1)

    row = jobs.ask_for(house(now=NOON), "t.count", upto=300)
    claimed = jobs.claim_next(NOON)
    assert claimed.pk == row.pk and jobs.claim_next(NOON) is None
    threading.Timer(0.6, lambda: (jobs.stop(row.pk), connections.close_all())).start()
    stopped = jobs.run_job(claimed, house(now=NOON))
    assert stopped.state == Job.State.STOPPED and 0 < stopped.done < 300 and stopped.marks["n"] == stopped.done
    jobs.resume(row.pk)
    done = jobs.run_job(jobs.claim_next(NOON), house(now=NOON))
    assert (done.state, done.done, done.counts) == (Job.State.DONE, 300, {"counted": 300})


def test_a_job_whose_worker_died_is_taken_over(registries, committed):
    jobs.job("t.short")(lambda actor, progress: progress.advance(1))
    row = jobs.ask_for(house(now=NOON), "t.short")
    first = jobs.claim_next(NOON)
    assert jobs.claim_next(NOON + timedelta(seconds=30)) is None
    second = jobs.claim_next(NOON + jobs.LEASE + timedelta(seconds=1))
    assert second.pk == row.pk and second.lease != first.lease
    assert jobs.run_job(second, house(now=NOON)).state == Job.State.DONE
    stale = jobs.run_job(first, house(now=NOON))
    assert (stale.state, stale.done) == (Job.State.DONE, 1), "the one whose lease is lost changes nothing"


def test_a_worker_that_closes_hands_its_job_back_at_once(registries, committed):
    """Whoever opens the house again need not wait until a lease runs out."""
    stop = threading.Event()

    @jobs.job("t.slow")
    def slow(actor, progress):
        for n in range(progress.marks.get("n", 0), 400):
            time.sleep(0.005)
            progress.marks["n"] = n + 1
            progress.advance(1)
            if n == 20:
                stop.set()

    row = jobs.ask_for(house(now=NOON), "t.slow")
    done = run_worker(stop, clock=lambda: NOON, pause=0.05)
    row.refresh_from_db()
    assert (row.state, row.leased_until, row.ended_at) == (Job.State.WAITING, None, None) and 20 < row.marks["n"] < 400
    assert done["jobs"] == 1
    again = jobs.run_job(jobs.claim_next(NOON), house(now=NOON))
    assert (again.state, again.done) == (Job.State.DONE, 400)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_done_stays_done_when_its_worker_closes(registries, committed):
    stop = threading.Event()

    @jobs.job("t.quick")
    def quick(actor, progress):
        progress.advance(1)
        stop.set()

    jobs.ask_for(house(now=NOON), "t.quick")
    assert jobs.run_job(jobs.claim_next(NOON), house(now=NOON), closing=stop).state == Job.State.DONE


def test_a_job_that_fails_says_why(registries, committed):
    def fail(actor, progress):
        raise Refused("empty", "The file is empty.")

    jobs.job("t.fail")(fail)
    jobs.ask_for(house(now=NOON), "t.fail")
    row = jobs.run_job(jobs.claim_next(NOON), house(now=NOON))
    assert (row.state, row.error) == (Job.State.FAILED, "The file is empty.")
    with pytest.raises(Refused):
        jobs.ask_for(house(now=NOON), "t.unknown")


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_was_ahead_stops_nothing_when_it_is_put_right(registries):
    """Everything that waits for a year nobody meant goes on; what was put off on purpose waits."""
    ran, ahead = [], NOON + timedelta(days=1460)
    sweeps.every(hours=1)(lambda actor: ran.append(actor.now))
    assert (sweeps.sweep_due(ahead), sweeps.sweep_due(NOON), sweeps.sweep_due(NOON + timedelta(minutes=59))) == (1, 1, 0)
    assert sweeps.sweep_due(NOON - timedelta(minutes=4)) == 0, "the clocks of two machines may differ a little"
    outbox.channel("pigeon")(lambda body, key: None)
    for key, at, due in (("now", ahead, None), ("later", NOON, ahead), ("put off", ahead, ahead + timedelta(days=1))):
        outbox.write_letter(house(now=at), channel="pigeon", key=key, body={}, due_at=due)
    jobs.job("x.y")(lambda actor, progress: None)
    row = jobs.ask_for(house(now=NOON), "x.y")
    assert jobs.claim_next(ahead) == row
    assert (jobs.claim_next(NOON), outbox.send_due(NOON)) == (None, 0)
    clocks.bring_back(house(now=NOON))
    assert jobs.claim_next(NOON + timedelta(seconds=1)) == row, "its worker is gone"
    assert outbox.send_due(NOON) == 1 and Letter.objects.get(sent_at__isnull=False).key == "now"
