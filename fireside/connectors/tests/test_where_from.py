"""From where a house takes files in, how large they may be, and that a sample takes in nothing."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import resolve

from fireside.activity.actor import house
from fireside.activity.models import Job
from fireside.connectors.actions import ask_for_import, keep_upload, name_file
from fireside.connectors.models import ImportRun, Upload
from fireside.connectors.tests.conftest import lines, message
from fireside.connectors.tests.test_doors import bearer, file  # noqa: F401  a fixture
from fireside.lib.errors import Refused
from fireside.members.models import Community, Member

pytestmark = pytest.mark.django_db
WORDS = {"en": "Remove the sample first", "zh-hans": "先把示例清走"}


@pytest.fixture
def sample(world):
    Community.objects.update(is_sample=True)
    return world


def counts() -> tuple[int, int, int, int]:
    return Member.objects.count(), ImportRun.objects.count(), Upload.objects.count(), Job.objects.filter(state="done").count()


@pytest.mark.parametrize("what", ["zulip", "activity", "members"])
@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_no_history_goes_into_a_sample_by_the_command_line(sample, tmp_path, what, more):
    path = lines(tmp_path / "talk.jsonl", [message(1)])
    before = counts()
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("import", what, str(path), "--json", *more, stdout=out)
    said = json.loads(out.getvalue())
    assert (end.value.code, said["state"]) == (2, "failed")
    assert WORDS["en"] in said["error"]
    assert counts() == before


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nor_by_the_page(sample, sign_in, tmp_path, language):
    olu, before = sign_in("olu"), counts()
    olu.cookies["django_language"] = language
    Member.objects.filter(pk=sample.olu.pk).update(language=language)
    page = olu.get("/cockpit/import", headers={"Accept-Language": language}).content.decode()
    assert WORDS[language] in page and 'name="file"' not in page
    path = lines(tmp_path / "talk.jsonl", [message(1)])
    for given in ({"file": file("a.csv", b"id,name\n1,Ada\n")}, {"path": str(path)}):
        answer = olu.post("/cockpit/import", {"importer": "members", **given}, headers={"Accept-Language": language})
        assert answer.status_code == 422
        assert WORDS[language] in answer.content.decode()
    assert counts() == before


def test_nor_by_programs_nor_by_what_was_handed_in_before(world, client, bearer):  # noqa: F811
    run = bearer("dan", "read", "run")
    kept = client.post("/api/v1/imports/files", {"file": file("a.csv", b"id,name\n1,Ada\n")}, **run).json()["upload"]
    Community.objects.update(is_sample=True)
    before = counts()
    for answer in (
        client.post("/api/v1/imports/files", {"file": file("a.csv", b"id,name\n1,Ada\n")}, **run),
        client.post("/api/v1/imports", json.dumps({"importer": "members", "upload": kept}), content_type="application/json", **run),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "sample_here")
        assert WORDS["en"] in answer.json()["message"]
    with pytest.raises(Refused):
        ask_for_import(world.as_("dan"), importer="members", upload=kept)
    assert counts() == before


def test_one_setting_says_how_large_a_file_may_be(world, settings):
    settings.MAX_UPLOAD_MIB = 1
    keep_upload(world.as_("dan"), name="a.csv", file=io.BytesIO(b"x" * 1024**2))
    with pytest.raises(Refused) as no:
        keep_upload(world.as_("dan"), name="b.csv", file=io.BytesIO(b"x" * (1024**2 + 1)))
    assert (no.value.code, "1 MB" in str(no.value)) == ("upload_too_large", True)


def test_a_file_is_copied_before_the_writers_lock_is_taken(world):
    outside = len(connection.atomic_blocks)

    class Slow(io.BytesIO):
        def read(self, *size):
            assert len(connection.atomic_blocks) == outside
            return super().read(*size)

    assert keep_upload(world.as_("dan"), name="slow.csv", file=Slow(b"id,name\n1,Ada\n")).size == 14


def test_where_files_are_handed_in_the_front_lets_large_ones_through(settings):
    for address in ("/cockpit/import", "/setup/bring", "/api/v1/imports/files"):
        assert resolve(address).func is not None
        assert address.startswith(settings.UPLOAD_PATHS)
    assert not "/spaces/lamps".startswith(settings.UPLOAD_PATHS)


def test_the_environment_is_read_in_one_place(tmp_path):
    env = {
        **os.environ,
        "FIRESIDE_DATA": str(tmp_path),
        "FIRESIDE_MAX_UPLOAD_MIB": "7",
        "FIRESIDE_IMPORT_FROM": f"{tmp_path}/a:{tmp_path}/b",
    }
    ask = "from fireside import settings; print(settings.MAX_UPLOAD_MIB, *settings.IMPORT_FROM)"
    done = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["7", f"{tmp_path}/a", f"{tmp_path}/b"]


def test_files_are_read_from_the_named_folders_only(world, settings, tmp_path):
    path = lines(tmp_path / "talk.jsonl", [message(1)])
    settings.DATA = tmp_path / "house"
    settings.IMPORT_FROM = [tmp_path / "elsewhere"]
    with pytest.raises(Refused) as no:
        name_file(house("cli"), path=str(path))
    assert no.value.code == "path_elsewhere"
    settings.IMPORT_FROM = [tmp_path]
    assert name_file(world.as_("olu"), path=str(path)).outside
