"""Audio, video and other files: what they are, by their content; how they stand in posts; sent whole or in ranges; the community's choice."""

import io
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fireside.conversation import actions
from fireside.conversation.media import rules
from fireside.conversation.media.ranges import Part, range_of
from fireside.conversation.media.sorts import SORTS, sort_of
from fireside.conversation.models import File, PostFile
from fireside.conversation.queries import sharing
from fireside.conversation.tests.pictures import give, mp4, picture, say
from fireside.lib.errors import NotAllowed, Refused
from fireside.spaces.actions import change_space

pytestmark = pytest.mark.both
PDF = b"%PDF-1.7\n%\xe2\xe3\n" + b"x" * 3000


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, request):
    settings.MEDIA_ROOT = tmp_path / "files"
    if "world" in request.fixturenames:
        world = request.getfixturevalue("world")
        change_space(world.as_("dan"), space=world.hearth, openness="public")


@pytest.mark.once
@pytest.mark.parametrize(
    ("content", "name", "kind", "media_type", "kept"),
    [
        (picture(form="JPEG"), "a.png", "picture", "image/jpeg", "a.png.jpg"),
        (PDF, "manual.pdf", "file", "application/pdf", "manual.pdf"),
        (PDF, "manual", "file", "application/pdf", "manual.pdf"),
        (PDF, "manual.txt", "file", "application/pdf", "manual.txt.pdf"),
        (b"PK\3\4....", "a.docx", "file", SORTS[".docx"].media_type, "a.docx"),
        (b"PK\3\4....", "a.pdf", "file", "application/zip", "a.pdf.zip"),
        (b"ID3\3....", "song.MP3", "audio", "audio/mpeg", "song.MP3"),
        (b"OggS\0\2...", "voice.opus", "audio", "audio/ogg", "voice.opus"),
        (b"RIFF....WAVEfmt ", "a.wav", "audio", "audio/wav", "a.wav"),
        (mp4(), "a.mp4", "video", "video/mp4", "a.mp4"),
        (b"\0\0\0\x14ftypqt  ", "IMG_1.MOV", "video", "video/quicktime", "IMG_1.MOV"),
        (b"\0\0\0\x14ftypM4A ", "a.m4a", "audio", "audio/mp4", "a.m4a"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x84webm", "a.webm", "video", "video/webm", "a.webm"),
        ("名,数\n灯,1".encode(), "灯.csv", "file", "text/csv", "灯.csv"),
        ("名,数\n灯,1".encode("gb18030"), "a.csv", "file", "text/csv", "a.csv"),
        (b"solid lamp\nfacet", "lamp.stl", "file", "model/stl", "lamp.stl"),
        (b"just words", "README", "file", "text/plain", "README.txt"),
    ],
)
def test_what_a_file_is_its_content_says(content, name, kind, media_type, kept):
    from fireside.conversation.media.sorts import ending_of

    found = sort_of(io.BytesIO(content), name)
    assert found is not None and (found.kind, found.media_type) == (kind, media_type)
    assert rules.file_name(name, found.ending, ending_of(name)) == kept


@pytest.mark.once
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\0", "a.pdf"), (b"\x7fELF", "a"), (b"<!DOCTYPE html><script>", "a.txt"), (b"\xef\xbb\xbf <SVG onload=x>", "a.txt"),
        (b"#!/bin/sh\nrm", "a.txt"), (b"echo x", "a.bat"), (PDF, "a.exe"), (b"PK\3\4", "a.docm"), (b"words", "a.html"), (b"<a/>", "a.svg"),
        (b"RIFF\0\1\0\0AVI LIST", "a.avi"), (b"words", "a.mp3"), (b"words\0more", "a.txt"), (b"\xff\xfe\xff\xff\xff", "a.txt"),
        (b"\x1aE\xdf\xa3matroska", "a.mkv"), (b"words" * 2000 + b"\0", "a.txt"),
    ],
)  # fmt: skip
def test_what_a_computer_could_run_or_nobody_knows_is_not_taken(content, name):
    assert sort_of(io.BytesIO(content), name) is None


@pytest.mark.once
@settings(max_examples=300)
@given(st.binary(max_size=80), st.text(max_size=12))
@example(b"", "")
@example(b"\xff\xfb", "\x00.")
def test_any_bytes_are_one_of_the_sorts_or_none(content, name):
    found = sort_of(io.BytesIO(content), name)
    assert found is None or SORTS[found.ending] is found
    assert 0 < len(rules.file_name(name, found.ending if found else "", "")) <= rules.NAME_MAX


@pytest.mark.once
@given(
    st.integers(1, 60),
    st.one_of(st.text("bytes=-0123456789, ", max_size=14), st.builds("bytes={}-{}".format, st.integers(0, 70), st.integers(0, 70))),
)
def test_a_range_is_inside_the_file_or_all_of_it_or_refused(size, asked):
    whole = bytes(range(size))
    try:
        wanted = range_of(asked, size)
    except ValueError:
        return
    first, last = wanted or (0, size - 1)
    assert 0 <= first <= last < size
    part = Part(io.BytesIO(whole), first, last)
    assert b"".join(iter(lambda: part.read(7), b"")) == whole[first : last + 1]


def test_how_they_stand_in_a_post(world):
    pdf, film, song = (
        give(world, data=PDF, name="manual.pdf"),
        give(world, data=mp4(), name="f.mp4"),
        give(world, data=b"ID3\3...", name="s.mp3"),
    )
    at = {one: f"/files/{one.pk}" for one in (pdf, film, song)}
    html = say(
        world, f"[The **manual**]({at[pdf]}) ![Film]({at[film]}) ![]({at[song]}) [two ![x]({at[song]})](https://x.org) [s]({at[song]})"
    ).html
    assert f'<a class="file" href="{at[pdf]}" download="" rel="nofollow ugc noopener">The manual <small>PDF 3 KB</small></a>' in html
    assert f'<video controls="" preload="metadata" playsinline="" src="{at[film]}" aria-label="Film"></video>' in html
    assert html.count("<audio") == 2 and "autoplay" not in html and 'aria-label="s.mp3"' in html
    assert "two x</a>" in html
    assert PostFile.objects.count() == 3
    hidden = say(world, f"[mine]({at[pdf]})", who="cat")
    assert 'class="file"' in hidden.html, "Cat may read the hearth"
    cellar = say(world, f"[x](/files/{give(world, data=PDF + b'y', name='b.pdf').pk})", space=world.cellar)
    assert 'class="file"' in cellar.html
    assert 'class="file"' not in say(world, f"[x](/files/{File.objects.latest('pk').pk})", who="cat").html


def test_sent_whole_in_ranges_and_only_saved_where_a_browser_could_run_it(world, client):
    film, pdf = give(world, data=mp4(), name="Film é.mp4"), give(world, data=PDF, name="manual.pdf")
    address = f"/files/{film.pk}"
    missing = client.get("/files/999", HTTP_RANGE="bytes=0-9")
    assert client.get(address, HTTP_RANGE="bytes=0-9").content == missing.content
    say(world, f"![]({address}) [m](/files/{pdf.pk})")
    whole = client.get(address)
    assert b"".join(whole) == mp4() and (whole["Content-Type"], whole["Accept-Ranges"], whole["Content-Length"]) == (
        "video/mp4",
        "bytes",
        "400",
    )
    assert whole["Content-Disposition"].startswith("inline")
    part = client.get(address, HTTP_RANGE="bytes=100-199")
    assert (part.status_code, part["Content-Range"], part["Content-Length"]) == (206, "bytes 100-199/400", "100")
    assert b"".join(part) == mp4()[100:200]
    assert b"".join(client.get(address, HTTP_RANGE="bytes=-5", HTTP_IF_RANGE=whole["ETag"])) == mp4()[-5:]
    assert client.get(address, HTTP_RANGE="bytes=-5", HTTP_IF_RANGE='"other"').status_code == 200
    beyond = client.get(address, HTTP_RANGE="bytes=400-")
    assert (beyond.status_code, beyond["Content-Range"], beyond.content) == (416, "bytes */400", b"")
    head = client.head(address)
    assert (head.status_code, head["Content-Length"]) == (200, "400")
    saved = client.get(f"/files/{pdf.pk}")
    assert saved["Content-Disposition"] == 'attachment; filename="manual.pdf"'
    assert (saved["X-Content-Type-Options"], "sandbox" in saved["Content-Security-Policy"]) == ("nosniff", True)
    assert client.get(f"/files/{pdf.pk}/480.webp").status_code == 404


def test_a_name_that_a_computer_would_run_is_refused_though_its_bytes_are_known(world):
    give(world, data=b"echo words", name="a.txt")
    with pytest.raises(Refused) as no:
        give(world, "ann", data=b"echo words", name="a.bat")
    assert no.value.code == "file_unknown"


def test_the_community_chooses(world, client):
    assert sharing().kinds == ["picture", "audio", "video", "file"]
    with pytest.raises(NotAllowed):
        actions.change_sharing(world.as_("ben"), file_mib=1)
    actions.change_sharing(world.as_("dan"), kinds=["file", "picture"], file_mib=1, day_mib=2)
    for name, data, code in (
        ("a.mp4", mp4(), "no_video"),
        ("a.txt", b"w" * (rules.MIB + 1), "file_large"),
        ("a.heic", b"....ftypheic", "picture_unreadable"),
    ):
        with pytest.raises(Refused) as no:
            give(world, data=data, name=name)
        assert no.value.code == code
    for n in range(2):
        give(world, data=b"%d" % n * (rules.MIB - 9), name="a.txt")
    with pytest.raises(Refused) as no:
        give(world, data=b"w" * 100, name="a.txt")
    assert no.value.code == "day_full" and "2 MB" in str(no.value)
    for wrong, code in (
        ({"kinds": ["exe"]}, "kinds_unknown"),
        ({"file_mib": 201}, "file_mib"),
        ({"file_mib": 0}, "file_mib"),
        ({"day_mib": 0}, "day_mib"),
    ):
        with pytest.raises(Refused) as no:
            actions.change_sharing(world.as_("dan"), **wrong)
        assert no.value.code == code


def test_the_choice_through_every_door(world, client):
    client.force_login(world.dan)
    assert "/community/sharing" in client.get("/community").content.decode()
    said = {"kinds": ["picture"], "file_mib": "9", "day_mib": "90"}
    assert client.post("/community/sharing", said).status_code == 302
    assert client.get("/api/v1/community/sharing").json() == {"kinds": ["picture"], "file_mib": 9, "day_mib": 90, "previews": False}
    assert client.post("/community/sharing", {**said, "file_mib": "900"}).status_code == 422
    assert client.patch("/api/v1/community/sharing", {"day_mib": 99}, content_type="application/json").json()["day_mib"] == 99
    call_command("act", "conversation.change_sharing", "as=dan", "kinds=picture,file", stdout=StringIO())
    assert sharing().kinds == ["picture", "file"]
    client.force_login(world.ben)
    assert client.get("/community/sharing").status_code == 403
    given = client.post("/api/v1/files", {"file": SimpleUploadedFile("m.pdf", PDF)}).json()
    assert (given["kind"], given["sources"], given["markdown"]) == ("file", [], f"[m.pdf]({given['url']})")
