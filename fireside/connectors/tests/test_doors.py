"""History through the web door and the JSON door: one pass each, who is refused, how many queries."""

import hashlib
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from fireside.activity.actor import house
from fireside.activity.jobs import claim_next, run_job
from fireside.activity.models import Job
from fireside.connectors.models import ImportRun, Upload
from fireside.connectors.tests.conftest import lines, message
from fireside.connectors.tests.test_tables import PEOPLE
from fireside.members.actions import make_token
from fireside.members.models import Identity

pytestmark = pytest.mark.django_db

TALK = "".join(json.dumps(message(n, sender=("Ada", "Build Bot")[n % 2])) + "\n" for n in range(1, 9)) + "broken\n"


@pytest.fixture
def bearer(client, world):
    def as_(name, *scopes):
        secret = make_token(world.as_(name), name="t", scopes=list(scopes))
        secret = getattr(secret, "secret", None) or secret[1]
        return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}

    return as_


def work(world) -> Job:
    """What a worker does with the next job in line."""
    row = claim_next(world.now)
    assert row is not None
    return run_job(row, house("worker", now=world.now) if row.member_id is None else world.as_("dan", "worker"))


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_table_is_handed_in_looked_at_tried_and_brought_in(sign_in, world, django_assert_num_queries):
    dan = sign_in("dan")
    answer = dan.post("/cockpit/import", {"importer": "members", "file": file("会员.csv", PEOPLE.encode("gb18030"))})
    here = answer["Location"]
    assert here.startswith("/cockpit/import/members/")
    page = dan.get(here).content.decode()
    for words in ("李雷", "li@example.org", "13800138000", "2024", "会员.csv"):
        assert words in page
    page = dan.get(here, {"map_name": "6", "map_about": "-", "dates": ""}).content.decode()  # the remarks as names: look again
    assert "爱灯" in page
    tried = dan.post(here, {"source": "shop", "try": "1", "map_name": "2", "dates": ""})
    assert tried.status_code == 302
    assert work(world).counts["imported"] == 3
    assert not Identity.objects.filter(source="shop").exists()
    started = dan.post(here, {"source": "shop", "dates": ""})
    job = work(world)
    assert started["Location"] == f"/jobs/{job.pk}"
    assert (job.error, job.counts["imported"], job.counts["rejected"]) == ("", 3, 6)
    run = ImportRun.objects.get()
    page = dan.get(f"/cockpit/import/runs/{run.pk}").content.decode()
    assert "rejected.csv" in page
    mend = b"".join(dan.get(f"/cockpit/import/runs/{run.pk}/rejected.csv")).decode("utf-8-sig")
    assert "not an address" in mend
    assert (run.source, run.member_id) == ("shop", world.dan.pk)


def test_an_archive_shows_its_bots_and_what_was_left_out(sign_in, world, tmp_path):
    dan = sign_in("dan")
    here = dan.post("/cockpit/import", {"importer": "zulip", "file": file("lamp.jsonl", TALK.encode())})["Location"]
    assert "lamp.jsonl" in dan.get(here).content.decode()
    dan.post(here, {"source": ""})
    job = work(world)
    assert job.error == ""
    run = ImportRun.objects.get()
    page = dan.get(f"/cockpit/import/runs/{run.pk}").content.decode()
    assert "Build Bot" in page
    assert "/identity" in page
    assert b'"bad_json"' in b"".join(dan.get(f"/cockpit/import/runs/{run.pk}/rejected.jsonl"))
    assert dan.get(f"/cockpit/import/runs/{run.pk}/rejected.txt").status_code == 404


def test_wrong_files_are_told_at_the_form(sign_in, world):
    dan = sign_in("dan")
    assert dan.post("/cockpit/import", {"importer": "members"}).status_code == 422
    assert dan.post("/cockpit/import", {"importer": "members", "file": file("x.csv", b"")}).status_code == 422
    here = dan.post("/cockpit/import", {"importer": "members", "file": file("x.xlsx", b"PK\x03\x04 no")})["Location"]
    assert "neither CSV nor XLSX" in dan.get(here).content.decode()
    assert dan.post("/cockpit/import", {"importer": "zulip", "path": "/tmp"}).status_code == 403  # only the owner names a path
    assert dan.get("/cockpit/import/members/none").status_code == 404
    assert dan.get(here.replace("members", "shoes")).status_code == 404


def test_the_owner_names_a_path_but_never_the_houses_own_or_the_systems(sign_in, world, tmp_path, settings):
    olu = sign_in("olu")
    path = lines(tmp_path / "talk.jsonl", [message(1)])
    settings.DATA = tmp_path / "house"
    (tmp_path / "house").mkdir()
    assert olu.post("/cockpit/import", {"importer": "zulip", "path": str(path)}).status_code == 302
    for wrong in (
        "/etc",
        "/etc/passwd",
        "/proc/self/environ",
        str(settings.DATA),
        str(settings.DATA / "secret"),
        "/",
        str(tmp_path / "missing"),
    ):
        answer = olu.post("/cockpit/import", {"importer": "zulip", "path": wrong})
        assert answer.status_code == 422, wrong


@pytest.mark.parametrize(
    "address", ["/cockpit/import", "/cockpit/import/zulip/none", "/cockpit/import/runs/1", "/cockpit/import/runs/1/rejected.csv"]
)
def test_only_those_who_bring_history_in_see_it(sign_in, world, client, address):
    assert client.get(address).status_code in {302, 401, 403}
    assert sign_in("ann").get(address).status_code == 403
    assert sign_in("mira").get(address).status_code == 403


def test_the_list_costs_few_queries(sign_in, world, django_assert_max_num_queries):
    for n in range(25):
        ImportRun.objects.create(importer="zulip", source=f"s{n}", path="x", started_at=world.now)
    dan = sign_in("dan")
    dan.get("/cockpit/import")
    with django_assert_max_num_queries(8) as few:
        dan.get("/cockpit/import")
    assert sum("connectors_importrun" in one["sql"] for one in few.captured_queries) == 1  # the runs; the rest is the frame's


def brought(dan, world, name: str, data: bytes, source: str = "") -> ImportRun:
    here = dan.post("/cockpit/import", {"importer": "zulip", "file": file(name, data)})["Location"]
    assert dan.post(here, {"source": source}).status_code == 302
    job = work(world)
    assert job.error == ""
    return ImportRun.objects.get(pk=job.counts["run"])


def test_an_upload_is_called_by_its_own_name_and_the_same_content_always_the_same(sign_in, world):
    dan, other = sign_in("dan"), "".join(json.dumps(message(n, sender="Bo")) + "\n" for n in range(500, 505)).encode()
    first = brought(dan, world, "lamp-zulip-archive.jsonl", TALK.encode())
    assert first.source == "zulip:lamp"
    assert f"<h1>{first.source}</h1>" in dan.get(f"/cockpit/import/runs/{first.pk}").content.decode()
    for again in ("lamp-zulip-archive.jsonl", "lamp-zulip-archive (1).jsonl", "messages.jsonl"):
        run = brought(dan, world, again, TALK.encode())
        assert (run.source, run.imported, run.unchanged) == ("zulip:lamp", 0, 8), again
    nameless = brought(dan, world, "messages.jsonl", other)
    assert nameless.source == f"zulip:messages-{hashlib.sha256(other).hexdigest()[:8]}"
    assert brought(dan, world, "messages.jsonl", other).source == nameless.source
    assert brought(dan, world, "messages.jsonl", other, source="zulip:elsewhere").source == "zulip:elsewhere"


def test_the_refusal_of_a_second_name_says_what_to_write(sign_in, world):
    dan = sign_in("dan")
    brought(dan, world, "lamp.jsonl", TALK.encode(), source="zulip:lamps.example")
    more = TALK + json.dumps(message(99)) + "\n"
    here = dan.post("/cockpit/import", {"importer": "zulip", "file": file("lamp.jsonl", more.encode())})["Location"]
    dan.post(here, {"source": ""})
    error = work(world).error
    assert "write “zulip:lamps.example” as the name of the source" in error and "“zulip:lamp” there" in error
    assert brought(dan, world, "lamp.jsonl", more.encode(), source="zulip:lamps.example").imported == 1


def test_an_empty_form_marks_the_file(sign_in, world):
    page = sign_in("dan").post("/cockpit/import", {"importer": ""}).content.decode()
    assert 'id="id_file-error"' in page and 'id="id_importer-error"' in page and "This field is required" not in page


def test_programs_hand_in_and_follow(client, world, bearer):
    run = bearer("dan", "read", "run")
    kept = client.post("/api/v1/imports/files", {"file": file("lamp.jsonl", TALK.encode())}, **run)
    assert kept.status_code == 201, kept.content
    answer = client.post(
        "/api/v1/imports", json.dumps({"importer": "zulip", "upload": kept.json()["upload"]}), content_type="application/json", **run
    )
    assert answer.status_code == 202, answer.content
    number = answer.json()["id"]
    assert client.get(f"/api/v1/jobs/{number}", **run).json()["state"] == "waiting"
    work(world)
    job = client.get(f"/api/v1/jobs/{number}", **run).json()
    assert (job["state"], job["counts"]["imported"], job["counts"]["rejected"], job["total"]) == ("done", 8, 1, 9)
    listed = client.get("/api/v1/imports", **run).json()["items"]
    assert [(one["source"], one["reasons"]) for one in listed] == [("zulip:lamp", {"bad_json": 1})] or listed[0]["reasons"] == {
        "bad_json": 1
    }
    one = client.get(f"/api/v1/imports/{listed[0]['id']}", **run).json()
    assert one["read"] == one["imported"] + one["unchanged"] + one["rejected"]
    left = b"".join(client.get(f"/api/v1/imports/{one['id']}/rejected", **run))
    assert json.loads(left)["place"].endswith(":9")
    assert client.post(f"/api/v1/jobs/{number}/stop", **run).json()["state"] == "done"
    assert client.post(f"/api/v1/jobs/{number}/resume", **run).json()["state"] == "done"


def test_programs_without_the_right_or_the_scope_are_refused(client, world, bearer):
    body = json.dumps({"importer": "zulip", "path": "/srv/x"})
    assert client.post("/api/v1/imports", body, content_type="application/json").status_code == 401
    assert client.post("/api/v1/imports", body, content_type="application/json", **bearer("ann", "read", "write", "run")).status_code == 403
    assert client.post("/api/v1/imports", body, content_type="application/json", **bearer("dan", "read", "write")).status_code == 403
    assert (
        client.post("/api/v1/imports", body, content_type="application/json", **bearer("dan", "read", "run")).status_code == 403
    )  # a path is the owner's
    assert (
        client.post(
            "/api/v1/imports", json.dumps({"importer": "shoes"}), content_type="application/json", **bearer("dan", "read", "run")
        ).status_code
        == 422
    )
    hidden = client.get("/api/v1/imports/4711", **bearer("dan", "read", "run"))
    ann = bearer("ann", "read")
    ImportRun.objects.create(pk=5, importer="zulip", source="s", path="x", started_at=world.now)
    assert client.get("/api/v1/imports/5", **ann).status_code == hidden.status_code == 404
    job = Job.objects.create(name="connectors.import_zulip", member_id=world.dan.pk, asked_at=world.now)
    assert client.get(f"/api/v1/jobs/{job.pk}", **ann).status_code == 404
    writer, runner = bearer("dan", "read", "write"), bearer("dan", "read", "run")
    for act in ("stop", "resume"):
        said = client.post(f"/api/v1/jobs/{job.pk}/{act}", **writer)
        assert (said.status_code, said.json()["code"]) == (403, "token_scope")
        assert client.post(f"/api/v1/jobs/{job.pk}/{act}", **ann).status_code == 403  # her token only reads
        assert Job.objects.get(pk=job.pk).state == ("waiting" if act == "stop" else "stopped")
        assert client.post(f"/api/v1/jobs/{job.pk}/{act}", **runner).status_code == 200
    assert (
        client.get("/api/v1/imports/5", **writer).json()["code"] == client.get("/api/v1/imports", **writer).json()["code"] == "token_scope"
    )
    assert client.get(f"/api/v1/jobs/{job.pk}", **writer).status_code == 200  # one's own work may be followed


def test_the_command_line_stops_work_and_goes_on(world):
    job = Job.objects.create(name="connectors.import_zulip", member_id=world.dan.pk, asked_at=world.now)
    for who, action, code, state in (
        ("ann", "stop_work", 4, "waiting"), ("dan", "stop_work", 0, "stopped"), ("mira", "resume_work", 4, "stopped"), ("dan", "resume_work", 0, "waiting"),
    ):  # fmt: skip
        try:
            call_command("act", f"site.{action}", f"job={job.pk}", f"as={who}")
            ended = 0
        except SystemExit as left:
            ended = left.code
        assert (ended, Job.objects.get(pk=job.pk).state) == (code, state)


def test_uploads_go_after_a_week_and_named_files_never(world, settings, tmp_path):
    from fireside.connectors.actions import keep_upload, name_file, remove_old_uploads
    from fireside.connectors.queries import place_of

    kept = keep_upload(world.as_("dan"), name="../../x.tar.gz", file=io.BytesIO(b"x"))
    assert place_of(kept).is_relative_to(settings.DATA / "imports" / "uploads")
    own = lines(tmp_path / "talk.jsonl", [message(1)])
    named = name_file(world.as_("olu"), path=str(own))
    assert remove_old_uploads(world.as_("house")) == 0
    assert remove_old_uploads(world.later(days=8).as_("house")) == 2
    assert not place_of(kept).exists()
    assert own.exists()
    assert Upload.objects.filter(removed_at__isnull=True).count() == 0
    assert named.outside
