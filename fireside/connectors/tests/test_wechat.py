"""Tables of WeChat come in: groups as private spaces, talks of two only if asked for, documents that stand for a picture shown as what it was."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity, Letter
from fireside.connectors.models import ImportRun
from fireside.connectors.tests.test_chatlab import packed
from fireside.connectors.tests.test_doors import file, work
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Mention, Post, Topic
from fireside.members.models import Identity
from fireside.spaces.models import Belonging, Space

pytestmark = pytest.mark.django_db

HEAD = [
    "localId",
    "TalkerId",
    "Type",
    "SubType",
    "IsSender",
    "CreateTime",
    "Status",
    "StrContent",
    "StrTime",
    "Remark",
    "NickName",
    "Sender",
]
AT = 1_700_000_000  # 2023-11-14, 22:13 UTC


def row(n: int, who: str = "安和", text: str = "", kind: str = "1", under: str = "0", *, talker: str = "3", remark: str = "", nick: str = "灯下", when: str = "") -> list[str]:  # fmt: skip
    own = "1" if who == "我" else "0"
    return [str(n), talker, kind, under, own, when or str(AT + n), "", text or f"话 {n}", "2023-11-15 06:13:20", remark, nick, who]


TALK = [
    row(1, text="@Bo\u2005看看，\n“好”吗？"), row(2, "Bo", "好"), row(2, "Bo", "好"), row(3, "我", "<msg><img/></msg>", "3"),
    row(4, "Bo", '<msg><appmsg><title>线 &amp; 灯</title><des>x</des></appmsg></msg>', "49", "5"), row(5, "Bo", "<msg/>", "49", "2001"),
    row(6, "", "\"Bo\" 撤回了一条消息", "10000"), row(7, "", "静静加入了群聊", "10000"), row(8, "", "谁？"), row(9, text=" "), row(10, when="soon") ,
    row(11, "Bo", '<msg><appmsg><title>同意</title></appmsg></msg>', "49", "57"),
]  # fmt: skip
GOOD = 9
TWO = [row(1, "Cy", "hush", talker="4", nick="Cy", remark="老 Cy"), row(2, "我", "hush hush", talker="4", nick="Cy", remark="老 Cy"), row(3, "老 Cy", "hush", talker="4", nick="Cy", remark="老 Cy")]  # fmt: skip


def table(path: Path, rows: list[list[str]], encoding: str = "utf-8-sig") -> Path:
    path.parent.mkdir(exist_ok=True)
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def test_a_group_becomes_a_private_space_and_everything_is_shown_as_what_it_was(bring, tmp_path):
    done = bring("wechat", table(tmp_path / "messages.csv", TALK), source="")
    assert (done.counts["source"], done.counts["read"], done.counts["imported"]) == ("wechat:weixin.qq.com", len(TALK), GOOD)
    assert done.counts["reasons"] == {"no_ones_words": 1, "no_sender": 1, "no_text": 1}
    assert list(Space.objects.filter(source="wechat:weixin.qq.com").values_list("name", "openness")) == [("灯下", "private")]
    posts = list(Post.objects.order_by("at", "pk").values_list("author__name", "source_text"))
    assert posts[1] == ("安和", "<p>@Bo\u2005看看，<br>“好”吗？</p>")
    assert posts[2:4] == [("Bo", "<p>好</p>")] * 2
    for one in (
        ("我", "<p>\U0001f5bc\ufe0f [图片]</p>"),
        ("Bo", "<p>\U0001f517 线 &amp; 灯</p>"),
        ("Bo", "<p>\U0001f9e7 [红包]</p>"),
        ("Bo", "<p>同意</p>"),
    ):
        assert one in posts, one
    assert ("Bo", '<p>\u21a9\ufe0f "Bo" 撤回了一条消息</p>') in posts
    assert Post.objects.earliest("at").at == datetime(
        2023, 11, 14, 22, 13, 20, tzinfo=UTC
    )  # by StrTime, of Shanghai, where CreateTime is none
    assert list(Topic.objects.values_list("title", flat=True)) == ["2023-11-14"]
    assert list(Mention.objects.values_list("member__name", flat=True)) == ["Bo"]
    assert set(Identity.objects.filter(source="wechat:weixin.qq.com").values_list("name", "weak")) == {
        ("安和", True),
        ("Bo", True),
        ("我", False),
    }
    assert set(Belonging.objects.values_list("member__name", flat=True)) == {"安和", "Bo", "我"}
    assert not Letter.objects.exists()
    assert not Activity.objects.filter(imported=False).exclude(kind="connectors.brought_in").exists()


def test_overlapping_tables_in_any_order_and_twice_are_the_same_history(bring, tmp_path):
    late, early = table(tmp_path / "b" / "x.csv", [*TALK[2:], row(12)]), table(tmp_path / "a" / "x.csv", TALK[:5], encoding="gb18030")
    bring("wechat", late)
    bring("wechat", early)
    before = everything()
    both = bring("wechat", tmp_path)
    assert both.counts["imported"] == 0
    assert everything() == before
    assert Post.objects.count() == GOOD + 1


def test_a_talk_of_two_stays_out_unless_it_is_asked_for(bring, tmp_path, settings):
    path = table(tmp_path / "messages.csv", [*TALK[:2], *TWO])
    done = bring("wechat", path)
    assert (done.counts["imported"], done.counts["reasons"]) == (2, {"one_to_one": 3})
    assert "hush" not in (settings.DATA / f"{ImportRun.objects.get().rejected_file}.jsonl").read_text()
    assert list(Space.objects.filter(source="test").values_list("name", flat=True)) == ["灯下"]
    bring("wechat", table(tmp_path / "two.csv", TWO), fails="A conversation of two people.")
    assert bring("wechat", path, one_to_one=True, openness="public").counts["imported"] == 3
    assert Space.objects.get(name="Cy").openness == "hidden"
    assert Space.objects.get(name="灯下").openness == "private"


def test_a_row_that_opens_a_quote_costs_itself(bring, tmp_path):
    path = table(tmp_path / "x.csv", TALK[:2])
    lines = path.read_bytes().decode("utf-8-sig").split("\r\n")
    lines.insert(3, '9,3,1,0,0,1700000009,,"offen,2023-11-15 06:13:20,,灯下,Bo')
    path.write_text("\n".join([*lines[:-1], ",".join(row(20)), ""]), encoding="utf-8-sig")
    done = bring("wechat", path)
    assert (done.counts["imported"], done.counts["reasons"]) == (3, {"open_quote": 1})


def test_every_door_brings_it_in(sign_in, world, tmp_path, capsys):
    path = table(tmp_path / "x" / "灯下.csv", TALK)
    dan = sign_in("dan")
    here = dan.post("/cockpit/import", {"importer": "wechat", "file": file("灯下.csv", path.read_bytes())})["Location"]
    page = dan.get(here).content.decode()
    for words in ("A table of WeChat, by WeChatMsg.", "Who reads it here", "By which clock", "by 安和."):
        assert words in page, words
    elsewhere = dan.post("/cockpit/import", {"importer": "qq", "file": file("a.zip", packed(path.parent))})["Location"]
    assert "It looks like a table of WeChat. Go back and choose that." in dan.get(elsewhere).content.decode()
    dan.post(here, {"try": "1"})
    assert work(world).counts["imported"] == GOOD
    key = dan.post("/api/v1/imports/files", {"file": file("a.zip", packed(path.parent))}).json()["upload"]
    dan.post("/api/v1/imports", json.dumps({"importer": "wechat", "upload": key}), content_type="application/json")
    run = dan.get(f"/api/v1/imports/{work(world).counts['run']}").json()
    assert (run["source"], run["form"], run["imported"], run["counts"]["clock"]) == (
        "wechat:weixin.qq.com",
        "wechat",
        GOOD,
        "Asia/Shanghai",
    )
    call_command("import", "wechat", str(path), "--json")
    assert json.loads(capsys.readouterr().out)["unchanged"] == GOOD


def test_what_is_no_such_table_is_refused(bring, tmp_path):
    for words in ("words\n", "name,email\nAda,a@b.org\n", ",".join(HEAD)):
        (tmp_path / "x.csv").write_text(words)
        bring("wechat", tmp_path / "x.csv", fails="This is no table of WeChat.")
