"""The set-up link opens in any number of browsers until the house is founded. Founded it is once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from fireside.members.models import Community, Member
from fireside.members.queries import forget_community
from fireside.site import key, setup_link
from fireside.site.tests.test_setup import FORM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


@pytest.fixture
def link() -> Any:
    key.throw_away()
    forget_community()
    yield str(setup_link()).removeprefix(settings.ADDRESS)
    key.throw_away()
    forget_community()


def test_two_browsers_that_send_the_form_at_once_found_one_house(link: str) -> None:
    names, together = ("Olu", "Ola"), Barrier(2)
    browsers = {name: Client(headers={"accept-language": "en"}) for name in names}
    for one in browsers.values():
        assert one.get(link).status_code == 302 and one.get("/setup/start").status_code == 200  # both look at the form

    def send(name: str) -> Any:
        try:
            together.wait(30)
            return browsers[name].post(
                "/setup/start", FORM | {"name": f"House of {name}", "owner_name": name, "owner_email": f"{name}@example.org"}
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        answers = dict(zip(names, both.map(send, names), strict=True))
    won, lost = sorted(names, key=lambda name: answers[name].status_code)
    assert (answers[won].status_code, answers[lost].status_code) == (302, 409), answers[lost].content.decode()[:2000]
    said = answers[lost].content.decode()
    assert "This house is set up" in said and 'href="/accounts/login/"' in said and 'name="owner_email"' not in said
    assert Community.objects.get().name == f"House of {won}" and Member.objects.get().name == won
    assert "/me" in browsers[won].get("/").content.decode() and browsers[lost].get("/me").status_code == 302, "only one is signed in"
    assert setup_link() is None
