"""Files of acts that come one after another, and what a killed run leaves."""

import pytest

from fireside.connectors.jobs import activity
from fireside.connectors.reasons import notes_of
from fireside.connectors.tests.conftest import lines
from fireside.conversation.models import Post, Topic
from fireside.members.models import Identity
from fireside.spaces.models import Belonging

pytestmark = pytest.mark.django_db
ASKED = {"kind": "asked", "id": "q1", "at": "2024-01-01T09:00:00Z", "actor": "u1", "space": "Lamps", "title": "Why does it flicker?"}


def test_a_later_file_replies_to_topics_of_an_earlier_one_without_naming_their_place(bring, tmp_path):
    bring("activity", lines(tmp_path / "one.jsonl", [ASKED, ASKED | {"id": "q2"}]))
    later = [
        {"kind": "replied", "id": "r1", "at": "2024-01-02T09:00:00Z", "actor": "u2", "topic": "q1", "text": "A loose wire."},
        {"kind": "replied", "at": "2024-01-02T10:00:00Z", "actor": "u3", "topic": "q2"},
        {"kind": "replied", "at": "2024-01-02T10:00:00Z", "actor": "u3", "topic": "q9", "text": "to what?"},
    ]
    path = lines(tmp_path / "two.jsonl", later)
    dry = bring("activity", path, dry_run=True)
    row = bring("activity", path)
    assert (row.counts["imported"], row.counts["reasons"]) == (2, {"no_place": 1}) == (dry.counts["imported"], dry.counts["reasons"])
    first, second = Topic.objects.order_by("external_id")
    assert (first.posts_count, second.posts_count) == (2, 2)
    assert first.answered_at and second.answered_at  # nobody waits for a reply that was given, also when it is not told what it said
    assert second.posts.order_by("-at")[0].source_text == "…"
    assert Belonging.objects.filter(space=first.space_id).count() == 3
    again = bring("activity", path)
    assert (again.counts["imported"], again.counts["unchanged"]) == (0, 2)
    assert Post.objects.count() == 4


def test_who_came_in_before_a_run_was_killed_is_counted_as_new_when_it_goes_on(bring, tmp_path, monkeypatch):
    came = [{"kind": "joined", "at": f"2024-01-0{n}", "actor": f"u{n}"} for n in range(1, 5)]
    path = lines(tmp_path / "acts.jsonl", [*came, came[0] | {"at": "2024-02-01"}, ASKED])

    def dies(*args, **kw):
        raise RuntimeError("killed")

    with monkeypatch.context() as here:
        here.setattr(activity, "take_in_places", dies)  # after its people, before its first batch
        bring("activity", path, fails="killed")
    row = bring("activity", path)
    assert (row.counts["imported"], row.counts["unchanged"]) == (5, 1)  # the second line on u1 tells nothing new
    again = bring("activity", path)
    assert (again.counts["imported"], again.counts["unchanged"]) == (0, 6)


def test_what_has_no_place_brings_nobody_and_no_topic(bring, tmp_path):
    lost = {"kind": "replied", "id": "r9", "at": "2024-01-02T10:00:00Z", "actor": "u9", "topic": "nowhere", "text": "to what?"}
    row = bring("activity", lines(tmp_path / "acts.jsonl", [lost, ASKED, lost | {"id": "r10", "actor": "u1"}]))
    assert (row.counts["imported"], row.counts["reasons"]) == (1, {"no_place": 2})
    assert (row.counts["topics"], Topic.objects.count()) == (1, 1)
    assert (row.counts["people"], list(Identity.objects.values_list("external_id", flat=True))) == (1, ["u1"])


def test_help_for_oneself_is_unchanged_and_said(bring, tmp_path):
    path = lines(tmp_path / "acts.jsonl", [ASKED, {"kind": "helped", "at": "2024-01-03", "actor": "u1", "target": "q1"}])
    for imported, unchanged in ((1, 1), (0, 2)):
        row = bring("activity", path)
        assert (row.counts["imported"], row.counts["unchanged"], row.counts["helped_themselves"]) == (imported, unchanged, 1)
    assert "1 line says that somebody helped themselves" in " ".join(notes_of(row.counts))
