"""What a backup or a restore that was killed leaves lying: a copy of the whole house, that nobody keeps."""

import os
import signal
from datetime import timedelta

import pytest

from fireside.activity.actor import house
from fireside.serving.doctor import unfinished
from fireside.serving.keeping.rooms import HELD, clear, left_behind, own_room
from fireside.serving.retention import backups
from fireside.serving.tests.elsewhere import NOW, keep
from fireside.serving.tests.test_keeping import kept_house  # noqa: F401


def in_a_process_of_its_own(folder):
    """A process that works in a room of its own until it is killed."""
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        with own_room(".backup-", folder) as room:
            (room / "records.sqlite3").write_text("every word of everybody")
            os.write(tell, room.name.encode())
            signal.pause()
    return child, folder / os.read(told, 200).decode()


def killed(child):
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_room_is_kept_while_somebody_works_in_it_and_no_longer(tmp_path):
    child, room = in_a_process_of_its_own(tmp_path)
    try:
        assert (left_behind(tmp_path), clear(tmp_path)) == ([], 0)
        with own_room("restoring-", tmp_path) as beside:
            assert (beside / HELD).exists() and room.exists()
        assert not beside.exists()
    finally:
        killed(child)
    assert left_behind(tmp_path) == [room]
    assert clear(tmp_path) == 1
    assert not room.exists()


def test_a_room_without_its_lock_is_left_for_a_minute(tmp_path):
    room = tmp_path / "restoring-just-made"
    room.mkdir()
    assert left_behind(tmp_path) == []
    os.utime(room, (1, 1))
    assert (clear(tmp_path), list(tmp_path.iterdir())) == (1, [])


@pytest.mark.django_db
def test_what_was_left_is_named_and_goes(world, settings, tmp_path):
    settings.DATA = tmp_path
    folder = tmp_path / "backups"
    folder.mkdir()
    child, room = in_a_process_of_its_own(folder)
    killed(child)
    (found,) = unfinished(NOW, True)
    assert str(room) in found.what and f"rm -r {room}" in found.mend
    for age in (29, 31):
        (tmp_path / f"before-restore-{NOW - timedelta(days=age):%Y%m%dT%H%M%SZ}").mkdir()
    (tmp_path / "before-restore-mine").mkdir()
    assert backups(house("worker", now=NOW), NOW - timedelta(days=30)) == 2
    assert not list(unfinished(NOW, True))
    assert sorted(one.name for one in tmp_path.glob("before-*")) == [
        f"before-restore-{NOW - timedelta(days=29):%Y%m%dT%H%M%SZ}",
        "before-restore-mine",
    ]


@pytest.mark.django_db(transaction=True)
def test_the_next_backup_takes_it_away(kept_house, tmp_path):  # noqa: F811
    child, room = in_a_process_of_its_own(tmp_path)
    killed(child)
    keep(tmp_path)
    assert not room.exists()
    assert [one.suffix for one in tmp_path.iterdir()] == [".zip"]
