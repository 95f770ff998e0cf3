"""The house as an app: manifest, icons, the worker and its page for no connection, and words that wait on the device."""

import base64
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from fireside.conversation.actions import keep_draft
from fireside.conversation.models import Draft, Post
from fireside.conversation.tests.pictures import picture
from fireside.members.actions import change_community
from fireside.site.tests.test_doors import signed_in, talking, text_of  # noqa: F401  the same little house
from fireside.site.tests.tour import DESK, PHONE, Visit, reads_in, session_of, settled

CONTROLLED = """navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller
  || new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', done)))"""


def given(worker: str, name: str) -> Any:
    return json.loads(re.search(rf"^const {name} = (.*)$", worker, re.M)[1])  # type: ignore[index]


@pytest.mark.django_db
def test_the_manifest_names_the_community(world: Any) -> None:
    answer = Client(headers={"accept-language": "zh-CN"}).get("/manifest.webmanifest")
    said = json.loads(answer.content)
    assert answer["Content-Type"].startswith("application/manifest+json")
    assert (said["name"], said["lang"], said["scope"], said["display"]) == ("Lantern Works", "zh-CN", "/", "standalone")
    assert said["shortcuts"][0]["name"] == "写新话题" and said["share_target"]["params"]["files"][0]["name"] == "files"
    assert {(one["sizes"], one["purpose"]) for one in said["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    for one in said["icons"]:
        picture = Image.open(io.BytesIO(Client().get(one["src"]).content))
        assert f"{picture.width}x{picture.height}" == one["sizes"]
        corner = picture.convert("RGBA").getpixel((0, 0))
        assert corner[3] == (255 if one["purpose"] == "maskable" else 0), "a mask cuts a whole ground"
        assert picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2)) == (203, 71, 14)
    assert Client().get("/app/icon-9999.png").status_code == 404
    page = text_of(signed_in(world.ann).get("/"))
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page and "data-install hidden" in page


@pytest.mark.django_db
def test_the_worker_changes_with_what_it_keeps(world: Any) -> None:
    worker = text_of(Client().get("/sw.js"))
    assert set(given(worker, "OFFLINE")) == {"en", "zh-hans"}
    kept = {re.sub(r"\.[0-9a-f]{8}(?=\.\w+$)", "", one) for one in given(worker, "ASSETS")}  # where assets are gathered, with their sums
    assert "/static/fireside.css" in kept and "/static/conversation/kept.js" in kept and not [one for one in kept if "echarts" in one]
    assert text_of(Client().get("/sw.js")) == worker
    change_community(world.as_("olu"), name="Lamp Works")
    assert given(text_of(Client().get("/sw.js")), "VERSION") != given(worker, "VERSION"), "the page for no connection says the name"


@pytest.mark.django_db
def test_the_page_for_no_connection_is_nobody_s(world: Any) -> None:
    for language, words in (("en", "There is no connection"), ("zh-hans", "现在没有网络")):
        answer = signed_in(world.ann).get(f"/offline?language={language}")
        page = text_of(answer)
        assert words in page and "Ann" not in page and "data-me" not in page and "csrf" not in page
        assert page.count("<h1") == 1


@pytest.mark.django_db(transaction=True)
def test_words_without_a_connection(chromium: Any, live_server: Any, talking: Any) -> None:  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    context = chromium.new_context(locale="en-GB", service_workers="allow")
    context.add_cookies([{"name": "sessionid", "value": session_of(talking.ben), "url": live_server.url}])
    page, here = context.new_page(), f"{live_server.url}/t/{talking.waiting.pk}"
    kept = "Object.keys(localStorage).filter(name => name.startsWith('kept:')).length"
    page.goto(here)
    settled(page)
    page.evaluate(CONTROLLED)
    page.goto(here)  # its language is known from now on
    settled(page)
    words = page.locator("#reply-words")

    context.set_offline(True)
    words.fill("Sewing machine oil, said on a train.")
    expect(page.locator("#reply .draft-state")).to_contain_text("Kept on this device")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.locator("[data-kept-note]")).to_contain_text("There is no connection")
    assert page.evaluate("new Promise(done => setTimeout(() => done(!document.querySelector('[aria-busy]')), 50))"), "it can be sent later"
    page.goto(live_server.url + "/talk")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no connection")
    expect(page.locator("#kept")).to_contain_text("said on a train")
    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Talk")  # by itself

    page.goto(here)
    expect(words).to_have_value("Sewing machine oil, said on a train.")
    expect(page.locator("[data-kept-note]")).to_contain_text("is back")
    expect(page.locator("#reply .draft-state")).to_contain_text("Draft kept")
    assert Draft.objects.get(member=talking.ben).text == "Sewing machine oil, said on a train." and page.evaluate(kept) == 0
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.locator("#p2")).to_contain_text("said on a train")
    assert Post.objects.filter(topic=talking.waiting, number=2).count() == 1 and page.evaluate(kept) == 0
    expect(words).to_have_value("")

    held = "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(one => one.keys())))).then(all => all.flat().map(one => new URL(one.url).pathname))"
    assert {one for one in page.evaluate(held) if not one.startswith("/static/")} == {"/offline", "/language"}, "no page of anybody is kept"
    context.set_offline(True)
    words.fill("Mine alone.")
    expect(page.locator("#reply .draft-state")).to_contain_text("Kept on this device")
    context.set_offline(False)
    page.evaluate("window.stop(); localStorage.setItem('kept:0:reply:1', '{}')")
    page.goto(live_server.url + "/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(live_server.url + "/")
    assert page.evaluate(kept) == 0, "who signs out leaves no word on the device"
    context.close()


@pytest.mark.django_db(transaction=True)
def test_words_whose_answer_was_lost_come_back(chromium: Any, live_server: Any, talking: Any) -> None:  # noqa: F811
    from playwright.sync_api import expect

    context = chromium.new_context(locale="en-GB")
    context.add_cookies([{"name": "sessionid", "value": session_of(talking.ben), "url": live_server.url}])
    page, here = context.new_page(), f"{live_server.url}/t/{talking.waiting.pk}"

    def lose(route: Any) -> None:
        assert route.fetch().ok
        route.abort("connectionreset")

    page.route("**/talk/drafts", lose)
    page.goto(here)
    settled(page)
    page.locator("#reply-words").fill("Said in a tunnel.")
    expect(page.locator("#reply .draft-state")).to_contain_text("Kept on this device")
    page.unroute("**/talk/drafts")
    page.goto(here)
    expect(page.locator("#reply-words")).to_have_value("Said in a tunnel.")
    expect(page.locator("[data-kept-note]")).to_contain_text("is back")
    assert Draft.objects.get(member=talking.ben).text == "Said in a tunnel."
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('kept:')).length") == 0
    context.close()


SHARE = """file => {
  const form = document.createElement('form'), put = (name, type, value) => {
    const field = document.createElement('input'); field.name = name; field.type = type
    if (type === 'file') { const all = new DataTransfer(); all.items.add(new File([Uint8Array.from(atob(file), one => one.charCodeAt(0))], 'lamp.png', { type: 'image/png' })); field.files = all.files } else field.value = value
    form.append(field)
  }
  form.method = 'post'; form.action = '/share'; form.enctype = 'multipart/form-data'
  put('title', 'text', 'A lamp of paper'); put('text', 'text', 'Look at this. '.repeat(200)); put('url', 'text', 'https://example.org/lamp'); put('files', 'file')
  document.body.append(form); form.submit()
}"""


@pytest.mark.django_db(transaction=True)
def test_what_is_shared_comes_through_the_sign_in_into_a_topic(
    chromium: Any,
    live_server: Any,
    talking: Any,  # noqa: F811
    settings: Any,
    tmp_path: Any,
) -> None:
    """As a phone shares: the worker takes it on the device, with no session yet."""
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    settings.MEDIA_ROOT = tmp_path
    talking.ben.set_password("a warm kettle sings")
    talking.ben.save()
    context = chromium.new_context(locale="en-GB", service_workers="allow")
    page = context.new_page()
    page.goto(live_server.url + "/offline")
    settled(page)
    page.evaluate(CONTROLLED)
    page.evaluate(SHARE, base64.b64encode(picture(40, 30)).decode())
    page.wait_for_url("**/accounts/login/**")
    page.get_by_label("E-mail").fill("ben@example.org")
    page.get_by_label("Password").fill("a warm kettle sings")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/share?**")
    expect(page.locator("[data-holds] img")).to_have_count(1)
    expect(page.get_by_label("What you share")).to_contain_text("A lamp of paper")
    page.get_by_role("link", name="Repair bench").last.click()
    expect(page.get_by_label("Title")).to_have_value("A lamp of paper")
    words = page.locator("#words")
    expect(words).to_have_value(re.compile(r"/files/\d+\)"))
    said = words.input_value()
    assert said.count("Look at this.") == 200 and "https://example.org/lamp" in said, "longer than an address holds, and whole"
    page.get_by_role("button", name="Open the topic").click()
    page.wait_for_url(re.compile(r"/t/\d+"))
    post = Post.objects.latest("pk")
    assert post.topic.title == "A lamp of paper" and post.topic.space == talking.bench and post.source_text.count("/files/") == 1
    assert page.evaluate("caches.open('shared').then(one => one.keys()).then(keys => keys.length)") == 0
    context.close()


@pytest.mark.django_db
def test_a_share_without_the_worker_keeps_its_words(world: Any) -> None:
    client = Client()
    answer = client.post(
        "/share", {"title": "灯", "text": "看 https://example.org/x", "url": "https://example.org/x", "files": io.BytesIO(picture())}
    )
    assert answer.status_code == 302 and "lost=1" in answer["Location"] and "%E7%81%AF" in answer["Location"]
    asked = client.get(answer["Location"])
    assert asked.status_code == 302 and asked["Location"].startswith("/accounts/login/?next=/share%3F")
    ben = signed_in(world.ben)
    page = text_of(ben.get(answer["Location"]))
    assert "The pictures did not come along" in page
    way = re.search(r'href="(/spaces/hearth/new\?[^"]+)"', page)
    assert way
    form = text_of(ben.get(way[1].replace("&amp;", "&")))
    assert 'value="灯"' in form and form.count("https://example.org/x") == 1, "an address that stands in the words is not said twice"
    assert "javascript:" not in text_of(ben.get("/share?url=javascript:alert(1)&text=x"))
    assert "data-held" not in text_of(ben.get("/spaces/hearth/new?text=x&held=../../etc"))
    keep_draft(world.as_("ben"), place=f"new:{world.hearth.pk}", text="Begun.", title="Mine")
    form = text_of(ben.get("/spaces/hearth/new?title=Theirs&text=Shared."))
    assert 'value="Mine"' in form and "Begun.\n\nShared." in form, "a draft keeps its words"


@pytest.mark.django_db(transaction=True)
def test_the_hint_comes_when_it_can_be_done_and_stays_away(chromium: Any, live_server: Any, talking: Any) -> None:  # noqa: F811
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    offers = """() => { const event = new Event('beforeinstallprompt', { cancelable: true })
      event.prompt = () => { window.prompted = true }; event.userChoice = Promise.resolve({ outcome: 'accepted' }); dispatchEvent(event); return event.defaultPrevented }"""
    for phone, comes in ((False, True), (True, False)):  # a phone of ours is WeChat's
        visit = Visit(chromium, live_server, PHONE if phone else DESK, "en-GB", "light", session_of(reads_in(talking.ann, "en")))
        page, hint = visit.page, visit.page.locator("[data-install]")
        page.goto(live_server.url + "/")
        settled(page)
        expect(hint).to_be_hidden()
        assert page.evaluate(offers) is comes
        if comes:
            expect(hint).to_contain_text("Have Lantern Works at hand")
            hint.get_by_role("button", name="Put it there").click()
            assert page.evaluate("window.prompted")
            page.reload()
            settled(page)
            page.evaluate(offers)
            hint.get_by_role("button", name="Not now").click()
            page.reload()
            settled(page)
            page.evaluate(offers)
        expect(hint).to_be_hidden()
        visit.close()


@pytest.mark.django_db(transaction=True)
def test_a_new_worker_takes_over_and_shows_what_is_called_out(chromium: Any, live_server: Any, world: Any) -> None:
    context = chromium.new_context(locale="en-GB", service_workers="allow", permissions=["notifications"])
    page = context.new_page()
    session = context.new_cdp_session(page)
    found: dict[str, str] = {}
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.update({one["scopeURL"]: one["registrationId"] for one in said["registrations"]}),
    )
    session.send("ServiceWorker.enable")
    page.goto(live_server.url + "/offline")
    settled(page)
    page.evaluate(CONTROLLED)
    names = "caches.keys().then(all => all.filter(one => one.startsWith('house-')))"
    before = page.evaluate(names)
    assert len(before) == 1
    change_community(world.as_("olu"), name="Lamp Works")
    page.evaluate(
        """navigator.serviceWorker.ready.then(one => { const taken = new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', done)); one.update(); return taken })"""
    )
    after = before
    for _ in range(200):
        if len(after := page.evaluate(names)) == 1 and after != before:
            break
        page.wait_for_timeout(100)
    assert len(after) == 1 and after != before, "what the old one kept is gone"
    page.goto(live_server.url + "/keys")  # the page goes on with the new one
    assert page.locator("h1").inner_text() == "Keys"
    context.set_offline(True)
    page.goto(live_server.url + "/talk")
    assert "Lamp Works" in page.locator(".brand").inner_text()
    context.set_offline(False)
    page.goto(live_server.url + "/keys")
    said = json.dumps({"title": "Ann replied", "body": "Trim it.", "url": "/t/1", "tag": "t"})
    session.send(
        "ServiceWorker.deliverPushMessage", {"origin": live_server.url, "registrationId": found[live_server.url + "/"], "data": said}
    )
    shown: list[Any] = []
    for _ in range(100):
        shown = page.evaluate(
            "navigator.serviceWorker.ready.then(one => one.getNotifications()).then(all => all.map(one => [one.title, one.body]))"
        )
        if shown:
            break
        page.wait_for_timeout(100)
    assert shown == [["Ann replied", "Trim it."]]
    context.close()
