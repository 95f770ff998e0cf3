"""What unfolds behind three dots can be pressed wherever it unfolds: a real browser on a phone and on a desk."""

import pytest

from fireside.conversation import actions
from fireside.conversation.tests.test_browser import DESK, PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What a finger would meet in the midst of each thing that one can press there.
COVERED = """menu => [...menu.querySelectorAll('.menu-list > *')].filter(one => {
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
