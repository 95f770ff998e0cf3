"""Private conversations in a real browser on a phone: answering in one, and choosing whom to write to."""

import pytest

from fireside.conversation.actions import begin_conversation
from fireside.conversation.models import Participant, Post
from fireside.site.tests.test_doors import talking  # noqa: F401  the same little house
from fireside.site.tests.tour import PHONE, Visit, reads_in, session_of


@pytest.mark.django_db(transaction=True)
def test_one_answers_and_chooses_whom_to_write_to(chromium, live_server, talking):  # noqa: F811
    w = talking
    one = begin_conversation(w.as_("dan"), people=[w.ann], text="Hello Ann.")
    v = Visit(chromium, live_server, PHONE, "en-GB", "light", session_of(reads_in(w.ann, "en-GB")))
    v.page.goto(live_server.url + f"/t/{one.pk}")
    v.page.wait_for_selector(".msg")
    v.page.fill("#words", "Hello Dan.")
    v.page.click(".chat-send")
    v.page.wait_for_selector(".msg.own[data-number]")
    assert Post.objects.filter(topic=one, source_text="Hello Dan.").count() == 1
    assert not Participant.objects.get(topic=one, member=w.ann).unread
    v.page.goto(live_server.url + "/messages/new")
    v.page.wait_for_function("() => window.htmx")
    v.page.locator("#names").press_sequentially("be", delay=60)
    v.page.wait_for_selector("[data-pick=ben]")
    v.page.click("[data-pick=ben]")
    v.page.wait_for_selector(".chip-of [name=to][value=ben]", state="attached")
    v.page.fill("#words", "Hello Ben.")
    v.page.click(".btn.main")
    v.page.wait_for_selector(".chat-bar")
    assert Post.objects.filter(source_text="Hello Ben.").count() == 1
    assert not v.trouble
    v.close()
