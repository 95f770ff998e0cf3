"""A Zulip history comes in, in each of its three forms: once, whole, and telling nobody."""

import gzip
import json
from pathlib import Path

import pytest

from fireside.activity.models import Activity, Letter
from fireside.connectors.models import ImportRun
from fireside.connectors.tests.conftest import START, lines, message
from fireside.conversation.models import Mention, Post, Topic
from fireside.members.actions import mark_bot, mark_person
from fireside.members.models import Identity, Member
from fireside.spaces.models import Belonging, Space

pytestmark = pytest.mark.django_db

TALK = [
    message(1, topic="Loose.20wire", content="<p>Why does it flicker?</p>"),
    message(
        2, topic="Loose.20wire", sender="Bo", content='<p><span class="user-mention" data-user-id="9">@Ada Lovelace</span> push it in</p>'
    ),
    message(
        3,
        topic="Loose.20wire",
        sender="ADA  LOVELACE",
        content='<p><em>Bo</em> <a href="#narrow/stream/7-lamps/near/2">said</a>:</p><p>ok</p>',
    ),
    message(
        4,
        stream="8-new-rooms",
        topic=".E2.9C.94.20Hello",
        sender="Notification Bot",
        content='<p><a class="stream" data-stream-id="8" href="#x">#new rooms</a></p>',
    ),
]


def test_lines_become_people_spaces_topics_and_posts_with_their_times(bring, tmp_path):
    row = bring("zulip", lines(tmp_path / "talk.jsonl", TALK))
    assert (row.counts["imported"], row.counts["bots"], row.counts["topics"]) == (4, 1, 2)
    assert {(s.name, s.external_id) for s in Space.objects.all()} == {("lamps", "7"), ("new rooms", "8")}
    assert set(Topic.objects.values_list("title", flat=True)) == {"Loose wire", "✔ Hello"}
    ada = Identity.objects.get(external_id="name:adalovelace")
    assert ada.weak
    assert ada.name == "Ada Lovelace"
    posts = list(Post.objects.order_by("external_id"))
    assert [p.author_id == ada.member_id for p in posts] == [True, False, True, False]
    assert [p.at.timestamp() for p in posts] == [START + n * 60 for n in (1, 2, 3, 4)]
    assert (posts[2].reply_to_id, posts[0].format) == (posts[1].pk, "html")
    assert list(Mention.objects.values_list("post_id", "member_id")) == [(posts[1].pk, ada.member_id)]
    assert set(Belonging.objects.values_list("member__name", flat=True)) == {"Ada Lovelace", "Bo"}  # bots belong nowhere
    log = Activity.objects.filter(source="test").exclude(kind__startswith="spaces.")
    assert sorted(log.values_list("kind", "external_id")) == [
        ("conversation.asked", "1"), ("conversation.opened", "4"), ("conversation.replied", "2"), ("conversation.replied", "3"),
        ("members.joined", "person:name:adalovelace"), ("members.joined", "person:name:bo"), ("members.joined", "person:name:notificationbot"),
    ]  # fmt: skip
    assert log.filter(imported=False).count() == 0
    assert set(log.values_list("via", flat=True)) == {"import"}


def everything() -> dict[str, list]:
    """Every row of every table of ours except the runs themselves."""
    from django.apps import apps

    left = {"activity.job", "connectors.importrun", "activity.bookmark", "activity.sweep"}
    found = {
        m._meta.label_lower: list(m.objects.order_by("pk").values()) for m in apps.get_models() if m.__module__.startswith("fireside.")
    }
    found["activity.activity"] = [row for row in found["activity.activity"] if row["kind"] != "connectors.brought_in"]
    return {name: rows for name, rows in found.items() if name not in left}


def test_twice_changes_nothing_and_overlaps_come_in_once(bring, tmp_path):
    first, second = lines(tmp_path / "a.jsonl", TALK[:3]), lines(tmp_path / "b.jsonl", TALK[1:])
    bring("zulip", first)
    before = everything()
    again = bring("zulip", first)
    assert (again.counts["imported"], again.counts["unchanged"]) == (0, 3)
    assert everything() == before
    more = bring("zulip", second)
    assert (more.counts["imported"], more.counts["unchanged"]) == (1, 2)
    assert Post.objects.count() == 4
    assert Topic.objects.get(external_id="7/Loose wire").posts_count == 3


def test_a_topic_that_was_resolved_meanwhile_goes_on_and_both_forms_stay_apart(bring, tmp_path):
    bring("zulip", lines(tmp_path / "a.jsonl", [message(1, topic="Wire"), message(2, topic="Wire")]))
    bring("zulip", lines(tmp_path / "b.jsonl", [message(n, topic=".E2.9C.94.20Wire") for n in (1, 2, 3)]))
    assert list(Topic.objects.values_list("posts_count", flat=True)) == [3]
    bring("zulip", lines(tmp_path / "c.jsonl", [message(9, topic="Fuse"), message(10, topic=".E2.9C.94.20Fuse")]))
    assert Topic.objects.count() == 3


def test_topics_that_are_no_addresses_stay_as_they_are(bring, tmp_path):
    bring("zulip", lines(tmp_path / "a.jsonl", [message(1, topic="v1.20"), message(2, topic="two words")]))
    assert set(Topic.objects.values_list("title", flat=True)) == {"v1.20", "two words"}


def test_a_bad_line_is_named_with_its_number_and_stops_nothing(bring, tmp_path):
    path = tmp_path / "bad.jsonl"
    good = [json.dumps(message(n)).encode() for n in (1, 2)]
    bad = [
        b'{"id": 3, "broken', b"\xff\xfe\x00", json.dumps(message(4) | {"timestamp": 9e12}).encode(), b'"just words"',
        b'{"id": 5, "x": "' + b"y" * 10_000_000 + b'"}', json.dumps(message(6, content="a\0b")).encode(),
        json.dumps(message(7, content="\ud800")).encode(), json.dumps({"id": 8}).encode(), b'{"id": 9, "timestamp": NaN}', b"[" * 100_000,
    ]  # fmt: skip
    path.write_bytes(b"\n".join([good[0], *bad, b"", good[1]]) + b"\n")
    row = bring("zulip", path)
    assert (row.counts["read"], row.counts["imported"], row.counts["rejected"]) == (12, 2, 10)
    told = [json.loads(line) for line in Path(row.counts["rejected_file"]).read_text("ascii").splitlines()]
    assert [(one["place"], one["reason"]) for one in told] == [
        ("bad.jsonl:2", "bad_json"), ("bad.jsonl:3", "bad_encoding"), ("bad.jsonl:4", "impossible_time"), ("bad.jsonl:5", "not_a_record"),
        ("bad.jsonl:6", "too_long"), ("bad.jsonl:7", "bad_characters"), ("bad.jsonl:8", "bad_characters"), ("bad.jsonl:9", "no_time"),
        ("bad.jsonl:10", "bad_json"), ("bad.jsonl:11", "bad_json"),
    ]  # fmt: skip
    assert max(len(one["record"]) for one in told) < 21_000


def test_a_packed_file_that_was_cut_off_says_so_and_keeps_what_came(bring, tmp_path):
    path = tmp_path / "talk.jsonl.gz"
    whole = gzip.compress("".join(json.dumps(message(n)) + "\n" for n in range(1, 3000)).encode())
    path.write_bytes(whole[: len(whole) // 2])
    row = bring("zulip", path)
    assert row.counts["reasons"].get("cut_off") == 1
    assert row.counts["imported"] > 100


def test_nothing_imported_tells_anybody_or_pays(bring, tmp_path, world):
    from fireside.activity.worker import react_until_quiet
    from fireside.notifications.models import Notice

    talk = [
        message(
            n, sender=("Ada Lovelace", "Bo")[n % 2], content='<p><span class="user-mention" data-user-id="1">@Ada Lovelace</span> hi</p>'
        )
        for n in range(1, 40)
    ]
    react_until_quiet(world.now)
    before = Notice.objects.count(), Letter.objects.count()
    bring("zulip", lines(tmp_path / "talk.jsonl", talk))
    react_until_quiet(world.now)
    assert (Notice.objects.count(), Letter.objects.count()) == before


def test_an_operators_word_about_a_bot_survives(bring, tmp_path, world):
    path = lines(tmp_path / "talk.jsonl", TALK)
    bring("zulip", path)
    machine, person = Member.objects.get(name="Notification Bot"), Member.objects.get(name="Bo")
    mark_person(world.as_("dan"), member=machine)
    mark_bot(world.as_("dan"), member=person)
    path.write_text(path.read_text() + json.dumps(message(9, sender="Notification Bot")) + "\n")
    bring("zulip", path)
    assert (Member.objects.get(pk=machine.pk).is_bot, Member.objects.get(pk=person.pk).is_bot) == (False, True)


def test_the_same_messages_under_another_name_are_refused(bring, tmp_path):
    bring("zulip", lines(tmp_path / "a.jsonl", TALK), source="zulip:one")
    bring("zulip", lines(tmp_path / "b.jsonl", TALK), source="", fails="zulip:one")
    assert bring("zulip", tmp_path / "b.jsonl", source="zulip:two").counts["imported"] == 4  # who says so by name may


def test_a_dry_run_counts_and_changes_nothing(bring, tmp_path):
    path = lines(tmp_path / "a.jsonl", [*TALK, TALK[0], "oops"])
    before = everything()
    row = bring("zulip", path, dry_run=True)
    assert (row.counts["imported"], row.counts["unchanged"], row.counts["rejected"]) == (4, 1, 1)
    assert everything() == before
    assert ImportRun.objects.count() == 0


def test_streams_may_stand_in_a_space_and_stay_where_somebody_moves_them(bring, tmp_path, world):
    from fireside.spaces.actions import move_space

    path = lines(tmp_path / "a.jsonl", TALK)
    bring("zulip", path, space="hearth")
    lamps = Space.objects.get(external_id="7")
    assert lamps.parent_id == world.hearth.pk
    move_space(world.as_("dan"), space=lamps)
    bring("zulip", path, space="hearth")
    assert Space.objects.get(external_id="7").parent_id is None


FOLDER = {
    "stream_index.json": {"streams": {"new rooms": {"id": 8, "latest_id": 2, "topic_data": {}}}},
    "8-new-rooms/Hi.20all.2E.json": [
        {"id": 1, "timestamp": START, "sender_full_name": "Ada Lovelace", "content": "<p>hi</p>"},
        {"id": 2, "timestamp": START + 5, "sender_full_name": "Bo", "content": "<p>hi</p>"},
        "no record",
    ],
    "9-lamps/Broken.json": None,
}


def test_the_archives_own_folder(bring, tmp_path):
    root = tmp_path / "archive" / "zulip_json"
    for name, value in FOLDER.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(json.dumps(value) if value is not None else "[{", encoding="utf-8")
    page = tmp_path / "archive" / "stream" / "8-new-rooms" / "topic" / "x.html"
    page.parent.mkdir(parents=True)
    page.write_text('<a href="https://chat.example.org#narrow/stream/8/near/1" class="zl">')
    row = bring("zulip", tmp_path / "archive", source="")
    assert row.counts["source"] == "zulip:chat.example.org"
    assert (row.counts["imported"], row.counts["reasons"]) == (2, {"not_a_record": 1, "bad_json": 1})
    assert Space.objects.filter(topics__isnull=False).values_list("name", flat=True).distinct().get() == "new rooms"
    assert Topic.objects.get().title == "Hi all."
    bring("zulip", root, source="zulip:chat.example.org")
    assert Post.objects.count() == 2


def test_a_message_that_an_archive_holds_in_two_topics_comes_in_once(bring, tmp_path):
    """What archives do when a topic is moved: the old file stays beside the new one."""
    root = tmp_path / "zulip_json"
    for topic, numbers in {"Old": (1, 2), "New": (2, 3)}.items():
        (root / "7-lamps").mkdir(parents=True, exist_ok=True)
        rows = [{"id": n, "timestamp": START + n, "sender_full_name": "Ada", "content": "<p>hi</p>"} for n in numbers]
        (root / "7-lamps" / f"{topic}.json").write_text(json.dumps(rows))
    row = bring("zulip", root)
    assert (row.counts["read"], row.counts["imported"], row.counts["unchanged"]) == (4, 3, 1)
    assert sum(Topic.objects.values_list("posts_count", flat=True)) == Post.objects.count() == 3
