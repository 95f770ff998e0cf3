"""Writing on a phone: nothing that comes while one writes is out of reach, or moves what one is about to press."""

import pytest
from playwright.sync_api import expect

from fireside.conversation import actions
from fireside.conversation.tests.test_browser import PHONE, Visit
from fireside.conversation.tests.test_menus_browser import COVERED
from fireside.members.actions import join_community

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_members_behind_an_at_come_into_sight_and_a_kept_draft_moves_no_button(chromium, live_server, world):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Evening", text="Who is here?")
    for name in ("Anna", "Anton", "Anya", "Andy"):
        join_community(world.as_(""), name=name, email=f"{name.lower()}@example.org")
    cat = Visit(chromium, live_server, world.cat, **PHONE)
    page = cat.go(f"/t/{topic.pk}")
    words, send = page.locator("#reply-words"), page.locator("#reply .btn.main")
    words.tap()
    up = "one => one.getBoundingClientRect().top - one.closest('footer').getBoundingClientRect().top"
    before = send.evaluate(up)
    words.press_sequentially("And")
    expect(page.locator("#reply .draft-state")).to_contain_text("Draft kept", timeout=20_000)
    assert send.evaluate(up) == before
    words.evaluate("one => scrollBy(0, one.getBoundingClientRect().bottom - innerHeight + 70)")  # its foot stands at the foot of the screen
    words.press_sequentially(" @an")
    offered = page.locator(".mention-list")
    expect(offered.get_by_role("option")).to_have_count(5)
    page.wait_for_timeout(100)
    assert offered.evaluate(COVERED.replace(".menu-list > *", ":scope > li")) == [], "each can be pressed"
    cat.end()
