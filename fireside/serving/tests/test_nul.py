"""A NUL in an address, a form or a file is left out: PostgreSQL refuses it as text, and that would be our fault. (JSON: site/tests/test_api_examples.py.)"""

import pytest
from django.core.management import call_command

from fireside.conversation.models import Draft, Topic

ASKED = ("/people?q=%00", "/people?q=%%0000", "/people?search=a%00", "/talk?after=%00", "/talk?show=%00", "/spaces?after=%00", "/spaces/%00", "/t/%00",
         "/people/%00", "/talk/mentions?q=%00a", "/cockpit/members?space=%00", "/api/v1/people?search=%00", "/api/v1/topics?space=%00",
         "/api/v1/topics?cursor=%00", "/api/v1/spaces/%00", "/api/v1/people/%00", "/api/v1/metrics/members?space=%00")  # fmt: skip


@pytest.mark.both
@pytest.mark.django_db
@pytest.mark.parametrize("address", ASKED)
def test_a_nul_breaks_nothing(world, client, address):
    client.raise_request_exception = False
    client.force_login(world.dan)
    assert client.get(address).status_code < 500


@pytest.mark.both
@pytest.mark.django_db
def test_a_nul_in_a_form_is_left_out(world, client, tmp_path):
    client.force_login(world.ben)
    at = f"/spaces/{world.hearth.slug}/new"
    assert client.post(at, {"title": "Loo\x00se", "text": "It\x00 tur\x08ns.", "key": "k\x001", "asks": "1"}).status_code == 302
    topic = Topic.objects.get()
    assert (topic.title, topic.posts.get().source_text, topic.posts.get().external_id) == ("Loose", "It turns.", "k1")
    client.post("/talk/drafts", {"place": f"reply:{topic.pk}\x00", "text": "Ha\x00lf", "key": "\x00", "ti\x00tle": "x"})
    kept = Draft.objects.get()
    assert (kept.place, kept.text, kept.title) == (f"reply:{topic.pk}", "Half", "x")
    assert client.post("/accounts/login/", {"login": "a\x00", "password": "\x00"}).status_code < 500


@pytest.mark.both
@pytest.mark.django_db
def test_a_nul_in_a_file_of_words_is_left_out(world, tmp_path):
    (tmp_path / "words.txt").write_bytes(b"Ha\x00lf")
    call_command("act", "conversation.keep_draft", "as=ben", "place=reply:1", f"text=@{tmp_path}/words.txt")
    assert Draft.objects.get().text == "Half"
