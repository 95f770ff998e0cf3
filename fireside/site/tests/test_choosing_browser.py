"""What a browser would do its own way is done in the language of the page: choosing a file, the width of an apostrophe."""

from typing import Any

import pytest

from fireside.conversation.tests.pictures import picture
from fireside.site.tests.test_doors import talking  # noqa: F401  the same little house
from fireside.site.tests.tour import DESK, PHONE, Visit, reads_in, session_of, settled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("kind", [PHONE, DESK], ids=["phone", "desk"])
def test_choosing_a_picture_of_oneself(chromium: Any, live_server: Any, talking: Any, kind: Any) -> None:  # noqa: F811
    from playwright.sync_api import expect

    ben = Visit(chromium, live_server, kind, "en-GB", "light", session_of(reads_in(talking.ben, "zh-hans")))
    page = ben.page
    page.goto(live_server.url + "/me")
    settled(page)
    chooser = page.locator(".chooser")
    assert chooser.inner_text().split() == ["选择文件", "还没选文件"]
    field = page.get_by_label("你的头像")
    box, over = chooser.bounding_box(), field.bounding_box()
    assert box and over and over["width"] >= box["width"] - 4 and over["height"] >= box["height"] - 4, "a press anywhere there chooses"
    field.set_input_files({"name": "我 self.png", "mimeType": "image/png", "buffer": picture()})
    expect(chooser).to_contain_text("我 self.png")
    page.get_by_role("button", name="设为头像").click()
    page.locator("main img.face").first.wait_for()
    talking.ben.refresh_from_db()
    assert talking.ben.picture
    ben.close()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_an_apostrophe_is_as_narrow_as_the_word_in_which_it_stands(chromium: Any, live_server: Any, talking: Any, locale: str) -> None:  # noqa: F811
    visit = Visit(chromium, live_server, DESK, locale, "light")
    visit.page.goto(live_server.url + "/talk")
    settled(visit.page)
    wide = """words => {
      const one = document.createElement('span')
      one.textContent = words; document.querySelector('main').append(one)
      return one.getBoundingClientRect().width / parseFloat(getComputedStyle(one).fontSize)
    }"""
    assert visit.page.evaluate(wide, "Hosts’") - visit.page.evaluate(wide, "Hosts") < 0.4
    visit.close()
