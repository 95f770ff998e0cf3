"""A worker with one reaction that writes a row for every line it reads: run as a process, and killed, by test_proofs."""

import os
import signal
import threading
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from django.db import connection

from fireside.activity import reactions, sweeps
from fireside.activity.worker import run_worker
from fireside.lib.tests.racers import wait_for_the_word


def work(line: Connection, *, batch: int = 40, pause: float = 0.01, rest: float = 0, poison: int = 0) -> None:
    """At the word it begins, and works until it is stopped or killed."""
    reactions.REACTIONS.clear()  # only the one under proof
    sweeps.SWEEPS.clear()

    @reactions.reaction("proof.count", imported=True, batch=batch)
    def count_lines(lines, now):
        """One row a line, slowly enough to be killed in the middle."""
        with connection.cursor() as cursor:
            for one in lines:
                if one.pk == poison:
                    raise ValueError("this one cannot be digested")
                cursor.execute("INSERT INTO proof_effect (activity_id, pid) VALUES (%s, %s)", [one.pk, os.getpid()])
        time.sleep(pause)

    def clock() -> datetime:
        """Asked once a round, outside of any transaction: a rest there lets the other workers have their turn."""
        time.sleep(rest)
        return datetime.now(UTC)

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    wait_for_the_word(line)
    run_worker(stop, clock=clock, pause=0.02, with_jobs=False)
