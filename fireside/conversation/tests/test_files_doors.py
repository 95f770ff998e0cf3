"""Pictures through the doors: the web with scripts and without, JSON, the command line; and how they are sent."""

import io
import re
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from fireside.conversation import actions
from fireside.conversation.models import File
from fireside.conversation.tests.pictures import give, picture, say
from fireside.spaces.actions import change_space

pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, world):
    """A store of the test's own; and the hearth is open to visitors, too."""
    settings.MEDIA_ROOT = tmp_path / "files"
    change_space(world.as_("dan"), space=world.hearth, openness="public")


def test_web(world, client):
    client.force_login(world.ben)
    answer = client.post("/files", {"file": SimpleUploadedFile("a.png", picture(600))}, HTTP_HX_REQUEST="true")
    file = File.objects.get()
    assert answer.status_code == 201 and f'data-file="{file.pk}"' in answer.content.decode()
    no = client.post("/files", {"file": SimpleUploadedFile("a.png", b"words")}, HTTP_HX_REQUEST="true")
    assert no.status_code == 409 and no["X-Refusal"]
    client.post("/talk/drafts", {"place": f"new:{world.hearth.pk}", "text": f"![](/files/{file.pk})"})
    assert f'data-file="{file.pk}"' in client.get("/spaces/hearth/new").content.decode()
    assert "<img" in client.post("/talk/preview", {"text": f"![](/files/{file.pk})"}).content.decode()
    form = {
        "title": "Look",
        "text": "Mine:",
        "asks": "1",
        "files": [SimpleUploadedFile("b.png", picture(70)), SimpleUploadedFile("c.png", picture(71))],
    }
    page = client.get(client.post("/spaces/hearth/new", form).headers["Location"]).content.decode()
    assert re.findall(r'<img src="/files/\d+/(\d+)\.webp"', page) == ["70", "71"], "a form without scripts takes them along"
    wrong = client.post("/spaces/hearth/new", {**form, "files": [SimpleUploadedFile("b.png", b"no")]})
    assert wrong.status_code == 422 and "Mine:" in wrong.content.decode()


def test_sent_to_whoever_may_see_it_as_a_picture_and_nothing_else(world, client):
    file = give(world, data=picture(600))
    address = f"/files/{file.pk}"
    missing = client.get("/files/999")
    assert (client.get(address).status_code, client.get(address).content) == (404, missing.content)
    post = say(world, f"![](/files/{file.pk})")
    answer = client.get(f"{address}/480.webp")
    assert Image.open(io.BytesIO(b"".join(answer))).size == (480, 38)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"] and "private" in answer["Cache-Control"]
    assert client.get(f"{address}/480.webp", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert Image.open(io.BytesIO(b"".join(client.get(address)))).size == (600, 48)
    for strange in ("481.webp", "480.png", "still.webp", "..%2f..%2fsecret"):
        assert client.get(f"{address}/{strange}").content == missing.content
    actions.remove_post(world.as_("dan"), post=post, reason="no")
    assert client.get(f"{address}/480.webp", HTTP_IF_NONE_MATCH=answer["ETag"]).content == missing.content


def test_json(world, client):
    client.force_login(world.ben)
    made = client.post("/api/v1/files", {"file": SimpleUploadedFile("a.png", picture(600))})
    body = made.json()
    assert (made.status_code, body["kind"], body["media_type"], body["width"], body["height"]) == (201, "picture", "image/png", 600, 48)
    assert body["sources"][0] == {"width": 480, "url": f"/files/{body['id']}/480.webp"}
    assert client.get(f"/api/v1/files/{body['id']}").json() == body
    assert client.post("/api/v1/files", {"file": SimpleUploadedFile("a.png", b"no")}).json()["code"] == "picture_unreadable"
    shown = client.post("/api/v1/preview", {"text": f"![]({body['url']})"}, content_type="application/json").json()["html"]
    assert "<img" in shown
    client.force_login(world.cat)
    assert client.get(f"/api/v1/files/{body['id']}").json() == client.get("/api/v1/files/999").json()


def test_command_line(world, tmp_path):
    (tmp_path / "a.png").write_bytes(picture())
    call_command("act", "conversation.share_file", "as=ben", f"file=@{tmp_path / 'a.png'}", "name=a.png", stdout=StringIO())
    file = File.objects.get()
    assert (file.name, file.member) == ("a.png", world.ben)
