"""Single keys move and act, the map says which, and whoever wants none turns them off."""

import re
from typing import Any

import pytest
from django.test import Client

from fireside.activity.models import Activity
from fireside.conversation.actions import open_topic, reply, turn_into_chat
from fireside.conversation.models import Helped, Later
from fireside.members.actions import change_profile
from fireside.members.models import Member
from fireside.moderation.actions import report_post
from fireside.site.tests.test_doors import signed_in, talking, text_of  # noqa: F401  the same little house
from fireside.site.tests.tour import DESK, Visit, reads_in, session_of, settled


@pytest.mark.both
@pytest.mark.django_db
def test_a_member_turns_them_off_and_on_again(world: Any) -> None:
    assert 'data-shortcuts="on"' in text_of(signed_in(world.ann).get("/"))
    change_profile(world.as_("ann"), shortcuts=False)
    assert not Member.objects.get(pk=world.ann.pk).shortcuts and Member.objects.get(pk=world.ben.pk).shortcuts
    line = Activity.objects.latest("pk")
    assert line.kind == "members.profile_changed" and line.data["fields"] == ["shortcuts"]
    change_profile(world.as_("ann"), shortcuts=False)
    assert Activity.objects.latest("pk") == line, "said twice it changes nothing"
    client = signed_in(world.ann)
    page = text_of(client.get("/"))
    assert 'data-shortcuts="off"' in page and "data-keys" in page, "the map with its switch stays in reach"
    assert "They are off for you." in text_of(client.get("/keys")) and 'value="on"' in text_of(client.get("/keys"))
    assert client.patch("/api/v1/me", {"shortcuts": True}, content_type="application/json").json()["shortcuts"] is True
    assert client.post("/look", {"shortcuts": "off"}).status_code == 302
    assert not Member.objects.get(pk=world.ann.pk).shortcuts and "shortcuts" not in client.cookies
    form = {"name": "Ann", "handle": "ann", "about": "", "why": "", "language": "en", "time_zone": "", "theme": ""}
    assert client.post("/me", {**form, "shortcuts": "on"}).status_code == 302 and Member.objects.get(pk=world.ann.pk).shortcuts
    assert client.post("/me", form).status_code == 302 and not Member.objects.get(pk=world.ann.pk).shortcuts


@pytest.mark.django_db
def test_a_visitor_s_device_keeps_the_choice(world: Any) -> None:
    visitor = Client(headers={"accept-language": "zh-CN"})
    page = text_of(visitor.get("/keys"))
    assert "在这台设备上关闭快捷键" in page and page.count("<h1") == 1
    visitor.post("/look", {"shortcuts": "off"})
    assert visitor.cookies["shortcuts"].value == "off" and "这台设备上已经关掉了它们" in text_of(visitor.get("/keys"))
    visitor.post("/look", {"shortcuts": "on"})
    assert visitor.cookies["shortcuts"].value == "on" and "在这台设备上关闭快捷键" in text_of(visitor.get("/keys"))


@pytest.mark.django_db(transaction=True)
def test_by_the_keyboard_alone(chromium: Any, live_server: Any, talking: Any) -> None:  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    post = reply(talking.as_("ann"), topic=talking.waiting, text="Sewing machine oil.")
    open_topic(talking.as_("ann"), space=talking.bench, title="A third one", text="Words.")
    ben = Visit(chromium, live_server, DESK, "en-GB", "light", session_of(reads_in(talking.ben, "en")))
    page, press = ben.page, ben.page.keyboard.press
    title = "document.activeElement.textContent.trim()"

    page.goto(live_server.url + "/talk")
    page.locator(".with-keys").wait_for()
    press("j")
    assert page.evaluate(title) == "A third one"
    assert page.evaluate("getComputedStyle(document.activeElement.closest('article')).outlineStyle") == "solid", "one sees where one stands"
    press("j")
    press("CapsLock")
    press("k")
    press("j")
    press("CapsLock")
    assert page.evaluate(title) == "Which oil for the hinge?"
    press("o")
    page.wait_for_url(f"**/t/{talking.waiting.pk}*")

    press("Control+j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    press("j")
    press("j")
    assert page.evaluate("document.activeElement.id") == "p2"
    press("l")
    page.locator("#h2[aria-pressed=true]").wait_for()
    assert Helped.objects.filter(post=post, member=talking.ben).count() == 1
    press("b")
    page.locator("#k2[aria-pressed=true]").wait_for()
    assert Later.objects.filter(post=post, member=talking.ben).count() == 1

    press("?")
    shown = page.get_by_role("dialog", name="Keys on this page")
    expect(shown).to_be_visible()
    lines = [line.strip() for line in shown.locator("[data-for]:visible dd").all_inner_texts()]
    assert {"Search", "Reply", "This helped me, or thank", "Unread topics"} <= set(lines)
    assert not {"Edit", "Accept as the answer", "Reports", "Cockpit", "Show what is new"} & set(lines), (
        "what does not work here is not listed"
    )
    press("j")
    expect(shown).to_be_visible()
    press("Escape")
    expect(shown).not_to_be_visible()
    expect(page.locator("#p2")).to_be_focused()

    press("r")
    words = page.locator("#reply-words")
    expect(page.locator(".reply-to")).to_be_visible()
    words.focus()
    page.keyboard.type("jk l? gh")
    assert words.input_value() == "jk l? gh" and page.url.endswith(f"/t/{talking.waiting.pk}"), "who writes only writes"
    press("Escape")
    assert page.evaluate("document.activeElement.id") == "p2" and words.input_value() == "jk l? gh"
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', { key: '/', isComposing: true, bubbles: true }))")
    assert page.evaluate("document.activeElement.id") == "p2", "nor while signs are being composed"
    press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    press("Escape")
    press("q")  # stands behind the three dots, that unfold for it
    expect(words).to_have_value(re.compile(r"\]\(/t/"))
    expect(words).to_be_focused()
    press("Escape")
    press("g")
    press("b")
    page.wait_for_url("**/later")

    press("?")
    shown.get_by_role("button", name="Turn the keys off").click()
    page.locator(".toast").wait_for()
    press("g")
    press("h")
    press("j")
    page.wait_for_timeout(150)
    assert page.url.endswith("/later") and page.evaluate("document.activeElement.tagName") == "BODY"
    page.locator(".with-keys").click()
    shown.get_by_role("button", name="Turn the keys on").wait_for()
    ben.close()


@pytest.mark.django_db(transaction=True)
def test_in_a_chat_and_in_the_list_of_cases(chromium: Any, live_server: Any, talking: Any) -> None:  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    post = reply(talking.as_("ann"), topic=talking.waiting, text="Sewing machine oil.")
    case = report_post(talking.as_("cat"), post=post, reason="elsewhere")
    chat = turn_into_chat(talking.as_("dan"), topic=talking.answered)
    dan = Visit(chromium, live_server, DESK, "en-GB", "light", session_of(reads_in(talking.dan, "en")))
    page, press = dan.page, dan.page.keyboard.press
    page.goto(live_server.url + "/reports")
    settled(page)
    press("j")
    assert page.evaluate("document.activeElement.closest('[data-row]') !== null")
    press("o")
    page.wait_for_url(f"**/reports/{case.pk}")

    page.goto(f"{live_server.url}/t/{chat.pk}")
    settled(page)
    press("j")
    press("j")
    assert page.evaluate("document.activeElement.id") == "m2"
    press("r")
    expect(page.locator(".chat-to")).to_contain_text("Ann: Turn the washer.")
    expect(page.locator("#words")).to_be_focused()
    press("Escape")
    assert page.evaluate("document.activeElement.id") == "m2"
    press("e")
    page.wait_for_url(f"**/t/{chat.pk}/2/edit")
    dan.close()
