"""Channels of Discord come in: threads as topics, other talk by days, replies, signs and files kept, nothing private open."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity, Letter
from fireside.connectors.models import ImportRun
from fireside.connectors.tests.test_chatlab import packed
from fireside.connectors.tests.test_doors import file, work
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Mention, Post, Reaction, Topic
from fireside.conversation.signs import picture_of
from fireside.members.models import Identity, Member
from fireside.spaces.models import Belonging, Space

pytestmark = pytest.mark.django_db

CHANNEL = {"id": "100", "type": "GuildTextChat", "categoryId": "50", "category": "Talk", "name": "lamps", "topic": "Light"}
THREAD = {"id": "200", "type": "GuildPublicThread", "categoryId": "100", "category": "lamps", "name": "Why does it flicker?", "topic": None}
ADA = {"id": "1", "name": "ada", "discriminator": "0000", "nickname": "Ada", "isBot": False, "roles": []}
BO = {"id": "2", "name": "bo", "nickname": "Bo", "isBot": False}
CY = {"id": "3", "name": "cy", "nickname": "Cy", "isBot": False}
BOT = {"id": "9", "name": "builder", "nickname": "builder", "isBot": True}
THUMB = {"emoji": {"id": "", "name": "👍", "code": "thumbsup"}, "count": 2, "users": [BO, CY]}


def said(n: int, who: dict[str, Any] = ADA, text: str = "", kind: str = "Default", **more: Any) -> dict[str, Any]:
    body = {
        "id": str(1000 + n), "type": kind, "timestamp": f"2023-01-02T03:04:{n:02}.5+00:00", "timestampEdited": None, "isPinned": False,
        "content": text or f"words {n}", "author": who, "attachments": [], "embeds": [], "stickers": [], "reactions": [], "mentions": [],
    }  # fmt: skip
    return body | more


TALK = [
    said(1, CY, "Joined the server.", "GuildMemberJoin"), said(2, BO, "is it <@1> or <#200>? <a:spark:77>", mentions=[ADA]),
    said(3, ADA, "a *loose* wire", "Reply", reference={"messageId": "1002", "channelId": "100", "guildId": "7"}, reactions=[THUMB], isPinned=True),
    said(4, BO, " ", attachments=[{"id": "31", "url": "x", "fileName": "lamp.png", "fileSizeBytes": 3}], stickers=[{"id": "32", "name": "Glow"}]),
    said(5, BOT, " ", "20", embeds=[{"title": "Build", "description": "green"}]), said(6, ADA, " "), said(7, {"name": "nobody"}), {"id": "x"}, 7,
    said(8, BO, " ", forwardedMessage={"content": "from\nafar"}), said(9, timestamp="2999-01-01T00:00:00+00:00"), said(10, timestamp="soon"),
]  # fmt: skip
GOOD = 5


def export(path: Path, rows: list[Any], channel: dict[str, Any] = CHANNEL, guild: str = "7", indent: int | None = 2) -> Path:
    body = {
        "guild": {"id": guild, "name": "Lamps", "iconUrl": "x"}, "channel": channel, "dateRange": {"after": None, "before": None},
        "exportedAt": "2024-01-01T00:00:00+00:00", "messages": rows, "messageCount": len(rows),
    }  # fmt: skip
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(body, indent=indent, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_name_that_stands_further_below_is_known_above(bring, tmp_path):
    export(tmp_path / "lamps.json", [said(2, BO, "ask <@3>"), said(3, CY, "me?")])
    bring("discord", tmp_path / "lamps.json")
    assert Post.objects.get(external_id="1002").source_text == "ask @Cy"


def test_what_was_edited_says_when_and_a_pinned_message_pins_the_thread_that_it_opens(bring, tmp_path):
    first = said(2, BO, isPinned=True, timestampEdited="2023-01-02T04:00:00+00:00")
    export(tmp_path / "x" / "lamps.json", [first, said(3, isPinned=True, timestampEdited="soon")])
    export(tmp_path / "x" / "thread.json", [said(20), said(21)], THREAD | {"id": "1002"})
    done = bring("discord", tmp_path / "x")
    assert dict(Post.objects.exclude(edited_at=None).values_list("external_id", "edited_at")) == {
        "1002": datetime(2023, 1, 2, 4, tzinfo=UTC)
    }
    assert list(Topic.objects.exclude(pin_place=None).values_list("title", "pin_place")) == [("Why does it flicker?", 1)]
    assert (done.counts["pinned_topics"], done.counts["pinned_there"]) == (1, 1)
    assert Activity.objects.get(kind="conversation.pinned").at == datetime(2023, 1, 2, 3, 4, 2, 500000, tzinfo=UTC)


def test_threads_are_topics_and_the_rest_of_a_channel_goes_by_days(bring, tmp_path):
    export(tmp_path / "x" / "lamps.json", TALK), export(tmp_path / "x" / "a thread.json", [said(20, BO), said(21)], THREAD)
    done = bring("discord", tmp_path / "x", source="")
    assert (done.counts["source"], done.counts["read"], done.counts["imported"]) == ("discord:7", len(TALK) + 2, GOOD + 2)
    assert done.counts["reasons"] == {"no_ones_words": 1, "no_text": 1, "no_sender": 1, "no_id": 1, "not_a_record": 1, "impossible_time": 2}
    assert list(Space.objects.filter(source="discord:7").values_list("name", "external_id", "openness", "about")) == [
        ("lamps", "100", "private", "Light")
    ]
    assert sorted(Topic.objects.values_list("external_id", "title", "asks", "posts_count")) == [
        ("100/2023-01-02", "2023-01-02", False, GOOD), ("100/thread/200", "Why does it flicker?", True, 2),
    ]  # fmt: skip
    words = dict(Post.objects.values_list("external_id", "source_text"))
    assert words["1002"] == "is it @Ada or #Why does it flicker?? :spark:"
    assert (words["1004"], words["1005"]) == ("\U0001f4ce lamp.png\n\n\U0001f609 Glow", "Build\n\ngreen")
    assert words["1008"] == "\U0001f4e8 \n> from\n> afar"
    assert Post.objects.get(external_id="1003").reply_to.external_id == "1002"
    assert list(Mention.objects.values_list("post__external_id", "member__name")) == [("1002", "Ada")]
    assert sorted(Reaction.objects.values_list("member__name", "sign")) == [("Bo", "👍"), ("Cy", "👍")]
    assert picture_of("👍") == "👍"
    assert (done.counts["counters_agree"], done.counts["files_left"], done.counts["pinned_there"]) == (1, 1, 1)
    assert list(Member.objects.filter(is_bot=True).values_list("name", flat=True)) == ["builder"]
    assert set(Belonging.objects.values_list("member__name", flat=True)) == {"Ada", "Bo", "Cy"}
    assert not Letter.objects.exists()
    assert not Activity.objects.filter(imported=False).exclude(kind="connectors.brought_in").exists()


def test_overlapping_snapshots_in_any_order_and_twice_are_the_same_history(bring, tmp_path):
    late, early = export(tmp_path / "b" / "2.json", TALK[2:]), export(tmp_path / "a" / "1.json", TALK[:4])
    export(tmp_path / "a" / "0.json", [said(20, BO)], THREAD)
    bring("discord", late, source="")
    assert bring("discord", early.parent, source="").counts["imported"] == 2
    before = everything()
    both = bring("discord", tmp_path, source="")
    assert (both.counts["imported"], both.counts["unchanged"], both.counts.get("changed_there")) == (0, GOOD + 1 + 2, None)
    assert everything() == before


def test_what_was_not_for_everybody_does_not_become_so(bring, tmp_path, settings):
    secret = THREAD | {"id": "300", "type": "GuildPrivateThread", "name": "secret"}
    export(tmp_path / "x" / "1.json", [said(1, ADA, "hush")], secret), export(tmp_path / "x" / "2.json", [said(2, BO)])
    export(tmp_path / "x" / "3.json", [said(3, ADA, "only for you")], {"id": "400", "type": "DirectTextChat", "name": "Bo"}, guild="0")
    done = bring("discord", tmp_path / "x", source="", openness="open")
    assert (done.counts["imported"], done.counts["reasons"], done.counts["hidden_spaces"]) == (2, {"one_to_one": 1}, 1)
    assert dict(Space.objects.filter(source="discord:7").values_list("name", "openness")) == {"secret": "hidden", "lamps": "open"}
    assert list(Belonging.objects.filter(space__name="secret").values_list("member__name", flat=True)) == ["Ada"]
    assert "only for you" not in (settings.DATA / f"{ImportRun.objects.get().rejected_file}.jsonl").read_text()
    bring("discord", tmp_path / "x" / "3.json", source="", fails="A conversation of two people.")


@pytest.mark.parametrize("indent", [2, None])
def test_one_broken_record_costs_itself(bring, tmp_path, indent):
    rows = [said(n, attachments=[{"id": "31", "fileName": "a"}, {"id": "32", "fileName": "b"}]) for n in range(5)]
    path = export(tmp_path / "x" / "1.json", rows, indent=indent)
    path.write_text(path.read_text().replace('"words 2"', '"words 2', 1))
    done = bring("discord", path)
    assert (done.counts["imported"], done.counts["reasons"]) == (4, {"bad_json": 1})


def test_every_door_brings_it_in(sign_in, world, tmp_path, capsys):
    path = export(tmp_path / "x" / "lamps.json", TALK)
    dan, data = sign_in("dan"), packed(path.parent)
    here = dan.post("/cockpit/import", {"importer": "discord", "file": file("lamps.json", path.read_bytes())})["Location"]
    page = dan.get(here).content.decode()
    for words in ("Channels of Discord, by DiscordChatExporter.", "Who reads it here", "by Bo."):
        assert words in page, words
    for importer, name, sent in (("zulip", "a.json", path.read_bytes()), ("chatlab", "a.zip", data)):
        elsewhere = dan.post("/cockpit/import", {"importer": importer, "file": file(name, sent)})["Location"]
        assert "It looks like an export of Discord. Go back and choose that." in dan.get(elsewhere).content.decode(), importer
    dan.post(here, {"try": "1"})
    assert (work(world).counts["imported"], Identity.objects.filter(source="discord:7").count()) == (GOOD, 0)
    key = dan.post("/api/v1/imports/files", {"file": file("a.zip", data)}).json()["upload"]
    asked = dan.post(
        "/api/v1/imports", json.dumps({"importer": "discord", "upload": key, "openness": "open"}), content_type="application/json"
    )
    assert asked.status_code == 202
    run = dan.get(f"/api/v1/imports/{work(world).counts['run']}").json()
    assert (run["source"], run["form"], run["imported"]) == ("discord:7", "discord", GOOD)
    assert any("was pinned there" in words for words in run["notes"])
    call_command("import", "discord", str(path), "--openness", "open", "--json")
    assert json.loads(capsys.readouterr().out)["unchanged"] == GOOD


def test_what_is_no_such_file_is_refused(bring, tmp_path):
    for text in ("", "[]", "{}", '{"guild": {}, "channel": {}, "messages": []}', "words"):
        (tmp_path / "x.json").write_text(text)
        bring("discord", tmp_path / "x.json", fails="This is no export of a Discord channel.")
