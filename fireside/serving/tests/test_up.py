"""`fireside up` as an operator meets it: opened, asked, hurt, closed."""

import contextlib
import fcntl
import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import termios
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import psutil
import pytest

from fireside.serving.supervise import check_port
from fireside.serving.tests.house import ROOT, House

pytestmark = pytest.mark.once


def get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        return answer.status, answer.headers, answer.read().decode()


def eventually(check, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := check():
                return found
        except (OSError, psutil.Error):
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come to pass")


def children(house, *, working):
    """Living children of the house: its workers, or its web processes."""
    found = []
    for one in psutil.Process(house.process.pid).children():
        with contextlib.suppress(psutil.Error):
            if one.status() != psutil.STATUS_ZOMBIE and ("work" in one.cmdline()) == working:
                found.append(one)
    return found


def worked(house):
    """Seconds of the processor that the whole house has taken since it was started."""
    house = psutil.Process(house.process.pid)
    return sum(sum(one.cpu_times()[:2]) for one in (house, *house.children(recursive=True)))


def patience():
    """Seconds in which a house closes; on a machine that does many other things at once, longer."""
    return 20 if os.getloadavg()[0] < 4 else 40


def worker_of(house):
    return eventually(lambda: children(house, working=True))[0]


@pytest.fixture(scope="module")
def own_house(tmp_path_factory):
    """A house of its own from nothing, with everything that `fireside up` brings."""
    one = House(tmp_path_factory.mktemp("data"), DATABASE_URL="", VALKEY_URL="", FIRESIDE_METRICS_TOKEN="figures-please").wait()
    yield one
    one.stop()


def test_it_opens_and_shows_the_way_in(own_house):
    said = eventually(lambda: "/setup?key=" in own_house.said() and own_house.said())
    assert f"Fireside is open at http://localhost:{own_house.port}" in said
    status, headers, page = get(own_house.url)
    assert status == 200
    assert "<title>" in page
    assert headers["X-Request-ID"]
    key = said.partition("/setup?key=")[2].split()[0]
    assert (own_house.folder / "secret").stat().st_mode & 0o077 == 0
    assert key not in "".join(line for line in said.splitlines() if line.startswith("{"))  # shown once, never logged


def test_static_files_are_hashed_and_compressed(own_house):
    page = get(own_house.url)[2]
    path = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert path.startswith("/static/")
    status, headers, _ = 200, *_head(own_house.url + path, "br")
    assert status == 200
    assert headers["Content-Encoding"] == "br"
    assert "immutable" in headers["Cache-Control"]


def _head(url, encoding):
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding}, method="HEAD")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.headers, answer.read()


def test_ready_says_what_is_and_what_is_not(own_house):
    body = eventually(lambda: '"ready": true' in get(f"{own_house.url}/readyz")[2])
    assert body


def test_figures_are_for_those_with_the_token(own_house):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{own_house.url}/metrics")
    for _n in range(4):
        get(own_house.url)
    text = get(f"{own_house.url}/metrics", Authorization="Bearer figures-please")[2]
    assert 'fireside_request_seconds_count{method="GET",route="",status="2xx"}' in text
    for name in ("fireside_log_lines", "fireside_bookmark_lag_lines", "fireside_letters_waiting", "fireside_worker_heartbeat_seconds"):
        assert name in text


def test_a_second_house_on_the_same_port_is_told_so(own_house):
    found = subprocess.run(
        [sys.executable, "-m", "fireside", "up", "--port", str(own_house.port)], cwd=ROOT, capture_output=True, text=True, timeout=120,
        env={**os.environ, "FIRESIDE_DATA": str(own_house.folder), "FIRESIDE_HOST": "127.0.0.1", "DATABASE_URL": "", "VALKEY_URL": ""},
    )  # fmt: skip
    assert found.returncode == 1
    assert f"Port {own_house.port} is taken" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_killed_worker_is_replaced(own_house):
    first = worker_of(own_house)
    first.kill()
    eventually(lambda: worker_of(own_house).pid != first.pid)


def test_a_killed_web_process_is_replaced(own_house):
    first, second = children(own_house, working=False)
    first.kill()
    eventually(lambda: {one.pid for one in children(own_house, working=False)} - {first.pid, second.pid})
    assert get(own_house.url)[0] == 200


def test_bad_words_in_the_environment_stop_the_start():
    for name, value, hint in (
        ("PORT", "eighty", "PORT"),
        ("FIRESIDE_ADDRESS", "fireside.example", "http://"),
        ("FIRESIDE_PROXIES", "proxy", "10.0.0.5"),
    ):
        found = subprocess.run([sys.executable, "-m", "fireside", "up"], cwd=ROOT, capture_output=True, text=True, timeout=120,
                               env={**os.environ, name: value})  # fmt: skip
        assert found.returncode == 1
        assert hint in found.stderr
        assert "Traceback" not in found.stderr


def test_it_closes_cleanly_and_opens_again_quickly(own_house):
    """By a signal to its leader, as systemd sends it. Nothing is left running. (With live connections: test_live.)"""
    own_house.wait()
    family = psutil.Process(own_house.process.pid).children(recursive=True)
    began = time.monotonic()
    assert own_house.stop(signal.SIGTERM) == 0
    assert time.monotonic() - began < patience()
    assert not [p for p in family if p.is_running() and p.status() != "zombie"]
    assert "Traceback" not in own_house.said()
    again = AtTerminal(own_house.folder, "--json", DATABASE_URL="", VALKEY_URL="", FIRESIDE_METRICS_TOKEN="figures-please")
    again.wait()
    took = worked(again)
    print(f"second start: {took:.1f} s of the processor")
    assert took < 4  # promised are 5 s by the clock, on a machine that is free: it works through them one after another
    own_house.__dict__.update(again.__dict__)


class AtTerminal(House):
    """The same house, started at a terminal: a session of its own, of which it is the foreground, as a shell gives it."""

    def __init__(self, folder, *options, **env):
        self.keyboard, screen = pty.openpty()
        self.screen = screen
        super().__init__(folder, *options, **env)
        os.close(screen)
        threading.Thread(target=self._show, daemon=True).start()

    def _start(self, words, environment):
        def sit_down():
            fcntl.ioctl(self.screen, termios.TIOCSCTTY, 0)

        return subprocess.Popen(
            words, cwd=ROOT, env=environment, stdin=self.screen, stdout=self.screen, stderr=self.screen, start_new_session=True,
            preexec_fn=sit_down,
        )  # fmt: skip

    def _show(self):
        with self.log.open("ab", buffering=0) as out, contextlib.suppress(OSError):  # the terminal goes when all who used it have gone
            while shown := os.read(self.keyboard, 65536):
                out.write(shown)


def test_a_ctrl_c_at_the_terminal_closes_everything_and_keeps_what_was_acknowledged(own_house):
    """^C reaches the leader and its web processes at the same instant, in the middle of a visit. The house was opened just above."""
    own_house.wait()
    open_line = eventually(lambda: next((one for one in own_house.said().splitlines() if one.startswith("{")), None))
    opened = json.loads(open_line)
    assert (opened["state"], opened["address"]) == ("open", f"http://localhost:{own_house.port}") and "/setup?key=" in opened["setup"]
    worker_of(own_house)
    eventually(lambda: '"ready": true' in get(f"{own_house.url}/readyz")[2])
    family = psutil.Process(own_house.process.pid).children(recursive=True)
    visit = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    visit.open(f"{own_house.url}/setup?key={opened['setup'].partition('?key=')[2]}", timeout=30).read()
    page = visit.open(f"{own_house.url}/setup/start", timeout=30).read().decode()
    form = {
        "csrfmiddlewaretoken": page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0], "name": "Lantern Works", "purpose": "Light.",
        "kind": "product", "languages": "en zh-hans", "time_zone": "UTC", "owner_name": "Olu", "owner_email": "olu@example.org",
        "owner_password": "a warm kettle sings",
    }  # fmt: skip
    answer = visit.open(f"{own_house.url}/setup/start", data=urllib.parse.urlencode(form).encode(), timeout=60)
    assert answer.url == f"{own_house.url}/", answer.read().decode()[-3000:]
    began = time.monotonic()
    os.write(own_house.keyboard, b"\x03")
    assert own_house.process.wait(40) == 0
    assert time.monotonic() - began < patience()
    eventually(lambda: not [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE], 2)
    said = eventually(lambda: '"closed"' in own_house.said() and own_house.said())
    assert json.loads(said.strip().splitlines()[-1].removeprefix("^C"))["state"] == "closed"
    for ugly in ("Traceback", "KeyboardInterrupt", "Exception", "Error"):
        assert ugly not in said, said
    check_port("127.0.0.1", own_house.port)  # raises while somebody listens
    assert not [one.name for one in own_house.folder.glob("fireside.sqlite3-*")], "the last one out has written the journal back"
    with contextlib.closing(sqlite3.connect(own_house.folder / "fireside.sqlite3")) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        assert db.execute("select name from members_community").fetchone() == ("Lantern Works",)


def test_a_house_killed_outright_leaves_no_worker_behind(tmp_path):
    house = House(tmp_path, "--as-is", DATABASE_URL="", VALKEY_URL="").wait()
    worker = eventually(lambda: worker_of(house))
    time.sleep(4)  # until it has begun to watch
    os.kill(house.process.pid, signal.SIGKILL)
    house.process.wait()
    for web in psutil.process_iter(["cmdline", "environ"]):
        if (web.info["environ"] or {}).get("FIRESIDE_DATA") == str(tmp_path) and web.pid != worker.pid:
            web.kill()
    eventually(lambda: not worker.is_running() or worker.status() == "zombie")
