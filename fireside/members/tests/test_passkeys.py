"""A passkey in a real browser, with a virtual authenticator: made once, then it signs in by itself."""

import re

import pytest
from allauth.mfa.models import Authenticator

from fireside.members.actions import join_community
from fireside.members.tests.world import make_people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
GOOD = "tallow wick and glass"


@pytest.fixture
def page(chromium, live_server):
    context = chromium.new_context(locale="en-GB", viewport={"width": 360, "height": 740})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    page.refused = []
    page.on("console", lambda message: page.refused.append(message.text) if "Content Security Policy" in message.text else None)
    yield page
    context.close()


def test_a_passkey_is_made_and_signs_in(page, live_server):
    world = make_people()
    join_community(world.as_(""), name="Eve", email="eve@example.org", password=GOOD)
    at = live_server.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, never to a number

    page.goto(f"{at}/accounts/login/?next=/accounts/ways/webauthn/add/")
    page.get_by_label("E-mail").fill("eve@example.org")
    page.get_by_label("Password").fill(GOOD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Password").fill(GOOD)  # before a way in is added: is it you?
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Make it").click()
    page.wait_for_url(re.compile("/accounts/ways/recovery-codes/"))
    assert Authenticator.objects.filter(type="webauthn").get().data["name"] == "My phone"

    page.goto(f"{at}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{at}/accounts/login/?next=/people")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{at}/people")
    assert page.evaluate("fetch('/api/v1/me').then(answer => answer.json()).then(me => me.handle)") == "eve"

    page.goto(f"{at}/accounts/ways/webauthn/")
    page.get_by_text("My phone").wait_for()
    assert page.refused == []


def test_where_the_device_gives_none_the_page_says_so(page, live_server):
    make_people()
    at = live_server.url.replace("127.0.0.1", "localhost")
    page.goto(f"{at}/accounts/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("The device gave no passkey").wait_for()
