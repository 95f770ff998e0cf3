"""A Slack workspace's own export comes in: threads as topics, other talk by days, overlapping snapshots once, nothing private open."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fireside.activity.models import Activity, Letter
from fireside.connectors.first_look import glance
from fireside.connectors.models import ImportRun
from fireside.connectors.rules.slack_words import in_markdown
from fireside.connectors.rules.sources import archive_name
from fireside.connectors.tests.test_doors import file, work
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Mention, Post, Reaction, Topic
from fireside.members.models import Identity, Member
from fireside.spaces.models import Belonging, Space

pytestmark = pytest.mark.django_db

DAY = 1_600_000_000  # 2020-09-13
USERS = [
    {"id": "U1", "team_id": "T1", "name": "ada", "deleted": False, "profile": {"real_name": "Ada L", "display_name": "Ada", "email": "ada@example.org"}},
    {"id": "U2", "team_id": "T1", "name": "bo", "deleted": False, "profile": {"real_name": "Bo", "display_name": ""}},
    {"id": "U3", "team_id": "T1", "name": "gone", "deleted": True, "profile": {"real_name": "Cy"}},
    {"id": "B9", "team_id": "T1", "name": "builder", "is_bot": True, "profile": {"real_name": "Builder"}},
]  # fmt: skip
CHANNELS = [{"id": "C1", "name": "lamps", "created": 1_500_000_000, "members": ["U1", "U2"], "purpose": {"value": "Light"}}]
SECRET = [{"id": "G1", "name": "secret", "created": 1_500_000_000, "members": ["U1", "U3"]}]


def said(n: int, user: str = "U1", text: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "ts": f"{DAY + n}.000100", "text": text or f"words {n}", **more}


def thread(n: int) -> str:
    return f"{DAY + n}.000100"


ROOT = said(
    2,
    "U2",
    "Why does *it* flicker, <@U1>?",
    thread_ts=thread(2),
    reply_count=2,
    reactions=[{"name": "+1", "users": ["U1", "U3"], "count": 3}],
)
TALK = [
    said(1), ROOT, said(3, "U1", "A loose <https://lamps.example.org|wire &amp; screw>", thread_ts=thread(2)),
    said(4, "U2", "<@U2> has joined", subtype="channel_join"), said(5, "B9", "built", bot_id="B9"),
    {"type": "message", "subtype": "bot_message", "bot_id": "BX", "username": "Weather", "ts": thread(6), "text": "", "attachments": [{"fallback": "rain"}]},
    said(7, "U2", "", subtype="file_share", files=[{"id": "F1", "name": "lamp.png"}]), {"text": "no ts", "user": "U1"}, 7,
]  # fmt: skip


def export(folder: Path, days: dict[str, list[Any]], **lists: Any) -> Path:
    for name, rows in ({"users": USERS, "channels": CHANNELS} | lists).items():
        folder.mkdir(exist_ok=True, parents=True)
        (folder / f"{name}.json").write_text(json.dumps(rows))
    for day, rows in days.items():
        (folder / day).parent.mkdir(exist_ok=True)
        (folder / f"{day}.json").write_text(json.dumps(rows))
    return folder


def test_threads_are_topics_and_the_rest_of_a_channel_goes_by_days(bring, tmp_path):
    done = bring("slack", export(tmp_path / "x", {"lamps/2020-09-13": TALK}), source="")
    assert (done.counts["source"], done.counts["read"], done.counts["imported"]) == ("slack:T1", 9, 6)
    assert done.counts["reasons"] == {"no_ones_words": 1, "no_id": 1, "not_a_record": 1}
    assert (done.counts["bots"], done.counts["files_left"]) == (2, 1)
    assert (done.counts["counters_differ"], done.counts.get("counters_agree")) == (2, None)  # a reply and a sign are missing in the source
    assert sorted(Topic.objects.values_list("external_id", "title", "asks", "posts_count")) == [
        (f"C1/{thread(2)}", "Why does it flicker, @Ada?", True, 2), ("C1/2020-09-13", "2020-09-13", False, 4),
    ]  # fmt: skip
    texts = dict(Post.objects.values_list("external_id", "source_text"))
    assert texts[f"C1/{thread(2)}"] == "Why does **it** flicker, @Ada?"
    assert texts[f"C1/{thread(3)}"] == "A loose [wire & screw](https://lamps.example.org)"
    assert (texts[f"C1/{thread(6)}"], texts[f"C1/{thread(7)}"]) == ("rain", "words 7\n\n\U0001f4ce lamp.png")
    assert list(Mention.objects.values_list("post__external_id", "member__name")) == [(f"C1/{thread(2)}", "Ada")]
    assert sorted(Reaction.objects.values_list("member__name", "sign")) == [("Ada", "+1"), ("Cy", "+1")]
    assert set(Member.objects.filter(is_bot=True).values_list("name", flat=True)) == {"Builder", "Weather"}
    assert Identity.objects.get(external_id="U1").email == "ada@example.org"
    assert set(Belonging.objects.values_list("member__name", flat=True)) == {"Ada", "Bo"}
    assert not Letter.objects.exists()
    assert not Activity.objects.filter(imported=False).exclude(kind="connectors.brought_in").exists()


def test_what_was_edited_says_when_and_a_pinned_message_pins_the_thread_that_it_opens(bring, tmp_path):
    plain = said(1, edited={"user": "U1", "ts": f"{DAY + 60}.000000"}, pinned_to=["C1"])
    pins = [{"id": thread(2), "type": "C", "created": DAY + 90, "user": "U1", "owner": "U2"}]
    place = export(tmp_path / "x", {"lamps/2020-09-13": [plain, *TALK[1:]]}, channels=[CHANNELS[0] | {"pins": pins}])
    done = bring("slack", place)
    assert [(one.external_id, one.edited_at.timestamp()) for one in Post.objects.exclude(edited_at=None)] == [(f"C1/{thread(1)}", DAY + 60)]
    assert list(Topic.objects.exclude(pin_place=None).values_list("external_id", "pin_place")) == [(f"C1/{thread(2)}", 1)]
    assert (done.counts["pinned_topics"], done.counts["pinned_there"]) == (1, 1)
    assert Activity.objects.get(kind="conversation.pinned").at.timestamp() == DAY + 90


def test_a_thread_whose_first_message_stands_in_a_later_file_bears_its_words(bring, tmp_path):
    later = {"aa/2020-09-13": [said(3, thread_ts=thread(2))], "zz/2020-09-13": [said(1)], "aa/2020-09-14": [ROOT]}
    bring("slack", export(tmp_path / "x", later, channels=[CHANNELS[0] | {"name": "aa"}, {"id": "C2", "name": "zz"}]))
    assert Topic.objects.get(external_id=f"C1/{thread(2)}").title == "Why does it flicker, @Ada?"


def test_a_pinned_thread_that_goes_on_in_its_day_does_not_pin_the_day(bring, tmp_path):
    plain = {name: value for name, value in ROOT.items() if name not in {"thread_ts", "reply_count", "reactions"}}
    bring("slack", export(tmp_path / "a", {"lamps/2020-09-13": [said(1), plain]}))
    bring("slack", export(tmp_path / "b", {"lamps/2020-09-13": [said(1), ROOT | {"pinned_to": ["C1"]}, *TALK[2:3]]}))
    assert not Topic.objects.exclude(pin_place=None).exists()


def test_overlapping_snapshots_bring_each_message_once_and_late_replies_stay_below_their_message(bring, tmp_path):
    plain = {name: value for name, value in ROOT.items() if name not in {"thread_ts", "reply_count", "reactions"}}
    bring("slack", export(tmp_path / "a", {"lamps/2020-09-13": [said(1), plain]}), source="")
    later = export(tmp_path / "b", {"lamps/2020-09-13": TALK[:3], "lamps/2020-09-14": [said(90_000)]})
    done = bring("slack", later, source="")
    assert (done.counts["imported"], done.counts["unchanged"]) == (2, 2)
    assert sorted(Topic.objects.values_list("title", "posts_count")) == [("2020-09-13", 3), ("2020-09-14", 1)]
    before = everything()
    assert bring("slack", later, source="").counts["imported"] == 0
    assert everything() == before


def test_a_zip_as_it_was_downloaded_comes_in_and_a_dry_run_changes_nothing(bring, tmp_path):
    folder, packed = export(tmp_path / "x", {"lamps/2020-09-13": TALK}), tmp_path / "Lamps Slack export Sep 13 2020 - Sep 14 2020.zip"
    with zipfile.ZipFile(packed, "w") as box:
        for path in folder.rglob("*.json"):
            box.write(path, path.relative_to(folder))
    assert bring("slack", packed, dry_run=True).counts["imported"] == 6
    assert not Member.objects.exists()
    assert bring("slack", packed).counts["imported"] == 6
    assert archive_name(packed.name) == "Lamps"


def test_direct_messages_stay_out_and_a_private_channel_is_hidden(bring, tmp_path, settings):
    days = {
        "secret/2020-09-13": [said(1, text="hush"), said(2, "U2", "I was here")], "D1/2020-09-13": [said(3, text="only for you")],
        "mpdm-ada--bo-1/2020-09-13": [said(4, text="only for us")], "unlisted/2020-09-13": [said(5, text="who knows")],
    }  # fmt: skip
    done = bring("slack", export(tmp_path / "x", days, groups=SECRET, dms=[{"id": "D1", "members": ["U1", "U2"]}]))
    assert (done.counts["imported"], done.counts["hidden_spaces"]) == (2, 1)
    assert done.counts["reasons"] == {"direct_message": 2, "no_place": 1}
    assert Space.objects.get(name="secret").openness == "hidden"
    assert list(Belonging.objects.filter(space__name="secret").values_list("member__name", flat=True)) == [
        "Ada"
    ]  # who left, or left the workspace, does not read it
    left = (settings.DATA / f"{ImportRun.objects.get().rejected_file}.jsonl").read_text()
    assert not any(words in left for words in ("only for", "who knows", "mpdm-", "unlisted"))


def packed(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for path in folder.rglob("*.json"):
            box.write(path, path.relative_to(folder))
    return out.getvalue()


def test_the_page_says_what_it_is_tries_it_and_brings_it_in(sign_in, world, tmp_path):
    dan, data = sign_in("dan"), packed(export(tmp_path / "x", {"lamps/2020-09-13": TALK}))
    here = dan.post("/cockpit/import", {"importer": "slack", "file": file("Lamps Slack export.zip", data)})["Location"]
    assert "The export of a Slack workspace." in dan.get(here).content.decode()
    elsewhere = dan.post("/cockpit/import", {"importer": "zulip", "file": file("a.zip", data)})["Location"]
    assert "It looks like the export of a Slack workspace. Go back and choose that." in dan.get(elsewhere).content.decode()
    dan.post(here, {"try": "1"})
    assert (work(world).counts["imported"], Identity.objects.filter(source="slack:T1").count()) == (6, 0)
    dan.post(here, {"source": ""})
    run = ImportRun.objects.get(pk=work(world).counts["run"])
    page = dan.get(f"/cockpit/import/runs/{run.pk}").content.decode()
    assert (run.source, run.imported) == ("slack:T1", 6)
    for words in ("slack:T1", "A Slack workspace", "replies of each thread", "1 differs", "Nobody said it.", "Builder"):
        assert words in page, words


def test_a_program_hands_it_in(sign_in, world, tmp_path):
    dan, data = sign_in("dan"), packed(export(tmp_path / "x", {"lamps/2020-09-13": TALK}))
    key = dan.post("/api/v1/imports/files", {"file": file("Lamps Slack export.zip", data)}).json()["upload"]
    asked = dan.post("/api/v1/imports", json.dumps({"importer": "slack", "upload": key}), content_type="application/json")
    assert (asked.status_code, asked.json()["name"]) == (202, "connectors.import_slack")
    run = dan.get(f"/api/v1/imports/{work(world).counts['run']}").json()
    assert (run["importer"], run["source"], run["form"], run["imported"], run["rejected"]) == ("slack", "slack:T1", "slack", 6, 3)
    assert {one["counter"]: (one["source"], one["here"]) for one in run["agreement"]} == {"replies": (2, 1), "reactions": (3, 2)}


def test_records_that_nobody_would_write_stop_nothing(bring, tmp_path):
    odd: list[Any] = [
        {}, [], None, said(1, "U\x00", "a"), said(2, text="\ud800"), said(3, thread_ts="99999999999.1", reply_count=True), said(4, thread_ts=7),
        said(5, reactions=[None, {"name": "x" * 99, "users": [None, "nobody", "U1"], "count": "3"}, {"name": 5}]), said(6, files=[None, {"id": 7}]),
        said(7, "U" * 300, "<@> <#> <!> <|> <@|b> ``` * ~"), {"ts": thread(8), "text": 5, "username": 4, "user": 3}, said(9, subtype=["x"]), said(10, user_profile=3),
        said(11, "", "x", comment={"user": 3}), said(12, attachments=[{"text": 3}, 4]), said(13, type=3), {"ts": f"{10**11}.1", "user": "U1", "text": "x"},
    ]  # fmt: skip
    lists = {
        "users": [*USERS, None, {"id": 3}, {"id": "U8", "profile": 3}],
        "channels": [*CHANNELS, {"id": "C2", "name": 3, "members": 4, "created": "x"}, 5],
    }
    done = bring("slack", export(tmp_path / "x", {"lamps/2020-09-13": odd}, **lists))
    assert done.counts["read"] == len(odd)
    assert done.counts["imported"] >= 5


@pytest.mark.real_data
def test_a_real_export_comes_in_to_the_last_message(bring, real_data):
    packed = real_data("slack-export-fixture") / "testarchive.zip"
    with zipfile.ZipFile(packed) as box:
        rows = [one for name in box.namelist() if name.count("/") == 1 and name.endswith(".json") for one in json.loads(box.read(name))]
    own = [one for one in rows if one.get("subtype") in ("channel_join", "bot_add")]
    done = bring("slack", packed)
    assert (done.counts["read"], done.counts["imported"], done.counts["reasons"]) == (
        len(rows),
        len(rows) - len(own),
        {"no_ones_words": len(own)},
    )
    assert {ext.partition("/")[2] for ext in Post.objects.values_list("external_id", flat=True)} == {
        one["ts"] for one in rows if one not in own
    }
    assert (done.counts["reactions"], done.counts["counters_agree"]) == (1, 1)


def test_what_is_no_export_is_refused(bring, tmp_path):
    bring("slack", tmp_path, fails="This is no Slack export")


@pytest.mark.parametrize(("slack", "markdown"), [
    ("a *bold* and ~struck~ _word_, 2*3*4", "a **bold** and ~~struck~~ _word_, 2*3*4"), ("<!here> in <#C1|x>: <https://a.org>", "@here in #lamps: https://a.org"),
    ("`*as is* <@U1>` &lt;b&gt;", "`*as is* @Ada` <b>"), ("so: ```x = *y*\nz```", "so: \n```\nx = *y*\nz\n```"), ("<mailto:a@b.org|a@b.org>", "[a@b.org](mailto:a@b.org)"),
])  # fmt: skip
def test_words_of_slack_become_markdown(slack, markdown):
    assert in_markdown(slack, {"U1": "Ada"}, {"C1": "lamps"}) == markdown


def test_a_zip_that_was_cut_off_in_transfer_says_so(bring: Any, world: Any, tmp_path: Path) -> None:
    whole, torn = tmp_path / "export.zip", tmp_path / "torn.zip"
    with zipfile.ZipFile(whole, "w") as box:
        box.writestr("channels.json", json.dumps(CHANNELS))
        box.writestr("lamps/2020-09-13.json", json.dumps(TALK))
    torn.write_bytes(whole.read_bytes()[:-60])
    bring("slack", torn, fails="The file ends in the middle.")
    assert "The file ends in the middle." in glance("slack", torn, now=world.now)[1]
