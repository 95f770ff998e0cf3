"""Topics that were renamed, moved or split at the source between two archives go on where they were, and nothing splits by itself."""

import copy
from datetime import UTC, datetime, timedelta

import pytest

from fireside.connectors.models import Renamed
from fireside.connectors.rules.renames import Known, follow
from fireside.connectors.tests import test_zulip_private as private
from fireside.connectors.tests.conftest import lines, message
from fireside.conversation.models import Post, Topic
from fireside.spaces.actions import change_space
from fireside.spaces.models import Space

T = datetime(2024, 1, 1, tzinfo=UTC)


def some(topic: str, *numbers: int, opens: bool = True) -> list[Known]:
    return [Known(topic, T + timedelta(minutes=n), opens and n == 1) for n in numbers]


@pytest.mark.parametrize(
    ("known", "noted", "found", "news"),
    [
        ({"a": some("a", 1, 2)}, {}, {"a": "a"}, {}),  # nothing changed
        ({"b": some("a", 1, 2)}, {}, {"b": "a"}, {"b": "a", "a": ""}),  # renamed
        ({"b": some("a", 3, 4)}, {}, {"b": "a"}, {"b": "a", "a": ""}),  # renamed, and its beginning is in the earlier archive only
        ({"c": some("a", 1, 2)}, {"b": "a", "a": ""}, {"c": "a"}, {"c": "a", "b": ""}),  # once more
        ({"a": some("a", 1, 2)}, {"b": "a", "a": ""}, {"a": "a"}, {"a": "a", "b": ""}),  # and back
        ({"b": some("a", 1, 2), "a": []}, {}, {"b": "a", "a": "a~m"}, {"b": "a", "a": "a~m"}),  # its old name is another topic's now
        ({"a": []}, {"b": "a", "a": ""}, {"a": "a~m"}, {"a": "a~m"}),  # and in an archive without the renamed one
        ({"a": some("a", 1, 2), "b": some("a", 3, 4, 5)}, {}, {"a": "a", "b": "b"}, {}),  # split: the first message decides
        ({"a": [], "b": some("a", 3, 4)}, {}, {"a": "a", "b": "b"}, {}),  # split, in an archive that begins later
        ({"b": some("a", 1), "c": some("a", 2, 3)}, {}, {"b": "a", "c": "c"}, {"b": "a", "a": ""}),  # renamed and split
        ({"c": some("a", 1, 2, 3) + some("b", 4)}, {}, {"c": "a"}, {"c": "a", "a": ""}),  # two become one: the majority decides
        ({"b": some("a", 1) + some("b", 2, 3)}, {}, {"b": "b"}, {}),  # one moved into another
        ({"b": []}, {"b": "a", "a": ""}, {"b": "a"}, {}),  # an archive without a known message: what was noted holds
    ],
)
def test_which_topic_goes_on_under_which_name(known, noted, found, news):
    there = {one.topic for rows in known.values() for one in rows} | {"a"}
    assert follow(dict.fromkeys(known, "m"), known, noted, there) == (found, news)


def talk(first: int, last: int, topic: str, **more: str) -> list[dict]:
    return [message(n, topic=topic, sender=("Ada", "Bo")[n % 2], **more) for n in range(first, last + 1)]


@pytest.mark.django_db
@pytest.mark.both
def test_replies_after_a_rename_stand_in_their_topic(bring, tmp_path):
    bring("zulip", lines(tmp_path / "one.jsonl", talk(1, 3, "lamp") + talk(10, 11, "shade")))
    bring("zulip", lines(tmp_path / "two.jsonl", talk(1, 5, "bright lamp")))
    bring("zulip", lines(tmp_path / "three.jsonl", talk(1, 6, "very bright lamp") + talk(20, 21, "bright lamp") + talk(12, 12, "shade")))
    bring("zulip", lines(tmp_path / "four.jsonl", talk(7, 7, "very bright lamp") + talk(22, 22, "bright lamp")))
    found = {str(t.title): sorted(int(p.external_id) for p in t.posts.all()) for t in Topic.objects.all()}
    assert found == {"lamp": [1, 2, 3, 4, 5, 6, 7], "shade": [10, 11, 12], "bright lamp": [20, 21, 22]}
    lamp = Topic.objects.get(title="lamp")
    assert (lamp.posts_count, lamp.posts.get(external_id="7").number) == (7, 7)
    assert Renamed.objects.filter(topic=lamp.external_id).get().name.endswith("very bright lamp")


@pytest.mark.django_db
def test_a_topic_moved_into_another_channel_goes_on_in_its_space(bring, tmp_path):
    bring("zulip", lines(tmp_path / "one.jsonl", talk(1, 3, "lamp") + talk(9, 9, "shade", stream="8-shades")))
    bring("zulip", lines(tmp_path / "two.jsonl", talk(1, 5, "lamp", stream="8-shades")))
    assert [t.space.external_id for t in Topic.objects.filter(title="lamp")] == ["7"]
    assert Topic.objects.get(title="lamp").posts_count == 5


@pytest.mark.django_db
def test_words_that_were_edited_there_stay_and_are_counted(bring, tmp_path):
    bring("zulip", lines(tmp_path / "one.jsonl", talk(1, 3, "lamp")))
    again = bring(
        "zulip", lines(tmp_path / "two.jsonl", [message(1, topic="lamp", sender="Bo", content="<p>other</p>"), *talk(2, 4, "lamp")])
    )
    assert (again.counts["imported"], again.counts["unchanged"], again.counts["changed_there"]) == (1, 3, 1)
    assert "words 1" in Post.objects.get(external_id="1").source_text


@pytest.mark.django_db
def test_what_is_said_in_private_never_goes_on_where_a_topic_came_from_while_all_was_open(bring, tmp_path, world):
    shed, first = 95, private.an_export()
    first["realm.json"]["zerver_stream"].append({"id": 10, "name": "shed", "invite_only": False, "history_public_to_subscribers": True})
    first["realm.json"]["zerver_recipient"].append({"id": shed, "type": 2, "type_id": 10})
    first["messages-000001.json"]["zerver_message"].append(private.message(141, 10, shed) | {"subject": "other"})
    bring("zulip", private.write(tmp_path / "first", first), source="")
    moved = copy.deepcopy(first)
    for one in moved["messages-000001.json"]["zerver_message"]:
        one["recipient"] = shed if one["id"] in (101, 102) else one["recipient"]
    bring("zulip", private.write(tmp_path / "moved", moved), source="")
    assert Renamed.objects.exclude(topic="").count() == 1  # shed / Wire goes on with lamps / Wire
    change_space(world.as_("dan"), space=Space.objects.get(name="shed"), openness="hidden")
    later = copy.deepcopy(moved)
    later["realm.json"]["zerver_stream"][-1]["invite_only"] = True
    later["realm.json"]["zerver_subscription"].append({"user_profile": 10, "recipient": shed, "active": True})
    for number in (150, 151):
        later["messages-000001.json"]["zerver_message"].append(private.message(number, 10, shed))
        bring("zulip", private.write(tmp_path / "later", later), source="")
    spaces = Post.objects.filter(external_id__in=["150", "151"]).values_list("topic__space__name", "topic__external_id")
    assert [name for name, _topic in spaces] == ["shed", "shed"] and len(set(spaces)) == 1
