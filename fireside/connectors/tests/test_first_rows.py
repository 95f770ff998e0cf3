"""The first rows of a list of members as they would come in: the same on the page, at the terminal and for programs."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from fireside.activity.models import Job
from fireside.connectors.tests.test_by_command import bring, said
from fireside.connectors.tests.test_doors import bearer  # noqa: F401  a fixture
from fireside.connectors.tests.test_tables import PEOPLE
from fireside.members.models import Identity

pytestmark = [pytest.mark.django_db, pytest.mark.both]

WHO = ["17", "18", None, None, None, None, "name:只有名字", None, None]
WHY = ["", "", "same_person", "same_person", "bad_email", "impossible_time", "", "no_name", "wrong_width"]


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "people.csv"
    found.write_bytes(PEOPLE.encode("gb18030"))
    return found


@pytest.fixture
def ask(client, bearer):  # noqa: F811
    """`ask(who, "imports/preview", …)` as a program of that member."""

    def asked(who: str, address: str, **body: object):
        headers = bearer(who, "read", "write", "run") if who else {}
        return client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json", **headers)

    return asked


def seen_by(rows: list[dict]) -> tuple[list, list]:
    return [row["person"] and row["person"]["id"] for row in rows], [row["reason"] for row in rows]


def test_a_dry_run_at_the_terminal_shows_the_first_rows(world, path):
    code, out, _err = bring("members", path, "--dry-run")
    table = out.splitlines()
    assert code == 0
    assert table[0] == "The first rows, as they would come in"
    assert table[1].split("  ")[0] == "Row"
    first = next(line for line in table if "李雷" in line)
    assert first.split() == ["people.csv:2", "李雷", "17", "li@example.org", "13800138000", "2024-01-31"]
    only = next(line for line in table if "name:" in line)
    assert only.split()[3:] == ["2024-04-03", "(by", "name", "only)"]  # in the zone of the community
    assert sum("left out: This is no e-mail address." in line for line in table) == 1
    assert "(nothing was changed)" in out and not Identity.objects.exists()
    assert "The first rows" not in bring("members", path)[1]


def test_a_dry_run_for_a_program_holds_them_too(world, path):
    code, answer = said("members", path, "--dry-run", "--map", "name=备注")
    seen = answer["first_rows"]
    assert code == 0
    assert seen_by(seen["rows"])[0][:2] == ["17", "18"]
    assert seen["columns"] == answer["columns"] and seen["columns"]["name"] == "备注"
    assert seen["columns_left"] == answer["columns_left"] == ["姓名"]
    assert seen["dates"] == "dmy"
    assert seen["rows"][0]["person"]["name"] == "爱灯"
    assert "first_rows" not in said("members", path)[1]


def test_a_table_that_is_not_understood_is_shown_all_the_same(world, tmp_path):
    (tmp_path / "churn.csv").write_text("wer,shoe\nAda,42\n")
    code, out, err = bring("members", tmp_path / "churn.csv", "--dry-run")
    assert code == 2 and "Ada · 42" in out and "No column looks like" in err
    assert "first_rows" not in said("members", tmp_path / "churn.csv", "--dry-run", "--map", "name=nope")[1]


def test_programs_look_at_what_they_handed_in(world, path, client, ask, bearer):  # noqa: F811
    kept = client.post("/api/v1/imports/files", {"file": SimpleUploadedFile("会员.csv", path.read_bytes())}, **bearer("dan", "run")).json()
    answer = ask("dan", "imports/preview", upload=kept["upload"])
    assert answer.status_code == 200, answer.content
    seen = answer.json()
    assert seen_by(seen["rows"]) == (WHO, WHY)
    assert seen["rows"][0]["person"] == {
        "id": "17", "by_name_only": False, "name": "李雷", "email": "li@example.org", "phone": "13800138000", "language": "", "about": "爱灯",
        "is_bot": False, "joined": "2024-01-31T10:05:00Z",
    }  # fmt: skip
    assert seen["rows"][4]["why"] == "This is no e-mail address."
    assert "not an address" in seen["rows"][4]["record"]
    assert ask("dan", "imports/preview", upload=kept["upload"], columns={"name": "6"}).json()["rows"][0]["person"]["name"] == "爱灯"
    no = ask("dan", "imports/preview", upload=kept["upload"], columns={"name": "nope"})
    assert (no.status_code, no.json()["code"]) == (409, "no_such_column")
    assert not Job.objects.exists() and not Identity.objects.exists()


def test_the_page_shows_the_same_rows(world, path, sign_in):
    dan = sign_in("dan")
    here = dan.post("/cockpit/import", {"importer": "members", "file": SimpleUploadedFile("people.csv", path.read_bytes())})["Location"]
    shown = dan.get(here).content.decode().split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    assert ["colspan" not in row for row in shown] == [who is not None for who in WHO]
    assert shown[2].count("same id or address") == 1


def test_who_names_a_bot_and_who_says_no_day(world, tmp_path):
    (tmp_path / "a.csv").write_text("name,email,joined\nBuild Bot,b@example.org,\nAda,a@example.org,2024-01-31\n")
    bot, ada = said("members", tmp_path / "a.csv", "--dry-run")[1]["first_rows"]["rows"]
    assert (bot["person"]["is_bot"], bot["person"]["joined"], ada["person"]["is_bot"]) == (True, None, False)
    with translation.override("zh-hans"):
        out = bring("members", tmp_path / "a.csv", "--dry-run")[1]
    assert "机器人" in out and "不知道" in out


def test_whom_the_preview_is_closed_to(world, path, ask):
    assert ask("", "imports/preview", path=str(path)).status_code == 401
    assert ask("ann", "imports/preview", path=str(path)).status_code == 403
    assert ask("mira", "imports/preview", path=str(path)).status_code == 403
    assert ask("dan", "imports/preview", path=str(path)).json()["code"] == "path_is_the_owners"
    assert ask("olu", "imports/preview", path=str(path)).status_code == 200
    assert ask("olu", "imports/preview", path="/etc/passwd").json()["code"] == "path_own"
    assert ask("olu", "imports/preview").json()["code"] == "what_to_import"
    for words in ("", "name,email\n"):
        path.write_text(words)
        assert ask("olu", "imports/preview", path=str(path)).json()["code"] == "empty_table"
