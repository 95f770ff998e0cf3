"""Text files of QQ come in: groups by the numbers of accounts, talks of two only if asked for, times by the clock that is told."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity, Letter
from fireside.connectors.models import ImportRun
from fireside.connectors.rules.qq import Head, read_head
from fireside.connectors.tests.test_chatlab import packed
from fireside.connectors.tests.test_doors import file, work
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Mention, Post, Topic
from fireside.members.models import Identity, Member
from fireside.spaces.models import Belonging, Space

pytestmark = pytest.mark.django_db

TITLE = "消息记录（此消息记录为文本格式，不支持重新导入）"
LINE = "=" * 64
GROUP = [
    "2019-07-16 18:15:05 【管理员】安和(1000123)\n灯为什么闪？ @Bo\n\n第二段", "2019-07-16 18:15:11 Bo<bo@example.org>\n线松了",
    "2019-07-16 18:15:11 Bo<bo@example.org>\n线松了", "2019-07-16 8:15:05 安和(1000123)\n[图片]", "2019-07-16 18:16:00 系统消息(10000)\n静静加入本群。",
    "2019-07-16 18:17:00 系统消息(10000)\nBo撤回了一条消息", "2019-07-16 18:18:00 安和(1000123)\n", "2019-13-40 18:18:00 安和(1000123)\n何时",
    "2019-07-16 18:19:00 安和(1000123)\n看这个：\n2019-07-16 18:15:11 Bo\n线松了", "2019-07-17 18:19:00 Q群管家(2854196310)\n欢迎",
]  # fmt: skip
GOOD = 7


def text(path: Path, *talks: tuple[str, str, list[str]], encoding: str = "utf-8-sig") -> Path:
    """(folder, name, messages) of each conversation."""
    path.parent.mkdir(exist_ok=True)
    heads = [(f"{LINE}\n消息分组:{folder}\n{LINE}\n消息对象:{name}\n{LINE}\n", rows) for folder, name, rows in talks]
    body = TITLE + "\n\n" + "\n".join(head + "\n" + "\n\n".join(rows) + "\n\n" for head, rows in heads)
    path.write_bytes(body.replace("\n", "\r\n").encode(encoding))
    return path


def test_a_group_becomes_a_private_space_and_its_times_are_those_of_shanghai(bring, tmp_path):
    done = bring("qq", text(tmp_path / "灯下.txt", ("我的群聊", "灯下", GROUP)), source="")
    assert (done.counts["source"], done.counts["read"], done.counts["imported"]) == ("qq:im.qq.com", len(GROUP), GOOD)
    assert done.counts["reasons"] == {"no_ones_words": 1, "no_text": 1, "impossible_time": 1}
    assert done.counts["clock"] == "Asia/Shanghai"
    assert list(Space.objects.filter(source="qq:im.qq.com").values_list("name", "openness")) == [("灯下", "private")]
    posts = list(Post.objects.order_by("at", "pk").values_list("at", "author__name", "source_text"))
    assert posts[0] == (datetime(2019, 7, 16, 0, 15, 5, tzinfo=UTC), "安和", "<p>\U0001f5bc\ufe0f [图片]</p>")
    assert posts[1] == (datetime(2019, 7, 16, 10, 15, 5, tzinfo=UTC), "安和", "<p>灯为什么闪？ @Bo</p><p>第二段</p>")
    assert [words for _at, _who, words in posts].count("<p>线松了</p>") == 2
    assert ("Bo", "<p>\u21a9\ufe0f Bo撤回了一条消息</p>") in [(who, words) for _at, who, words in posts]
    assert ("安和", "<p>看这个：<br>2019-07-16 18:15:11 Bo<br>线松了</p>") in [
        (who, words) for _at, who, words in posts
    ]  # quoted, not said by Bo
    assert {title for (title,) in Topic.objects.values_list("title")} == {"2019-07-16", "2019-07-17"}
    assert list(Mention.objects.values_list("member__name", flat=True)) == ["Bo"]
    assert set(Identity.objects.filter(source="qq:im.qq.com").values_list("external_id", flat=True)) == {
        "1000123",
        "bo@example.org",
        "2854196310",
    }
    assert list(Member.objects.filter(is_bot=True).values_list("name", flat=True)) == ["Q群管家"]
    assert set(Belonging.objects.values_list("member__name", flat=True)) == {"安和", "Bo"}
    assert not Letter.objects.exists()
    assert not Activity.objects.filter(imported=False).exclude(kind="connectors.brought_in").exists()


def test_overlapping_exports_in_any_order_and_twice_are_the_same_history(bring, tmp_path):
    late, early = (
        text(tmp_path / "b" / "x.txt", ("群", "灯下", GROUP[2:])),
        text(tmp_path / "a" / "x.txt", ("群", "灯下", GROUP[:4]), encoding="gb18030"),
    )
    bring("qq", late)
    assert bring("qq", early).counts["imported"] == 2
    before = everything()
    both = bring("qq", tmp_path)
    assert (both.counts["imported"], both.counts["unchanged"]) == (0, GOOD + 2)
    assert everything() == before


def test_another_clock_and_no_clock(bring, tmp_path):
    path = text(tmp_path / "x.txt", ("群", "灯下", GROUP[:1]))
    assert bring("qq", path, zone="America/New_York").counts["clock"] == "America/New_York"
    assert Post.objects.get().at == datetime(2019, 7, 16, 22, 15, 5, tzinfo=UTC)
    assert bring("qq", path).counts["unchanged"] == 1  # what stands in the file says which message it is, not what the clock makes of it
    bring("qq", path, zone="Moon/Sea", fails="There is no such time zone.")


def test_a_talk_of_two_stays_out_unless_it_is_asked_for(bring, tmp_path, settings):
    two = ["2019-07-16 18:15:05 Bo\nhush", "2019-07-16 18:15:06 我\nhush hush"]
    path = text(
        tmp_path / "all.txt",
        ("我的好友", "Bo", two),
        ("我的群聊", "灯下", GROUP[:2]),
        ("多人聊天", "三人", ["2019-07-16 18:15:05 静静\n都在？"]),
    )
    done = bring("qq", path)
    assert (done.counts["imported"], done.counts["reasons"]) == (3, {"one_to_one": 2})
    assert "hush" not in (settings.DATA / f"{ImportRun.objects.get().rejected_file}.jsonl").read_text()
    assert set(Space.objects.filter(source="test").values_list("name", "openness")) == {("灯下", "private"), ("三人", "private")}
    bring("qq", text(tmp_path / "two.txt", ("我的好友", "Bo", two)), fails="A conversation of two people.")
    assert bring("qq", tmp_path / "two.txt", one_to_one=True, openness="open").counts["imported"] == 2
    assert Space.objects.get(name="Bo").openness == "hidden"
    assert set(Belonging.objects.filter(space__name="Bo").values_list("member__name", flat=True)) == {"Bo", "我"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_whatever_encoding_its_program_wrote(bring, tmp_path, encoding):
    assert bring("qq", text(tmp_path / "x.txt", ("群", "灯下", GROUP), encoding=encoding)).counts["imported"] == GOOD
    assert Space.objects.filter(name="灯下").exists()


def test_every_door_brings_it_in(sign_in, world, tmp_path, capsys):
    path = text(tmp_path / "x" / "灯下.txt", ("群", "灯下", GROUP))
    dan = sign_in("dan")
    here = dan.post("/cockpit/import", {"importer": "qq", "file": file("灯下.txt", path.read_bytes())})["Location"]
    page = dan.get(here).content.decode()
    for words in ("Text files of QQ.", "Who reads it here", "By which clock", "Asia/Shanghai", "by 安和."):
        assert words in page, words
    elsewhere = dan.post("/cockpit/import", {"importer": "wechat", "file": file("a.zip", packed(path.parent))})["Location"]
    assert "It looks like text files of QQ. Go back and choose that." in dan.get(elsewhere).content.decode()
    dan.post(here, {"zone": "Asia/Nowhere"})
    dan.post(here, {"zone": "Asia/Tokyo"})
    run = work(world).counts["run"]
    assert "by the clock of Asia/Tokyo" in dan.get(f"/cockpit/import/runs/{run}").content.decode()
    assert Post.objects.order_by("at")[0].at == datetime(2019, 7, 15, 23, 15, 5, tzinfo=UTC)
    key = dan.post("/api/v1/imports/files", {"file": file("灯下.txt", path.read_bytes())}).json()["upload"]
    wrong = dan.post(
        "/api/v1/imports", json.dumps({"importer": "qq", "upload": key, "zone": "Asia/Nowhere"}), content_type="application/json"
    )
    assert (wrong.status_code, wrong.json()["code"]) == (409, "unknown_zone")
    call_command("import", "qq", str(path), "--zone", "Asia/Tokyo", "--json")
    assert json.loads(capsys.readouterr().out)["unchanged"] == GOOD


def test_what_is_no_such_file_is_refused(bring, tmp_path):
    for words in ("", "words\n", "2019-07-16 18:15:05 Bo\nhush"):
        (tmp_path / "x.txt").write_text(words)
        bring("qq", tmp_path / "x.txt", fails="This is no text file of QQ.")


@pytest.mark.parametrize(("line", "head"), [
    ("2019-07-16 18:15:05 安和(1000123)", Head("2019-07-16 18:15:05", "安和", "1000123")), ("2019/7/6 8:15:05 Bo (x)(1000123)", Head("2019/7/6 8:15:05", "Bo (x)", "1000123")),
    ("2019-07-16 18:15:05 (1000123)", Head("2019-07-16 18:15:05", "1000123", "1000123")), ("2019-07-16 18:15:05 安和", Head("2019-07-16 18:15:05", "安和", "")),
    ("2019-07-16 18:15:05", None), ("2019-07-16 18:15:05 【管理员】【活跃】安和(1000123)", Head("2019-07-16 18:15:05", "安和", "1000123")), ("19-07-16 安和(1)", None),
])  # fmt: skip
def test_the_line_above_a_message(line, head):
    assert read_head(line) == head
