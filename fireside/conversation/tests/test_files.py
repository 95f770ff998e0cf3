"""Pictures in posts: taken by their content, seen by whoever may see a post that holds them, gone when nothing does."""

import io
from datetime import timedelta
from pathlib import Path
from zlib import crc32

import pytest
from PIL import Image

from fireside.conversation import actions
from fireside.conversation.media import rules, storing
from fireside.conversation.models import File, FileContent, PostFile
from fireside.conversation.queries import get_file, post_row
from fireside.conversation.sweeps import sweep_files
from fireside.conversation.tests.pictures import give, moving, picture, say
from fireside.lib.errors import NotFound, Refused
from fireside.members.actions import merge_members
from fireside.spaces.actions import change_space, leave_space

pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, world):
    """A store of the test's own; and the hearth is open to visitors, too."""
    settings.MEDIA_ROOT = tmp_path / "files"
    change_space(world.as_("dan"), space=world.hearth, openness="public")


def part(file, name):
    with storing.open_part(file.content.place, name) as opened:
        return Image.open(io.BytesIO(opened.read()))


def seen(viewer, file):
    try:
        return get_file(viewer, file.pk) == file
    except NotFound:
        return False


def test_kept_as_webp_in_widths_upright_and_without_what_the_camera_wrote(world):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "Lantern Phones"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    file = give(world, data=picture(1200, 2100, "JPEG", exif=exif), name="C:\\Pictures\\lamp\u202egpj.jpg")
    content = file.content
    assert (content.kind, content.media_type, content.width, content.height) == ("picture", "image/jpeg", 1920, 1097)
    assert content.widths == [480, 960, 1920]
    assert file.name == "lampgpj.jpg"
    for width in content.widths:
        one = part(file, f"{width}.webp")
        assert (one.format, one.width, dict(one.getexif()), one.info.get("xmp")) == ("WEBP", width, {}, None)
        with storing.open_part(content.place, f"{width}.webp") as opened:
            assert b"Lantern" not in opened.read()


def test_a_moving_picture_goes_on_moving_and_has_a_still_one_beside_it(world):
    file = give(world, data=moving(), name="wick.gif")
    assert file.content.moving and part(file, "32.webp").n_frames == 3
    assert getattr(part(file, "still.webp"), "n_frames", 1) == 1
    html = say(world, f"![The wick](/files/{file.pk})").html
    assert f'<source media="(prefers-reduced-motion: reduce)" srcset="/files/{file.pk}/still.webp">' in html


def bomb():
    """A PNG that says it has 900 million pixels, in 70 bytes."""
    head = bytearray(picture(1, 1))
    head[16:24] = (30_000).to_bytes(4, "big") * 2
    head[29:33] = crc32(head[12:29]).to_bytes(4, "big")
    return bytes(head)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "file_empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_unreadable"),
        (b"GIF89a<script>alert(1)</script>", "picture_unreadable"),
        (lambda: picture(400, 300, "JPEG")[:-400], "picture_unreadable"),
        (lambda: picture(form="BMP"), "picture_unreadable"),
        (bomb, "picture_pixels"),
        (lambda: picture(1, 1), "picture_small"),
        (lambda: picture(100, 17_000), "picture_long"),
        (lambda: picture() + b"\0" * (rules.PICTURE_MIB * rules.MIB), "picture_large"),
    ],
)
def test_refused_by_content_with_what_to_do_and_nothing_left(world, given, code):
    before = storing.places_of(world.now)
    with pytest.raises(Refused) as no:
        give(world, data=given() if callable(given) else given)
    assert no.value.code == code
    assert str(no.value).endswith(".")
    assert not File.objects.exists() and storing.places_of(world.now) == before


@pytest.mark.parametrize(
    ("width", "widths"),
    [(2, [2]), (480, [480]), (560, [560]), (576, [480, 576]), (1000, [480, 1000]), (1920, [480, 960, 1920]), (9000, [480, 960, 1920])],
)
def test_never_wider_than_it_is(width, widths):
    assert rules.widths_of(width) == widths


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a.png", "a.png"), ("/etc/passwd", "passwd"), ("..\\..\\a b.png", "a b.png"), ("", "file"), ("...", "file"), ("灯.png", "灯.png"),
        ("x" * 200 + ".png", "x" * 116 + ".png"), ('a"\r\n.png', "a.png"), ("a\u202egnp.exe", "agnp.exe"),
    ],
)  # fmt: skip
def test_a_name_that_says_only_what_it_is(given, name):
    assert rules.file_name(given) == name


def test_the_same_bytes_are_kept_once_and_given_by_each(world):
    one, again, other = give(world), give(world, name="again.png"), give(world, "ann")
    assert one == again and one.name == again.name == "lamp.png"
    assert other != one and other.content == one.content
    assert FileContent.objects.count() == 1 and len(storing.places_of(world.now)) == 1


def test_a_day_has_its_measure(world, monkeypatch):
    monkeypatch.setattr(rules, "DAY_FILES", 2)
    give(world), give(world), give(world, data=picture(65))
    with pytest.raises(Refused) as no:
        give(world, data=picture(66))
    assert no.value.code == "day_full"
    assert len(storing.places_of(world.now)) == 2, "what was refused left nothing behind"
    give(world, "ann", data=picture(66))
    world.now += timedelta(days=1)
    give(world, data=picture(67))


def test_a_post_shows_its_pictures_and_no_others(world):
    file, hidden = give(world), give(world, "ann", data=picture(65))
    say(world, f"![inside](/files/{hidden.pk})", who="ann", space=world.cellar)
    post = say(world, f'![A "lamp" <b>](/files/{file.pk}) ![x](/files/{hidden.pk}) ![y](/files/999) ![z](//files/{file.pk})', who="ben")
    assert 'alt="A &quot;lamp&quot; &lt;b&gt;"' in post.html and 'width="64" height="48"' in post.html
    assert post.html.count("<img") == 2, "Ben belongs to the cellar, so he may show what stands there"
    assert set(PostFile.objects.filter(post=post).values_list("file_id", flat=True)) == {file.pk, hidden.pk}
    stranger = say(world, f"![x](/files/{give(world, 'ann', data=picture(66)).pk})", who="cat")
    assert "<img" not in stranger.html and not PostFile.objects.filter(post=stranger).exists(), "nobody shows what they may not see"


def test_several_pictures_alone_stand_side_by_side(world):
    one, two = give(world), give(world, data=picture(65))
    shown = say(world, f"![](/files/{one.pk})\n![](/files/{two.pk})\n\nand ![](/files/{one.pk}) ![](/files/{two.pk})").html
    assert shown.count('<p class="pictures">') == 1 and shown.count("<img") == 4
    assert shown.count("<p>and <a") == 1, "pictures in the midst of words stay there"


def test_lines_of_pictures_and_files_stand_apart_from_the_words_above_them(world):
    one, two = give(world), give(world, data=picture(65))
    paper = give(world, data=b"%PDF-1.7\n" + b"x" * 900, name="manual.pdf")
    words = f"Two cups,\n*one of\nthem* mine:\n![](/files/{one.pk})\n![a](/files/{two.pk}) \n[manual](/files/{paper.pk})\nAsk me."
    lines = say(world, words).html.replace("</p>\n", "</p>").split("</p>")
    assert lines[0] == "<p>Two cups,\n<em>one of\nthem</em> mine:"
    assert lines[1].startswith('<p class="pictures"><a href=') and lines[1].count("<img") == 2
    assert lines[2].startswith("<p><a ") and f'href="/files/{paper.pk}"' in lines[2] and 'class="file"' in lines[2]
    assert lines[3] == "<p>Ask me." and not lines[4].strip()
    listed = say(world, f"- a cup\n  ![](/files/{one.pk})\n- more").html
    assert "<p" not in listed and listed.count("<img") == 1, "a list stays as tight as it was written"


def test_seen_by_exactly_those_who_may_see_a_post_that_holds_it(world):
    file = give(world, "ann")
    assert seen(world.ann, file) and not any(seen(who, file) for who in (None, world.ben, world.cat, world.dan))
    post = say(world, f"![](/files/{file.pk})", who="ann", space=world.workshop)
    assert seen(world.ben, file) and not seen(world.cat, file) and not seen(None, file)
    leave_space(world.as_("ben"), space=world.workshop)
    assert not seen(world.ben, file)
    quoting = say(world, f"> ![](/files/{file.pk})", who="ann")
    assert all(seen(who, file) for who in (None, world.ben, world.cat))
    actions.remove_post(world.as_("dan"), post=quoting, reason="no")
    assert [seen(who, file) for who in (None, world.cat, world.ann, world.dan)] == [False, False, True, True]
    actions.remove_post(world.as_("ann"), post=post, reason="no")
    assert [seen(who, file) for who in (None, world.cat, world.ann)] == [False, False, True]


def test_what_an_edit_takes_out_is_seen_no_more_but_by_those_who_read_what_it_said_before(world):
    file, other = give(world), give(world, data=picture(65))
    post = say(world, f"![](/files/{file.pk})")
    post = actions.edit_post(world.as_("ben"), post=post, text=f"![](/files/{other.pk})")
    assert [seen(who, file) for who in (None, world.cat, world.ben, world.dan)] == [False, False, True, True]
    post = actions.edit_post(world.as_("dan"), post=post, text=f"![](/files/{file.pk}) ![](/files/{other.pk})")
    assert post.html.count("<img") == 2 and seen(None, file), "who tidies may put it back"
    type(post).objects.filter(pk=post.pk).update(html="", rendered=0)
    assert post_row(None, post).html == post.html, "made anew at a reading, the same"


def test_one_person_sees_what_any_of_their_names_gave(world):
    file = give(world, "cat")
    merge_members(world.as_("dan"), member=world.cat, into=world.ben, reason="one person")
    world.ben.refresh_from_db()
    assert seen(world.ben, file)


def test_what_no_post_took_goes_after_a_day_and_what_a_draft_names_stays(world, django_capture_on_commit_callbacks):
    used, drafted, left = give(world), give(world, data=picture(65)), give(world, data=picture(66))
    both, twin = give(world, data=picture(67)), give(world, "ann", data=picture(67))
    say(world, f"![](/files/{used.pk}) ![](/files/{twin.pk})", who="ben")
    say(world, f"![](/files/{twin.pk})", who="ann")
    actions.keep_draft(world.as_("ben"), place=f"new:{world.hearth.pk}", text=f"half ![](/files/{drafted.pk})")
    for hours, standing in ((23, {used, drafted, left, both, twin}), (25, {used, drafted, twin})):
        with django_capture_on_commit_callbacks(execute=True):
            sweep_files(world.as_("house").at(world.now + timedelta(hours=hours)))
        assert set(File.objects.all()) == standing
    assert set(FileContent.objects.all()) == {used.content, drafted.content, twin.content}
    with pytest.raises(FileNotFoundError):
        storing.open_part(left.content.place, "66.webp")
    storing.open_part(twin.content.place, "67.webp").close()
    again = give(world, data=picture(66))
    assert part(again, "66.webp").width == 66


def test_bytes_of_nobody_go_with_the_next_round(world):
    file = give(world)
    say(world, f"![](/files/{file.pk})")
    file.delete()  # as when a member is erased
    sweep_files(world.as_("house"))
    assert not PostFile.objects.exists() and not FileContent.objects.exists() and storing.places_of(world.now) == []


def test_what_a_crash_left_behind_goes_two_days_later(world):
    place = storing.new_place(world.now, "f" * 32)
    storing.lay(place, {"1.webp": b"half"})
    file = give(world)
    sweep_files(world.as_("house").at(world.now + timedelta(days=2)))
    names = storing.places_of(world.now)
    assert place not in names
    assert not File.objects.filter(pk=file.pk).exists()


def test_the_store_may_be_another_than_a_folder(world, settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    file = give(world)
    assert part(file, "64.webp").width == 64
    assert not (Path(settings.MEDIA_ROOT) / file.content.place).exists()
    sweep_files(world.as_("house").at(world.now + timedelta(days=2)))
    with pytest.raises(FileNotFoundError):
        storing.open_part(file.content.place, "64.webp")


def test_a_post_holds_twenty(world, monkeypatch):
    monkeypatch.setattr(rules, "POST_FILES", 1)
    text = "".join(f"![](/files/{give(world, data=picture(64 + n)).pk})" for n in range(2))
    with pytest.raises(Refused) as no:
        say(world, text)
    assert no.value.code == "many_files"
