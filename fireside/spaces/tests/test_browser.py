"""A private space from its beginning to a farewell, by hand: made on a desk, asked for in WeChat, with the bell that rings meanwhile."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fireside.activity.worker import react_until_quiet
from fireside.site.tests.tour import DESK, PHONE, Visit, session_of
from fireside.spaces.models import Space

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def quiet(visit: Visit) -> bool:
    """Nothing was said in the console but that a live connection ended with its page."""
    return not [line for line in visit.trouble if "/live" not in line and "EventSource" not in line]


def test_a_private_space_and_the_bell(chromium: Any, house: Any, world: Any) -> None:
    dan = Visit(chromium, house, DESK, "en-GB", "light", session_of(world.dan))
    cat = Visit(chromium, house, PHONE, "en-GB", "light", session_of(world.cat))

    desk = dan.page
    desk.goto(house.url + "/spaces/new")
    desk.get_by_label("Name").fill("Lamp clinic")
    desk.get_by_text("Private: members see that it exists").click()
    desk.get_by_role("button", name="Make the space").click()
    desk.get_by_role("heading", name="Lamp clinic", level=1).wait_for()
    space = Space.objects.get(name="Lamp clinic")
    assert space.openness == "private"

    phone = cat.page
    phone.goto(house.url + f"/spaces/{space.slug}")
    phone.get_by_text("What is said here stays inside").wait_for()
    phone.get_by_label("A few words to the organisers").fill("I have three lamps that flicker.")
    phone.get_by_role("button", name="Ask to join").tap()
    phone.get_by_text("You asked to join").wait_for()
    bell = phone.locator(".head [data-bell]")
    assert bell.locator(".count").count() == 0

    desk.goto(house.url + f"/spaces/{space.slug}/people")
    desk.get_by_text("I have three lamps that flicker.").wait_for()
    desk.get_by_role("button", name="Let Cat in").click()
    desk.locator(".item[role=status]").wait_for()

    react_until_quiet(datetime.now(UTC))  # what the worker does: tell Cat
    bell.locator(".count").wait_for()  # it rings by itself, on the page that was open all the time
    assert bell.locator(".count").inner_text() == "1"
    assert bell.get_attribute("aria-label") == "Notices, 1 unread"
    bell.tap()
    phone.wait_for_url("**/notices")
    row = phone.locator("#notices article").first
    assert "Lamp clinic" in row.inner_text() and "New" in row.inner_text()
    row.locator("a").first.tap()
    phone.get_by_role("button", name="Leave the space").wait_for()  # only who is inside can leave
    assert phone.locator(".head [data-bell] .count").count() == 0, "opening the list has cleared the bell"
    phone.goto(house.url + "/notices")
    assert phone.locator("#notices article").first.get_attribute("data-state") == "read"
    assert "New" not in phone.locator("#notices article").first.inner_text()

    desk.goto(house.url + f"/spaces/{space.slug}/people")
    desk.locator("article.item", has_text="Cat").locator("summary").click()
    desk.locator("article.item", has_text="Cat").get_by_role("button", name="Make organiser").click()
    desk.locator("article.item", has_text="Cat").get_by_text("Organiser", exact=True).wait_for()
    desk.goto(house.url + f"/spaces/{space.slug}")
    desk.get_by_role("button", name="Leave the space").click()
    desk.get_by_text("You have left").wait_for()
    assert list(space.belongings.values_list("member__name", "role")) == [("Cat", "organiser")]
    assert quiet(dan) and quiet(cat), (dan.trouble, cat.trouble)
    dan.close()
    cat.close()
