"""What an export holds beside its words: pictures of people, signs, files, and who was let into what."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from fireside.connectors.models import ImportRun
from fireside.connectors.reasons import notes_of
from fireside.connectors.rules.zulip_files import file_of, files_in_html, files_in_markdown
from fireside.connectors.tests.conftest import START
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Post, Reaction, Topic
from fireside.members import pictures
from fireside.members.actions import remove_picture, set_picture
from fireside.members.models import Identity, Member
from fireside.spaces.actions import change_space
from fireside.spaces.models import Belonging, Space
from fireside.spaces.queries import known_spaces, visible_spaces

pytestmark = pytest.mark.django_db

SITE = "lamp.example.org"
PEOPLE = {10: "Ada", 11: "Bo", 12: "Cy", 13: "Di", 14: "Ed"}
LAMPS, CELLAR, ATTIC = 70, 80, 85  # open; private; private, and its past is kept from who comes later


def message(number: int, sender: int, recipient: int, html: str | None = None, text: str = "words") -> dict:
    html = f"<p>words {number}</p>" if html is None else html
    return {"id": number, "sender": sender, "recipient": recipient, "subject": "Wire", "content": text, "rendered_content": html, "date_sent": START + number}  # fmt: skip


def an_export() -> dict:
    """Ada, Bo, Cy, Di and Ed write; Cy has left the cellar, Ed has left the house, Di came late into the attic."""
    return {
        "realm.json": {
            "zerver_realm": [{"id": 1, "string_id": "lamp", "uri": f"https://{SITE}", "enable_spectator_access": False}],
            "zerver_userprofile": [
                {"id": number, "full_name": name, "delivery_email": f"{name}@example.org".lower(), "date_joined": START, "is_active": name != "Ed", "avatar_source": "G" if name == "Di" else "U"}
                for number, name in PEOPLE.items()
            ],
            "zerver_stream": [
                {"id": 7, "name": "lamps", "invite_only": False, "is_web_public": True, "history_public_to_subscribers": True},
                {"id": 8, "name": "cellar", "description": "SECRET plan", "invite_only": True, "history_public_to_subscribers": True},
                {"id": 9, "name": "attic", "invite_only": True, "history_public_to_subscribers": False},
            ],
            "zerver_recipient": [{"id": LAMPS, "type": 2, "type_id": 7}, {"id": CELLAR, "type": 2, "type_id": 8}, {"id": ATTIC, "type": 2, "type_id": 9}, {"id": 90, "type": 3, "type_id": 1}],
            "zerver_subscription": [
                *({"user_profile": one, "recipient": CELLAR, "active": one != 12} for one in (10, 12, 14)),
                *({"user_profile": one, "recipient": ATTIC, "active": True} for one in (10, 13)),
            ],
            "zerver_reaction": [
                {"message": 101, "user_profile": 11, "emoji_name": "glow_worm", "emoji_code": "3", "reaction_type": "realm_emoji"},
                {"message": 101, "user_profile": 12, "emoji_name": "+1", "emoji_code": "1f44d", "reaction_type": "unicode_emoji"},
                {"message": 130, "user_profile": 12, "emoji_name": "glow_worm", "emoji_code": "3", "reaction_type": "realm_emoji"},
            ],
        },
        "messages-000001.json": {
            "zerver_message": [
                message(101, 10, LAMPS, '<p>see <a href="/user_uploads/1/ab/plan.pdf">plan.pdf</a> <img alt=":glow_worm:" class="emoji" src="/user_avatars/1/emoji/images/3.png" title="glow worm"></p>'),
                message(102, 11, LAMPS, "", f"![x](/user_uploads/1/cd/lamp.png) and [this](https://{SITE}/user_uploads/1/ab/plan.pdf), not `[b](/user_uploads/1/x)`"),
                message(110, 12, CELLAR), message(111, 14, CELLAR), message(112, 10, CELLAR),
                message(120, 10, ATTIC), message(121, 13, ATTIC),
                message(130, 11, 90, "<p>SECRET</p>", "SECRET"),
                message(131, 11, 4711, "<p>SECRET</p>", "SECRET") | {"is_channel_message": False},
            ],
            "zerver_usermessage": [{"user_profile": who, "message": what} for who, what in ((10, 120), (10, 121), (13, 121), (10, 101))],
        },
        "attachment.json": {"zerver_attachment": [{"id": n, "path_id": path} for n, path in enumerate(("1/ab/plan.pdf", "1/cd/lamp.png", "1/ef/SECRET.pdf"))]},
        "avatars/records.json": [
            {"user_profile_id": 10, "path": "1/ada.original", "avatar_version": 2}, {"user_profile_id": 10, "path": "1/ada.png", "avatar_version": 2},
            {"user_profile_id": 11, "path": "1/bo.original", "avatar_version": 1}, {"user_profile_id": 11, "path": "1/bo.png", "avatar_version": 1},
            {"user_profile_id": 12, "path": "1/cy.png"}, {"user_profile_id": 13, "path": "1/ada.png"},
            {"user_profile_id": 14, "path": "../../outside.png"}, {"user_profile_id": 14, "path": "1/missing.png"}, "no record",
        ],
    }  # fmt: skip


def png(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def write(folder: Path, export: dict) -> Path:
    """Ada has both files, Bo's original is broken, Cy's only one is."""
    for name, value in export.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    for name, data in {"ada.original": png("red"), "ada.png": png("green"), "bo.original": b"\x89PNG broken", "bo.png": png("blue"), "cy.png": b"words"}.items():  # fmt: skip
        (folder / "avatars" / "1").mkdir(exist_ok=True)
        (folder / "avatars" / "1" / name).write_bytes(data)
    (folder.parent / "outside.png").write_bytes(png("black"))
    return folder


@pytest.fixture
def brought(bring, tmp_path):
    return bring("zulip", write(tmp_path / "export", an_export()), source="")


def named(name: str) -> Member:
    return Member.objects.get(name=name)


def belonging(space: str) -> set[str]:
    return set(Belonging.objects.filter(space__name=space).values_list("member__name", flat=True))


# ── who reads what ──
def test_private_streams_are_hidden_and_only_who_reads_all_of_them_today_belongs(brought):
    assert dict(Space.objects.values_list("name", "openness")) == {"lamps": "open", "cellar": "hidden", "attic": "hidden"}
    assert (belonging("cellar"), belonging("attic")) == ({"Ada"}, {"Ada"})
    assert belonging("lamps") == {"Ada", "Bo"}
    assert (brought.counts["hidden_spaces"], brought.counts["not_let_in"]) == (2, 1)  # Di, who came late
    for name, sees in {"Ada": {"lamps", "cellar", "attic"}, "Bo": {"lamps"}, "Cy": {"lamps"}, "Di": {"lamps"}, "Ed": {"lamps"}}.items():
        for circle in (known_spaces, visible_spaces):
            assert set(circle(named(name)).values_list("name", flat=True)) == sees
    assert not visible_spaces(None).exists()  # web-public there, but spectators are not let in


def test_a_private_stream_in_which_nothing_was_said_keeps_its_people(bring, tmp_path):
    export = an_export()
    export["messages-000001.json"]["zerver_message"] = [
        one for one in export["messages-000001.json"]["zerver_message"] if one["recipient"] != ATTIC
    ]
    bring("zulip", write(tmp_path / "export", export), source="")
    assert belonging("attic") == {"Ada", "Di"}


def test_of_direct_messages_nothing_is_here_but_their_number(brought):
    assert brought.counts["reasons"] == {"direct_message": 2}
    assert brought.counts["reactions_rejected"] == 1
    kept = [str(rows) for name, rows in everything().items() if name != "spaces.space"]
    assert "SECRET" not in "".join(kept) + Path(brought.counts["rejected_file"]).read_text()


def test_a_damaged_part_shows_nothing_of_what_stood_in_it(bring, tmp_path):
    folder = write(tmp_path / "export", an_export())
    (folder / "messages-000002.json").write_text('{"zerver_message": [{"recipient": 90, "content": "SECRET"}')
    (folder / "messages-000003.json").write_text('{"zerver_message": ["SECRET", {"recipient": [90], "content": "SECRET"}]}')
    row = bring("zulip", folder, source="")
    assert row.counts["reasons"] == {"direct_message": 2, "bad_json": 1, "not_a_record": 1, "no_place": 1}
    assert "SECRET" not in Path(row.counts["rejected_file"]).read_text()


def test_who_has_left_since_does_not_read_on_and_who_was_let_in_here_stays(bring, brought, tmp_path, world):
    from fireside.spaces.actions import bring_in

    cellar = Space.objects.get(name="cellar")
    bring_in(world.as_("dan"), space=cellar, member=world.people["ben"])
    later = an_export()
    for row in later["realm.json"]["zerver_subscription"]:
        row["active"] = row["active"] and not (row["user_profile"] == 10 and row["recipient"] == CELLAR)
    later["messages-000001.json"]["zerver_message"].append(message(113, 14, CELLAR))
    assert bring("zulip", write(tmp_path / "later", later), source="").counts["imported"] == 1
    assert belonging("cellar") == {"Ben"}
    assert Space.objects.get(name="cellar").members_count == 1


def test_a_stream_that_was_made_private_since_brings_nothing_into_a_space_that_stands_open(bring, brought, tmp_path, world):
    later = an_export()
    later["realm.json"]["zerver_stream"][0]["invite_only"] = True
    later["messages-000001.json"]["zerver_message"].append(message(140, 10, LAMPS))
    row = bring("zulip", write(tmp_path / "later", later), source="")
    assert (row.counts["imported"], row.counts["reasons"]["private_there"]) == (0, 1)
    assert not Post.objects.filter(external_id="140").exists()
    change_space(world.as_("dan"), space=Space.objects.get(name="lamps"), openness="hidden")
    assert bring("zulip", tmp_path / "later", source="").counts["imported"] == 1


def test_importing_twice_changes_nothing(bring, brought, tmp_path):
    before = everything()
    again = bring("zulip", tmp_path / "export", source="")
    assert (again.counts["imported"], again.counts["pictures"], again.counts["pictures_unchanged"]) == (0, 0, 2)
    assert everything() == before


# ── pictures ──
def test_pictures_of_people_come_in_made_anew_and_a_broken_one_is_named(brought, settings):
    assert (brought.counts["pictures"], brought.counts["pictures_rejected"]) == (2, 1)
    assert {m.name for m in Member.objects.exclude(picture="")} == {"Ada", "Bo"}  # Di's is a made one, Ed's record leads out of the folder
    with Image.open(Path(settings.MEDIA_ROOT) / named("Ada").picture) as made:
        assert (made.format, made.size) == ("WEBP", (pictures.SIDE, pictures.SIDE))
        assert made.convert("RGB").getpixel((9, 9))[0] > 200  # the original, not the small green one
    told = [json.loads(line) for line in Path(brought.counts["rejected_file"]).read_text().splitlines()]
    assert [(one["place"], one["reason"]) for one in told if "avatars" in one["place"]] == [("avatars/1/cy.png", "picture_unreadable")]


@pytest.mark.parametrize("form", ["gztar", "zip"])
def test_of_a_packed_export_the_pictures_come_too_and_files_are_left_in_it(bring, tmp_path, form):
    folder = write(tmp_path / "in" / "zulip-export-x", an_export())
    (folder / "uploads" / "1").mkdir(parents=True)
    (folder / "uploads" / "1" / "large.bin").write_bytes(bytes(9_000_000))
    packed = shutil.make_archive(str(tmp_path / "export"), form, tmp_path / "in")
    row = bring("zulip", Path(packed), source="")
    assert (row.counts["imported"], row.counts["pictures"], row.counts["pictures_rejected"], row.counts["files_left"]) == (7, 2, 1, 3)


def test_a_picture_that_somebody_set_or_took_away_here_stays(bring, brought, tmp_path, world):
    set_picture(replace(world.as_("ann"), who=named("Ada")), picture=png("yellow"))
    remove_picture(replace(world.as_("ann"), who=named("Bo")))
    own = named("Ada").picture
    folder = tmp_path / "export"
    for name in ("ada.original", "bo.original"):
        (folder / "avatars" / "1" / name).write_bytes(png("white"))
    row = bring("zulip", folder, source="")
    assert (row.counts["pictures"], named("Ada").picture, named("Bo").picture) == (0, own, "")


def test_a_newer_picture_of_the_source_takes_the_place_of_its_older_one(bring, brought, tmp_path):
    before = named("Ada").picture
    (tmp_path / "export" / "avatars" / "1" / "ada.original").write_bytes(png("white"))
    assert bring("zulip", tmp_path / "export", source="").counts["pictures"] == 1
    assert named("Ada").picture != before
    assert Identity.objects.get(external_id="10").data["picture"]["kept"] == named("Ada").picture


# ── signs and files ──
def test_a_communitys_own_emoji_keep_their_name(brought):
    assert set(Reaction.objects.values_list("sign", flat=True)) == {"glow_worm", "thumbs_up"}
    assert ":glow_worm:" in Post.objects.get(external_id="101").source_text


def test_files_are_named_where_they_were_shown_and_no_link_to_them_is_left(brought, world, client, sign_in):
    first, second = Post.objects.get(external_id="101"), Post.objects.get(external_id="102")
    shown = sign_in("dan").get(first.topic.get_absolute_url()).content.decode()
    assert "\U0001f4ce plan.pdf" in first.source_text
    assert "\U0001f4ce x and \U0001f4ce this" in second.source_text
    assert "\U0001f4ce plan.pdf" in shown
    assert "user_uploads" not in shown.replace("[b](/user_uploads/1/x)", "")
    assert brought.counts["files_left"] == 3  # of the archive, those of direct messages too
    page = client.get(f"/cockpit/import/runs/{ImportRun.objects.get().pk}").content.decode()
    for words in notes_of(brought.counts):
        assert words.partition(":")[0] in page
    assert Topic.objects.count() == 3


@pytest.mark.parametrize(("language", "words"), [("en", "3 attached files were left in the archive"), ("zh-hans", "3 个附件")])
def test_both_languages_say_plainly_that_files_were_left(language, words):
    from django.utils import translation

    with translation.override(language):
        assert words in notes_of({"files_left": 3})[0]


@pytest.mark.parametrize(
    ("html", "shown", "files"),
    [
        ('<a href="/user_uploads/1/a%20b.pdf">a b.pdf</a>', "\U0001f4ce a b.pdf", 1),
        ('<a href="user_uploads/1/c.pdf">c &amp; d.pdf</a>', "\U0001f4ce c &amp; d.pdf", 1),
        ('<p><a href="/user_uploads/1/x.png">x.png</a></p><div class="message_inline_image"><a href="/user_uploads/1/x.png" title="x.png"><img src="/user_uploads/thumbnail/1/x.png"></a></div>', "<p>\U0001f4ce x.png</p>", 1),
        ('<div class="message_inline_image message_inline_video"><a href="/user_uploads/1/v.mp4"><video src="/user_uploads/1/v.mp4"></video></a></div>', "<p>\U0001f4ce v.mp4</p>", 1),
        ('<audio controls src="/user_uploads/1/s.mp3" title="s.mp3"></audio>', "\U0001f4ce s.mp3", 1),
        ('<img alt="y" class="inline-image" data-original-src="/user_uploads/1/y.png" src="/user_uploads/thumbnail/1/y.png">', "\U0001f4ce y", 1),
        ('<img src="/user_uploads/1/y.png"> and <video src="/user_uploads/1/v.mp4"></video>', "\U0001f4ce y.png and \U0001f4ce v.mp4", 2),
        (f'<a href="https://{SITE.upper()}/user_uploads/1/z.pdf">z</a>', "\U0001f4ce z", 1),
        ('<a href="https://elsewhere.example.org/user_uploads/1/z.pdf">z</a>', '<a href="https://elsewhere.example.org/user_uploads/1/z.pdf">z</a>', 0),
        ('<div class="message_inline_image"><a href="https://i.example.org/a.png"><img src="x"></a></div>', '<div class="message_inline_image"><a href="https://i.example.org/a.png"><img src="x"></a></div>', 0),
    ],
)  # fmt: skip
def test_what_a_message_with_files_becomes(html, shown, files):
    text, found = files_in_html(html, SITE)
    assert (text, len(found)) == (shown, files)
    assert files_in_html(text, SITE) == (text, ())


def test_files_in_markdown_and_whose_they_are():
    assert files_in_markdown("a [b c](/user_uploads/1/b.pdf) ```\n[d](/user_uploads/1/d)\n```") == (
        "a \U0001f4ce b c ```\n[d](/user_uploads/1/d)\n```",
        ("1/b.pdf",),
    )
    assert file_of("/user_uploads/1/a.png?x#y") == "1/a.png"
    assert file_of(f"https://{SITE}/user_uploads/1/a.png", "lamp") == "1/a.png"
    assert file_of(f"https://{SITE}/user_uploads/1/a.png", "lam") == ""
    assert file_of(f"https://{SITE}/user_uploads/1/a.png") == ""  # nobody says that this is the archive's own site
