"""The cockpit under a finger in WeChat and under a mouse: eight panels, definitions, pictures and tables to take along, in both languages and both themes."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from fireside.activity.actor import house as the_house
from fireside.conversation.actions import accept_answer, open_topic, reply, say_helped
from fireside.insights import actions
from fireside.members.actions import change_profile
from fireside.site.tests.tour import DESK, PHONE, Visit, reads_in, session_of
from fireside.spaces.actions import change_space, join_space

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTIONS = {
    "en": ["Who are our members", "What value do we create", "What value do members give", "How do we listen", "How does what we heard",
           "How do we find", "Which values", "How do we make the community wiser"],
    "zh": ["成员是谁", "我们为他们创造了什么价值", "成员之间给了彼此什么价值", "怎样倾听", "听到的话怎样到达", "怎样发现", "我们守什么价值", "怎样让社区更明智"],
}  # fmt: skip
DEFINED = {"en": "New: came in this time.", "zh": "新来：这期加入。"}
TAKE = {"en": "Export:", "zh": "导出"}


@pytest.fixture
def talked(mirror: Any, world: Any) -> Any:
    """Three weeks of questions that Ann answers, up to an hour ago; and the mirror knows."""
    world.now = datetime.now(UTC) - timedelta(days=20)
    for name in ("cat", "mira"):
        join_space(world.as_(name), space=world.hearth)
    for n in range(20):
        asker = ("ben", "cat", "mira")[n % 3]
        topic = open_topic(world.as_(asker), space=world.hearth, title=f"Question {n}", text="Who knows?")
        if n % 5:
            post = reply(world.later(minutes=3 + 7 * n).as_("ann"), topic=topic, text="Turn the washer.")
            say_helped(world.as_(asker), post=post) if n % 2 else accept_answer(world.as_(asker), post=post)
        world.later(hours=22)
    world.now = datetime.now(UTC)
    change_profile(world.as_("ann"), name="ليلى خالد")
    change_space(world.as_("dan"), space=world.hearth, name="غرفة الضوء (2)")
    actions.bring_up_to_date(the_house("worker", now=world.now))
    return world


def fits(page: Any, width: int) -> bool:
    return bool(page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)") <= width)


def picture_of(page: Any, within: Any, words: str) -> Image.Image:
    """What the PNG button of a chart saves."""
    within.locator(f"details.takes summary[aria-label^='{words}']").click()
    with page.expect_download() as coming:
        within.get_by_role("button", name="PNG").click()
    assert coming.value.suggested_filename.endswith(".png")
    with open(coming.value.path(), "rb") as file:
        picture = Image.open(file)
        picture.load()
    return picture


def shown(value: str, words: str) -> bool:
    """Whether a cell of the page says what the file says."""
    if words == "–":
        return value == ""
    if words.endswith("%"):
        return abs(float(value) * 100 - float(words[:-1])) < 0.051
    return words.replace(",", "") == value


@pytest.mark.parametrize(("size", "locale", "theme"), [(PHONE, "zh-CN", "light"), (DESK, "en-GB", "dark")], ids=["WeChat", "desk"])
def test_the_cockpit(chromium: Any, live_server: Any, talked: Any, size: Any, locale: str, theme: str) -> None:
    reads_in(talked.dan, locale)
    visit = Visit(chromium, live_server, size, locale, theme, session_of(talked.dan))
    page, lang = visit.page, locale[:2]
    assert visit.look_at("/cockpit") == []
    panels = page.locator("section.question")
    assert panels.count() == 8
    assert [words in panels.nth(i).locator("h2").inner_text() for i, words in enumerate(QUESTIONS[lang])] == [True] * 8
    for i in range(8):  # each: a number, its definition, the way to what is behind it, a next step
        assert panels.nth(i).locator(".answer b").inner_text().strip()
        assert panels.nth(i).locator(".under .clock").inner_text().strip()
        assert (panels.nth(i).locator("a.next").get_attribute("href") or "").startswith(("/cockpit/", "/talk"))
    page.locator(".plot[data-chart] svg").nth(2).wait_for()
    assert page.locator(".plot[data-chart] svg").count() == page.locator(".plot[data-chart]").count() == 3
    assert page.locator(".plot.blank").count() == 2, "nobody is new, and too few came to draw who stays: said in words"

    ask, told = panels.nth(0).locator(".what-is button"), panels.nth(0).locator("[role=tooltip]")
    assert not told.is_visible()
    ask.tap() if visit.phone else ask.hover()
    told.wait_for(state="visible")
    assert DEFINED[lang] in told.inner_text()
    box = told.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"]

    drawn = picture_of(page, panels.nth(2), TAKE[lang])
    assert len(drawn.convert("RGB").getcolors(1 << 20) or range(3)) > 2
    assert drawn.width >= 2 * 250
    assert visit.look_all_round("/cockpit") == []
    assert visit.look_all_round("/cockpit/helped/people?which=helpers") == []
    assert visit.look_all_round("/cockpit/heat") == []
    visit.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["WeChat", "desk"])
def test_the_letters_of_a_chart_are_as_large_as_the_reader_has_them(chromium: Any, live_server: Any, talked: Any, size: Any) -> None:
    visit = Visit(chromium, live_server, size, "en-GB", "light", session_of(talked.dan))
    page = visit.page
    page.add_init_script("document.addEventListener('readystatechange', () => { document.documentElement.style.fontSize = '32px' })")
    for address in ("/cockpit", "/cockpit/helped?by=day"):
        page.goto(live_server.url + address)
        page.locator("[data-chart] svg text, #c svg text").first.wait_for()
        letters = page.evaluate("""() => [...document.querySelectorAll('svg text')].filter(one => one.textContent.trim()).map(one => {
          const box = one.getBoundingClientRect(), plot = one.ownerSVGElement.getBoundingClientRect()
          return [parseFloat(getComputedStyle(one).fontSize), box.left >= plot.left - 3 && box.right <= plot.right + 3 && box.bottom <= plot.bottom + 3, one.textContent, box.left - plot.left, box.width, plot.width]
        })""")
        small_or_cut = [one for one in letters if one[0] < 22 or not one[1]]
        assert not small_or_cut
        assert letters
    visit.close()


@pytest.mark.parametrize(("size", "locale", "theme"), [(PHONE, "en-GB", "dark"), (DESK, "zh-CN", "light")], ids=["WeChat", "desk"])
def test_a_number_and_its_table(chromium: Any, live_server: Any, talked: Any, size: Any, locale: str, theme: str) -> None:
    reads_in(talked.dan, locale)
    visit = Visit(chromium, live_server, size, locale, theme, session_of(talked.dan))
    page, lang = visit.page, locale[:2]
    assert visit.look_at("/cockpit/helped?by=day") == []
    page.locator("#c svg").wait_for()
    open_tab = page.locator(".filters [aria-current=page]").bounding_box()
    assert open_tab["x"] >= 0 and open_tab["x"] + open_tab["width"] <= size["width"], "the open tab is in sight"

    chart = page.locator("section.chart")
    picture = picture_of(page, chart, TAKE[lang])
    assert len(picture.convert("RGB").getcolors(1 << 20) or range(3)) > 2
    chart.locator("details.takes summary").click()
    with page.expect_download() as coming:
        chart.get_by_role("link", name="CSV").click()
    with open(coming.value.path(), encoding="utf-8-sig", newline="") as file:
        lines = [row for row in csv.reader(io.StringIO(file.read())) if row]
    said = [row[0] for row in lines if row[0].startswith("# ")]
    drawn = [row for row in lines if not row[0].startswith("# ")]
    assert len(said) == 6 and chart.locator(".clock").inner_text().count(said[1].removeprefix("# ")) == 1
    points = page.evaluate("JSON.parse(document.getElementById('c-data').textContent)")
    assert [[row[0], row[3]] for row in drawn[1:]] == [[day, str(n)] for day, n in zip(points["from"], points["values"], strict=True)]
    with page.expect_download() as coming:
        page.locator("a[href*='part=table']").click()
    with open(coming.value.path(), encoding="utf-8-sig", newline="") as file:
        table = [row for row in csv.reader(io.StringIO(file.read())) if row and not row[0].startswith("# ")]
    table = [[row[0] + (" *" if row[2] == "0" else ""), *row[3:]] for row in table]
    assert [cell.inner_text() for cell in page.locator("table.figures th").all()] == table[0]
    rows = page.eval_on_selector_all(
        "table.figures tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )
    assert len(rows) == len(table) - 1 > 20
    for words, values in zip(rows, reversed(table[1:]), strict=True):
        assert all(shown(value, word) for word, value in zip(words, values, strict=True)), (words, values)
    assert any(row[1] != "0" for row in rows)

    assert page.goto(f"{live_server.url}/cockpit/helped/people?since=soon").status == 409
    assert "soon" in page.locator("#since-error").inner_text()
    assert fits(page, size["width"])
    assert visit.look_all_round("/cockpit/helped?by=day") == []
    visit.close()
