"""The first visit: one link, three ways, and nothing for anybody else."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext as _

from fireside.activity import jobs
from fireside.activity.actor import house
from fireside.activity.models import Job
from fireside.connectors.actions import asking
from fireside.members.models import Community
from fireside.members.queries import forget_community, the_community, the_owner
from fireside.site import key, setup_link, setup_words
from fireside.site.forms import NEEDED
from fireside.spaces.queries import visible_spaces

FORM = {
    "name": "Lantern Works", "purpose": "People who mend lamps help each other.", "kind": "product", "languages": "en zh-hans",
    "time_zone": "Asia/Shanghai", "owner_name": "Olu", "owner_email": "olu@example.org", "owner_password": "a warm kettle sings",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _new_key(db: None) -> Any:
    key.throw_away()
    yield
    key.throw_away()


@pytest.fixture
def holder() -> Client:
    """A browser that has opened the set-up link."""
    client = Client()
    link = setup_link()
    assert link
    answer = client.get(link.removeprefix(settings.ADDRESS))
    assert answer.status_code == 302 and answer["Location"] == "/setup", "the key does not stay in the address"
    return client


def test_the_link_opens_the_three_ways(holder: Client) -> None:
    page = holder.get("/setup").content.decode()
    for way in ("/setup/start", "/setup/bring", "/setup/sample"):
        assert way in page
    assert "SQLite, one file" in page or "PostgreSQL" in page
    assert "GB free" in page or "TB free" in page
    assert "nothing you do here is lost" not in page and "The sample goes when you remove it" in page


def test_without_the_link_the_house_is_closed() -> None:
    visitor = Client()
    for address in ("/", "/setup", "/setup?key=guessed"):
        page = visitor.get(address).content.decode()
        assert "This house is empty" in page and "fireside setup --link" in page and "Ask them for the link" in page, address
        assert key.current_key() not in page and str(settings.DATA) not in page
        assert "这座屋子是空的" in visitor.get(address, headers={"Accept-Language": "zh-hans"}).content.decode()
    for address in ("/setup/start", "/setup/bring", "/setup/enter"):
        assert visitor.get(address).status_code == 404, address
    assert visitor.post("/setup/start", FORM).status_code == 404
    assert visitor.post("/setup/sample").status_code == 404
    assert the_community() is None


def test_the_key_is_kept_from_others_and_from_the_page(holder: Client) -> None:
    file = settings.DATA / "setup-key"
    assert file.stat().st_mode & 0o077 == 0
    assert file.read_text() not in holder.get("/setup").content.decode() + holder.cookies["setup"].value
    assert holder.cookies["setup"]["httponly"] and holder.cookies["setup"]["samesite"] == "Lax"


def test_the_same_link_is_shown_until_it_is_used() -> None:
    assert setup_link() == setup_link() and setup_link("https://lamps.example").startswith("https://lamps.example/setup?key=")  # type: ignore[union-attr]


def test_start_my_community(holder: Client) -> None:
    answer = holder.post("/setup/start", FORM)
    assert answer.status_code == 302 and answer["Location"] == "/", answer.content.decode()
    community, owner = the_community(), the_owner()
    assert community and community.name == "Lantern Works" and community.languages == ["en", "zh-hans"]
    assert owner.check_password("a warm kettle sings")
    assert {space.slug for space in visible_spaces(owner)} == {"hello", "questions", "wishes"}
    assert "Lantern Works" in holder.get("/").content.decode() and 'href="/me"' in holder.get("/").content.decode(), (
        "the owner is signed in"
    )
    assert setup_link() is None and not (settings.DATA / "setup-key").exists(), "the link is gone"


def test_who_comes_late_is_told_that_the_house_is_set_up(holder: Client) -> None:
    link, late = setup_link(), Client()
    late.cookies["setup"] = holder.cookies["setup"].value
    holder.post("/setup/start", FORM)
    for visitor, address in ((late, "/setup"), (Client(), "/setup"), (Client(), str(link).removeprefix(settings.ADDRESS))):
        page = visitor.get(address).content.decode()
        assert "This house is set up" in page and 'href="/accounts/login/"' in page, address
        assert "Olu" not in page and "/setup/start" not in page and "olu@" not in page
    for address in ("/setup/start", "/setup/bring"):
        answer = late.post(address, FORM)
        assert answer.status_code == 409 and "This house is set up" in answer.content.decode()
    assert "/accounts/login/" in late.get("/setup/start").content.decode()


def test_up_says_what_is_true_of_the_house(holder: Client) -> None:
    empty = setup_words("https://lamps.example") or ""
    assert "has no community yet" in empty and "works until that is done" in empty and "https://lamps.example/setup?key=" in empty
    holder.post("/setup/start", FORM)
    assert setup_words() is None
    Community.objects.update(is_sample=True)
    forget_community()
    sample = setup_words() or ""
    assert "A sample community lives here" in sample and "/setup?key=" in sample and "no community" not in sample


def test_the_first_spaces_are_named_in_the_first_language(holder: Client) -> None:
    holder.post("/setup/start", FORM | {"languages": "zh-hans en", "kind": "interest"})
    assert {space.name for space in visible_spaces(the_owner())} == {"打个招呼", "问与答", "看我做的"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("owner_email", "no address"), ("owner_password", "short"), ("owner_password", "password12"), ("time_zone", "Mars/Base"), ("kind", "cult"), ("languages", "fr")],
)  # fmt: skip
def test_a_wrong_field_says_so_and_nothing_is_made(holder: Client, field: str, value: str) -> None:
    answer = holder.post("/setup/start", FORM | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'aria-invalid="true"' in page and f'id="id_{field}-error"' in page
    assert 'value="Olu"' in page, "what was written stays"
    assert the_community() is None and key.fits((settings.DATA / "setup-key").read_text())


def test_bring_in_a_community(holder: Client, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("name,email\nKofi,kofi@example.org\n")
    answer = holder.post("/setup/bring", FORM | {"importer": "members", "file": SimpleUploadedFile("people.csv", people.read_bytes())})
    assert answer.status_code == 302 and answer["Location"].startswith("/jobs/"), answer.content.decode()
    assert the_community() is not None and setup_link() is None
    page = holder.get(answer["Location"]).content.decode()
    assert "A list of members comes in" in page and 'http-equiv="refresh"' in page and "hx-get" in page
    assert Client().get(answer["Location"]).status_code == 404, "others do not see it"


def test_what_comes_along_is_copied_before_the_writers_lock_is_taken_and_goes_when_nothing_is_founded(
    holder: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth, seen = len(connection.atomic_blocks), []
    copy = asking._copy
    monkeypatch.setattr(asking, "_copy", lambda *given: seen.append(len(connection.atomic_blocks)) or copy(*given))
    folder = Path(settings.DATA) / "imports" / "uploads"
    before = set(folder.glob("*"))
    file = SimpleUploadedFile("people.csv", b"name,email\nKofi,kofi@example.org\n")
    assert holder.post("/setup/bring", FORM | {"owner_password": "short", "importer": "members", "file": file}).status_code == 422
    assert set(folder.glob("*")) == before and the_community() is None
    file.seek(0)
    assert holder.post("/setup/bring", FORM | {"importer": "members", "file": file}).status_code == 302
    assert seen and set(seen) == {depth} and len(set(folder.glob("*")) - before) == 1


def test_what_cannot_be_read_founds_nothing(holder: Client) -> None:
    answer = holder.post("/setup/bring", FORM | {"importer": "zulip", "path": "/no/such/archive"})
    assert answer.status_code == 422 and 'id="id_path-error"' in answer.content.decode()
    assert holder.post("/setup/bring", FORM | {"importer": "zulip"}).status_code == 422
    assert the_community() is None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_empty_field_says_how_to_mend_it(holder: Client, language: str) -> None:
    empty = dict.fromkeys((*FORM, "importer", "path", "source"), "")
    holder.cookies["language"] = language
    answer = holder.post("/setup/bring", empty, headers={"accept-language": language})
    page = answer.content.decode()
    assert answer.status_code == 422 and "This field is required" not in page and "这个字段" not in page and "该字段" not in page
    with translation.override(language):
        for field, words in NEEDED.items():
            assert f'id="id_{field}-error"' in page and str(words) in page, field
        assert 'id="id_file-error"' in page and str(_("Hand in a file, or name its path on the machine of the house.")) in page


def test_a_file_and_a_path_are_one_too_many(holder: Client) -> None:
    both = {"importer": "members", "path": "/srv/x", "file": SimpleUploadedFile("people.csv", b"name\nKofi\n")}
    page = holder.post("/setup/bring", FORM | both).content.decode()
    assert 'id="id_path-error"' in page and "Leave one of them empty" in page and the_community() is None


def test_the_source_may_be_named(holder: Client) -> None:
    assert 'name="source"' in holder.get("/setup/bring").content.decode()
    file = SimpleUploadedFile("people.csv", b"name\nKofi\n")
    answer = holder.post("/setup/bring", FORM | {"importer": "members", "file": file, "source": "list:lamps"})
    assert answer.status_code == 302, answer.content.decode()
    assert Job.objects.get().params["source"] == "list:lamps"


class TestJobs:
    @pytest.fixture
    def job(self) -> Any:
        jobs.JOBS.setdefault("site.demo", lambda actor, progress: None)
        return jobs.ask_for(house("cli"), "site.demo")

    def test_stop_and_go_on(self, holder: Client, job: Any) -> None:
        address = f"/jobs/{job.pk}"
        assert "In line" in holder.get(address).content.decode()
        assert holder.post(address + "/stop")["Location"] == address
        stopped = holder.get(address).content.decode()
        assert "Stopped." in stopped and "Go on" in stopped and 'http-equiv="refresh"' not in stopped
        holder.post(address + "/resume")
        assert jobs.get_job(job.pk).state == "waiting"

    def test_the_moving_part_alone(self, holder: Client, job: Any) -> None:
        part = holder.get(f"/jobs/{job.pk}/now").content.decode()
        assert part.startswith('<section id="job"') or "<section id=" in part
        assert "<html" not in part

    def test_asking_twice_for_the_sample_follows_one(self, holder: Client, job: Any) -> None:
        assert holder.post("/setup/sample")["Location"] == f"/jobs/{job.pk}"

    def test_nobody_else_sees_or_stops_it(self, job: Any) -> None:
        assert Client().get(f"/jobs/{job.pk}").status_code == 404
        assert Client().post(f"/jobs/{job.pk}/stop").status_code == 404
        assert jobs.get_job(job.pk).state == "waiting"


class TestCommand:
    def run(self, *words: str, password: str = "a warm kettle sings", monkeypatch: Any = None) -> dict[str, Any]:
        out = io.StringIO()
        monkeypatch.setenv("FIRESIDE_OWNER_PASSWORD", password)
        call_command("setup", *words, "--json", stdout=out)
        return dict(json.loads(out.getvalue()))

    def test_without_a_browser(self, monkeypatch: Any) -> None:
        words = ("--name", "Lantern Works", "--owner-name", "Olu", "--owner-email", "olu@example.org", "--time-zone", "Asia/Shanghai")
        body = self.run(*words, monkeypatch=monkeypatch)
        assert body["community"] == "Lantern Works" and body["owner"] == the_owner().handle
        assert the_owner().check_password("a warm kettle sings") and setup_link() is None

    def test_the_link_alone(self, monkeypatch: Any) -> None:
        assert self.run("--link", monkeypatch=monkeypatch)["link"] == setup_link()

    def test_a_refusal_is_one_line_and_an_exit_code(self, monkeypatch: Any) -> None:
        out = io.StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("setup", "--name", "X", "--owner-name", "Olu", "--json", stdout=out)
        assert left.value.code == 2 and json.loads(out.getvalue())["field"] == "owner_email"
        assert the_community() is None
