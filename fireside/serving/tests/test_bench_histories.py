"""The histories that the bench brings in are what their sources write: every message of them comes in, once parsed where that is enough."""

import pytest

from fireside.activity import actor
from fireside.activity.jobs import run_here
from fireside.connectors.readers.chats import CHATS
from fireside.conversation.models import Post, Topic
from fireside.serving.bench.histories import HISTORIES

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TOPICS = {"zulip": 40, "discourse": 6, "stackexchange": 30, "mbox": 6}


def bring(kind: str, folder, size: int = 120) -> None:
    row = run_here(actor.house("cli"), f"connectors.import_{kind}", {"path": str(HISTORIES[kind](folder, size)), "source": "test"})
    assert not row.error and (row.counts["imported"], row.counts["rejected"]) == (size, 0), row.error or row.counts


def test_every_importer_of_talk_is_measured():
    assert HISTORIES.keys() == CHATS.keys()


@pytest.mark.parametrize("kind", HISTORIES)
def test_every_message_of_a_history_comes_in(kind, tmp_path):
    bring(kind, tmp_path)
    assert Post.objects.filter(source="test").count() == 120
    assert Topic.objects.filter(source="test").count() == TOPICS.get(kind, 40)


@pytest.mark.parametrize("kind", HISTORIES)
def test_what_is_made_of_a_record_is_kept_for_the_second_reading(kind, tmp_path, monkeypatch):
    archive, seen = type(CHATS[kind].open(HISTORIES[kind](tmp_path, 1))), []
    whole, walk = archive.read, archive.messages
    monkeypatch.setattr(archive, "read", lambda self, value, now: seen.append("read") or whole(self, value, now))
    monkeypatch.setattr(archive, "messages", lambda self: seen.append("walk") or walk(self))
    bring(kind, tmp_path)
    assert (seen.count("read"), seen.count("walk")) == (120, 1)
