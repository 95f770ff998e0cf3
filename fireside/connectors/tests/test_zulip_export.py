"""Zulip's own export comes in without a word of direct messages; what would harm is refused."""

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from fireside.activity.models import Activity
from fireside.connectors.tests.conftest import START
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Mention, Post, Reaction, Topic
from fireside.members.models import Identity
from fireside.spaces.models import Belonging, Space

pytestmark = pytest.mark.django_db

EXPORT = {
    "realm.json": {
        "zerver_realm": [{"id": 1, "string_id": "lamp", "uri": "https://lamp.example.org"}],
        "zerver_userprofile": [
            {"id": 10, "full_name": "Ada", "delivery_email": "ada@example.org", "email": "user10@lamp.example.org", "is_bot": False, "date_joined": START - 900.5, "is_active": True},
            {"id": 11, "full_name": "Bo", "delivery_email": "bo@example.org", "is_bot": False, "date_joined": START - 800, "is_active": False},
            {"id": 12, "full_name": "Lamp counter", "delivery_email": "count-bot@example.org", "is_bot": True, "date_joined": START - 800},
        ],
        "zerver_userprofile_mirrordummy": [{"id": 13, "full_name": "Never seen", "delivery_email": "n@example.org"}],
        "zerver_userprofile_crossrealm": [{"id": 5, "email": "welcome-bot@zulip.com"}],
        "zerver_stream": [
            {"id": 7, "name": "lamps", "description": "About lamps", "invite_only": False, "is_web_public": True, "date_created": START - 950},
            {"id": 8, "name": "cellar", "description": "", "invite_only": True, "date_created": START - 950, "deactivated": False},
        ],
        "zerver_recipient": [{"id": 70, "type": 2, "type_id": 7}, {"id": 80, "type": 2, "type_id": 8}, {"id": 90, "type": 1, "type_id": 10}, {"id": 91, "type": 3, "type_id": 1}],
        "zerver_subscription": [{"user_profile": 11, "recipient": 80, "active": True}, {"user_profile": 10, "recipient": 80, "active": False}, {"user_profile": 12, "recipient": 70, "active": True}],
        "zerver_reaction": [
            {"message": 101, "user_profile": 11, "emoji_name": "heart"}, {"message": 101, "user_profile": 12, "emoji_name": "+1"},
            {"message": 999, "user_profile": 11, "emoji_name": "heart"},
        ],
    },
    "messages-000001.json": {
        "zerver_message": [
            {"id": 101, "sender": 10, "recipient": 70, "subject": "Wire", "content": "@**Bo** why?", "rendered_content": '<p><span class="user-mention" data-user-id="11">@Bo</span> why?</p>', "date_sent": START},
            {"id": 102, "sender": 11, "recipient": 70, "subject": "Wire", "content": "@_**Ada|10** [said](https://lamp.example.org/#narrow/near/101):\nSo @**Ada|10**", "rendered_content": None, "date_sent": START + 9},
            {"id": 103, "sender": 11, "recipient": 90, "subject": "", "content": "SECRET between two", "rendered_content": "<p>SECRET</p>", "date_sent": START + 10},
            {"id": 104, "sender": 11, "recipient": 91, "subject": "", "content": "SECRET among three", "rendered_content": "<p>SECRET</p>", "date_sent": START + 11},
        ],
        "zerver_usermessage": [],
    },
    "messages-000002.json": {"zerver_message": [
        {"id": 105, "sender": 12, "recipient": 80, "subject": "", "content": "7", "rendered_content": "<p>7</p>", "date_sent": START + 12},
        {"id": 106, "sender": 11, "recipient": 4711, "subject": "", "content": "SECRET nowhere", "date_sent": START + 13},
    ], "zerver_usermessage": []},
    "attachment.json": {"zerver_attachment": []},
}  # fmt: skip


def export_as(form, tmp_path):
    files = {f"zulip-export-x/{name}": json.dumps(value).encode() for name, value in EXPORT.items()}
    if form == "folder":
        for name, data in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data)
        return tmp_path / "zulip-export-x"
    path = tmp_path / f"export.{form}"
    if form == "zip":
        with zipfile.ZipFile(path, "w") as box:
            for name, data in files.items():
                box.writestr(name, data)
    else:
        with tarfile.open(path, "w:gz") as tape:
            for name, data in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                tape.addfile(entry, io.BytesIO(data))
    return path


@pytest.mark.parametrize("form", ["folder", "tar.gz", "zip"])
def test_zulips_own_export_without_a_word_of_direct_messages(bring, tmp_path, form):
    row = bring("zulip", export_as(form, tmp_path), source="")
    assert row.counts["source"] == "zulip:lamp.example.org"
    assert (row.counts["read"], row.counts["imported"]) == (6, 3)
    assert row.counts["reasons"] == {"direct_message": 2, "no_place": 1}
    assert (row.counts["reactions"], row.counts["reactions_rejected"]) == (2, 1)
    assert {(s.name, s.openness) for s in Space.objects.all()} == {("lamps", "public"), ("cellar", "hidden")}
    people = {i.external_id: i for i in Identity.objects.select_related("member")}
    assert set(people) == {"10", "11", "12"}
    assert [people["10"].weak, people["10"].email, people["10"].member.joined_at.timestamp()] == [False, "ada@example.org", START - 900.5]
    assert (people["12"].member.is_bot, people["12"].member.bot_reason) == (True, "source")
    assert set(Belonging.objects.values_list("space__name", "member__name")) == {("lamps", "Ada"), ("lamps", "Bo")}  # he has left
    first, second = Post.objects.get(external_id="101"), Post.objects.get(external_id="102")
    assert (first.format, second.format, second.reply_to_id) == ("html", "md", first.pk)
    assert set(Mention.objects.values_list("post__external_id", "member__name")) == {("101", "Bo"), ("102", "Ada")}
    assert set(Reaction.objects.values_list("sign", flat=True)) == {"heart", "thumbs_up"}
    assert Topic.objects.get(space__name="cellar").title == "(no topic)"
    for words in (Path(row.counts["rejected_file"]).read_text(), str(list(Post.objects.values())), str(list(Activity.objects.values()))):
        assert "SECRET" not in words
    before = everything()
    bring("zulip", export_as(form, tmp_path), source="")
    assert everything() == before


def test_an_unfinished_export_and_what_is_no_history_are_refused(bring, tmp_path):
    export_as("folder", tmp_path)
    (tmp_path / "zulip-export-x" / "messages-000003.json.partial").write_text("{}")
    bring("zulip", tmp_path / "zulip-export-x", fails="not finished")
    (tmp_path / "empty").mkdir()
    bring("zulip", tmp_path / "empty", fails="no Zulip history")
    bring("zulip", tmp_path / "missing.jsonl", fails="nothing at this path")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_with_damaged_bytes_is_refused_in_words(bring, tmp_path, method):
    path = tmp_path / "lamp.zip"
    with zipfile.ZipFile(path, "w", method) as box:
        box.writestr("x/realm.json", json.dumps(EXPORT["realm.json"]))
    packed = bytearray(path.read_bytes())
    packed[60:90] = b"\xff" * 30
    path.write_bytes(packed)
    bring("zulip", path, fails="The file ends in the middle")


def test_archives_that_would_harm_are_refused(bring, tmp_path, settings):
    out, bomb = tmp_path / "out.tar.gz", tmp_path / "bomb.zip"
    with tarfile.open(out, "w:gz") as tape:
        entry = tarfile.TarInfo("../../realm.json")
        entry.size = 2
        tape.addfile(entry, io.BytesIO(b"{}"))
    bring("zulip", out, fails="lead out")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as box, box.open("x/realm.json", "w") as file:
        for _ in range(300):
            file.write(bytes(1024 * 1024))
    bring("zulip", bomb, fails="absurd size")
    link = tmp_path / "link.tar.gz"
    with tarfile.open(link, "w:gz") as tape:
        entry = tarfile.TarInfo("x/realm.json")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tape.addfile(entry)
    bring("zulip", link, fails="no Zulip history")
    assert not list((settings.DATA / "imports").glob("unpacked-*"))
