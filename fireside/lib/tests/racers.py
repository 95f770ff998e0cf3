"""Real processes with connections of their own, there in milliseconds: each is forked from one that has read the house."""

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from typing import Any

import pytest

PROCESSES = multiprocessing.get_context("forkserver")
PATIENCE = 120  # seconds, on a machine that is busy with others


class Racer:
    """A process that runs `work(line, …)`. Over the line each side sends and receives whatever can be pickled."""

    def __init__(self, work: Callable[..., None], *given: Any, **named: Any) -> None:
        self.line, theirs = PROCESSES.Pipe()
        self.process = PROCESSES.Process(target=work, args=(theirs, *given), kwargs=named, daemon=True)
        self.process.start()
        theirs.close()

    def tell(self, word: Any) -> None:
        self.line.send(word)

    def hear(self) -> Any:
        """What it says next; EOFError when it died (of what, it wrote on the error stream)."""
        assert self.line.poll(PATIENCE), f"process {self.process.pid} said nothing in {PATIENCE} s"
        return self.line.recv()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        self.process.terminate()
        self.process.join(20)

    def end(self) -> None:
        self.line.close()
        self.process.join(20)
        self.kill()


def begin_together(racers: list[Racer]) -> None:
    """Give the word to all, when all are ready."""
    assert [one.hear() for one in racers] == ["ready"] * len(racers)
    for one in racers:
        one.tell("go")


def wait_for_the_word(line: Connection) -> None:
    """In the racer: ready, until the word is given."""
    line.send("ready")
    line.recv()


def told(line: Connection) -> Iterator[Any]:
    """In the racer: all that it is told, until the test hangs up."""
    while True:
        try:
            yield line.recv()
        except EOFError:
            return


@pytest.fixture(scope="session")
def _read_house() -> Iterator[None]:
    """The process that racers are forked from. It begins before any test has changed the environment, and ends with the last one."""
    PROCESSES.set_forkserver_preload(["fireside.lib.tests.house_read"])
    forkserver.ensure_running()
    yield
    forkserver._forkserver._stop()  # closes what keeps it alive, and waits for it
    resource_tracker._resource_tracker._stop()  # came with it


@pytest.fixture
def racer(_read_house: None) -> Iterator[Callable[..., Racer]]:
    """racer(work, …) starts a process that runs work(line, …); `work` stands at the top of a module. All end with the test."""
    started: list[Racer] = []

    def start(work: Callable[..., None], *given: Any, **named: Any) -> Racer:
        started.append(Racer(work, *given, **named))
        return started[-1]

    yield start
    for one in started:
        one.end()
