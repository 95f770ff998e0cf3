"""What the doctor finds, how it says so in both languages, and with which exit code."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

from fireside.activity.models import Activity, Beat, Bookmark, Job, Letter, Parked, Sweep
from fireside.activity.reactions import REACTIONS
from fireside.serving import doctor
from fireside.serving.doctor import examine
from fireside.serving.tests.house import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def from_now_on() -> None:
    """The database has its own clock, and this file may be read minutes before it is run."""
    global NOW
    NOW = datetime.now(UTC)


@pytest.fixture
def well(world: Any, settings: Any) -> Any:
    """A house in which nothing is wrong."""
    settings.ADDRESS, settings.TLS, settings.MAIL, settings.EMAIL_HOST = "https://lamps.example.org", True, True, "mail.example.org"
    (Path(settings.DATA) / "secret").chmod(0o600) if (Path(settings.DATA) / "secret").exists() else None
    Activity.objects.update(recorded_at=NOW)
    last = Activity.objects.order_by("-tx", "-pk").first()
    for name in REACTIONS:
        Bookmark.objects.create(reaction=name, tx=last.tx, position=last.pk, moved_at=NOW)
    Beat.objects.create(worker="w", started_at=NOW, seen_at=NOW)
    return world


def found(now: datetime | None = None) -> dict[str, bool]:
    return {one.code: one.wrong for one in examine(now or NOW, quick=True)}


def test_a_house_in_which_nothing_is_wrong(well):
    assert found() == {}


def parked(world: Any) -> None:
    Parked.objects.create(reaction="notifications.tell", activity=Activity.objects.first(), error="KeyError: 'title'", next_try_at=NOW)


def unsent(world: Any) -> None:
    Letter.objects.create(channel="email", key="k", body={}, written_at=NOW, due_at=NOW, parked_at=NOW, tries=8)


WRONG: dict[str, Callable[[Any], Any]] = {
    "worker": lambda world: Beat.objects.update(seen_at=NOW - timedelta(minutes=5)),
    "behind": lambda world: Bookmark.objects.update(tx=-1, position=0) and Activity.objects.update(recorded_at=NOW - timedelta(hours=1)),
    "round": lambda world: Sweep.objects.create(name="spaces.mend_counters", due_at=NOW, error="KeyError: 'n'\nmore"),
    "parked": parked,
    "letters_parked": unsent,
    "jobs": lambda world: Job.objects.create(name="x", asked_at=NOW, state="running", leased_until=NOW - timedelta(minutes=9)),
    "clock": lambda world: Activity.objects.update(recorded_at=NOW + timedelta(days=400)),
    "tables_newer": lambda world: MigrationRecorder(connection).record_applied("spaces", "9999_later"),
    "tables": lambda world: MigrationRecorder(connection).record_unapplied("insights", "0001_initial"),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_must_be_mended(well, code):
    WRONG[code](well)
    assert found() == {code: True}
    said = []
    for language, stop in (("en", "."), ("zh-hans", "。")):
        with translation.override(language):
            (one,) = examine(NOW, quick=False)
        assert stop in one.what and stop in one.mend
        said.append((one.what, one.mend))
    assert said[0] != said[1]


def test_what_is_worth_knowing(well, settings):
    settings.ADDRESS, settings.TLS, settings.MAIL = "http://localhost:8000", False, False
    assert found() == {"address": False, "letters": False}


def test_disk_key_and_the_databases_own_clock(well, settings, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(9, 9, 100 << 20))  # type: ignore[attr-defined]
    assert found() == {"disk": True, "room": False}
    monkeypatch.undo()
    key = Path(settings.DATA) / "secret"
    key.touch()
    key.chmod(0o644)
    assert found() == {"key": True}
    key.chmod(0o600)
    monkeypatch.setattr(doctor, "SLIP", -1)
    assert found() == ({"clocks_apart": True} if connection.vendor == "postgresql" else {})


def test_damage_is_found(well, monkeypatch):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'activity_reading_order'::regclass")
        (one,) = examine(NOW, quick=True)
        assert one.code == "integrity" and "activity_reading_order" in one.what and "REINDEX" in one.mend


def ask(data: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "VALKEY_URL"}}
    clean |= {"FIRESIDE_DATA": str(data), "FIRESIDE_LANG": "en", **env}
    command = [sys.executable, "-m", "fireside", "doctor", *words]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.once
def test_at_the_terminal(tmp_path):
    """A file half of whose pages are noise, a database that is not there, a house that was never opened."""
    with sqlite3.connect(tmp_path / "fireside.sqlite3") as made:
        made.execute("CREATE TABLE one (word)")
        made.executemany("INSERT INTO one VALUES (?)", [("lamp" * 300,)] * 100)
    made.close()
    whole = (tmp_path / "fireside.sqlite3").read_bytes()
    (tmp_path / "fireside.sqlite3").write_bytes(whole[:8192] + os.urandom(len(whole) - 8192))
    done = ask(tmp_path)
    assert done.returncode == 1 and "✗ The database is damaged: " in done.stdout and "fireside restore" in done.stdout, done
    (tmp_path / "fireside.sqlite3").unlink()
    told = json.loads(ask(tmp_path, "--json").stdout)
    assert told["state"] == "wrong" and told["found"][0]["code"] == "tables"
    gone = ask(tmp_path, "--json", DATABASE_URL="postgresql://kofi@127.0.0.1:9/fireside", FIRESIDE_LANG="zh")
    assert gone.returncode == 1 and json.loads(gone.stdout)["found"][0]["code"] == "engines" and "打不开" in gone.stdout, gone
