"""The button that lets a browser be called, in a real Chromium; only the browser maker's push service is not there, and stands in for itself."""

from typing import Any

import pytest
from playwright.sync_api import expect

from fireside.notifications.models import PushDevice
from fireside.site.tests.tour import PHONE, Visit, reads_in, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GIVES = """PushManager.prototype.subscribe = async function (asked) {
  if (window.refuses) throw new DOMException('no', 'NotAllowedError')
  window.asked = [asked.userVisibleOnly, asked.applicationServerKey.length]
  const bytes = n => Uint8Array.from({ length: n }, (_, at) => n === 65 && !at ? 4 : at + 1).buffer
  return { endpoint: 'https://push.example.net/send/1', getKey: name => bytes(name === 'auth' ? 16 : 65) }
}
navigator.serviceWorker.register = async () => ({ pushManager: PushManager.prototype })"""


def test_a_browser_lets_itself_be_called_and_no_more(chromium: Any, live_server: Any, world: Any) -> None:
    visit = Visit(chromium, live_server, PHONE, "en-GB", "light", session_of(reads_in(world.ben, "en")))
    visit.context.add_init_script(GIVES)
    page = visit.page
    page.goto(live_server.url + "/me/telling")
    button = page.get_by_role("button", name="Let this browser be called")
    expect(button).to_be_visible(timeout=20_000)
    expect(page.locator("[data-push-no]")).to_be_hidden()
    page.evaluate("window.refuses = true")
    button.tap()
    expect(page.locator("[data-push-refused]")).to_contain_text("Allow notifications for this site", timeout=20_000)
    assert not PushDevice.objects.exists()
    page.evaluate("window.refuses = false")
    button.tap()
    expect(page.locator(".toast")).to_contain_text("This browser is called from now on.", timeout=20_000)
    device = PushDevice.objects.get()
    assert device.member == world.ben and device.endpoint == "https://push.example.net/send/1"
    page.get_by_role("button", name="Call it no more").tap()
    expect(page.locator(".toast").last).to_contain_text("It is called no more.", timeout=20_000)
    assert not PushDevice.objects.exists()
    visit.close()
