"""Conversations in the ChatLab format come in: a group for those who were in it, one of two only if asked for, each message once."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity, Letter
from fireside.connectors.models import ImportRun
from fireside.connectors.tests.test_doors import file, work
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Mention, Post, Topic
from fireside.members.models import Identity
from fireside.spaces.models import Belonging, Space

pytestmark = pytest.mark.django_db

DAY = 1_700_000_000  # 2023-11-14, 22:13 UTC
META = {"name": "灯下", "platform": "wechat", "type": "group", "groupId": "g1"}
PEOPLE = [
    {"platformId": "wx1", "accountName": "小安", "groupNickname": "安和", "aliases": ["An"]}, {"platformId": "wx2", "accountName": "Bo"},
    {"platformId": "wx3", "accountName": "静静"},
]  # fmt: skip


def said(n: int, who: str = "wx1", text: Any = None, kind: int = 0, **more: Any) -> dict[str, Any]:
    names = {one["platformId"]: one["accountName"] for one in PEOPLE}
    body = {
        "sender": who,
        "accountName": names.get(who, who),
        "timestamp": DAY + n,
        "type": kind,
        "content": text if text is not None else f"话 {n}",
    }
    return body | more


TALK = [
    said(1, "wx2", "@安和\u2005灯为什么闪？\n见 https://lamps.example.org/a?b=1，<b>", platformMessageId="m1"),
    said(2, "wx1", "线松了", 25, platformMessageId="m2", replyToMessageId="m1"),
    said(3, "wx2", "谢谢 @An @所有人"), said(3, "wx2", "谢谢 @An @所有人"), said(4, "wx2", None, 20) | {"content": None},
    said(5, "wx2", "[图片]", 1), said(6, "wx1", "“Bo” 撤回了一条消息", 81), said(7, "system", "“Cy” 加入了群聊", 80), said(8, "", "?") | {"accountName": ""},
    said(9, "wx1", ""), said(10, "wx1", "\ud800"), {"sender": "wx1", "content": "when?"}, 7, said(86_400 * 400_000),
    said(11, "", "只有名字") | {"sender": None, "accountName": "路人"},
]  # fmt: skip
GOOD = 8


def document(
    path: Path, rows: list[Any], *, meta: dict[str, Any] = META, people: list[Any] = PEOPLE, late: bool = False, **dump: Any
) -> Path:
    lists = {"messages": rows, "members": people} if late else {"members": people, "messages": rows}
    body = {"chatlab": {"version": "0.0.2", "exportedAt": DAY}, "meta": meta, **lists}
    path.write_text(json.dumps(body, **({"ensure_ascii": True} | dump)), encoding="utf-8")
    return path


def lines(path: Path, rows: list[Any], *, meta: dict[str, Any] = META) -> Path:
    head = {"_type": "header", "chatlab": {"version": "0.0.2"}, "meta": meta}
    every = [
        head,
        *({"_type": "member", **one} for one in PEOPLE),
        *({"_type": "message", **one} if isinstance(one, dict) else one for one in rows),
    ]
    path.write_text("# a remark\n" + "\n".join(json.dumps(one) for one in every), encoding="utf-8")
    return path


@pytest.mark.parametrize("write", [document, lines])
def test_a_group_becomes_a_private_space_of_those_who_were_in_it(bring, tmp_path, write):
    done = bring("chatlab", write(tmp_path / "灯下.json", TALK), source="")
    assert (done.counts["source"], done.counts["read"], done.counts["imported"]) == ("chatlab:wechat", len(TALK), GOOD)
    assert done.counts["reasons"] == {
        "no_ones_words": 1, "no_sender": 1, "no_text": 1, "bad_characters": 1, "no_time": 1, "not_a_record": 1, "impossible_time": 1,
    }  # fmt: skip
    space = Space.objects.get(external_id="g1")
    assert (space.name, space.openness) == ("灯下", "private")
    inside = set(Belonging.objects.filter(space=space).values_list("member__name", flat=True))
    assert inside == {"小安", "Bo", "静静", "路人"}  # who only stands in its list, too
    assert list(Topic.objects.values_list("external_id", "title", "asks")) == [("g1/2023-11-14", "2023-11-14", False)]
    words = dict(Post.objects.values_list("external_id", "source_text"))
    assert words["g1/m1"].startswith('<p>@安和\u2005灯为什么闪？<br>见 <a href="https://lamps.example.org/a?b=1"')
    assert words["g1/m1"].endswith("https://lamps.example.org/a?b=1</a>，&lt;b&gt;</p>")
    assert Post.objects.get(external_id="g1/m2").reply_to.external_id == "g1/m1"
    shown = list(Post.objects.order_by("at", "pk").values_list("source_text", flat=True))
    assert [one for one in shown if "谢谢" in one] == ["<p>谢谢 @An @所有人</p>"] * 2  # said twice in one second
    for what in ("\U0001f9e7 [红包]", "\U0001f5bc\ufe0f [图片]", "\u21a9\ufe0f “Bo” 撤回了一条消息"):
        assert f"<p>{what}</p>" in shown, what
    assert done.counts["files_left"] == 1
    assert sorted(Mention.objects.values_list("member__name", flat=True)) == ["小安"] * 3
    assert Identity.objects.get(external_id__startswith="name:").weak
    assert not Letter.objects.exists()
    assert not Activity.objects.filter(imported=False).exclude(kind="connectors.brought_in").exists()


def test_overlapping_snapshots_in_any_order_and_twice_are_the_same_history(bring, tmp_path):
    late, early = lines(tmp_path / "b.jsonl", TALK[2:]), document(tmp_path / "a.json", TALK[:5], late=True, indent=2)
    bring("chatlab", late)
    assert bring("chatlab", early).counts["imported"] == 2
    before = everything()
    both = bring("chatlab", tmp_path)
    assert (both.counts["imported"], both.counts["unchanged"], both.counts.get("changed_there")) == (0, GOOD + 3, None)
    assert everything() == before
    assert Post.objects.count() == GOOD


def test_one_person_in_two_groups_is_one_person(bring, tmp_path):
    other = META | {"groupId": "g2", "name": "工作台"}
    document(tmp_path / "a.json", [said(1)]), document(tmp_path / "b.json", [said(1)], meta=other)
    done = bring("chatlab", tmp_path)
    assert (done.counts["imported"], done.counts["people"], done.counts["spaces"]) == (2, 1, 2)
    assert Belonging.objects.filter(member__name="小安").count() == 2


def test_a_conversation_of_two_stays_out_unless_it_is_asked_for(bring, tmp_path, settings):
    two = document(
        tmp_path / "two.json", [said(1, text="hush"), said(2, "wx2", "hush")], meta={"name": "Bo", "platform": "wechat", "type": "private"}
    )
    bring("chatlab", two, fails="A conversation of two people.")
    document(tmp_path / "many.json", [said(3)])
    done = bring("chatlab", tmp_path)
    assert (done.counts["imported"], done.counts["reasons"]) == (1, {"one_to_one": 2})
    assert "hush" not in (settings.DATA / f"{ImportRun.objects.latest('pk').rejected_file}.jsonl").read_text()
    assert not Space.objects.filter(name="Bo").exists()
    done = bring("chatlab", two, one_to_one=True, openness="public")  # even so it is theirs alone
    assert done.counts["imported"] == 2
    assert Space.objects.get(name="Bo").openness == "hidden"


def test_the_operator_says_who_reads_it(bring, tmp_path):
    bring("chatlab", document(tmp_path / "a.json", [said(1)]), openness="open")
    assert Space.objects.get(external_id="g1").openness == "open"
    bring(
        "chatlab", document(tmp_path / "a.json", [said(1), said(2)]), openness="secret", fails="A space is public, open, private or hidden."
    )


def test_one_broken_record_costs_itself(bring, tmp_path, settings):
    for how in ({}, {"indent": 2}):
        text = document(tmp_path / "x.json", [said(n) for n in range(6)], **how).read_text()
        broken = text.replace(str(DAY + 2), f"{DAY}2,,", 1).replace('"type": 0', '"type" 0', 1)
        (tmp_path / "x.json").write_text(broken)
        done = bring("chatlab", tmp_path / "x.json", source=f"test{len(how)}")
        assert (done.counts["imported"], done.counts["reasons"]) == (4, {"bad_json": 2})
        left = [json.loads(line) for line in (settings.DATA / f"{ImportRun.objects.latest('pk').rejected_file}.jsonl").open()]
        assert [one["place"].partition("[")[2] for one in left] == ["0]", "2]"]
        assert f"{DAY}2,," in left[1]["record"]
    (tmp_path / "y.json").write_text(text[: text.index(str(DAY + 4))])
    done = bring("chatlab", tmp_path / "y.json", source="cut")
    assert (done.counts["imported"], done.counts["reasons"]) == (4, {"cut_off": 1})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_whatever_encoding_its_program_wrote(bring, tmp_path, encoding):
    text = document(tmp_path / "x.json", TALK[:2], ensure_ascii=False, indent=1).read_text(encoding="utf-8")
    (tmp_path / "x.json").write_bytes(gzip.compress(text.encode(encoding)))
    assert bring("chatlab", tmp_path / "x.json").counts["imported"] == 2
    assert Space.objects.get(external_id="g1").name == "灯下"


def packed(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for path in folder.iterdir():
            box.write(path, path.name)
    return out.getvalue()


def test_the_page_says_what_it_is_and_asks_who_reads_it(sign_in, world, tmp_path):
    dan, talk = sign_in("dan"), document(tmp_path / "a.json", TALK).read_bytes()
    here = dan.post("/cockpit/import", {"importer": "chatlab", "file": file("a.json", talk)})["Location"]
    page = dan.get(here).content.decode()
    for words in ("Conversations in the ChatLab format.", "Who reads it here", "Bring in conversations of two, too", "by Bo."):
        assert words in page, words
    for importer, name, data in (("zulip", "a.json", talk), ("slack", "a.zip", packed(tmp_path)), ("activity", "a.json", talk)):
        elsewhere = dan.post("/cockpit/import", {"importer": importer, "file": file(name, data)})["Location"]
        assert "It looks like the ChatLab format. Go back and choose that." in dan.get(elsewhere).content.decode(), importer
    dan.post(here, {"try": "1"})
    assert (work(world).counts["imported"], Identity.objects.filter(source="chatlab:wechat").count()) == (GOOD, 0)
    dan.post(here, {"source": "", "openness": "hidden"})
    assert work(world).counts["imported"] == GOOD
    assert Space.objects.get(external_id="g1").openness == "hidden"
    two = document(tmp_path / "two.json", [said(1)], meta={"name": "Bo", "type": "private"}).read_bytes()
    here = dan.post("/cockpit/import", {"importer": "chatlab", "file": file("two.json", two)})["Location"]
    page = dan.get(here).content.decode()
    assert "A conversation of two people." in page and "Bring it in" in page
    dan.post(here, {"one_to_one": "on"})
    assert work(world).counts["imported"] == 1


def test_a_program_and_a_terminal_bring_it_in(sign_in, world, tmp_path, capsys):
    dan, data = sign_in("dan"), packed(document(tmp_path / "a.json", TALK).parent)
    key = dan.post("/api/v1/imports/files", {"file": file("a.zip", data)}).json()["upload"]

    def ask(**body: Any) -> Any:
        return dan.post("/api/v1/imports", json.dumps({"upload": key, **body}), content_type="application/json")

    wrong = ask(importer="slack", openness="open")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "tells_itself")
    asked = ask(importer="chatlab", openness="open")
    assert (asked.status_code, asked.json()["name"]) == (202, "connectors.import_chatlab")
    run = dan.get(f"/api/v1/imports/{work(world).counts['run']}").json()
    assert (run["source"], run["form"], run["imported"]) == ("chatlab:wechat", "chatlab", GOOD)
    call_command("import", "chatlab", str(tmp_path / "a.json"), "--openness", "open", "--json")
    counts = json.loads(capsys.readouterr().out)
    assert (counts["state"], counts["imported"], counts["unchanged"]) == ("done", 0, GOOD)


def test_what_is_no_such_file_is_refused(bring, tmp_path):
    for text in ("", "[]", "{}", '{"chatlab": {}}', "words", '{"chatlab": {"version": 1}, "messages": []}'):
        (tmp_path / "x.json").write_text(text)
        bring("chatlab", tmp_path / "x.json", fails="This is no file of the ChatLab format.")
