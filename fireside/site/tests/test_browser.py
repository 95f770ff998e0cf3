"""Every page in a real Chromium: on a phone inside WeChat and on a desk, in both languages, light and dark; axe-core finds nothing serious."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from fireside.conversation.actions import reply, turn_into_chat
from fireside.notifications.links import stop_address
from fireside.site.tests.test_doors import talking  # noqa: F401  the same little house

WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; M2012K11AC Build/TKQ1; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.188 "
    "Mobile Safari/537.36 XWEB/1260117 MMWEBSDK/20240404 MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN"
)
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1360, "height": 860}
AXE = (Path(__file__).parent / "axe.js").read_text(encoding="utf-8")
SERIOUS = """async () => {
  const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id} (${one.help}): ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 140) + ' ' + (node.any[0] ? node.any[0].message : '')).join(' | ')}`)
}"""
VIEWS = [(PHONE, "zh-CN", "light"), (PHONE, "en-GB", "dark"), (DESK, "en-GB", "light"), (DESK, "zh-CN", "dark")]
GROUND = {"light": "rgb(246, 244, 241)", "dark": "rgb(21, 18, 16)"}

# What a finger must hit: 44 px, counting the unseen edge that some small controls carry. Links inside sentences are exempt.
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')].filter(one => {
  const box = one.getBoundingClientRect(), look = getComputedStyle(one), edge = getComputedStyle(one, '::after')
  if (!box.width || !box.height || look.visibility === 'hidden' || one.closest('.said, .skip, .prose, .chart, dialog:not([open])')) return false
  if (look.display === 'inline' && one.tagName === 'A') return false
  if (one.closest('details:not([open]) > :not(summary)')) return false
  if (one.matches('[type=checkbox], [type=radio]') && one.closest('label')) return false
  if (one.closest('.topic > .t, .row-link')) return false
  const grown = edge.content !== 'none' && edge.position === 'absolute' ? -2 * parseFloat(edge.top || 0) : 0
  return box.height + Math.max(0, grown) < 43.5 || box.width + Math.max(0, grown) < 43.5
}).map(one => one.outerHTML.slice(0, 120) + ' ' + Math.round(one.getBoundingClientRect().width) + '×' + Math.round(one.getBoundingClientRect().height))"""


def settled(page: Any) -> None:
    """Until a page has everything it asked for. Its shared live connection stays open on purpose, so the network is never idle."""
    from playwright.sync_api import expect

    page.wait_for_load_state("load")
    # Not wait_for_function: it looks once, and looking again is evaluating text, which the house's CSP forbids.
    expect(page.locator(".htmx-request")).to_have_count(0, timeout=20_000)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


class Visit:
    """A browser context that writes down what went wrong."""

    def __init__(self, chromium: Any, live: Any, size: dict[str, int], locale: str, theme: str, cookie: str = "") -> None:
        phone = size is PHONE
        self.phone, self.theme, self.lang, self.live = phone, theme, locale[:2], live
        self.context = chromium.new_context(
            viewport=size, locale=locale, color_scheme=theme, user_agent=WECHAT if phone else None, has_touch=phone, is_mobile=phone
        )
        if cookie:
            self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live.url}])
        self.page = self.context.new_page()
        self.page.set_default_timeout(90_000)  # a busy machine is no fault of a page
        self.trouble: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda wrong: self.trouble.append(str(wrong)))

    def _note(self, line: Any) -> None:
        where = (line.location or {}).get("url", "")
        if line.type in {"error", "warning"} and "/live" not in where:  # live updates are served by the front, which does not stand here
            self.trouble.append(f"{line.text} {where}")

    def look_at(self, address: str, status: int = 200, *, axe: bool = False) -> list[str]:
        """What is wrong with a page; an empty list is what we want. `axe` also asks axe-core (WCAG 2.2 A and AA)."""
        self.trouble.clear()
        answer = self.page.goto(self.live.url + address)
        settled(self.page)
        wrong = []
        if answer.status != status:
            wrong.append(f"answered {answer.status}")
        noise = [line for line in self.trouble if not (status >= 400 and "status of" in line)]
        wrong += [f"console: {line[:300]}" for line in noise]
        width = self.page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
        most = PHONE["width"] if self.phone else DESK["width"]
        if width > most:
            wide = self.page.evaluate(
                f"[...document.querySelectorAll('body *')].filter(o => o.getBoundingClientRect().right > {most} + 1 && !o.closest('.scroll, .filters')).slice(0, 3).map(o => o.outerHTML.slice(0, 90))"
            )
            wrong.append(f"{width} px wide: {wide}")
        if self.phone:
            wrong += [f"small: {one}" for one in self.page.evaluate(SMALL)[:6]]
            wrong += self._unfolded(most)
        heads = self.page.evaluate("document.querySelectorAll('h1').length")
        if heads != 1:
            wrong.append(f"{heads} h1")
        mains = self.page.evaluate(
            "[...document.querySelectorAll('.btn.main')].filter(o => o.offsetParent && !o.closest('dialog, .head')).length"
        )
        if mains > 1:
            wrong.append(f"{mains} main buttons")
        lang = self.page.evaluate("document.documentElement.lang")
        if lang[:2] != self.lang:
            wrong.append(f"lang={lang}")
        ground = self.page.evaluate("getComputedStyle(document.body).backgroundColor")
        if ground != GROUND[self.theme]:
            wrong.append(f"ground {ground}")
        if axe:
            self.page.evaluate(AXE)
            wrong += [f"axe: {one}" for one in self.page.evaluate(SERIOUS)]
        return wrong

    def _unfolded(self, most: int) -> list[str]:
        """The same of all that is folded away: each thing alone, as a member unfolds one at a time."""
        wrong = []
        for n in range(self.page.evaluate("document.querySelectorAll('details:not([open])').length")):
            self.page.evaluate(f"[...document.querySelectorAll('details')].filter(one => !one.open)[{n}].dataset.now = '1'")
            self.page.evaluate("document.querySelector('details[data-now]').open = true")
            wide = self.page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
            small = self.page.evaluate(SMALL)[:3]
            what = self.page.evaluate(
                "(one => { one.open = false; delete one.dataset.now; return one.outerHTML.slice(0, 90) })(document.querySelector('details[data-now]'))"
            )
            wrong += [f"{wide} px wide when open: {what}"] if wide > most else []
            wrong += [f"small when open: {one}" for one in small]
        return wrong

    def look_at_all(self, addresses: list[str]) -> dict[str, list[str]]:
        """What is wrong with which page. Each is looked at by axe on a phone and on a desk, light and dark, in one of the languages."""
        first = self.lang == "zh"
        return {
            address: found
            for n, address in enumerate(addresses)
            if (found := self.look_at(address, 404 if address.startswith("/no/") else 200, axe=n % 2 == first))
        }

    def close(self) -> None:
        self.context.close()


def session_of(member: Any) -> str:
    from django.test import Client

    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


def reads_in(member: Any, locale: str) -> Any:
    """The member's own language is what the browser asks for, so that one account serves both."""
    type(member).objects.filter(pk=member.pk).update(language="zh-hans" if locale.startswith("zh") else "en")
    return member


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "locale", "theme"), VIEWS, ids=["phone-zh-light", "phone-en-dark", "desk-en-light", "desk-zh-dark"])
def test_every_page_for_a_member(chromium: Any, live_server: Any, talking: Any, size: Any, locale: str, theme: str) -> None:  # noqa: F811
    reads_in(talking.dan, locale)
    visit = Visit(chromium, live_server, size, locale, theme, session_of(talking.dan))
    talking.chat = turn_into_chat(talking.as_("dan"), topic=talking.secret)
    reply(talking.as_("dan"), topic=talking.chat, text="And more.", reply_to=talking.chat.posts.get(number=1))
    pages = ["/", f"/t/{talking.chat.pk}", "/talk", "/talk?show=waiting", "/later", "/talk?show=new", "/talk?show=unread", "/following", "/start", "/search", f"/search?q={talking.answered.title[:6]}&state=answered", "/search?q=nowhere", f"/t/{talking.answered.pk}", f"/t/{talking.waiting.pk}", f"/t/{talking.waiting.pk}/pin", f"/t/{talking.waiting.pk}/closing", f"/t/{talking.waiting.pk}/move", f"/t/{talking.waiting.pk}/1/report", "/reports", f"/t/{talking.answered.pk}/split", f"/t/{talking.waiting.pk}/merge", f"/t/{talking.waiting.pk}/tags", f"/spaces/{talking.bench.slug}/tags", f"/spaces/{talking.bench.slug}/library", "/spaces", f"/spaces/{talking.bench.slug}",
             f"/spaces/{talking.bench.slug}/new", f"/spaces/{talking.bench.slug}/people", f"/spaces/{talking.bench.slug}/settings", "/people", "/people/ann", "/people/tend/rights", "/community", "/community/sharing", "/me",
             "/notices", "/notices?show=mentions", "/notices/settings", "/me/telling", "/me/digest", "/cockpit/departures", "/cockpit/departures/defaults", "/cockpit", "/cockpit/helped", "/cockpit/newcomers", "/cockpit/doing", "/limits", "/accounts/sessions/", "/me/data", "/community/retention", "/people/ben/erasure", "/no/such/page"]  # fmt: skip
    wrong = visit.look_at_all(pages)
    visit.close()
    reads_in(talking.olu, locale)
    owner = Visit(chromium, live_server, size, locale, theme, session_of(talking.olu))
    wrong |= owner.look_at_all(["/cockpit/export"])
    owner.close()
    assert not wrong, "\n".join(f"{address}: {line}" for address, lines in wrong.items() for line in lines)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "locale", "theme"), VIEWS, ids=["phone-zh-light", "phone-en-dark", "desk-en-light", "desk-zh-dark"])
def test_every_page_for_a_visitor(chromium: Any, live_server: Any, talking: Any, size: Any, locale: str, theme: str) -> None:  # noqa: F811
    visit = Visit(chromium, live_server, size, locale, theme)
    pages = [
        "/",
        "/talk",
        "/search?q=x",
        f"/t/{talking.answered.pk}",
        "/spaces",
        f"/spaces/{talking.bench.slug}",
        "/accounts/login/",
        "/accounts/signup/",
        stop_address(reads_in(talking.ben, locale).pk, "notices").removeprefix(settings.ADDRESS),
    ]
    wrong = visit.look_at_all(pages)
    visit.close()
    assert not wrong, "\n".join(f"{address}: {line}" for address, lines in wrong.items() for line in lines)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "locale", "theme"), VIEWS, ids=["phone-zh-light", "phone-en-dark", "desk-en-light", "desk-zh-dark"])
def test_the_first_visit(chromium: Any, live_server: Any, size: Any, locale: str, theme: str) -> None:
    from fireside.site import setup_link

    visit = Visit(chromium, live_server, size, locale, theme)
    wrong = {"/": visit.look_at("/")}
    link = setup_link(live_server.url)
    assert link
    visit.page.goto(link)
    assert visit.page.url == live_server.url + "/setup"
    wrong |= {address: visit.look_at(address) for address in ("/setup", "/setup/start", "/setup/bring")}
    visit.page.goto(live_server.url + "/setup/start")
    page = visit.page
    for name, words in {
        "name": "灯社",
        "purpose": "Lamps.",
        "owner_name": "Olu",
        "owner_email": "olu@example.org",
        "owner_password": "a warm kettle sings",
    }.items():
        page.fill(f"#id_{name}", words)
    page.click("button.btn.main")
    page.wait_for_url(live_server.url + "/")
    wrong["/ founded"] = visit.look_at("/")
    page.get_by_text("灯社").first.wait_for(state="attached")
    visit.close()
    assert not any(wrong.values()), "\n".join(f"{address}: {line}" for address, lines in wrong.items() for line in lines)


@pytest.mark.django_db(transaction=True)
def test_long_names_fit_a_phone(chromium: Any, live_server: Any, talking: Any) -> None:  # noqa: F811
    from fireside.members.actions import change_profile
    from fireside.spaces.actions import change_space

    change_space(talking.as_("dan"), space=talking.bench, name="A bench with a rather long name that somebody will choose, 还有中文")
    change_profile(talking.as_("ann"), name="Maximiliana Aurelia Featherstonehaugh-Wolfeschlegelsteinhausen von und zu Berg")
    table = "| a | b | c | d | e | f |\n|-|-|-|-|-|-|\n| eccentricity | eccentricity | eccentricity | eccentricity | eccentricity | eccentricity |"
    reply(talking.as_("ann"), topic=talking.waiting, text=table)
    reads_in(talking.dan, "en")
    visit = Visit(chromium, live_server, PHONE, "en-GB", "light", session_of(talking.dan))
    people = f"/spaces/{talking.bench.slug}/people"
    wrong = visit.look_at_all(["/", "/talk", f"/t/{talking.waiting.pk}", "/people/ann", people])
    page = visit.page
    page.goto(live_server.url + people)
    row = page.locator("article.item", has_text="Maximiliana")
    name, dots = row.locator("a.member").bounding_box(), row.locator("summary").bounding_box()
    page.goto(f"{live_server.url}/t/{talking.waiting.pk}")
    cell = page.locator(".prose td").first.bounding_box()
    visit.close()
    assert not wrong, wrong
    assert name["y"] <= dots["y"] <= name["y"] + name["height"] and dots["x"] > 250, "what can be done stands beside the name, however long"
    assert cell["height"] < 50, "a word in a table is not broken: a wide table scrolls"


@pytest.mark.django_db(transaction=True)
def test_letters_twice_as_large_have_room(chromium: Any, live_server: Any, talking: Any) -> None:  # noqa: F811
    reads_in(talking.dan, "en")
    visit = Visit(chromium, live_server, PHONE, "en-GB", "light", session_of(talking.dan))
    page, wrong = visit.page, {}
    for address in ("/", "/talk", f"/t/{talking.answered.pk}"):
        page.goto(live_server.url + address)
        page.evaluate("document.documentElement.style.fontSize = '200%'; dispatchEvent(new Event('resize'))")  # as a browser does
        narrow = page.evaluate("Math.min(400, ...[...document.querySelectorAll('.helped > :not(.circle)')].map(one => one.getBoundingClientRect().width).filter(Boolean))")  # fmt: skip
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > PHONE["width"] or narrow < 200:
            wrong[address] = (
                wide,
                narrow,
                page.evaluate(
                    "[...document.querySelectorAll('body *')].filter(o => o.getBoundingClientRect().right > 361).slice(0, 3).map(o => o.outerHTML.slice(0, 120))"
                ),
            )
    visit.close()
    assert not wrong, wrong


@pytest.mark.django_db(transaction=True)
def test_the_keyboard_reaches_the_words_first(chromium: Any, live_server: Any, talking: Any) -> None:  # noqa: F811
    visit = Visit(chromium, live_server, DESK, "en-GB", "light")
    visit.page.goto(live_server.url + "/")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"
    visit.close()


@pytest.mark.django_db(transaction=True)
def test_pages_serve_without_scripts(chromium: Any, live_server: Any, talking: Any) -> None:  # noqa: F811
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(live_server.url + "/")
    page.click("button[value=dark]")
    page.locator("html[data-theme=dark]").wait_for()
    page.click("text=Why does the lamp flicker?")
    page.get_by_text("Turn the washer.").first.wait_for()
    context.close()


@pytest.mark.django_db(transaction=True)
def test_a_page_is_settled_when_nothing_it_asked_for_is_under_way(chromium: Any, live_server: Any) -> None:
    page = chromium.new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.evaluate("document.body.classList.add('htmx-request'); setTimeout(() => document.body.classList.remove('htmx-request'), 1000)")
    settled(page)
    assert not page.evaluate("document.body.classList.contains('htmx-request')")
    page.close()
