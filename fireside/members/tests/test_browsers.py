"""A browser that was not known: who is told, and what "it was not me" does."""

import re
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from fireside.activity.models import Activity, Letter
from fireside.activity.worker import react_until_quiet
from fireside.members.actions import join_community, make_token
from fireside.members.adapters import CHANGES, Accounts
from fireside.members.letters import WORDS
from fireside.members.models import Member, Token
from fireside.members.tests.test_sign_in import GOOD, mail, sign_in, who  # noqa: F401
from fireside.notifications.models import Notice

pytestmark = pytest.mark.django_db
FOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def eve(world, mail):  # noqa: F811
    eve = join_community(world.as_(""), name="Eve", email="eve@example.org", password=GOOD)
    EmailAddress.objects.filter(user=eve).update(verified=True)
    return eve


def met():
    return Activity.objects.filter(kind="members.new_browser").count()


def test_the_first_browser_is_hers_a_second_one_is_told_once_and_known_from_then_on(world, eve, client):
    sign_in(client)
    assert met() == 0
    client.post("/accounts/logout/")
    sign_in(client)
    assert met() == 0
    other = Client(headers={"user-agent": FOX})
    sign_in(other)
    assert met() == 1
    letter = Letter.objects.latest("pk")
    assert letter.body["to"] == "eve@example.org"
    assert "Firefox · Windows" in letter.body["text"]
    assert "新浏览器" in letter.body["text"]
    react_until_quiet(datetime.now(UTC))
    notice = Notice.objects.get(member=eve, kind="members.new_browser")
    assert client.get(f"/notices/{notice.pk}")["Location"] == "/accounts/sessions/"
    other.post("/accounts/logout/")
    sign_in(other)
    assert met() == 1


def test_a_cookie_that_is_not_ours_is_no_known_browser(world, eve, client):
    sign_in(client)
    for wrong in ("x", client.cookies["met"].value[:-2] + "xx"):
        other = Client()
        other.cookies["met"] = wrong
        sign_in(other)
    assert met() == 2


def test_two_members_share_a_browser(world, eve, client):
    join_community(world.as_(""), name="Fay", email="fay@example.org", password=GOOD)
    EmailAddress.objects.update(verified=True)
    for email in ("eve@example.org", "fay@example.org") * 2:
        sign_in(client, email=email)
        client.post("/accounts/logout/")
    assert met() == 0


def test_the_cookie_says_nothing_to_scripts_and_leads_nowhere(world, eve, client):
    sign_in(client)
    cookie = client.cookies["met"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "eve" not in cookie.value


def test_it_was_not_me(world, eve, client):
    """Everybody is out, tokens end, the old password counts no more, and a new one is chosen at once."""
    sign_in(client)
    make_token(world.as_("ann"), name="hers", scopes=["read"])
    Token.objects.update(member=eve)
    thief = Client(headers={"user-agent": FOX})
    sign_in(thief)
    link = re.search(r"https?://[^/]+(/not-me/\S+)", Letter.objects.latest("pk").body["text"])[1]
    visitor = Client()
    assert "It was not me" in visitor.get(link).content.decode()
    assert who(thief) == "eve"  # to look is not to act: letters are opened by machines, too
    answer = visitor.post(link)
    assert who(thief) is None
    assert who(client) is None
    assert Token.objects.get().revoked_at is not None
    sign_in(thief)
    assert who(thief) is None
    form = visitor.get(answer["Location"])["Location"]
    assert visitor.post(form, {"password1": "another wick and glass"}).status_code == 302
    sign_in(client, password="another wick and glass")
    assert who(client) == "eve"
    assert visitor.get(link).status_code == 409  # the password has changed: once is enough
    assert Client().get("/not-me/" + link[len("/not-me/") : -3] + "abc").status_code == 409


def test_every_session_is_ended_from_ones_own_pages_and_by_json(world, eve, client):
    sign_in(client)
    other = Client(headers={"user-agent": FOX})
    sign_in(other)
    listed = client.get("/api/v1/me/sessions").json()
    assert [one["is_this"] for one in listed] == [False, True]
    assert listed[0]["browser"] == "Firefox · Windows"
    assert client.delete(f"/api/v1/me/sessions/{listed[0]['id']}").status_code == 200
    assert who(other) is None
    sign_in(other)
    assert "Sign out everybody" in client.get("/accounts/sessions/").content.decode()
    answer = client.post("/me/devices/end")
    assert answer["Location"] == "/accounts/login/"
    assert who(client) is who(other) is None
    assert Activity.objects.get(kind="members.shut_out").data == {"sessions": 2, "tokens": 0}
    before = met()
    sign_in(other)
    assert met() == before + 1  # each browser is new again


def test_nobody_ends_the_session_of_another(world, eve, client):
    sign_in(client)
    stranger = Client()
    stranger.force_login(world.ann)
    number = client.get("/api/v1/me/sessions").json()[0]["id"]
    assert stranger.post(f"/me/devices/{number}/end").status_code == 404
    assert stranger.delete(f"/api/v1/me/sessions/{number}").status_code == 404
    assert who(client) == "eve"


def test_without_letters_the_bell_tells(world, eve, client, settings):
    settings.MAIL = False
    sign_in(client)
    sign_in(Client(headers={"user-agent": FOX}))
    assert met() == 1
    assert Letter.objects.count() == 0
    assert Member.objects.get(pk=eve.pk).browsers_since is not None


@pytest.mark.parametrize("mailed", [True, False], ids=["with e-mail", "without"])
def test_who_changed_the_password_or_let_it_be_reset_is_told_by_the_bell(world, eve, client, settings, mailed):
    sign_in(client)
    settings.MAIL = settings.ACCOUNT_EMAIL_NOTIFICATIONS = mailed
    new = "quite-another-lantern-7"
    answer = client.post("/accounts/password/change/", {"oldpassword": GOOD, "password1": new, "password2": new})
    assert answer.status_code == 302
    react_until_quiet(datetime.now(UTC))
    notice = Notice.objects.get(member=eve, kind="members.password_changed")
    assert client.get(f"/notices/{notice.pk}")["Location"] == "/accounts/sessions/"
    assert "Your password was changed" in client.get("/notices").content.decode()
    assert any("Your password was changed" in one.body["text"] for one in Letter.objects.all()) is mailed


@pytest.mark.parametrize(("letter", "kind"), [
    ("account/email/password_reset", "password_changed"), ("account/email/email_changed", "address_changed"),
    ("account/email/email_deleted", "address_changed"), ("mfa/email/totp_activated", "second_step_changed"),
    ("mfa/email/recovery_codes_generated", "second_step_changed"), ("mfa/email/webauthn_added", "passkey_changed"),
    ("mfa/email/webauthn_removed", "passkey_changed"),
])  # fmt: skip
def test_each_way_in_that_was_changed_is_told_of(world, eve, rf, settings, letter, kind):
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = False
    asked = rf.post("/")
    asked.user, asked.session = AnonymousUser(), {}
    with request_context(asked):
        Accounts(asked).send_notification_mail(letter, eve)
    react_until_quiet(datetime.now(UTC))
    assert [one.kind for one in Notice.objects.filter(member=eve)] == [f"members.{kind}"]
    assert not Notice.objects.exclude(member=eve).filter(kind=f"members.{kind}").exists()


def test_every_letter_about_a_way_in_has_its_notice():
    own = {"account/email/password_reset_key"}  # a link that was asked for, nothing was changed
    told = {name for name in WORDS if re.search("password_|email_changed|email_deleted|mfa/", name)} - own
    assert told == set(CHANGES)
