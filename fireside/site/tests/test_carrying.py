"""A community carried out of its house and into another, on either database: every row, every file, every number, pages to the byte."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models
from django.test import Client

from fireside.activity.models import Activity, Job
from fireside.conversation.actions import open_topic
from fireside.lib.errors import Refused
from fireside.members.models import Member
from fireside.serving.tests.elsewhere import Elsewhere
from fireside.site.carrying.archive import checked, opened
from fireside.site.carrying.out import write_out
from fireside.site.carrying.things import all_tables, line_of, readers, things
from fireside.site.tests.full_house import LATER, Untold, bring, lived_in, on_sqlite, out, rows, seen, sums
from fireside.site.tests.rights.stage import picture_bytes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


@pytest.fixture
def full_house(transactional_db: None) -> Iterator[Any]:
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    shutil.rmtree(settings.DATA / "imports", ignore_errors=True)
    world = lived_in()
    rejected = settings.DATA / "imports" / "1"
    rejected.mkdir(parents=True, exist_ok=True)
    (rejected / "rejected.jsonl").write_text('{"place": "x:1"}\n')
    yield world
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    shutil.rmtree(settings.DATA / "imports", ignore_errors=True)


@pytest.fixture
def elsewhere(full_house: Any, tmp_path: Path, racer: Any) -> Iterator[Elsewhere]:
    data = tmp_path / "elsewhere"
    data.mkdir()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE elsewhere TEMPLATE template0")
    yield Elsewhere(data, racer)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE elsewhere WITH (FORCE)")


def test_an_equal_community_on_either_database(full_house, elsewhere, tmp_path):
    mine = out(tmp_path / "mine.zip")
    assert (tmp_path / "mine.zip").stat().st_mode & 0o777 == 0o600
    archive = tmp_path / "mine.zip"
    if connection.vendor == "postgresql":  # by way of SQLite
        assert on_sqlite(tmp_path / "between", "import", "fireside", str(archive))["rows"] == sum(one["rows"] for one in mine["things"])
        on_sqlite(tmp_path / "between", "export", str(tmp_path / "between.zip"))
        with zipfile.ZipFile(tmp_path / "between.zip") as opened:
            between = json.loads(opened.read("manifest.json"))
        differs = {name for name, said in sums(between).items() if sums(mine)[name] != said}
        assert differs == {"activity/lines"}, "the line that says that it was written out"
        assert next(one["rows"] for one in between["things"] if one["name"] == "activity/lines") == Activity.objects.count() + 1
    damaged = changed(archive, tmp_path / "damaged.zip", nothing, **{"members/members.jsonl": b'{"id":1}\n'})
    assert elsewhere.ask(bring, damaged)["code"] == "archive_damaged" and elsewhere.ask(is_empty)
    done = elsewhere.ask(bring, archive)
    assert (done["state"], done["unchanged"], done["files"]) == ("done", False, 2)
    assert elsewhere.ask(rows) == rows()
    assert sums(elsewhere.ask(out, tmp_path / "theirs")) == sums(mine), "written out again it is the same to the byte"
    again = elsewhere.ask(bring, archive)
    assert (again["state"], again["unchanged"]) == ("done", True)
    assert elsewhere.ask(rows) == rows()
    other = elsewhere.ask(seen)
    for name, said in seen().items():
        assert other[name] == said, name
    assert elsewhere.ask(next_post) == next_post(), "the next post gets the id that it would have got at home"
    assert out(tmp_path / "two.zip") and elsewhere.ask(bring, tmp_path / "two.zip")["code"] == "lived_in"


def next_post() -> int:
    from fireside.activity.actor import Actor
    from fireside.spaces.models import Space

    ann = Member.objects.get(email="ann@example.org")
    assert not Member.objects.exclude(password="").exclude(password__startswith="!").exists(), "no password travelled or was made up"
    return int(open_topic(Actor(ann, "web", LATER), space=Space.objects.get(slug="hearth"), title="Next", text="x").pk)


def changed(archive: Path, into: Path, change: Callable[[dict[str, Any]], None], leave: str = "", **entries: bytes) -> Path:
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            body = entries.get(name, old.read(name))
            if name == "manifest.json":
                manifest = json.loads(body)
                change(manifest)
                body = json.dumps(manifest).encode()
            if name != leave:
                new.writestr(name, body)
    return into


def nothing(_body: dict[str, Any]) -> None: ...


def is_empty() -> bool:
    return not any(one.model._base_manager.exists() for one in things()) and not any((settings.DATA / "files").rglob("*.*"))


def refused(archive: Path) -> str:
    try:
        with opened(archive) as box:
            checked(box, Untold())
    except Refused as no:
        return no.code
    return "whole"


def test_what_is_not_whole_brings_nothing(full_house, tmp_path):
    """Asked before anything is written; the test above sees that nothing is."""
    out(tmp_path / "good.zip")
    good, wrong = tmp_path / "good.zip", {}
    (tmp_path / "half.zip").write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    (tmp_path / "picture.zip").write_bytes(picture_bytes())
    picture = next(name for name in zipfile.ZipFile(good).namelist() if name.startswith("files/"))

    def rows_more(body: dict[str, Any]) -> None:
        body["things"][0]["rows"] += 1

    wrong["half"] = (tmp_path / "half.zip", "no_archive")
    wrong["none"] = (tmp_path / "none.zip", "no_such_path")
    wrong["other"] = (tmp_path / "picture.zip", "no_archive")
    wrong["line"] = (changed(good, tmp_path / "line.zip", nothing, **{"members/members.jsonl": b'{"id":1}\n'}), "archive_damaged")
    wrong["file"] = (changed(good, tmp_path / "file.zip", nothing, **{picture: b"another"}), "archive_damaged")
    wrong["gone"] = (changed(good, tmp_path / "gone.zip", nothing, leave=picture), "archive_damaged")
    wrong["rows"] = (changed(good, tmp_path / "rows.zip", rows_more), "archive_damaged")
    wrong["newer"] = (changed(good, tmp_path / "newer.zip", lambda body: body.update(version=2)), "too_new")
    wrong["field"] = (changed(good, tmp_path / "field.zip", lambda body: body["things"][0]["fields"].append("mood")), "too_new")
    wrong["path"] = (changed(good, tmp_path / "path.zip", lambda body: body["files"].append({"name": "files/../../x"})), "archive_damaged")
    assert {name: refused(archive) for name, (archive, _code) in wrong.items()} == {name: code for name, (_archive, code) in wrong.items()}
    assert refused(good) == "whole"


def test_what_breaks_off_leaves_nothing(full_house, tmp_path):
    class Stops(Untold):
        def advance(self, n: int = 1) -> None:
            raise KeyboardInterrupt

    for target in (tmp_path / "a.zip", tmp_path / "a"):
        with pytest.raises(KeyboardInterrupt):
            write_out(target, now=LATER, told=Stops())
        assert list(tmp_path.iterdir()) == []
    (tmp_path / "a").mkdir()
    with pytest.raises(Refused, match="there already"):
        write_out(tmp_path / "a", now=LATER, told=Untold())


def test_it_is_of_one_moment(full_house, tmp_path):
    """What is said while it is written is not in it, in no table."""

    class Talks(Untold):
        said = 0

        def step(self, words: Any) -> None:
            self.said += 1
            open_topic(full_house.as_("ben"), space=full_house.hearth, title=f"Meanwhile {self.said}", text="x")

    before = rows()
    talks = Talks()
    manifest = write_out(tmp_path / "a", now=LATER, told=talks)
    counts = {one["name"]: one["rows"] for one in manifest["things"]}
    assert talks.said > 2 and {name: len(found) for name, found in before.items()} == counts


def test_no_key_to_the_house_travels(full_house, tmp_path):
    from fireside.members.actions import make_token

    Member.objects.filter(name="Ann").update(password="argon2$secret-of-ann")
    _token, secret = make_token(full_house.as_("ann"), name="mine", scopes=["read"])
    out(tmp_path / "a")
    whole = b"".join(path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert b"secret-of-ann" not in whole and secret.encode() not in whole and settings.SECRET_KEY.encode() not in whole
    for one in things():
        keys = {name for name in one.named() if re.search(r"password|secret|hash$|^token|p256dh|session|lease|private_key", name)}
        assert not keys, f"{one.table} has {keys}: say in its app's holds.py that it stays, or what stands there instead (without=)"


VALUES: dict[type, Any] = {
    models.BigAutoField: 7, models.AutoField: 7, models.BigIntegerField: 7, models.PositiveIntegerField: 7, models.IntegerField: 7,
    models.PositiveSmallIntegerField: 7, models.SmallIntegerField: 7, models.CharField: "灯", models.SlugField: "灯", models.TextField: "a\n\"b\"",
    models.EmailField: "a@example.org", models.BooleanField: True, models.DateTimeField: datetime(2026, 3, 2, 12, 0, 0, 5, tzinfo=UTC),
    models.DateField: date(2026, 3, 2), models.JSONField: {"a": [1, None, "灯"]}, models.FloatField: 0.25, models.DecimalField: Decimal("1.20"),
    models.BinaryField: b"\x00\xff", models.URLField: "https://example.org", models.PositiveBigIntegerField: 7,
}  # fmt: skip


def test_every_field_of_every_table_can_be_written_and_read():
    """A table that somebody adds tomorrow travels by itself; one with a field nobody foresaw is named here."""
    for one in things():
        plain = [field.target_field if isinstance(field, models.ForeignKey) else field for field in one.fields]
        strange = [f"{one.table}.{field.attname}: {type(field).__name__}" for field in plain if type(field) not in VALUES]
        assert not strange, strange
        values = tuple(VALUES[type(field)] for field in plain)
        row = json.loads(line_of(one, values))
        for (field, how), value in zip(readers(one, connection), values, strict=True):
            read = how(row[field.attname])
            assert (
                (json.loads(read) if isinstance(field, models.JSONField) else read) in {str(value), value}
                if isinstance(value, str | int | float | datetime)
                else read is not None
            )
        for field, how in readers(one, connection):
            if not field.null:
                continue
            assert how(None) is None


def test_what_travels_names_nothing_that_stays():
    """A row that travels and refers to one that stays would come in broken: such a field is left empty (without=)."""
    travels = {one.model for one in things()}
    for one in things():
        for field in one.fields:
            if isinstance(field, models.ForeignKey):
                assert field.related_model in travels, f"{one.table}.{field.name} names {field.related_model}, which stays"
    assert len({one.name for one in things()}) == len(things()) and len(all_tables()) > len(travels)


def test_the_pages_of_the_owner(full_house, settings):
    owner, operator = (Client(HTTP_ACCEPT_LANGUAGE="en") for _n in range(2))
    owner.force_login(full_house.olu, backend="allauth.account.auth_backends.AuthenticationBackend")
    operator.force_login(full_house.dan, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert operator.get("/cockpit/export").status_code == 403 and operator.post("/cockpit/export").status_code == 403
    assert owner.post("/cockpit/export").status_code == owner.post("/cockpit/export").status_code == 302
    job = Job.objects.get(name="site.export")
    assert b"Being made" in owner.get("/cockpit/export").content
    work()
    job.refresh_from_db()
    assert job.state == "done", job.error
    page = owner.get("/cockpit/export").content.decode()
    (address,) = re.findall(r"/cockpit/export/\w+\.zip", page)
    answer = owner.get(address)
    whole = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Cache-Control"] == "private, no-store" and whole[:2] == b"PK"
    found = owner.get("/api/v1/exports").json()["items"]
    assert [one["state"] for one in found] == ["ready"] and found[0]["counts"]["files"] == 2
    missing = owner.get("/cockpit/export/none.zip")
    hidden = operator.get(address)
    assert (hidden.status_code, operator.get("/cockpit/export/none.zip").content) == (missing.status_code, hidden.content)
    from fireside.activity.actor import house
    from fireside.site.actions import takeouts

    assert takeouts.lapse(house("worker"), datetime.now(UTC) - timedelta(days=1)) == 0
    assert takeouts.lapse(house("worker"), datetime.now(UTC) + timedelta(days=1)) == 1
    assert owner.get(address).status_code == 404 and not list((settings.DATA / "exports").glob("*.zip"))


def work() -> None:
    from fireside.activity import jobs

    while (row := jobs.claim_next(datetime.now(UTC))) is not None:
        jobs.run_job(row, jobs.actor_of_job(row, datetime.now(UTC)))
