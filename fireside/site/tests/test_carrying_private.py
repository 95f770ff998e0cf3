"""Private conversations stay at home, but for the one who moves the whole house and says so."""

import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from fireside.activity.models import Activity
from fireside.activity.worker import react_until_quiet
from fireside.conversation.actions import begin_conversation, keep_for_later, share_file, write_privately
from fireside.members.models import Member
from fireside.site.carrying.things import things
from fireside.site.tests.full_house import bring, out
from fireside.site.tests.rights.stage import picture_bytes
from fireside.site.tests.test_carrying import elsewhere, full_house  # noqa: F401  the same two houses

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


def test_whoever_moves_the_house_takes_private_conversations_along(full_house, elsewhere, tmp_path, capsys):  # noqa: F811
    world = full_house
    given = share_file(world.as_("ann"), file=picture_bytes(), name="ours.png")
    talk = begin_conversation(world.as_("ann"), people=[world.ben], text=f"For us two. ![](/files/{given.pk})")
    write_privately(world.later(minutes=5).as_("ben"), topic=talk, text="Only for us.")
    keep_for_later(world.as_("ben"), post=talk.posts.get(number=1), note="ours")
    react_until_quiet(world.now)
    without = out(tmp_path / "without.zip")
    assert "conversation.participant" in without["left_behind"] and b"Only for us" not in words_of(tmp_path / "without.zip")
    call_command("export", str(tmp_path / "whole.zip"), "--with-private")
    assert "private conversations included" in capsys.readouterr().out
    assert Activity.objects.filter(kind="site.exported_with_private").count() == 1
    assert b"Only for us" in words_of(tmp_path / "whole.zip")
    with zipfile.ZipFile(tmp_path / "whole.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert "conversation.participant" not in manifest["left_behind"] and len(manifest["files"]) == len(without["files"]) + 1
    assert elsewhere.ask(bring, tmp_path / "whole.zip")["state"] == "done"
    assert elsewhere.ask(private_rows) == private_rows()
    assert elsewhere.ask(read_privately, talk.pk) == read_privately(talk.pk)
    assert (
        read_privately(talk.pk)["ben"][0] == 200
        and "Only for us." in read_privately(talk.pk)["ben"][1]
        and read_privately(talk.pk)["cat"][0] == 404
    )


def words_of(archive: Path) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        return b"".join(opened.read(name) for name in opened.namelist() if name.endswith(".jsonl"))


def private_rows() -> dict[str, list[str]]:
    of = {
        "conversation/posts",
        "conversation/topics",
        "conversation/participants",
        "conversation/files",
        "conversation/kept_for_later",
        "activity/lines",
        "notifications/notices",
    }
    found = [one for one in things(private=True) if one.name in of]
    assert {one.name for one in found} == of
    return {one.name: [repr(row) for row in one.model._base_manager.order_by("pk").values_list(*one.named())] for one in found}


def read_privately(topic: int) -> dict[str, tuple[int, str]]:
    said = {}
    for who in ("ben", "cat"):
        client = Client(headers={"accept-language": "en"})
        client.force_login(Member.objects.get(email=f"{who}@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = client.get(f"/api/v1/messages/{topic}/posts")
        said[who] = (answer.status_code, answer.content.decode())
    return said
