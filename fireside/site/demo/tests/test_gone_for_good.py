"""Killed after the sample's rows are gone and before its files are: the next command, start or round removes them, and nothing else."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from fireside.activity.actor import house as the_house
from fireside.connectors.tests.conftest import ask, bare_house, house  # noqa: F401  an empty house of its own
from fireside.serving.prepare import prepare
from fireside.site.actions.leaving import Leaving, empty_folders, finish_leaving, note_leaving
from fireside.site.demo.tests.test_growing import found_real_house
from fireside.site.sweeps import clear_up

FIRESIDE = [sys.executable, "-m", "fireside"]
DIES = """
import os, signal, sys
from fireside.cli import main
from django.db import transaction
at, seen, unlink = int(sys.argv.pop(1)), [], os.unlink
def dies(path, *more, **kw):
    if "/files/" in os.fspath(path) or "/mirror/" in os.fspath(path):
        len(seen) == at and os.kill(os.getpid(), signal.SIGKILL)
        seen.append(path)
    unlink(path, *more, **kw)
os.unlink = dies
main()
"""


def files(env: dict[str, str]) -> list[str]:
    data = Path(env["FIRESIDE_DATA"])
    return sorted(str(one.relative_to(data)) for name in ("files", "mirror", "imports") for one in (data / name).rglob("*"))


@pytest.mark.both
def test_killed_at_its_first_file_and_in_the_middle_of_them_the_same_command_ends_it(house):  # noqa: F811
    run = lambda *words: subprocess.run([*FIRESIDE, "demo", *words], env=house, capture_output=True, text=True, check=False)  # noqa: E731
    moved_in = run("--members", "25", "--days", "10", "--json")
    assert moved_in.returncode == 0, moved_in.stderr
    room = Path(house["FIRESIDE_DATA"]) / "files" / "pictures" / "ab"
    room.mkdir(parents=True)
    for n in range(5):
        (room / f"{n}.webp").write_bytes(b"picture")
    secret = Path(house["FIRESIDE_DATA"]) / "incoming" / "mine.zip"
    secret.parent.mkdir()
    secret.write_text("the operator's")
    before, left = files(house), []
    assert any(one.endswith(".parquet") for one in before)
    for at in (0, 2):
        died = subprocess.run([sys.executable, "-c", DIES, str(at), "demo", "--remove"], env=house, capture_output=True, check=False)
        assert died.returncode == -signal.SIGKILL, died.stderr
        left.append(len(files(house)))
        assert ask(house, "select count(*) from members_member")[0][0] == 0
    assert left[0] == len(before) > left[1] > 0
    again = run("--remove", "--json")
    assert (again.returncode, files(house)) == (0, []), again.stdout + again.stderr
    assert '"state": "removed"' in again.stdout and secret.read_text() == "the operator's"
    assert ask(house, "select count(*) from site_leaving")[0][0] == 0
    over = run("--remove", "--json")
    assert over.returncode == 2 and "nothing_there" in over.stdout


@pytest.fixture
def left_behind(db):
    """Pictures of a sample whose rows are gone, and by now one of the community that has been founded since."""
    room = Path(settings.MEDIA_ROOT) / "pictures" / "ab"
    room.mkdir(parents=True, exist_ok=True)
    old, new = room / "old.webp", room / "new.webp"
    old.write_bytes(b"picture")
    note_leaving()
    time.sleep(0.02)  # longer than a tick of the file system's clock
    new.write_bytes(b"picture")
    os.utime(new, (1, 1))  # as one that was unpacked with the date it had elsewhere
    yield old, new
    empty_folders()


@pytest.mark.both
@pytest.mark.parametrize(
    "by", [lambda: clear_up(the_house("worker")), lambda: prepare(lambda _words: None)], ids=["a round", "the next start"]
)
def test_what_was_left_goes_and_what_came_since_stays(left_behind, by):
    old, new = left_behind
    found_real_house()
    by()
    assert not old.exists() and new.exists() and not Leaving.objects.exists()
    by()
    assert new.exists() and finish_leaving() is False


def test_what_would_not_go_is_tried_again(left_behind, monkeypatch):
    old, new = left_behind

    def refuses(path):
        raise PermissionError(path)

    with monkeypatch.context() as here:
        here.setattr(os, "unlink", refuses)
        assert finish_leaving() and old.exists() and Leaving.objects.count() == 1
    assert finish_leaving() and not old.exists() and new.exists() and not Leaving.objects.exists()
