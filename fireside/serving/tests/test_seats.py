"""Each web process keeps to its own cores, and what may run anywhere does."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from fireside.lib.cores import ALL, anywhere, keep_to, run_anywhere
from fireside.serving.bridge import Bridge
from fireside.serving.seats import Seats, share
from fireside.serving.tests.house import House
from fireside.serving.tests.test_up import eventually

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system cannot be told which cores a thread may run on")


def where():
    return frozenset(os.sched_getaffinity(0))


def test_cores_are_shared_out_evenly_and_none_is_left_out():
    four = frozenset({1, 3, 5, 7})
    assert [share(seat, 2, four) for seat in range(2)] == [{1, 3}, {5, 7}]
    assert [share(seat, 4, four) for seat in range(4)] == [{1}, {3}, {5}, {7}]
    assert [share(seat, 6, four) for seat in range(6)] == [{1}, {3}, {5}, {7}, {1}, {3}]
    shares = [share(seat, 3, four) for seat in range(3)]
    assert frozenset().union(*shares) == four
    assert sum(map(len, shares)) == 4
    assert share(0, 2, frozenset()) == frozenset()


def test_threads_of_a_thread_that_keeps_to_some_cores():
    one = frozenset({min(ALL)})

    def here():
        keep_to(one)
        with ThreadPoolExecutor(1) as like_its_maker, ThreadPoolExecutor(1, initializer=run_anywhere) as free:
            yield like_its_maker.submit(where).result()
            yield free.submit(where).result()
        with anywhere(), ThreadPoolExecutor(1) as made_outside:
            yield made_outside.submit(where).result()
        yield where()
        keep_to(frozenset({4000}))  # a core that has been taken away
        yield where()

    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(lambda: list(here())).result() == [one, ALL, ALL, one, one]


def test_what_takes_long_may_run_anywhere():
    def on_the_loop():
        keep_to(frozenset({min(ALL)}))
        bridge = Bridge(None, threads=1, slow_threads=1)
        return bridge.pages.submit(where).result(), bridge.slow.submit(where).result()

    with ThreadPoolExecutor(1) as loop:
        assert loop.submit(on_the_loop).result() == ({min(ALL)}, ALL)


def test_a_seat_is_free_again_when_its_process_has_died():
    seats = Seats(2)
    talk, answer = os.pipe()
    wait, _held_open = os.pipe()
    child = os.fork()
    if not child:
        os.write(answer, str(seats.take()).encode())
        os.read(wait, 1)
        os._exit(0)
    try:
        assert os.read(talk, 8) == b"0"
        assert seats.take() == 1
        assert Seats(1).take() == 0, "another house has seats of its own"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert seats.take() == 0


@pytest.mark.skipif(len(ALL) < 2, reason="one core is nothing to share")
@pytest.mark.parametrize("own", ["yes", "no"])
def test_the_web_processes_of_a_house(tmp_path, own):
    house = House(tmp_path, "--as-is", "--no-worker", DATABASE_URL="", VALKEY_URL="", FIRESIDE_OWN_CORES=own).wait()
    try:

        def seated():
            found = [frozenset(web.cpu_affinity()) for web in psutil.Process(house.process.pid).children() if web.num_threads() > 2]
            return len(found) == 2 and found

        found = eventually(seated)
        if own == "no":
            assert found == [ALL, ALL]
        else:
            eventually(lambda: sorted(map(sorted, seated() or [])) == sorted(sorted(share(seat, 2)) for seat in range(2)))
            psutil.Process(house.process.pid).children()[0].kill()
            eventually(lambda: sorted(map(sorted, seated() or [])) == sorted(sorted(share(seat, 2)) for seat in range(2)))
    finally:
        house.stop()
