"""What unfolds behind three dots can be pressed wherever it unfolds: a real browser on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import expect

from fireside.conversation import actions
from fireside.conversation.models import Later
from fireside.conversation.tests.test_browser import DESK, PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What a finger would meet in the midst of each thing that one can press there.
COVERED = """menu => [...menu.querySelectorAll('.menu-list > *')].filter(one => one.checkVisibility()).filter(one => {
  const box = one.getBoundingClientRect(), met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
  return !(met && one.contains(met))
}).map(one => one.textContent.trim())"""


@pytest.mark.parametrize("kind", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("chats", [True, False], ids=["chat", "topic"])
def test_a_menu_at_the_foot_of_the_screen_unfolds_upwards(chromium, live_server, world, kind, chats):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Evening", text="Who is here?")
    for n in range(2, 14):
        actions.reply(world.later(minutes=2).as_("cat"), topic=topic, text=f"Word {n}")
    if chats:
        actions.turn_into_chat(world.as_("ann"), topic=topic)
    ben = Visit(chromium, live_server, world.ben, **kind)
    page = ben.go(f"/t/{topic.pk}")
    signs = page.locator("details.menu:not(.levels) > summary, [data-more]")
    foot = kind["viewport"]["height"] - (90 if kind is PHONE or chats else 10)
    unfolded = set()
    for which in (0, signs.count() - 1):
        sign = signs.nth(which)
        sign.evaluate("(one, foot) => scrollBy(0, one.getBoundingClientRect().bottom - foot)", foot)
        sign.click()
        menu = page.locator("details.menu[open]:not(.levels)")
        assert menu.evaluate(COVERED) == [], "each can be pressed"
        unfolded.add(menu.evaluate("one => one.hasAttribute('data-up')"))
        page.keyboard.press("Escape")
    assert True in unfolded
    ben.end()


def test_on_a_phone_what_is_under_a_post_stands_in_one_row_and_the_menu_keeps_it_for_later(chromium, live_server, world):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Evening", text="Who is here?")
    actions.reply(world.later(minutes=2).as_("ann"), topic=topic, text="I am.")
    cat = Visit(chromium, live_server, world.cat, **PHONE)
    page = cat.go(f"/t/{topic.pk}")
    foot, kept = page.locator("#p2 > footer"), page.locator("#k2")
    for width in (430, 390, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert not kept.is_visible() and foot.bounding_box()["height"] < 70, f"one row of things to touch at {width}"
    page.locator("#p2").get_by_role("link", name="More about this post by Ann").click()
    page.get_by_role("button", name="Keep for later").click()
    page.locator("#k2[aria-pressed=true]").wait_for()
    assert kept.is_visible() and Later.objects.get(member=world.cat).post.number == 2
    cat.end()


def test_one_writes_below_what_one_quotes(chromium, live_server, world):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Evening", text="Who is here?")
    cat = Visit(chromium, live_server, world.cat, **PHONE)
    page = cat.go(f"/t/{topic.pk}")
    page.get_by_role("link", name="More about this post by Ben").click()
    page.get_by_role("link", name="Quote").click()
    expect(page.locator("#reply-words")).to_be_focused()
    page.keyboard.type("I am.")
    expect(page.locator("#reply-words")).to_have_value(re.compile(r"> Who is here\?\n\nI am\.$"))
    cat.end()


def test_how_closely_to_follow_unfolds_into_sight(chromium, live_server, world):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Evening", text="Who is here?")
    cat = Visit(chromium, live_server, world.cat, **PHONE)
    page = cat.go(f"/t/{topic.pk}")
    sign = page.locator(".levels > summary")
    sign.evaluate("one => scrollBy(0, one.getBoundingClientRect().bottom - innerHeight + 90)")  # just above the places at the foot
    sign.tap()
    page.wait_for_timeout(100)
    assert page.locator(".levels[open]").evaluate(COVERED) == [], "each can be pressed"
    cat.end()
