"""`fireside import` as it is typed: what it prints, what it refuses before there is any work."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from fireside.activity.models import Job
from fireside.connectors.models import ImportRun
from fireside.members.models import Identity

pytestmark = pytest.mark.django_db


def bring(*words: object) -> tuple[int, str, str]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("import", *map(str, words), stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


def said(*words: object) -> tuple[int, dict]:
    code, out, _err = bring(*words, "--json")
    assert len(out.strip().splitlines()) == 1
    return code, json.loads(out)


@pytest.mark.parametrize("what", ["members", "activity", "zulip"])
def test_a_path_with_nothing_there_makes_no_job(world, what):
    for path in ("/nope", "/" + "x" * 5000):
        code, answer = said(what, path)
        assert (code, answer["code"], Job.objects.count()) == (2, "no_such_path", 0)
    assert "nothing at this path" in bring(what, "/nope")[2]


@pytest.mark.parametrize("words", ["", "\n\n", "kind,at,actor,id,name\n"])
def test_a_table_without_a_row_is_refused_by_both(world, tmp_path, words):
    (tmp_path / "empty.csv").write_text(words)
    for what in ("members", "activity"):
        code, answer = said(what, tmp_path / "empty.csv")
        assert (code, answer["state"]) == (2, "failed") and answer["message"], answer
    assert not ImportRun.objects.exists()


def test_json_lines_are_no_table_of_people(world, tmp_path):
    line = json.dumps({"kind": "joined", "at": "2024-01-01", "actor": "u1"}) + "\n"
    for name in ("acts.jsonl", "acts.csv"):
        (tmp_path / name).write_text(line)
        code, answer = said("members", tmp_path / name)
        assert (code, answer["code"]) == (2, "json_lines") and "file of activity" in answer["message"]


def test_a_table_of_numbers_brings_nobody_in(world, tmp_path):
    (tmp_path / "churn.csv").write_text("rownames,phone_service,tenure\n" + "".join(f"{n},Yes,{n * 3}\n" for n in range(1, 40)))
    code, answer = said("members", tmp_path / "churn.csv")
    assert (code, answer["code"], Identity.objects.count()) == (2, "no_person_column", 0)


def test_a_table_without_a_head_is_read_by_its_cells(world, tmp_path):
    (tmp_path / "people.csv").write_text("Ann,a@example.org\nBo,b@example.org\n")
    assert said("members", tmp_path / "people.csv")[0] == 0
    assert set(Identity.objects.values_list("name", "email")) == {("Ann", "a@example.org"), ("Bo", "b@example.org")}


def test_what_a_column_was_taken_for_is_told_and_what_was_left_out(world, tmp_path):
    (tmp_path / "people.csv").write_text("姓名,手机,手机,鞋码\n李雷,13800138000,13900138000,42\n")
    code, out, _err = bring("members", tmp_path / "people.csv", "--map", "phone=手机 (2)")
    assert code == 0 and "name = 姓名, phone = 手机 (2)" in out and "Columns left out: 手机, 鞋码" in out
    assert Identity.objects.get().data == {"phone": "13900138000", "undated": True}
    with translation.override("zh-hans"):
        again = bring("members", tmp_path / "people.csv", "--map", "phone=手机 (2)")[1]
    assert "没有用到的列：手机, 鞋码" in again and "read" not in again


def test_big5_keeps_its_names(world, tmp_path):
    (tmp_path / "people.csv").write_bytes("編號,姓名,電子郵件\n1,陳大文,a@example.org\n".encode("big5"))
    assert said("members", tmp_path / "people.csv")[1]["imported"] == 1
    assert Identity.objects.get().name == "陳大文"
    (tmp_path / "west.csv").write_bytes("name,email\nBjörk,a@example.org\n".encode("cp1252"))
    code, answer = said("members", tmp_path / "west.csv")
    assert (code, answer["code"]) == (2, "doubtful_encoding") and "UTF-8" in answer["message"]


def test_a_row_that_is_too_long_is_kept_by_its_beginning(world, tmp_path):
    with (tmp_path / "wide.csv").open("w") as out:
        out.write("name,email\nAda,a@example.org\nlong" + "x" * 5_000_000 + ",b@example.org\nBo,c@example.org\n")
    code, answer = said("members", tmp_path / "wide.csv")
    assert (code, answer["imported"], answer["reasons"]) == (0, 2, {"too_long": 1})
    (line,) = Path(answer["rejected_file"]).read_text().splitlines()
    kept = json.loads(line)["record"]
    assert kept.startswith("longxxx") and "2,000" in kept and len(kept) < 2100
    lists = [row.counts.get("columns_left") for row in ImportRun.objects.all()]
    assert lists == [[]]


def test_a_refusal_is_told_in_the_language_of_whoever_types(world, tmp_path):
    (tmp_path / "a.csv").write_text("shoe,size\nred,7\n")
    with translation.override("zh-hans"):
        code, answer = said("members", tmp_path / "a.csv")
    assert (code, answer["code"]) == (2, "no_person_column")
    assert "列" in answer["message"] and Job.objects.get().error.startswith("No column looks like")


def test_the_same_command_goes_on_with_what_it_was_stopped_at(world, tmp_path):
    """Under the same number, so that the page of long work shows it once; after it was done, asking again is other work."""
    path = tmp_path / "people.csv"
    path.write_text("name,email\nAda,a@example.org\n")
    params = {"source": "", "dry_run": False, "path": str(path), "columns": {}, "dates": ""}
    left = Job.objects.create(name="connectors.import_members", params=params, state="stopped", asked_at=world.now)
    Job.objects.create(name="connectors.import_members", params=params | {"dry_run": True}, state="stopped", asked_at=world.now)
    for _again in range(2):
        code, answer = said("members", path)
        assert code == 0
        if _again:
            assert answer["job"] != left.pk and answer["unchanged"] == 1
        else:
            assert (answer["job"], answer["imported"]) == (left.pk, 1)
