"""With real processes, on whichever database the tests run: every effect exactly once."""

import random
import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from fireside.activity import reactions
from fireside.activity.actor import house
from fireside.activity.kinds import KINDS, Kind
from fireside.activity.log import Line, record_many
from fireside.activity.models import Activity, Bookmark, Parked
from fireside.activity.tests.proof_worker import work
from fireside.lib.tests.racers import Racer, begin_together

pytestmark = pytest.mark.both

NOON = datetime(2026, 6, 18, 12, tzinfo=UTC)
SAID = KINDS.get("activity.proof_said") or Kind("activity.proof_said", "said")


@pytest.fixture
def effects(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS proof_effect")
        cursor.execute("CREATE TABLE proof_effect (activity_id bigint NOT NULL, pid bigint NOT NULL)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE proof_effect")


# As PostgreSQL writes a line, so that a transaction can be held open around it.
ONE_LINE = (
    "INSERT INTO activity_activity (kind, at, via, data, target_type, imported, tx, recorded_at)"
    " VALUES ('activity.proof_said', now(), 'sample', '{}', '', false, pg_current_xact_id()::text::bigint, now())"
)


def write_lines(n: int) -> None:
    record_many(house("sample", now=NOON), (Line(SAID, NOON, data={"n": i}) for i in range(n)))


@pytest.fixture
def start_worker(racer, effects):
    """start_worker(batch=…) is a worker at work, in a process of its own."""

    def start(**how) -> Racer:
        worker = racer(work, **how)
        begin_together([worker])
        return worker

    return start


def rows() -> tuple[int, int]:
    """(effects, distinct lines with an effect)"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT activity_id) FROM proof_effect")
        return cursor.fetchone()


def hands() -> int:
    """How many processes had a part in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM proof_effect")
        return int(cursor.fetchone()[0])


def wait_until_read(seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        mark, upto = Bookmark.objects.filter(reaction="proof.count").values_list("tx", "position").first(), reactions.edge()
        if mark and upto and mark >= upto:
            return
        time.sleep(0.05)
    raise AssertionError(f"not read in {seconds} s: {mark} of {upto}")


def test_killed_workers_lose_nothing_and_repeat_nothing(effects, start_worker, full):
    kills, lines = (50, 10_000) if full else (6, 1_200)
    write_lines(lines)
    dice = random.Random(7)
    # A batch so small, and a pause so long, that the work outlasts the kills.
    small = {"batch": 20 if full else 10, "pause": 0.03}
    killed_midway = 0
    for _kill in range(kills):
        worker = start_worker(**small)
        time.sleep(dice.uniform(0.0, 0.25))
        worker.kill()
        killed_midway += rows()[0] < lines
    assert killed_midway >= kills * 0.8, "the work was over before the kills were"
    last = start_worker(batch=500, pause=0)
    wait_until_read()
    last.stop()
    assert rows() == (lines, lines)
    print(f"{kills} kills over {lines} lines: {rows()[0]} effects on {rows()[1]} lines")


def test_four_workers_share_the_log(effects, racer, full):
    lines = 10_000 if full else 2_000
    write_lines(lines)
    workers = [racer(work, batch=25, pause=0.002, rest=0.01) for _ in range(4)]
    begin_together(workers)
    write_lines(lines // 10)  # and more while they read
    wait_until_read()
    for worker in workers:
        worker.stop()
    total = lines + lines // 10
    assert rows() == (total, total)
    print(f"{hands()} of 4 workers had a part in {total} lines")
    assert hands() > 1, "one worker did it all: nothing was shared"


def test_a_line_that_always_fails_is_parked_and_the_rest_goes_on(effects, start_worker):
    write_lines(100)
    poison = Activity.objects.order_by("pk")[42].pk
    worker = start_worker(poison=poison, batch=30, pause=0)
    wait_until_read()
    worker.stop()
    assert rows() == (99, 99)
    parked = Parked.objects.get()
    assert parked.activity_id == poison
    assert "cannot be digested" in parked.error
    assert parked.settled_at is None


def test_a_transaction_held_open_is_not_skipped(effects, start_worker):
    """A slow writer takes a low id and commits late; faster ones overtake it. Its line must still be read."""
    write_lines(5)
    holding, release = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            write_lines(1)
            holding.set()
            release.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert holding.wait(10)
    if connection.vendor == "sqlite":  # one writer at a time: the faster ones wait, so nothing can overtake
        threading.Timer(1, release.set).start()
    write_lines(5)
    worker = start_worker(batch=3, pause=0)
    if connection.vendor == "postgresql":
        wait_until_read()
        time.sleep(0.5)  # time enough to read too far
        assert rows() == (5, 5), "nothing beyond the open transaction may be read yet"
    release.set()
    thread.join()
    deadline = time.monotonic() + 120
    while rows()[0] < 11 and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.stop()
    assert rows() == (11, 11)


def test_an_old_transaction_that_writes_late_is_not_skipped(effects, start_worker):
    """A transaction with a LOW id writes a line with a HIGH id before a younger one with a lower id commits: order is (tx, id)."""
    if connection.vendor == "sqlite":  # writers queue there and lines carry no transaction
        assert reactions.horizon() is None
        assert not reactions.realign_after_restore()
        return
    other = connections.create_connection("default")
    old = connections.create_connection("default")
    try:
        with old.cursor() as first, other.cursor() as second:
            first.execute("BEGIN")
            first.execute("SELECT pg_current_xact_id()")  # the old transaction has its number now
            second.execute("BEGIN")
            second.execute(ONE_LINE)  # younger transaction, lower line id, still open
            first.execute(ONE_LINE)  # older transaction, higher line id
            first.execute("COMMIT")
            worker = start_worker(batch=3, pause=0)
            wait_until_read()
            time.sleep(0.5)  # time enough to read too far
            assert rows() == (1, 1)
            second.execute("COMMIT")
        wait_until_read()
        worker.stop()
        assert rows() == (2, 2)
    finally:
        old.close()
        other.close()


def test_the_newest_changes_with_every_line_beside_a_slow_transaction(effects):
    """The oldest transaction writes nothing; of two younger ones the one with the lower line id commits last."""
    assert reactions.newest() is None
    if connection.vendor == "sqlite":
        write_lines(1)
        first = reactions.newest()
        write_lines(1)
        assert first and reactions.newest() != first
        return
    old, other = (connections.create_connection("default") for _n in range(2))
    try:
        with old.cursor() as slow, other.cursor() as late:
            slow.execute("BEGIN")
            slow.execute("SELECT pg_current_xact_id()")
            late.execute("BEGIN")
            late.execute(ONE_LINE)
            write_lines(1)
            before = reactions.newest()
            late.execute("COMMIT")
            assert before and reactions.newest() != before
    finally:
        old.close()
        other.close()


def test_a_restored_database_is_realigned(effects, start_worker):
    if connection.vendor == "sqlite":  # writers queue there and lines carry no transaction
        assert reactions.horizon() is None
        assert not reactions.realign_after_restore()
        return
    write_lines(3)
    far = 10**9
    Activity.objects.update(tx=far)
    Bookmark.objects.create(reaction="proof.count", tx=far, position=Activity.objects.order_by("pk")[1].pk)
    write_lines(1)  # written by the new cluster: a lower number
    assert reactions.realign_after_restore()
    assert not reactions.realign_after_restore()
    worker = start_worker()
    wait_until_read(20)
    worker.stop()
    assert rows() == (2, 2)
