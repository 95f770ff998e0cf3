"""A visit to pages in a real Chromium: each is loaded once and then looked at on a phone and on a desk, light and dark, with letters twice as
large, by axe-core and by what look.js asks. `Visit.look_at("/talk")` gives what is wrong; an empty list is what we want."""

from pathlib import Path
from typing import Any

WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; M2012K11AC Build/TKQ1; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.188 "
    "Mobile Safari/537.36 XWEB/1260117 MMWEBSDK/20240404 MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN"
)
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1360, "height": 860}
GROUND = {"light": "rgb(246, 244, 241)", "dark": "rgb(21, 18, 16)"}
HERE = Path(__file__).parent
LOOK = "\n".join((HERE / name).read_text(encoding="utf-8") for name in ("axe.js", "look.js"))
# Which view is looked at in which light (first a phone: it is the one whose letters grow): between the two languages every page is seen by axe on a phone and on a desk, light and dark.
LIGHTS = {"zh": (("light", PHONE), ("dark", DESK)), "en": (("dark", PHONE), ("light", DESK))}


def settled(page: Any) -> None:
    """Until a page has everything it asked for. Its shared live connection stays open on purpose, so the network is never idle."""
    from playwright.sync_api import expect

    page.wait_for_load_state("load")
    # Not wait_for_function: it looks once, and looking again is evaluating text, which the house's CSP forbids.
    if page.locator(".htmx-request").count():
        expect(page.locator(".htmx-request")).to_have_count(0, timeout=20_000)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


class Visit:
    """A browser context that writes down what went wrong."""

    def __init__(self, chromium: Any, live: Any, size: dict[str, int], locale: str, theme: str, cookie: str = "") -> None:
        phone = size is PHONE
        self.size, self.phone, self.theme, self.lang, self.live = size, phone, theme, locale[:2], live
        self.context = chromium.new_context(
            viewport=size,
            locale=locale,
            color_scheme=theme,
            user_agent=WECHAT if phone else None,
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",  # a colour on its way from one light to the other is no fault
        )
        if cookie:
            self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live.url}])
        self.context.add_init_script(LOOK)
        self.page = self.context.new_page()
        self.page.set_default_timeout(90_000)  # a busy machine is no fault of a page
        self.trouble: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda wrong: self.trouble.append(str(wrong)))
        self._screen: Any = None

    def _note(self, line: Any) -> None:
        where = (line.location or {}).get("url", "")
        quiet = "/live" in where or "blocked by Playwright" in line.text  # the front does not stand here, and workers are tested elsewhere
        if line.type in {"error", "warning"} and not quiet:
            self.trouble.append(f"{line.text} {where}")

    def go(self, address: str, status: int = 200) -> list[str]:
        """Loads a page; what is wrong with it whatever the screen is."""
        self.trouble.clear()
        answer = self.page.goto(self.live.url + address)
        settled(self.page)
        wrong = [f"answered {answer.status}"] if answer.status != status else []
        wrong += [f"console: {line[:300]}" for line in self.trouble if not (status >= 400 and "status of" in line)]
        return wrong + list(self.page.evaluate("lang => [...look.heard(lang), ...look.apart()]", self.lang))

    def look_at(self, address: str, status: int = 200, *, axe: bool = False) -> list[str]:
        """What is wrong with a page on this visit's screen and in its light."""
        wrong = self.go(address, status)
        wrong += self.page.evaluate("([most, phone]) => look.layout(most, phone)", [self.size["width"], self.phone])
        ground = self.page.evaluate("look.ground()")
        if ground != GROUND[self.theme]:
            wrong.append(f"ground {ground}")
        return wrong + (self.page.evaluate("look.axe()") if axe else [])

    def tour(self, addresses: list[str]) -> dict[str, list[str]]:
        """What is wrong with which page, on a phone and on a desk, light and dark, and with letters twice as large."""
        found = {address: self.look_all_round(address, 404 if address.startswith("/no/") else 200) for address in addresses}
        return {address: wrong for address, wrong in found.items() if wrong}

    def look_all_round(self, address: str, status: int = 200) -> list[str]:
        (light, size), (other, second) = LIGHTS[self.lang]
        self.stand(size, light)
        wrong = self.go(address, status) + self.judge(size, light, "large")
        self.stand(second, other)
        return wrong + self.judge(second, other)

    def judge(self, size: dict[str, int], light: str, large: str = "") -> list[str]:
        asked = [size["width"], size is PHONE, GROUND[light], large]
        return [
            f"{'phone' if size is PHONE else 'desk'} {light}: {one}" for one in self.page.evaluate("asked => look.judge(...asked)", asked)
        ]

    def stand(self, size: dict[str, int], light: str) -> None:
        """Go on with the page that is open, on another screen and in another light: nothing is loaded again. The screen is as high as
        the page, so that axe sees all of it: nothing lies under the tabs only because it is not scrolled to."""
        if self._screen is None:
            self._screen = self.context.new_cdp_session(self.page)
        phone = size is PHONE
        shape = {"width": size["width"], "height": 5000, "deviceScaleFactor": 1, "mobile": phone}
        self._screen.send("Emulation.setDeviceMetricsOverride", shape)
        self._screen.send("Emulation.setTouchEmulationEnabled", {"enabled": phone, **({"maxTouchPoints": 1} if phone else {})})
        self.page.emulate_media(color_scheme=light)

    def look_at_all(self, addresses: list[str]) -> dict[str, list[str]]:
        """What is wrong with which page on this visit's screen alone."""
        found = {address: self.look_at(address, 404 if address.startswith("/no/") else 200) for address in addresses}
        return {address: wrong for address, wrong in found.items() if wrong}

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
