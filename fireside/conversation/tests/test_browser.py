"""Asking, answering and accepting with a finger on a phone inside WeChat, with a mouse on a desk, and without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.conversation.models import Draft, Helped, Post, Reaction, Reading, Topic
from fireside.notifications.models import Notice
from fireside.notifications.reactions import tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; M2012K11AC Build/TKQ1; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.188 "
    "Mobile Safari/537.36 XWEB/1260117 MMWEBSDK/20240404 MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN"
)
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "user_agent": WECHAT, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1360, "height": 860}}


class Visit:
    """One member's browser; console errors are collected (`/live` is served by the front, which does not stand here)."""

    def __init__(self, chromium: Any, live: Any, member: Any, **kind: Any) -> None:
        from django.test import Client

        client = Client()
        client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.context = chromium.new_context(locale="en-GB", **kind)
        self.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live.url}])
        self.page, self.url, self.trouble = self.context.new_page(), live.url, []
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda wrong: self.trouble.append(str(wrong)))
        self.page.on("console", lambda line: self._note(line))

    def _note(self, line: Any) -> None:
        where = (line.location or {}).get("url", "")
        if line.type == "error" and "/live" not in where:
            self.trouble.append(f"{line.text} {where}")

    def go(self, path: str) -> Any:
        self.page.goto(self.url + path)
        return self.page

    def end(self) -> None:
        self.context.close()
        assert not self.trouble


@pytest.mark.parametrize("kind", [PHONE, DESK], ids=["phone in WeChat", "desk"])
def test_ask_answer_accept(chromium, live_server, world, kind):
    ben = Visit(chromium, live_server, world.ben, **kind)
    page = ben.go("/start")
    page.get_by_role("link", name="Hearth", exact=True).last.click()
    page.get_by_label("Title").fill("How do I stop the handle turning?")
    page.get_by_label("Your words").fill("It turns a few degrees.\n\n- third month")
    page.get_by_text("Draft kept").wait_for()
    page.get_by_role("button", name="Preview").click()
    page.locator(".preview li", has_text="third month").wait_for()
    page.reload()
    assert page.get_by_label("Title").input_value() == "How do I stop the handle turning?"  # the draft came back
    page.get_by_role("button", name="Open the topic").click()
    page.get_by_role("heading", name="How do I stop the handle turning?").wait_for()
    topic = Topic.objects.get()
    assert page.url == f"{live_server.url}/t/{topic.pk}"
    assert not Draft.objects.exists()

    ann = Visit(chromium, live_server, world.ann, **kind)
    page = ann.go(f"/t/{topic.pk}")
    area = page.get_by_label("Your reply")
    area.click()
    area.press_sequentially("Hello @be", delay=30)
    page.get_by_role("option", name="Ben").wait_for()
    area.press("Enter")
    assert area.input_value() == "Hello @ben "
    area.press_sequentially("turn the washer")
    page.get_by_text("Draft kept").wait_for()
    page.get_by_role("button", name="Reply", exact=True).click()
    page.locator("#p2").wait_for()
    assert page.locator("#p2 a.mention").inner_text() == "@ben"
    assert Post.objects.get(number=2).author == world.ann
    ann.end()

    page = ben.go(f"/t/{topic.pk}")
    page.locator("#p2").get_by_role("button", name="This helped me").click()
    page.locator("#h2[aria-pressed=true]").wait_for()
    assert page.locator("#h2").inner_text().split() == ["This", "helped", "me", "1"]
    page.locator("#beside").get_by_text("person says this topic helped them").wait_for()
    assert Helped.objects.count() == 1
    page.locator("#p2").get_by_role("link", name="Other signs").click()
    expect(page.locator("#p2 footer").get_by_role("button", name="Agree")).to_be_focused()
    page.locator("#p2 footer").get_by_role("button", name="Smile").click()
    expect(page.locator("#r2smile[aria-pressed=true]")).to_have_text("1")
    page.locator("#p2").get_by_role("link", name="Other signs").click()
    expect(page.locator("#p2 footer .menu-list button")).to_have_count(2)  # what is given already stands beside it
    page.keyboard.press("Escape")
    assert page.url.endswith(f"/t/{topic.pk}") and Reaction.objects.get().sign == "smile"
    page.locator("#p2").get_by_role("button", name="Accept", exact=True).click()
    page.get_by_text("Accepted answer, chosen by Ben").wait_for()
    page.locator("#p2").get_by_role("link", name="More about this post by Ann").click()
    offered = "|".join(page.locator("#p2 header .menu-list > *:not(.narrow)").all_inner_texts())
    assert offered == "Link to this post|Quote|Withdraw the acceptance|Report"
    page.get_by_role("link", name="Quote").first.click()
    # Not wait_for_function: it evaluates text, which the house's CSP forbids.
    expect(page.locator("#reply-words")).to_have_value(re.compile(r"\[Ann\]\(/t/"), timeout=20_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= kind["viewport"]["width"]
    ben.end()


def test_without_scripts(chromium, live_server, world):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="It turns.")
    actions.reply(world.later(minutes=1).as_("ann"), topic=topic, text="Turn the washer.")
    ben = Visit(chromium, live_server, world.ben, java_script_enabled=False, **DESK)
    page = ben.go(f"/t/{topic.pk}")
    page.locator("#p2").get_by_role("button", name="This helped me").click()
    page.locator("#h2[aria-pressed=true]").wait_for()
    page.locator("#p2").get_by_role("link", name="Other signs").click()
    page.locator("#p2").get_by_role("button", name="Agree").click()
    page.locator("#r2agree[aria-pressed=true]").wait_for()
    page.locator("#p2").get_by_role("link", name="Reply", exact=True).click()
    page.get_by_label("Your reply").fill("Thank **you**")
    page.get_by_role("button", name="Preview").click()
    assert page.locator(".preview strong").inner_text() == "you"
    page.get_by_role("button", name="Reply", exact=True).click()
    page.locator("#p3 strong", has_text="you").wait_for()
    assert page.url.endswith("/3#p3")
    page.locator("#p2").get_by_role("button", name="Accept", exact=True).click()
    page.get_by_text("Accepted answer, chosen by Ben").wait_for()
    page.locator("#p3").get_by_role("link", name="More about this post by Ben").click()
    page.locator("#p3").get_by_role("link", name="Edit").click()
    page.get_by_label("Words", exact=True).fill("Thank you all")
    page.get_by_role("button", name="Save the change").click()
    page.locator("#p3 .prose", has_text="Thank you all").wait_for()
    assert Post.objects.get(number=3).edits_count == 1
    ben.end()


def test_a_page_listens_over_one_connection(chromium, live_server, world):
    """Browsers allow six to a host: with two a page, three windows side by side would keep a fourth waiting."""
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="It turns.")
    cat = Visit(chromium, live_server, world.cat, **DESK)
    cat.context.add_init_script("delete window.SharedWorker")  # a page alone; windows that share are in serving/tests/test_windows.py
    with cat.page.expect_request("**/live?*") as first:
        cat.go(f"/t/{topic.pk}")
    assert set(first.value.url.partition("?")[2].split("&")) == {f"topic={topic.pk}", "bell=1"}
    cat.context.close()


def test_words_written_before_the_scripts_came_are_kept(chromium, live_server, world):
    ben = Visit(chromium, live_server, world.ben, **DESK)
    waiting: list[Any] = []
    ben.page.route(re.compile(r"/htmx.*\.js"), lambda route: waiting.append(route))
    ben.page.goto(f"{live_server.url}/spaces/{world.hearth.slug}/new", wait_until="commit")
    ben.page.get_by_label("Title").fill("Typed at once")
    ben.page.get_by_label("Your words").fill("Before anything could listen.")
    waiting[0].continue_()
    ben.page.get_by_text("Draft kept").wait_for()
    assert Draft.objects.get().text == "Before anything could listen."
    ben.end()


def test_two_tabs_keep_both_drafts(chromium, live_server, world):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="It turns.")
    cat = Visit(chromium, live_server, world.cat, **DESK)
    one, two = cat.go(f"/t/{topic.pk}"), cat.context.new_page()
    two.goto(f"{live_server.url}/t/{topic.pk}")
    for tab, words in ((one, "from the first tab"), (two, "from the second tab"), (one, "from the first tab, longer")):
        with tab.expect_response("**/talk/drafts"):
            tab.get_by_label("Your reply").fill(words)
        tab.get_by_text("Draft kept").wait_for()
    assert set(Draft.objects.values_list("text", flat=True)) == {"from the first tab, longer", "from the second tab"}
    one.reload()
    one.get_by_text("1 more draft of yours").wait_for()
    cat.end()


def test_marks_follow_the_eyes_and_news_moves_nothing(chromium, live_server, world):
    """A topic opens at what is new; the mark moves as one scrolls; a sign of news lies over the page and moves nothing."""
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="It turns.")
    for n in range(30):
        actions.reply(world.later(minutes=1).as_("ann"), topic=topic, text="\n\n".join([f"Word {n}."] * 12))
    topic.refresh_from_db()
    actions.mark_topic_read(world.as_("cat"), topic=topic, number=4)
    mark = lambda: Reading.objects.get(member=world.cat, topic=topic).number  # noqa: E731
    cat = Visit(chromium, live_server, world.cat, **PHONE)
    cat.go("/talk")
    page = cat.page
    page.get_by_role("link", name="Loose").click()
    line = page.locator("#new")
    expect(line).to_be_in_viewport(timeout=20_000)
    assert page.url.endswith(f"/t/{topic.pk}#new") and 0 <= line.bounding_box()["y"] < 200
    with page.expect_response("**/reading"):
        page.locator("#p6 footer").scroll_into_view_if_needed()
    assert 6 <= mark() < 12
    before = page.locator("#p6").bounding_box()
    topic = Topic.objects.get(pk=topic.pk)
    actions.reply(world.later(minutes=1).as_("ann"), topic=topic, text="Newest.")
    page.evaluate("window.htmx.ajax('GET', document.getElementById('news').dataset.news, { target: '#news', swap: 'innerHTML' })")
    page.get_by_text("1 new reply").wait_for()
    assert page.locator("#p6").bounding_box() == before
    page.get_by_text("1 new reply").click()
    with page.expect_response("**/reading"):
        page.locator("#p32 footer").scroll_into_view_if_needed()
    assert mark() == 32
    page.go_back()
    page.locator("#p6").wait_for()
    page.wait_for_timeout(2500)
    assert mark() == 32, "to go back takes nothing back"
    cat.end()


def test_what_the_bell_tells_comes_in_over_the_page(chromium, live_server, world):
    # What `/live` would say is said here by hand: the front, which serves it, does not stand here.
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="It turns.")
    ben = Visit(chromium, live_server, world.ben, **PHONE)
    ben.context.add_init_script("""let live; Object.defineProperty(window, 'live', { get: () => live, set: made => {
        const hear = made.hear; live = { hear: (key, ways) => { if (key === 'bell=1') window.rings = ways.bell; hear(key, ways) } } } })""")
    page = ben.go("/people")
    Notice.objects.all().delete()
    actions.reply(world.later(minutes=1).as_("ann"), topic=topic, text="@ben turn it.")
    tell(list(Activity.objects.order_by("-id")[:1]), world.now)
    page.evaluate("window.rings()")
    (row := page.locator(".toast.arrival")).wait_for()
    assert row.inner_text() == "A\nAnn mentioned you in “Loose”"
    expect(page).to_have_title(re.compile(r"^\(1\) "), timeout=20_000)
    page.locator("#live", has_text="Ann mentioned you in “Loose”").wait_for(state="attached")
    page.goto(f"{live_server.url}/notices")
    actions.reply(world.later(minutes=1).as_("cat"), topic=topic, text="Or not.")
    tell(list(Activity.objects.order_by("-id")[:1]), world.now)
    page.evaluate("window.rings()")
    page.locator("#notices", has_text="Cat and Ann replied in “Loose”").wait_for()
    page.locator("#notices").get_by_role("button", name="Mark as read").click()
    page.locator("#notices .topic[data-state=read]").wait_for()
    page.goto(f"{live_server.url}/t/{topic.pk}")
    actions.reply(world.later(minutes=1).as_("ann"), topic=topic, text="@ben, and again.")
    tell(list(Activity.objects.order_by("-id")[:1]), world.now)
    with page.expect_response("**/notices/newest") as asked:
        page.evaluate("window.rings()")
    assert "mentioned you in" in asked.value.text()
    page.wait_for_timeout(200)
    assert page.locator(".toast.arrival").count() == 0, "what is open shows it itself"
    ben.end()


def test_a_chat_in_wechat_speaks_at_once_hears_others_and_sends_again_what_did_not_get_through(chromium, house, world_here):
    world, topic = world_here
    visit = Visit(chromium, house, world.ben, **PHONE)
    page = visit.page
    page.goto(f"{house.url}/t/{topic.pk}")
    page.wait_for_selector("#m40")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    box = page.locator(".chat-foot").bounding_box()
    assert 736 < box["y"] + box["height"] <= 740, "the composer stands at the bottom"
    page.fill("#words", "I am here.")
    page.click(".chat-send")
    page.wait_for_selector("#m42.own")
    assert page.locator(".msg.sending").count() == 0 and page.input_value("#words") == ""
    page.wait_for_timeout(800)  # the line is open
    actions.reply(world.as_("cat"), topic=topic, text="Welcome, **Ben**.")
    page.wait_for_selector("#m43 strong")
    top = page.evaluate("(document.scrollingElement.scrollTop = 300, document.getElementById('m20').getBoundingClientRect().top)")
    page.wait_for_selector("#m2", state="attached")
    assert abs(page.locator("#m20").bounding_box()["y"] - top) < 3, "older words come without a jump"
    actions.reply(world.as_("cat"), topic=topic, text="Still there?")
    page.wait_for_selector("#m44", state="attached")
    assert page.locator(".chat-newest").inner_text().strip() == "1 new"
    page.click(".chat-newest")
    page.route("**/chat/messages", lambda route: route.abort())
    page.fill("#words", "Lost?")
    page.click(".chat-send")
    page.wait_for_selector(".msg.unsent")
    page.unroute("**/chat/messages")
    page.route("**/chat/messages", lambda route: (route.fetch(), route.abort()))  # it was heard, the answer was lost
    page.click(".msg.unsent .link")
    page.wait_for_selector(".msg.unsent")
    page.unroute("**/chat/messages")
    page.click(".msg.unsent .link")
    page.wait_for_selector("#m45.own")
    page.locator(".msg.unsent, .msg.sending").first.wait_for(state="detached")
    assert Post.objects.filter(topic=topic, source_text="Lost?").count() == 1
    visit.context.close()


@pytest.fixture
def world_here(transactional_db):
    """A chat of forty-one messages, all but the last few read by Ben."""
    from fireside.members.tests.world import make_people
    from fireside.spaces.actions import make_group
    from fireside.spaces.tests.world import add_spaces

    world = add_spaces(make_people())
    make_group(world.as_("ann"), space=world.hearth)
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Evening", text="Who is here?", asks=False)
    for n in range(2, 42):
        actions.reply(world.later(minutes=2).as_(("cat", "ann")[n % 2]), topic=topic, text=f"Word {n}")
    return world, topic
