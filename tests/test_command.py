"""The `fireside` command itself: its language, and one line of JSON whatever happens."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandParser
from django.utils import translation

from conftest import ROOT
from fireside import cli

pytestmark = pytest.mark.once


def typed(data: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    drop = {"DATABASE_URL", "VALKEY_URL", "LANG", "LC_ALL", "LC_MESSAGES", "FIRESIDE_LANG"}
    clean = {name: value for name, value in os.environ.items() if name not in drop} | {"FIRESIDE_DATA": str(data), **env}
    command = [sys.executable, "-X", "utf8", "-m", "fireside", *words]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def typed_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What main() changes of its process is put back."""
    monkeypatch.setattr(CommandParser, "error", CommandParser.error)
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("typed_here")
@pytest.mark.parametrize(("words", "told"), [
    (["work", "--foo"], "--foo"), (["import"], "zulip|activity|members"), (["import", "members", "x.csv", "--dates", "xyz"], "'ymd', 'dmy', 'mdy'"),
    (["demo", "--members", "abc"], "--members"), (["demo", "--seed"], "--seed"), (["demo", "--se"], "--seed"), (["demo", "--s", "1"], "--settings"), (["importt"], "import"),
])  # fmt: skip
def test_what_is_typed_wrong_is_one_sentence(words, told, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["fireside", *words])
    for code, sign in (("en", "."), ("zh", "。")):
        monkeypatch.setenv("FIRESIDE_LANG", code)
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        assert (end.value.code, out, len(err.strip().splitlines())) == (2, "", 1)
        assert told in err and sign in err and "usage" not in err, err
        monkeypatch.setattr(sys, "argv", ["fireside", *words, "--json"])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        answer = json.loads(out)
        assert (end.value.code, err, set(answer), answer["code"]) == (2, "", {"code", "message"}, "not_understood")
        assert told in answer["message"]
        monkeypatch.setattr(sys, "argv", ["fireside", *words])


@pytest.mark.parametrize(("env", "speaks"), [
    ({}, "en"), ({"LANG": "zh_CN.UTF-8"}, "zh-hans"), ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"), ({"LANG": "en_US", "LC_MESSAGES": "zh_TW"}, "zh-hans"),
    ({"FIRESIDE_LANG": "zh", "LC_ALL": "en_US.UTF-8"}, "zh-hans"), ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN"}, "community"), ({"LANG": "fr_FR.UTF-8"}, "community"),
])  # fmt: skip
def test_the_language_is_the_terminals_then_the_communitys(env, speaks, monkeypatch):
    for name in ("FIRESIDE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cli, "_of_the_community", lambda: "community" if env else "")
    assert cli.language() == speaks
    monkeypatch.setenv("FIRESIDE_LANG", "klingon")
    with pytest.raises(cli.Unreadable, match="FIRESIDE_LANG=zh"):
        cli.language()


@pytest.mark.django_db
def test_the_communitys_first_language_is_the_first_that_is_spoken_here(world, monkeypatch):
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    monkeypatch.setattr("os.path.exists", lambda path: True)
    assert cli._of_the_community() == world.community.languages[0]


def test_a_house_speaks_chinese_from_its_first_command_on(tmp_path):
    (tmp_path / "people.csv").write_text("姓名,邮箱\n李雷,a@example.org\n", encoding="utf-8")
    founded = typed(
        tmp_path / "house",
        "setup",
        "--name",
        "围炉",
        "--languages",
        "zh-hans,en",
        "--owner-name",
        "Olu",
        "--owner-email",
        "o@example.org",
        FIRESIDE_OWNER_PASSWORD="pepper-and-salt",
    )
    assert founded.returncode == 0 and "is set up" in founded.stdout, founded.stderr
    done = typed(tmp_path / "house", "import", "members", str(tmp_path / "people.csv"))
    assert done.returncode == 0 and "读到 1 条" in done.stdout and "records" not in done.stderr, done
    shut = typed(
        tmp_path / "house", "act", "members.change_profile", "as=olu", "--json", DATABASE_URL="postgresql://kofi:x@127.0.0.1:1/none"
    )
    assert (shut.returncode, json.loads(shut.stdout)["code"]) == (1, "not_ready"), shut


def test_what_nobody_foresaw_is_one_line_and_a_traceback(tmp_path, monkeypatch, capsys):
    def broken(_typed):
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "_run", broken)
    monkeypatch.setattr(sys, "argv", ["fireside", "act", "--json"])
    with pytest.raises(ZeroDivisionError):
        cli.main()
    assert json.loads(capsys.readouterr().out)["code"] == "broken"
