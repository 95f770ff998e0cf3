"""The `fireside` command itself: its language, and one line of JSON whatever happens."""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandParser
from django.utils import translation

from fireside import cli
from fireside.connectors.forms import IMPORTERS
from fireside.lib.typed import Unreadable
from fireside.serving.tests.house import ROOT

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
    monkeypatch.setattr(argparse, "_", argparse._)  # type: ignore[attr-defined]
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("typed_here")
@pytest.mark.parametrize(("words", "told"), [
    (["work", "--foo"], "--foo"), (["import"], "|".join([*dict(IMPORTERS), "fireside"])), (["import", "members", "x.csv", "--dates", "xyz"], "'ymd', 'dmy', 'mdy'"),
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


OWN = (
    "act", "backup", "bench", "catalogue", "demo", "doctor", "export", "import", "metrics", "migrate", "mirror", "restore", "search", "setup", "show", "up", "work",
)  # fmt: skip
PAGES = [(), *[(name,) for name in OWN], *[("import", what) for what in (*dict(IMPORTERS), "fireside")]]


@pytest.mark.usefixtures("typed_here")
@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_every_help_page_is_wholly_in_the_readers_language(words, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "300")
    pages = {}
    for code in ("en", "zh"):
        monkeypatch.setenv("FIRESIDE_LANG", code)
        monkeypatch.setattr(sys, "argv", ["fireside", *words, "--help"])
        with contextlib.suppress(SystemExit):
            cli.main()
        pages[code] = re.sub(r"\n {12,}", "  ", capsys.readouterr().out)
    said = re.sub(r"fireside [ -~]+", "", pages["zh"])  # what is typed
    assert re.search("[一-鿿]", said)
    assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", said), said  # two words of English in a row would be a sentence
    assert not re.search("[一-鿿]", pages["en"])
    if words:
        options = re.compile(r"^  (?:-\w, |-\w .*, )?(--?[\w-]+)(.*)$", re.MULTILINE)
        told = {name for name, rest in options.findall(pages["zh"]) if re.search("[一-鿿]|\\|", rest) or name == "--kind"}
        assert told == {name for name, _rest in options.findall(pages["zh"])}  # each says what it is for


def test_the_overview_names_every_command_of_the_house():
    assert {name for name, app in get_commands().items() if str(app).startswith("fireside")} == set(OWN)


@pytest.mark.parametrize("name", OWN)
def test_every_command_takes_json(name):
    words = {"import": ["zulip", "x"], "restore": ["x.zip"], "export": ["x.zip"]}.get(name, [])
    assert load_command_class(get_commands()[name], name).create_parser("fireside", name).parse_args([*words, "--json"]).json


@pytest.mark.parametrize(("env", "told"), [
    ({"PORT": "abc"}, "PORT=abc 要写"), ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL 要写成"), ({"DATABASE_URL": "postgres://x:12a/x"}, "端口"),
    ({"VALKEY_URL": "memcached://x"}, "VALKEY_URL 要写成"), ({"FIRESIDE_DATA": "/dev/null/x"}, "路径中有一段不是文件夹"), ({"FIRESIDE_LIMITS": "maybe"}, "既不是"),
    ({"FIRESIDE_ADDRESS": "example.org"}, "要以 http"), ({"FIRESIDE_PROXIES": "10.0.0.1,proxy"}, "proxy 不是地址"), ({"FIRESIDE_LOG_LEVEL": "loud"}, "不认识"),
])  # fmt: skip
def test_a_wrong_setting_stops_the_start_in_the_language_of_the_terminal(env, told, tmp_path):
    alone = typed(tmp_path, "work", LANG="zh_CN.UTF-8", **env)
    assert alone.returncode == 1 and told in alone.stderr and len(alone.stderr.strip().splitlines()) == 1, alone
    if "PORT" in env:  # and where no language is known, in both; programs are told in one line
        both = typed(tmp_path, "work", "--json", LC_ALL="C", **env)
        answer = json.loads(both.stdout)
        assert (both.returncode, both.stderr, answer["code"]) == (1, "", "bad_setting")
        assert told in answer["message"] and "must be a whole number" in answer["message"]


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
    with pytest.raises(Unreadable, match="FIRESIDE_LANG=zh"):
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
