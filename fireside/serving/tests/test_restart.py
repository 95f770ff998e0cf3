"""The web processes are replaced, or the house is closed, while people ask: nobody's request is lost."""

import collections
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from fireside.serving.tests.house import ROOT, free_port

pytestmark = pytest.mark.once


class Crowd:
    """Four people who ask one thing after the other, each on a new connection."""

    def __init__(self, port: int) -> None:
        self.port, self.seen, self.enough = port, collections.Counter(), threading.Event()
        self.people = [threading.Thread(target=self._ask) for _n in range(4)]
        for one in self.people:
            one.start()

    def _ask(self) -> None:
        while not self.enough.is_set():
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                line.connect()
            except ConnectionRefusedError:
                self.seen["closed"] += 1
                time.sleep(0.05)
                continue
            try:
                line.request("GET", "/sleep?0.05")
                answer = line.getresponse()
                whole = len(answer.read().split()) == 2
                self.seen[answer.status if whole else "cut"] += 1
            except (OSError, http.client.HTTPException) as wrong:
                self.seen[f"lost: {type(wrong).__name__}"] += 1
            finally:
                line.close()

    def leave(self) -> None:
        self.enough.set()
        for one in self.people:
            one.join()


@pytest.fixture
def served(tmp_path):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "fireside.serving.tests.served", str(port)], cwd=ROOT,
        env={**os.environ, "FIRESIDE_DATA": str(tmp_path), "FIRESIDE_LOG": "json"}, stdout=(tmp_path / "log").open("wb"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    for _try in range(600):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        time.sleep(0.05)
    yield process, port
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_new_web_processes_take_over_without_a_lost_request_and_closing_cuts_none(served):
    """SIGHUP replaces them while four ask all the time; SIGTERM afterwards answers whoever is inside, and refuses the others at the door."""
    import psutil

    process, port = served
    crowd = Crowd(port)
    before = {one.pid for one in psutil.Process(process.pid).children(recursive=True)}
    time.sleep(0.5)
    process.send_signal(signal.SIGHUP)
    end = time.monotonic() + 60
    while time.monotonic() < end and before & {one.pid for one in psutil.Process(process.pid).children(recursive=True)}:
        time.sleep(0.1)
    time.sleep(0.5)
    assert not before & {one.pid for one in psutil.Process(process.pid).children(recursive=True)}, "they are others now"
    assert set(crowd.seen) == {200}, crowd.seen
    assert crowd.seen[200] > 10
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    crowd.leave()
    at_the_door = {
        "closed",
        "lost: ConnectionResetError",
    }  # whom the system had let in line and nobody had greeted yet: nothing was done for them
    assert set(crowd.seen) <= {200, *at_the_door}, crowd.seen
