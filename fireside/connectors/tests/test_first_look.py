"""What the page before an import says of a file: what it recognised, or what to bring instead."""

import io
import json
import random
import tarfile
import zipfile

import pytest

from fireside.activity.models import Job
from fireside.connectors.tests.test_doors import TALK, file
from fireside.connectors.tests.test_tables import PEOPLE

pytestmark = pytest.mark.django_db

GBK = PEOPLE.encode("gb18030")
ACTS = (
    json.dumps(
        {"kind": "asked", "id": "q1", "at": "2020-01-05T09:00:00Z", "actor": "u7", "actor_name": "Ada", "space": "Lamps", "title": "Why?"}
    )
    + "\n"
)
NOISE = bytes(random.Random(7).randbytes(9000))


@pytest.mark.parametrize(
    ("importer", "name", "data", "words"),
    [
        ("zulip", "lamp.jsonl", TALK.encode(), ("looks like Zulip", "The first record is of", "Build Bot", "1 ×", "This line is no JSON")),
        ("activity", "acts.jsonl", ACTS.encode(), ("looks like a file of activity", "by Ada")),
        ("activity", "acts.csv", b"kind,actor,at,space,title\nasked,u7,2020-01-05,Lamps,Why\n", ("A table (CSV)", "by u7")),
    ],
)  # fmt: skip
def test_the_check_page_says_what_it_recognised(sign_in, world, importer, name, data, words):
    dan = sign_in("dan")
    page = dan.get(dan.post("/cockpit/import", {"importer": importer, "file": file(name, data)})["Location"]).content.decode()
    assert all(one in page for one in words), page
    assert "Bring it in" in page


@pytest.mark.parametrize(
    ("importer", "name", "data", "words"),
    [
        ("zulip", "members.csv", GBK, "looks like a list of members"),
        ("zulip", "members.jsonl", GBK, "looks like a list of members"),
        ("activity", "members.csv", GBK, "looks like a list of members"),
        ("zulip", "acts.jsonl", ACTS.encode(), "looks like a file of activity"),
        ("activity", "talk.jsonl", TALK.encode(), "looks like a Zulip history"),
        ("zulip", "noise.jsonl", NOISE, "Bring a .jsonl"),
        ("zulip", "noise.bin", NOISE, "Bring a .jsonl"),
        ("zulip", "noise.zip", NOISE, "Bring a .jsonl"),
        ("activity", "noise.jsonl", NOISE, "Bring one act a line"),
        ("activity", "noise.csv", NOISE, "Bring one act a line"),
        ("zulip", "blank.jsonl", b"\n\n", "not a single record"),
    ],
)  # fmt: skip
def test_the_check_page_says_what_to_bring_instead(sign_in, world, importer, name, data, words):
    dan = sign_in("dan")
    here = dan.post("/cockpit/import", {"importer": importer, "file": file(name, data)})["Location"]
    page = dan.get(here).content.decode()
    assert words in page and "Bring it in" not in page and f"/cockpit/import?what={importer}" in page
    dan.post(here, {"source": ""})
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("entry", "words"),
    [("zulip_json/stream_index.json", "The folder of a Zulip archive"), ("x/realm.json", "own export"), ("talk.jsonl", "JSON lines"), ("photo.png", "Bring a .jsonl")],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_a_packed_archive_is_told_by_the_names_inside(sign_in, world, entry, words, kind):
    room = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(room, "w") as box:
            box.writestr(entry, "{}")
    else:
        with tarfile.open(fileobj=room, mode="w:gz") as tape:
            about = tarfile.TarInfo(entry)
            about.size = 2
            tape.addfile(about, io.BytesIO(b"{}"))
    dan = sign_in("dan")
    page = dan.get(dan.post("/cockpit/import", {"importer": "zulip", "file": file(f"lamp.{kind}", room.getvalue())})["Location"])
    assert words in page.content.decode()
