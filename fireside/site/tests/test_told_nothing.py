"""What a stranger can learn from how long an answer takes, and what the logs keep of a whole visit: nothing."""

import json
import logging
import re
import statistics
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from fireside.activity.models import Letter
from fireside.conversation.actions import open_topic
from fireside.members.actions import PersonIn, join_community, make_token, offer_claim, take_in_people
from fireside.members.letters import not_me_address
from fireside.members.models import Member
from fireside.members.tests.test_sign_in import GOOD, code_of, mail, sign_in, totp  # noqa: F401
from fireside.serving.logs import formatter
from fireside.serving.rules import without_secrets

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TURNS = 15


@pytest.fixture
def eve(world: Any, settings: Any) -> Any:
    settings.LIMITS = False
    settings.ACCOUNT_RATE_LIMITS = False
    eve = join_community(world.as_(""), name="Eve", email="eve@example.org", password=GOOD)
    EmailAddress.objects.update(verified=True)
    world.secret = open_topic(world.as_("ben"), space=world.cellar, title="Hidden", text="Not for all.")
    return eve


def took(client: Client, path: str, form: dict[str, str] | None) -> float:
    """Seconds of the processor: what other processes do meanwhile says nothing."""
    began = time.process_time()
    client.get(path) if form is None else client.post(path, form)
    return time.process_time() - began


PAIRS = {
    "a hidden topic": ("/t/{secret}", "/t/987654321", None),
    "a hidden space": ("/spaces/cellar", "/spaces/dungeon", None),
    "a hidden space by name": ("/api/v1/spaces/cellar", "/api/v1/spaces/dungeon", None),
    "writing in a hidden topic": ("/t/{secret}/replies", "/t/987654321/replies", {"text": "x"}),
    "a lost password": ("/accounts/password/reset/", "/accounts/password/reset/", {"email": "eve@example.org|nobody@example.org"}),
    "a code by letter": ("/accounts/login/code/", "/accounts/login/code/", {"email": "eve@example.org|nobody@example.org"}),
    "names while one writes": ("/talk/mentions?q=olu", "/talk/mentions?q=olx", None),
    "a picture": ("/pictures/7.webp", "/pictures/8.webp", None),
}


@pytest.mark.parametrize("what", PAIRS)
def test_what_is_there_takes_as_long_as_what_is_not(world: Any, eve: Any, mail: Any, what: str) -> None:  # noqa: F811
    """In turns, so that whatever slows one slows the other; the medians differ by less than a stranger behind a network could see."""
    there, missing, form = PAIRS[what]
    anonymous = form is not None and "email" in form
    client = Client()
    if not anonymous:
        client.force_login(world.cat)
    there = there.format(secret=world.secret.pk)
    both = [form, form]
    if anonymous:
        one, other = form["email"].split("|")  # type: ignore[index]
        both = [{"email": one}, {"email": other}]
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(TURNS + 2):
        for n, path in ((0, there), (1, missing)):
            fresh = Client() if anonymous else client
            seconds = took(fresh, path, both[n])
            if turn >= 2:  # the first ones warm up what is loaded once
                times[n].append(seconds)
    first, second = statistics.median(times[0]), statistics.median(times[1])
    assert abs(first - second) < max(0.004, 0.5 * max(first, second)), (what, first, second)


@pytest.fixture
def logged() -> Any:
    """Every line that the house would write, in its own form, also those it usually leaves out."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    keep = Keep(logging.DEBUG)
    keep.setFormatter(formatter("json"))
    root, was = logging.getLogger(), logging.getLogger().level
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(keep)
    root.setLevel(was)


def test_the_logs_of_a_whole_visit_hold_no_secret(world: Any, eve: Any, mail: Any, logged: list[str], monkeypatch: Any) -> None:  # noqa: F811
    """Every way in, every kind of secret, right ones and wrong ones, refusals and faults of ours; and the front's own lines."""
    secrets: set[str] = {GOOD}
    client = Client(raise_request_exception=False)
    sign_in(client, password="a wrong password indeed")
    secrets.add("a wrong password indeed")
    sign_in(client)
    secrets |= {client.cookies["sessionid"].value, client.cookies["met"].value}
    Client().post("/accounts/login/code/", {"email": "eve@example.org"})
    secrets.add(code_of(Letter.objects.latest("pk")))
    Client().post("/accounts/password/reset/", {"email": "eve@example.org"})
    link = re.search(r"^\S+(/accounts/password/reset/key/(\S+?))/?$", Letter.objects.latest("pk").body["text"], re.MULTILINE)
    assert link
    secrets.add(link[2].partition("-")[2].strip("/"))
    _token, token = make_token(world.as_("ann"), name="t", scopes=["read"])
    secrets.add(token)
    take_in_people(world.as_("house"), source="old", people=[PersonIn("1", "Ada", world.now)])
    _link, claim = offer_claim(world.as_("olu"), member=Member.objects.get(name="Ada"))
    secrets.add(claim)
    not_me = not_me_address(eve).rpartition("/not-me/")[2]
    secrets.add(not_me)
    paths = [
        link[1] + "/",
        f"/claim/{claim}",
        f"/not-me/{not_me}",
        f"/claim/{claim}x",
        "/api/v1/me",
        "/setup?key=a-secret-key-of-set-up-123",
    ]
    secrets.add("a-secret-key-of-set-up-123")
    head = {"authorization": f"Bearer {token}"}
    for path in paths:
        client.get(path, headers=head)
        client.post(path, {"password1": GOOD, "secret": claim}, headers=head)

    def break_down(*given: Any, **named: Any) -> Any:
        raise RuntimeError("a fault of ours")

    from fireside.members.views import identities, me

    monkeypatch.setattr(identities.queries, "trace_of_link", break_down)
    monkeypatch.setattr(me.letters, "whose_not_me", break_down)
    for path in paths:
        assert client.get(path, headers=head).status_code in {200, 302, 404, 409, 410, 500}
    front = logging.getLogger("fireside.request")
    for path in paths:
        front.info(
            "request", extra={"fields": {"path": without_secrets(path.partition("?")[0]), "cookie": client.cookies["sessionid"].value}}
        )
    text = "\n".join(logged)
    assert "a fault of ours" in text, "the faults were written down"
    assert len(logged) > 6
    found = {secret for secret in secrets if secret and (secret in text or json.dumps(secret)[1:-1] in text)}
    assert not found, [line for line in logged if any(secret in line for secret in found)][:3]
