"""Private conversations in a real browser on a phone: answering in one, and choosing whom to write to."""

import pytest

from fireside.conversation.actions import accept_conversation, begin_conversation
from fireside.conversation.models import Participant, Post
from fireside.conversation.tests.pictures import picture
from fireside.members.tests.world import make_people
from fireside.site.tests.test_doors import talking  # noqa: F401  the same little house
from fireside.site.tests.tour import PHONE, Visit, reads_in, session_of


@pytest.mark.django_db(transaction=True)
def test_one_answers_and_chooses_whom_to_write_to(chromium, live_server, talking, settings, tmp_path):  # noqa: F811
    settings.MEDIA_ROOT = tmp_path / "files"
    w = talking
    one = begin_conversation(w.as_("dan"), people=[w.ann], text="Hello Ann.")
    v = Visit(chromium, live_server, PHONE, "en-GB", "light", session_of(reads_in(w.ann, "en-GB")))
    v.page.goto(live_server.url + f"/t/{one.pk}")
    v.page.wait_for_selector(".msg")
    v.page.locator("#words").press_sequentially("@d", delay=60)
    v.page.wait_for_selector(".mention-list [data-handle=dan]")
    v.page.keyboard.press("Escape")
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
    v.page.locator("[data-gives]").first.set_input_files([{"name": "a.png", "mimeType": "image/png", "buffer": picture(300, 200)}])
    v.page.wait_for_selector(".given[data-file]")
    v.page.fill("[data-alt]", "My lamp")
    v.page.click(".btn.main")
    v.page.wait_for_selector(".msg .prose img[alt='My lamp']")
    assert Post.objects.filter(source_text__startswith="Hello Ben.\n\n![My lamp](/files/").count() == 1
    assert not v.trouble
    v.close()


def test_who_was_asked_says_yes_and_one_goes_on_in_the_page_that_is_open(chromium, house, transactional_db):
    w = make_people()
    one = begin_conversation(w.as_("ben"), people=[w.cat], text="Hello Cat.")  # they share no space
    v = Visit(chromium, house, PHONE, "en-GB", "light", session_of(reads_in(w.ben, "en-GB")))
    v.page.goto(house.url + f"/t/{one.pk}")
    v.page.get_by_text("has not answered yet").wait_for()
    assert v.page.locator("#words").count() == 0
    v.page.wait_for_timeout(2000)  # the line is open
    accept_conversation(w.later(minutes=1).as_("cat"), topic=one)
    v.page.locator("#words").wait_for()
    v.close()
