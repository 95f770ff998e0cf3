"""Signs and keys that put Markdown round the words, in a real Chromium: on again, off again, undone; on a phone and on a desk."""

import pytest

from fireside.conversation.actions import begin_conversation, open_topic, turn_into_chat
from fireside.conversation.tests.test_browser import DESK, PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def select(words, text="", part=""):
    """The words of the field, and the part of them that is chosen; without one the end."""
    words.fill(text)
    at = text.index(part) if part else len(text)
    words.evaluate("(area, [from, to]) => { area.focus(); area.setSelectionRange(from, to) }", [at, at + len(part)])


def chosen(words):
    return words.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")


@pytest.mark.parametrize("kind", [PHONE, DESK], ids=["phone", "desk"])
def test_a_sign_puts_them_on_and_takes_them_off_and_all_is_undone(chromium, live_server, world, kind):
    ben = Visit(chromium, live_server, world.ben, **kind)
    page = ben.go("/spaces/hearth/new")
    words, tools = page.get_by_label("Your words"), page.get_by_role("toolbar", name="Formatting")

    def press(name):
        tools.get_by_role("button", name=name, exact=True).click()
        return words.input_value()

    select(words, "A brass lamp.", "brass ")
    assert press("Bold") == "A **brass** lamp." and chosen(words) == "brass", "a blank at the edge stays outside"
    assert press("Italic") == "A ***brass*** lamp."
    assert press("Bold") == "A *brass* lamp."
    assert press("Italic") == "A brass lamp." and chosen(words) == "brass"
    for _each in range(4):
        page.keyboard.press("Control+z")
    assert words.input_value() == "A brass lamp.", "undone, sign by sign"

    select(words, "他说“你好。”然后走了。", "“你好。”")
    assert press("Bold") == "他说“**你好。**”然后走了。", "beside a letter Markdown would not see a sign at a stop"
    select(words, "One\n\nTwo three", "One\n\nTwo three")
    assert press("Bold") == "**One**\n\n**Two three**"
    assert press("Bold") == "One\n\nTwo three"
    assert press("List") == "- One\n\n- Two three"
    assert press("Numbered list") == "1. One\n\n2. Two three"
    assert press("Numbered list") == "One\n\nTwo three"
    assert press("Quotation") == "> One\n> \n> Two three"
    assert press("Quotation") == "One\n\nTwo three"
    assert press("Code") == "```\nOne\n\nTwo three\n```"
    assert press("Code") == "One\n\nTwo three"
    select(words, "Run make run now", "make run")
    assert press("Code") == "Run `make run` now"
    assert press("Code") == "Run make run now"
    select(words, "See the manual", "manual")
    assert press("Link") == "See the [manual](https://)" and chosen(words) == "https://", "the address is typed over"
    page.keyboard.type("https://example.org/lamp")
    assert press("Link") == "See the manual", "and off again"
    select(words, "https://example.org", "https://example.org")
    assert press("Link") == "[words of the link](https://example.org)" and chosen(words) == "words of the link"

    select(words, "Bring:")
    page.keyboard.press("Enter")
    press("List")
    page.keyboard.type("oil")
    page.keyboard.press("Enter")
    page.keyboard.type("a wick")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("And time.")
    assert words.input_value() == "Bring:\n- oil\n- a wick\nAnd time.", "a list goes on by itself, and ends at an empty line"
    if kind is PHONE:
        boxes = tools.get_by_role("button").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(one => [one.width, one.height, one.top])"
        )
        assert all(width >= 44 and height >= 44 for width, height, _top in boxes) and len({top for *_size, top in boxes}) == 1, "in one row"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ben.end()


def test_keys_for_them_in_every_place_where_one_writes(chromium, live_server, world):
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Lamps", text="Show yours.")
    chat = turn_into_chat(world.as_("ann"), topic=open_topic(world.as_("ann"), space=world.hearth, title="Chat", text="Show yours."))
    talk = begin_conversation(world.as_("ben"), people=[world.ann], text="Hello")
    ben = Visit(chromium, live_server, world.ben, **DESK)
    for path, name in [
        (f"/t/{topic.pk}", "Your reply"), (f"/t/{topic.pk}/1/edit", "Words"), ("/messages/new", "Your message"), (f"/t/{chat.pk}", "Your message"),
        (f"/t/{talk.pk}", "Your message"),
    ]:  # fmt: skip
        page = ben.go(path)
        words = page.get_by_label(name, exact=True)
        words.wait_for()
        select(words, "A brass lamp", "brass")
        page.keyboard.press("Control+b")
        assert words.input_value() == "A **brass** lamp", path
        page.keyboard.press("Control+b")
        page.keyboard.press("Control+i")
        assert words.input_value() == "A *brass* lamp", path
        page.keyboard.press("Control+i")
        page.keyboard.press("Control+k")
        assert words.input_value() == "A [brass](https://) lamp", path
        page.keyboard.press("Control+z")
        assert words.input_value() == "A brass lamp", path
        signs = page.get_by_role("toolbar", name="Formatting").get_by_role("button")
        assert signs.count() == (0 if "message" in name and path.startswith("/t/") else 7), path
        words.fill("")
    page = ben.go(f"/t/{topic.pk}")
    words = page.get_by_label("Your reply")
    words.fill("Here")
    words.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Link", "one stop of Tab, and the arrows go on"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "reply-words"
    select(words, "See the manual", "manual")
    page.evaluate("""() => { const data = new DataTransfer(); data.setData('text/plain', 'https://example.org/m')
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }""")
    assert words.input_value() == "See the [manual](https://example.org/m)", "an address pasted on words makes them a link"
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_role("heading", name="While you write").wait_for()
    assert page.locator("dialog [data-for='Ctrl+B']").is_visible()
    ben.end()


def test_what_is_being_composed_is_left_alone_and_without_scripts_there_is_no_row(chromium, live_server, world):
    ben = Visit(chromium, live_server, world.ben, **DESK)
    page = ben.go("/spaces/hearth/new")
    words = page.get_by_label("Your words")
    words.fill("你好")
    page.evaluate("""() => {
      const area = document.getElementById('words')
      area.focus(); area.select()
      area.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
      area.dispatchEvent(new KeyboardEvent('keydown', { key: 'b', ctrlKey: true, isComposing: true, bubbles: true, cancelable: true }))
      area.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))
    }""")
    assert words.input_value() == "你好"
    ben.end()
    plain = Visit(chromium, live_server, world.ben, java_script_enabled=False, **DESK)
    page = plain.go("/spaces/hearth/new")
    assert not page.get_by_role("toolbar").is_visible() and not page.locator(".marks button").count()
    plain.end()
