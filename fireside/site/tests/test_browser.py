"""Every page in a real Chromium, loaded once in each language and looked at on a phone and on a desk, in the light and in the dark.

What is asked of each: nothing leaves the screen, also with letters twice as large; what a finger must hit is 44 px; axe-core finds no violation
of its rules tagged wcag2a, wcag2aa, wcag21a, wcag21aa, wcag22aa (contrast and target size among them) and best-practice, whatever its weight;
one h1, no id twice, the page's language; and members' names and words from right to left keep to themselves (look.js beside this file).
"""

from typing import Any

import pytest

from fireside.activity.worker import react_until_quiet
from fireside.conversation.actions import begin_conversation, keep_for_later, open_topic, reply, tag_topic, turn_into_chat
from fireside.conversation.tests.pictures import give
from fireside.members.actions import change_profile
from fireside.moderation.actions import report_post
from fireside.notifications.links import stop_address
from fireside.site.tests.test_doors import talking  # noqa: F401  the same little house
from fireside.site.tests.tour import DESK, PHONE, Visit, reads_in, session_of, settled
from fireside.spaces.actions import change_space

LANGUAGES = pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def from_right_to_left(talking: Any) -> Any:  # noqa: F811
    """Some who speak Arabic and Hebrew are among those who talk: their names, their titles, their words."""
    change_profile(talking.as_("ann"), name="ليلى خالد", about="مرحبا بالجميع")
    change_profile(talking.as_("ben"), name="דן כהן")
    change_space(talking.as_("dan"), space=talking.room, name="غرفة الضوء (2)")
    talking.abroad = open_topic(
        talking.as_("ben"), space=talking.bench, title="أي فتيل للمصباح؟ (2)", text="مرحبا\n\n- واحد\n- two", asks=True
    )
    lamp, manual = (
        give(talking, name="مصباح 1.png"),
        give(talking, data=b"%PDF-1.7\n" + b"x" * 900, name="The whole manual of the lamp.pdf"),
    )
    words = f"שלום, @dan! Plain.\n\n![مصباح](/files/{lamp.pk})\n\n[manual](/files/{manual.pk})"
    post = reply(talking.as_("ben"), topic=talking.abroad, text=words)
    tag_topic(talking.as_("dan"), topic=talking.abroad, tags=["مصباح", "lamp"])
    report_post(talking.as_("ann"), post=post, reason="elsewhere", words="ليس هنا")
    keep_for_later(talking.as_("dan"), post=post, note="לקרוא")
    react_until_quiet(talking.now)
    return talking


@pytest.mark.django_db(transaction=True)
@LANGUAGES
def test_every_page_for_a_member(chromium: Any, live_server: Any, talking: Any, locale: str) -> None:  # noqa: F811
    from_right_to_left(talking)
    talking.chat = turn_into_chat(talking.as_("dan"), topic=talking.secret)
    reply(talking.as_("dan"), topic=talking.chat, text="And more.", reply_to=talking.chat.posts.get(number=1))
    begun = begin_conversation(talking.as_("dan"), people=[talking.ann], text="שלום Ann, between us two.")
    tea = begin_conversation(talking.as_("ann"), people=[talking.dan, talking.cat], text="מי מביא תה?", title="שבת (2)")
    pages = [
        "/",
        "/messages",
        "/messages?show=asked",
        "/messages?q=Ann",
        "/messages?q=nowhere",
        "/messages/new",
        "/messages/new?to=ben",
        "/messages/settings",
        "/me/blocked",
        f"/t/{begun.pk}",
        f"/messages/{tea.pk}/people",
        f"/t/{tea.pk}",
        f"/t/{talking.chat.pk}",
        "/talk",
        "/talk?show=waiting",
        "/later",
        "/talk?show=new",
        "/talk?show=unread",
        "/following",
        "/start",
        "/share?title=A+lamp&text=Look&url=https://example.org/lamp",
        "/search",
        f"/search?q={talking.answered.title[:6]}&state=answered",
        "/search?q=nowhere",
        f"/t/{talking.answered.pk}",
        f"/t/{talking.abroad.pk}",
        f"/t/{talking.waiting.pk}",
        f"/t/{talking.waiting.pk}/pin",
        f"/t/{talking.waiting.pk}/closing",
        f"/t/{talking.waiting.pk}/move",
        f"/t/{talking.waiting.pk}/1/report",
        "/reports",
        f"/t/{talking.answered.pk}/split",
        f"/t/{talking.waiting.pk}/merge",
        f"/t/{talking.waiting.pk}/tags",
        f"/spaces/{talking.bench.slug}/tags",
        f"/spaces/{talking.bench.slug}/library",
        "/spaces",
        f"/spaces/{talking.bench.slug}",
        f"/spaces/{talking.bench.slug}/new",
        f"/spaces/{talking.bench.slug}/people",
        f"/spaces/{talking.bench.slug}/settings",
        "/people",
        "/people/ann",
        "/people/tend/rights",
        "/community",
        "/community/sharing",
        "/me",
        "/notices",
        "/notices?show=mentions",
        "/notices/settings",
        "/keys",
        "/me/telling",
        "/me/digest",
        "/cockpit/departures",
        "/cockpit/departures/defaults",
        "/cockpit",
        "/cockpit/helped",
        "/cockpit/newcomers",
        "/cockpit/network",
        "/cockpit/doing",
        "/limits",
        "/accounts/sessions/",
        "/me/data",
        "/community/retention",
        "/people/ben/erasure",
        "/no/such/page",
    ]
    visit = Visit(chromium, live_server, PHONE, locale, "light", session_of(reads_in(talking.dan, locale)))
    wrong = visit.tour(pages)
    visit.close()
    owner = Visit(chromium, live_server, PHONE, locale, "light", session_of(reads_in(talking.olu, locale)))
    wrong |= owner.tour(["/cockpit/export"])
    owner.close()
    assert not wrong, "\n".join(f"{address}: {line}" for address, lines in wrong.items() for line in lines)


@pytest.mark.django_db(transaction=True)
@LANGUAGES
def test_every_page_for_a_visitor(chromium: Any, live_server: Any, talking: Any, settings: Any, locale: str) -> None:  # noqa: F811
    from_right_to_left(talking)
    visit = Visit(chromium, live_server, PHONE, locale, "light")
    pages = [
        "/",
        "/talk",
        "/search?q=x",
        f"/t/{talking.answered.pk}",
        f"/t/{talking.abroad.pk}",
        "/spaces",
        f"/spaces/{talking.bench.slug}",
        "/accounts/login/",
        "/accounts/signup/",
        "/offline",
        "/keys",
        stop_address(reads_in(talking.ben, locale).pk, "notices").removeprefix(settings.ADDRESS),
    ]
    wrong = visit.tour(pages)
    visit.close()
    assert not wrong, "\n".join(f"{address}: {line}" for address, lines in wrong.items() for line in lines)


@pytest.mark.django_db(transaction=True)
@LANGUAGES
def test_the_first_visit(chromium: Any, live_server: Any, locale: str) -> None:
    from fireside.site import setup_link

    visit = Visit(chromium, live_server, PHONE, locale, "light")
    wrong = {"/": visit.look_all_round("/")}
    link = setup_link(live_server.url)
    assert link
    visit.page.goto(link)
    assert visit.page.url == live_server.url + "/setup"
    wrong |= {address: visit.look_all_round(address) for address in ("/setup", "/setup/start", "/setup/bring")}
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
    wrong["/ founded"] = visit.look_all_round("/")
    page.get_by_text("灯社").first.wait_for(state="attached")
    visit.close()
    wrong = {address: lines for address, lines in wrong.items() if lines}
    assert not wrong, "\n".join(f"{address}: {line}" for address, lines in wrong.items() for line in lines)


@pytest.mark.django_db(transaction=True)
def test_long_names_fit_a_phone(chromium: Any, live_server: Any, talking: Any) -> None:  # noqa: F811
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
