"""What lies around the house and is not as it must be: one sentence that says what to mend, exit code 1, no traceback."""

import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fireside.lib.tests import migrated
from fireside.serving.tests.house import ROOT, free_port

pytestmark = pytest.mark.once
COMMANDS = ("up", "work", "migrate", "setup --link", "demo --members 30 --days 10")
SECRET = "pepper-and-salt"


def start(command: str, data: Path | str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "VALKEY_URL"}}
    clean |= {"FIRESIDE_DATA": str(data), "PORT": str(free_port()), "FIRESIDE_LANG": "en", **env}
    return subprocess.run(
        [sys.executable, "-m", "fireside", *command.split()], cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60, check=False
    )


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence (and what to do) on the error stream."""
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr + done.stdout and SECRET not in done.stderr + done.stdout, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr.strip()


@pytest.fixture
def mute() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_postgresql_that_is_not_there(command: str, tmp_path: Path) -> None:
    port = free_port()
    said = sentence(start(command, tmp_path, DATABASE_URL=f"postgresql://kofi:{SECRET}@127.0.0.1:{port}/fireside"))
    assert f"“fireside” at 127.0.0.1:{port} cannot be opened" in said and "refused" in said and "correct DATABASE_URL" in said


def test_a_postgresql_that_says_nothing_is_not_waited_for_for_ever(tmp_path: Path, mute: int) -> None:
    said = sentence(start("migrate", tmp_path, DATABASE_URL=f"postgresql://kofi:{SECRET}@127.0.0.1:{mute}/fireside?connect_timeout=2"))
    assert "timeout" in said and "correct DATABASE_URL" in said


@pytest.mark.parametrize("command", ["up", "work"])
def test_a_valkey_that_does_not_answer(command: str, tmp_path: Path, mute: int) -> None:
    for port in (free_port(), mute):
        said = sentence(start(command, tmp_path, VALKEY_URL=f"redis://:{SECRET}@127.0.0.1:{port}/0"))
        assert f"Valkey at 127.0.0.1:{port} does not answer" in said and "correct VALKEY_URL" in said
    assert "VALKEY_URL must read redis://" in sentence(start(command, tmp_path, VALKEY_URL="cache:6379"))


def test_a_setting_of_numbers_that_cannot_be(tmp_path: Path) -> None:
    said = sentence(start("up", tmp_path, FIRESIDE_NUMBERS_MEMORY="64"))
    assert said.startswith("FIRESIDE_NUMBERS_MEMORY=64 must be a whole number from 128")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("place", ["/proc/nope", "/dev/null/house"])
def test_a_folder_that_cannot_be(command: str, place: str) -> None:
    said = sentence(start(command, place))
    assert said.startswith("FIRESIDE_DATA: ") and place in said and "set FIRESIDE_DATA to a folder" in said


def test_a_folder_in_which_this_user_may_not_write() -> None:
    """Root may write everywhere: the child that tries it becomes somebody else first."""
    from fireside.lib.env import BadEnvironment, own_folder

    with tempfile.TemporaryDirectory() as name:
        closed = Path(name)
        closed.chmod(0o555)
        pid = os.fork()
        if pid == 0:
            said = ""
            try:
                if os.geteuid() == 0:
                    os.setuid(65534)
                own_folder("FIRESIDE_DATA", closed)
            except BadEnvironment as wrong:
                said = str(wrong)
            finally:
                os._exit(0 if f"{closed}: this user may not. Let this user write there" in said else 9)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_a_database_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "fireside.sqlite3").write_text("no database at all, but a letter to somebody " * 40)
    said = sentence(start("migrate", tmp_path))
    assert "fireside.sqlite3 cannot be used: file is not a database" in said
    (tmp_path / "fireside.sqlite3").unlink()
    (tmp_path / "fireside.sqlite3").mkdir()
    assert "cannot be used: unable to open database file" in sentence(start("up", tmp_path))


def test_a_key_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    assert "The signing key" in sentence(start("migrate", tmp_path))


def test_a_mistake_of_the_house_keeps_its_traceback(tmp_path: Path) -> None:
    """What is wrong inside must not be dressed up as the operator's matter."""
    migrated.lay({"FIRESIDE_DATA": str(tmp_path)})
    with sqlite3.connect(tmp_path / "fireside.sqlite3") as db:
        db.execute("drop table members_member")
    done = start("act members.join_community name=Kofi", tmp_path)
    assert done.returncode != 0 and "no such table: members_member" in done.stderr and "Traceback" in done.stderr
    done = start("migrate --traceback", tmp_path, DATABASE_URL=f"postgresql://kofi@127.0.0.1:{free_port()}/fireside")
    assert done.returncode == 1 and "Traceback" in done.stderr, "who asks for it gets it"
