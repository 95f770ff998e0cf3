"""A worker with one reaction that writes a row for every line it reads: run as a process, and killed, by test_proofs."""

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime

import django

django.setup()

from django.db import connection  # noqa: E402

from fireside.activity import reactions, sweeps  # noqa: E402
from fireside.activity.worker import run_worker  # noqa: E402

POISON = int(os.environ.get("PROOF_POISON", "0"))
reactions.REACTIONS.clear()  # only the one under proof
sweeps.SWEEPS.clear()


@reactions.reaction("proof.count", imported=True, batch=int(os.environ.get("PROOF_BATCH", "40")))
def count_lines(batch, now):
    """One row a line, slowly enough to be killed in the middle."""
    with connection.cursor() as cursor:
        for line in batch:
            if line.pk == POISON:
                raise ValueError("this one cannot be digested")
            cursor.execute("INSERT INTO proof_effect (activity_id, pid) VALUES (%s, %s)", [line.pk, os.getpid()])
    time.sleep(float(os.environ.get("PROOF_PAUSE", "0.01")))


if __name__ == "__main__":
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if os.environ.get("PROOF_GATE"):
        sys.stdin.readline()

    def clock() -> datetime:
        """Asked once a round, outside of any transaction: a rest there lets the other workers have their turn."""
        time.sleep(float(os.environ.get("PROOF_REST", "0")))
        return datetime.now(UTC)

    run_worker(stop, clock=clock, pause=0.02, with_jobs=False)
