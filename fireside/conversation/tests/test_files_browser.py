"""Pictures while one writes, in a real Chromium on a phone: several at once, pasted, dropped, stopped, refused, described."""

import re

import pytest
from playwright.sync_api import expect

from fireside.conversation.actions import open_topic, reply, turn_into_chat
from fireside.conversation.models import File, Post
from fireside.conversation.tests.pictures import give, picture
from fireside.conversation.tests.test_browser import DESK, PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GIVES = """(kind) => {
  const area = document.getElementById('words'), canvas = document.createElement('canvas')
  canvas.width = 90; canvas.height = 60
  return new Promise(done => canvas.toBlob(blob => {
    const files = new DataTransfer()
    files.items.add(new File([blob], kind + '.png', { type: 'image/png' }))
    const more = kind === 'paste' ? { clipboardData: files } : { dataTransfer: files }
    area.dispatchEvent(new (kind === 'paste' ? ClipboardEvent : DragEvent)(kind, { bubbles: true, cancelable: true, ...more }))
    done()
  }))
}"""


def given(page, name, colour, **more):
    return {"name": name, "mimeType": "image/png", "buffer": picture(300, 200, colour=colour, **more)}


def test_pictures_while_writing(chromium, live_server, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    ben = Visit(chromium, live_server, world.ben, **PHONE)
    page = ben.go("/spaces/hearth/new")
    page.get_by_label("Title").fill("Which lamp?")
    words = page.get_by_label("Your words")
    words.fill("These two:")
    field = page.locator("[data-gives]").first
    field.set_input_files(
        [given(page, "a.png", "orange"), {"name": "b.png", "mimeType": "image/png", "buffer": b"no picture"}, given(page, "c.png", "green")]
    )
    expect(page.locator(".given[data-file]")).to_have_count(2, timeout=20_000)
    expect(page.locator(".given[data-state=refused]")).to_contain_text("no picture that can be read")
    page.locator(".given[data-state=refused]").get_by_role("button").click()
    one, two = File.objects.order_by("pk")
    assert words.input_value() == f"These two:\n\n![](/files/{one.pk})\n![](/files/{two.pk})\n"
    page.locator("[data-alt]").first.fill("A [brass] lamp")
    assert f"![A \\[brass\\] lamp](/files/{one.pk})" in words.input_value()
    for kind in ("paste", "drop"):
        page.evaluate(GIVES, kind)
    expect(page.locator(".given[data-file]")).to_have_count(3, timeout=20_000)  # the same bytes twice are one file
    expect(page.locator(".given[data-state=coming]")).to_have_count(0)
    with page.expect_response(lambda answer: "brass" in (answer.request.post_data or "")):
        page.locator(".given[data-file]").nth(2).get_by_role("button").click()
        expect(page.locator(".given[data-file]")).to_have_count(2)
        assert words.input_value().count("/files/") == 2
    page.reload()
    expect(page.locator("[data-alt]").first).to_have_value("A [brass] lamp")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]

    count = words.input_value().count("/files/")  # the draft may be a moment older than what was taken out

    page.route("**/files", lambda route: (page.wait_for_timeout(300), route.continue_()))
    field.set_input_files(given(page, "d.png", "blue"))
    page.get_by_role("button", name="Open the topic").click()  # it waits for what is on its way
    page.get_by_role("heading", name="Which lamp?").wait_for()
    pictures = page.locator(".prose .picture img")
    expect(pictures).to_have_count(count + 1)
    expect(pictures.first).to_have_attribute("alt", "A [brass] lamp")
    assert pictures.first.evaluate("one => one.complete || new Promise(done => one.onload = () => done(one.naturalWidth))")
    assert len(re.findall("!\\[", Post.objects.get().source_text)) == count + 1
    ben.trouble = [line for line in ben.trouble if "409" not in line]  # the one that was no picture
    ben.end()


def test_a_picture_in_a_chat_and_words_said_without_a_connection(chromium, live_server, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    topic = turn_into_chat(world.as_("ann"), topic=open_topic(world.as_("ann"), space=world.hearth, title="Lamps", text="Show yours."))
    ben = Visit(chromium, live_server, world.ben, **PHONE)
    page = ben.go(f"/t/{topic.pk}")
    page.wait_for_selector("#m1")
    page.locator(".chat-write [data-gives]").set_input_files([given(page, "a.png", "orange")])
    expect(page.locator(".given[data-file]")).to_have_count(1, timeout=20_000)
    assert page.locator("#words").input_value() == "", "it stands above the words, which stay clean"
    with page.expect_response(lambda answer: "kept" not in answer.url and "Mine" in (answer.request.post_data or "")):
        page.locator("#words").fill("Look:")
        page.locator("[data-alt]").fill("Mine")
    page.reload()  # what was begun is back, words and picture
    expect(page.locator("[data-alt]")).to_have_value("Mine", timeout=20_000)
    assert page.locator("#words").input_value() == "Look:"
    page.locator(".chat-write [data-gives]").set_input_files([given(page, "b.png", "green")])
    expect(page.locator(".given[data-file]")).to_have_count(2, timeout=20_000)
    page.locator(".given[data-file]").nth(1).get_by_role("button").tap()
    expect(page.locator(".given[data-file]")).to_have_count(1)
    page.locator("#words").fill("")
    page.locator(".chat-send").tap()
    expect(page.locator("#m2 .prose img")).to_have_attribute("alt", "Mine", timeout=20_000)
    expect(page.locator(".given[data-file]:visible")).to_have_count(0)
    assert (
        page.locator("#words").input_value() == ""
        and Post.objects.get(topic=topic, number=2).source_text == f"![Mine](/files/{File.objects.order_by('pk')[0].pk})"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.route("**/chat/messages", lambda route: route.abort())
    page.locator(".chat-write [data-gives]").set_input_files([given(page, "c.png", "blue")])
    expect(page.locator(".given[data-file]:visible")).to_have_count(1, timeout=20_000)
    page.locator("#words").fill("From the train.")
    page.locator(".chat-send").tap()
    unsent = page.locator(".msg.unsent")
    expect(unsent.locator(".prose")).to_have_text("From the train.", timeout=20_000)  # and not what stands for a picture
    assert unsent.locator("p").first.bounding_box()["height"] < 40, "its words stand in one line"
    assert unsent.locator("img").evaluate("one => one.decode().then(() => one.naturalWidth)")
    page.reload()
    expect(unsent.locator("img")).to_be_visible(timeout=20_000)  # it was written on the device
    page.unroute("**/chat/messages")
    page.reload()
    expect(page.locator("#m3")).to_contain_text("From the train.", timeout=20_000)
    page.reload()
    page.wait_for_selector("#m3")
    assert Post.objects.filter(topic=topic).count() == 3, "sent once"
    ben.context.close()


@pytest.mark.parametrize("kind", [PHONE, DESK], ids=["phone", "desk"])
def test_pictures_open_over_the_page_and_the_way_back_closes_them(chromium, live_server, world, settings, tmp_path, kind):
    settings.MEDIA_ROOT = tmp_path / "files"
    one, two = give(world, data=picture(300, 200)), give(world, data=picture(400, 300))
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Lamps", text=f"Mine:\n![A lamp](/files/{one.pk})\n![](/files/{two.pk})")
    ben = Visit(chromium, live_server, world.ben, **kind)
    page = ben.go("/talk")
    page.goto(f"{live_server.url}/t/{topic.pk}")
    links, viewer = page.locator(".prose a.picture"), page.locator("dialog.viewer")
    links.first.click()
    expect(viewer.get_by_role("status")).to_have_text("1 / 2")
    expect(viewer.locator("img").first).to_have_attribute("alt", "A lamp")
    expect(viewer.locator("figcaption")).to_have_text("A lamp")
    expect(viewer.get_by_role("button", name="The picture before")).to_be_disabled()
    viewer.get_by_role("button", name="The next picture").click()
    expect(viewer.get_by_role("status")).to_have_text("2 / 2")
    assert viewer.get_by_role("link", name="Save the picture").get_attribute("href").endswith(f"/files/{two.pk}")
    page.keyboard.press("ArrowLeft")
    expect(viewer.get_by_role("status")).to_have_text("1 / 2")
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    assert links.first.evaluate("one => one === document.activeElement")
    links.nth(1).click()
    expect(viewer.get_by_role("status")).to_have_text("2 / 2")
    page.go_back()
    expect(viewer).to_be_hidden()
    assert page.url == f"{live_server.url}/t/{topic.pk}", "the way back closes what lies over the page"
    page.go_back()
    page.wait_for_url("**/talk")
    chat = turn_into_chat(world.as_("ann"), topic=topic)
    reply(world.as_("ben"), topic=chat, text=f"And\n![](/files/{two.pk})\n![](/files/{one.pk})\n![](/files/{two.pk})")
    page.goto(f"{live_server.url}/t/{topic.pk}")
    expect(page.locator("#m2 .pictures > .picture")).to_have_count(3)
    assert page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [kind["viewport"]["width"]] * 2
    boxes = [one.bounding_box() for one in page.locator("#m2 .picture").all()]
    assert len({round(box["y"]) for box in boxes}) == 1 and min(box["width"] for box in boxes) > 60, "side by side, in the bubble"
    ben.end()
