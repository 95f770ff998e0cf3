"""Several windows of one browser share one live connection; where the browser cannot share, each has its own."""

import re
import time
from typing import Any

import pytest

from fireside.conversation import actions
from fireside.site.tests.test_browser import session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def connections(context: Any, house: Any, wanted: int) -> int:
    """How many live connections the house holds: as soon as they are as many as wanted, else after ten seconds."""
    for _try in range(100):
        text = context.request.get(f"{house.url}/metrics").text()
        found = int(float(re.search(r"^fireside_live_connections(?:\{.*\})? ([\d.]+)", text, re.MULTILINE)[1]))  # type: ignore[index]
        if found == wanted:
            break
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("shares", [True, False], ids=["shared", "each its own"])
def test_two_windows_hear_over_one_connection(chromium: Any, house: Any, world: Any, shares: bool) -> None:
    one = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="It turns.")
    two = actions.open_topic(world.as_("ben"), space=world.hearth, title="Dark", text="It is out.")
    context = chromium.new_context(locale="en-GB")
    if not shares:
        context.add_init_script("delete window.SharedWorker")
    context.add_cookies([{"name": "sessionid", "value": session_of(world.dan), "url": house.url}])
    assert connections(context, house, 0) == 0
    left, right = context.new_page(), context.new_page()
    left.goto(f"{house.url}/t/{one.pk}")
    right.goto(f"{house.url}/t/{two.pk}")
    together = 1 if shares else 2
    assert connections(context, house, together) == together
    news = [page.locator("#news", has_text=re.compile("new|reply", re.IGNORECASE)) for page in (left, right)]
    actions.reply(world.as_("ann"), topic=two, text="Turn it the other way.")
    news[1].wait_for()
    assert news[0].count() == 0  # what the other window listens to is none of its business
    actions.reply(world.as_("ann"), topic=one, text="The flat washer.")
    news[0].wait_for()
    right.goto(f"{house.url}/people")  # another page in the same window: its connection changes, the other's goes on
    assert connections(context, house, together) == together
    right.close()
    assert connections(context, house, 1) == 1
    left.close()
    assert connections(context, house, 0) == 0
    context.close()
