"""Coming in: every way, with and without e-mail, and what a stranger can learn (nothing)."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from fireside.activity.models import Activity, Letter
from fireside.lib.errors import NotAllowed, Refused
from fireside.members.actions import join_community, offer_new_password
from fireside.members.models import Member

pytestmark = pytest.mark.django_db
GOOD = "tallow wick and glass"


@pytest.fixture
def mail(settings):
    """A house with SMTP."""
    settings.MAIL = settings.ACCOUNT_LOGIN_BY_CODE_ENABLED = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.ACCOUNT_EMAIL_VERIFICATION, settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = "mandatory", True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


@pytest.fixture
def eve(world):
    return join_community(world.as_(""), name="Eve", email="eve@example.org", password=GOOD)


def verified(member):
    EmailAddress.objects.filter(user=member).update(verified=True)
    return member


def sign_in(client, email="eve@example.org", password=GOOD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def again(client):
    """Show once more who it is, as delicate changes ask."""
    assert client.post("/accounts/reauthenticate/", {"password": GOOD}).status_code == 302


def who(client):
    return client.get("/api/v1/me").json().get("handle")


def code_of(letter):
    return re.search(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", letter.body["text"], re.MULTILINE)[1]


def totp(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


JOIN = {"name": "Zoë 🌙", "email": "Zoe@Example.org", "password1": GOOD}


def test_without_mail_one_is_in_at_once_and_the_page_says_that_nothing_is_checked(world, client):
    assert "sends no e-mail yet" in client.get("/accounts/signup/").content.decode()
    assert "Send me a code" not in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/login/code/").status_code == 404
    answer = client.post("/accounts/signup/", JOIN)
    assert answer.status_code == 302
    zoe = Member.objects.get(handle="zoë")
    assert (zoe.name, zoe.email, who(client)) == ("Zoë 🌙", "zoe@example.org", "zoë")
    assert zoe.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    line = Activity.objects.get(kind="members.joined", member_id=zoe.pk)
    assert line.via == "web"
    assert not EmailAddress.objects.get(user=zoe).verified
    assert Letter.objects.count() == 0


def test_with_mail_the_address_is_verified_by_a_code_first(world, client, mail):
    answer = client.post("/accounts/signup/", JOIN)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert who(client) is None
    letter = Letter.objects.get()
    assert letter.channel == "email"
    assert letter.body["to"] == "zoe@example.org"
    assert "Write this code" in letter.body["text"]
    assert "验证码" in letter.body["text"]
    assert "zoe@example.org" in client.get("/accounts/confirm-email/").content.decode()
    assert client.post("/accounts/confirm-email/", {"code": "AAA-AAA"}).status_code == 200
    assert client.post("/accounts/confirm-email/", {"code": code_of(letter)}).status_code == 302
    assert who(client) == "zoë"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "x" * 81}, "Shorten it"),
        ({"name": "\u202e\u200b"}, "others should call you"),
        ({"email": "zoe@"}, "mail"),
        ({"password1": "short"}, "10 char"),
        ({"password1": "password123"}, "common"),
        ({"password1": "zoe@example.org"}, "similar"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(world, client, wrong, says):
    page = client.post("/accounts/signup/", JOIN | wrong).content.decode()
    assert says in page
    assert 'aria-invalid="true"' in page
    assert Member.objects.filter(email="zoe@example.org").count() == 0


def test_a_stranger_learns_nothing_from_joining_with_a_taken_address(world, eve, client, mail):
    free = client.post("/accounts/signup/", JOIN)
    other = Client()
    taken = other.post("/accounts/signup/", JOIN | {"email": "EVE@example.org"})
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    first, second = client.get(free["Location"]).content.decode(), other.get(taken["Location"]).content.decode()
    hide = re.compile(r'value="[A-Za-z0-9]{64}"|zoe@example.org|eve@example.org')
    assert hide.sub("", first) == hide.sub("", second)
    assert Member.objects.filter(email="eve@example.org").count() == 1
    assert "has an account already" in Letter.objects.get(body__to="eve@example.org").body["text"]


def test_a_stranger_learns_nothing_from_signing_in_or_losing_a_password(world, eve, client, mail):
    hide = re.compile(r'value="[^"]*"')
    wrong, unknown = sign_in(client, password="not hers at all"), sign_in(client, email="nobody@example.org")
    assert hide.sub("", wrong.content.decode()) == hide.sub("", unknown.content.decode())
    for path, field in (("/accounts/password/reset/", "email"), ("/accounts/login/code/", "email")):
        known, made_up = client.post(path, {field: "eve@example.org"}), Client().post(path, {field: "made-up@example.org"})
        assert (known.status_code, known["Location"]) == (made_up.status_code, made_up["Location"])
    assert {letter.body["to"] for letter in Letter.objects.all()} == {"eve@example.org", "made-up@example.org"}


def test_an_unknown_address_takes_as_long_as_a_wrong_password(world, eve, client):
    def took(email):
        started = time.process_time()
        Client().post("/accounts/login/", {"login": email, "password": "not the right one"}, REMOTE_ADDR=f"10.0.0.{took.n}")
        took.n += 1
        return time.process_time() - started

    took.n = 1
    took("warm@example.org")
    known, unknown = [], []
    for n in range(4):
        known.append(took("eve@example.org"))
        unknown.append(took(f"nobody{n}@example.org"))
    assert 0.6 < min(known) / min(unknown) < 1.67


def test_joining_with_a_taken_address_takes_as_long_as_with_a_free_one(world, eve, client, mail):
    def took(n, email):
        started = time.process_time()
        Client().post("/accounts/signup/", JOIN | {"email": email}, REMOTE_ADDR=f"10.0.1.{n}")
        return time.process_time() - started

    took(200, "warm@example.org")
    free = [took(n, f"free{n}@example.org") for n in range(4)]
    taken = [took(10 + n, "eve@example.org") for n in range(4)]
    assert 0.5 < min(taken) / min(free) < 2


def test_password_sign_in_follows_only_safe_ways_on(world, eve, client):
    assert sign_in(client, next="/people/ann")["Location"] == "/people/ann"
    client.logout()
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        assert sign_in(client, next=evil)["Location"] == "/"
        client.logout()
    assert 'value="https://evil' not in client.get("/accounts/login/?next=https://evil.example/").content.decode()


def test_five_wrong_passwords_and_the_sixth_waits(world, eve, client):
    for _n in range(5):
        sign_in(client, password="not hers at all")
    assert "Too many tries" in sign_in(client).content.decode()
    assert who(client) is None


def test_a_code_by_mail_signs_in_once(world, eve, client, mail):
    verified(eve)
    answer = client.post("/accounts/login/code/", {"email": "eve@example.org", "next": "/people"})
    code = code_of(Letter.objects.get())
    assert client.post(answer["Location"], {"code": "WRO-NGG"}).status_code == 200
    assert client.post(answer["Location"], {"code": code.lower(), "next": "/people"})["Location"] == "/people"
    assert who(client) == "eve"
    other = Client()
    other.post("/accounts/login/code/", {"email": "eve@example.org"})
    assert other.post("/accounts/login/code/confirm/", {"code": code}).status_code == 200
    assert who(other) is None


def test_a_lost_password_is_set_anew_by_a_link_that_names_this_house(world, eve, client, mail, settings):
    verified(eve)
    client.post("/accounts/password/reset/", {"email": "eve@example.org"}, headers={"host": "evil.example"})
    link = re.search(r"^(\S+/password/reset/key/\S+)$", Letter.objects.get().body["text"], re.MULTILINE)[1]
    assert link.startswith(settings.ADDRESS)
    path = link.removeprefix(settings.ADDRESS)
    form = client.get(path)["Location"]
    assert client.post(form, {"password1": "another wick and glass"}).status_code == 302
    assert sign_in(client, password="another wick and glass").status_code == 302
    assert who(client) == "eve"
    assert "has been used" in Client().get(path).content.decode()
    assert any("was reset" in letter.body["subject"] for letter in Letter.objects.all())


def test_codes_of_an_app_and_recovery_codes(world, eve, client):
    sign_in(client)
    again(client)
    page = client.get("/accounts/ways/totp/activate/").content.decode()
    secret = re.search(r'id="key" readonly value="([A-Z2-7]+)"', page)[1]
    assert client.post("/accounts/ways/totp/activate/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/ways/totp/activate/", {"code": totp(secret)}).status_code == 302
    codes = re.findall(r"<li>(\d{8})</li>", client.get("/accounts/ways/recovery-codes/").content.decode())
    assert len(codes) == 10
    assert client.get("/accounts/ways/recovery-codes/download/").content.decode().split() == codes
    assert client.get("/accounts/ways/").status_code == 200

    other = Client()
    assert sign_in(other)["Location"] == "/accounts/ways/authenticate/"
    assert who(other) is None
    assert other.get("/accounts/ways/authenticate/").status_code == 200
    assert "not the code" in other.post("/accounts/ways/authenticate/", {"code": "12345678"}).content.decode()
    assert other.post("/accounts/ways/authenticate/", {"code": codes[0]}).status_code == 302
    assert who(other) == "eve"

    third = Client()
    sign_in(third)
    assert third.post("/accounts/ways/authenticate/", {"code": codes[0]}).status_code == 200  # used up
    assert who(third) is None
    assert client.get("/accounts/ways/totp/deactivate/").status_code == 200
    assert client.post("/accounts/ways/totp/deactivate/").status_code == 302
    assert Authenticator.objects.count() == 0


def test_delicate_changes_ask_again_who_it_is(world, eve, client):
    sign_in(client)
    for path in ("/accounts/ways/totp/activate/", "/accounts/ways/webauthn/add/", "/accounts/email/"):
        answer = client.post(path, {"action_add": "", "email": "x@example.org"}) if path.endswith("email/") else client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/reauthenticate/"), path
    assert client.get("/accounts/reauthenticate/").status_code == 200
    assert client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code == 200
    assert client.post("/accounts/reauthenticate/", {"password": GOOD}).status_code == 302


def test_devices_are_listed_and_signed_out(world, eve, client):
    sign_in(client)
    phone = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0"})
    sign_in(phone)
    page = client.get("/accounts/sessions/").content.decode()
    assert "WeChat · Android" in page
    end = re.search(r'action="(/me/devices/\d+/end)"', page)[1]
    stranger = Client()
    stranger.force_login(world.ann)
    stranger.post(end)
    assert who(phone) == "eve"
    client.post(end)
    assert who(phone) is None
    assert who(client) == "eve"


def test_addresses_are_added_verified_and_chosen(world, eve, client, mail):
    verified(eve)
    sign_in(client)
    again(client)
    assert client.post("/accounts/email/", {"action_add": "", "email": "eve2@example.org"}).status_code == 302
    code = code_of(Letter.objects.filter(body__to="eve2@example.org").latest("pk"))
    assert client.post("/accounts/confirm-email/", {"code": code}).status_code == 302
    assert client.post("/accounts/email/", {"action_primary": "", "email": "eve2@example.org"}).status_code == 302
    assert Member.objects.get(pk=eve.pk).email == "eve2@example.org"
    assert client.post("/accounts/email/", {"action_remove": "", "email": "eve@example.org"}).status_code == 302
    assert any("address" in letter.body["subject"] for letter in Letter.objects.filter(body__to="eve@example.org"))


def test_a_closed_account_stays_out(world, eve, client):
    Member.objects.filter(pk=eve.pk).update(is_active=False)
    sign_in(client)
    assert who(client) is None


def test_a_trace_cannot_be_signed_into(world, client):
    trace = join_community(world.as_("house"), name="Trace")
    assert sign_in(client, email=trace.handle, password="!").status_code == 200
    assert who(client) is None


def test_without_mail_an_operator_helps_somebody_back_in(world, eve, client, settings):
    client.force_login(world.dan)
    page = client.post("/people/eve/password-link").content.decode()
    path = re.search(r'value="[a-z]+://[^/]+(/accounts/password/reset/key/[^"]+)"', page)[1]
    assert client.post("/people/olu/password-link").status_code == 403  # those with a role: the owner alone
    other = Client()
    form = other.get(path)["Location"]
    assert other.post(form, {"password1": "another wick and glass"}).status_code == 302
    assert sign_in(other, password="another wick and glass").status_code == 302
    assert who(other) == "eve"
    assert "has been used" in Client().get(path).content.decode()
    assert Activity.objects.get(kind="members.password_link_made").other_id == eve.pk
    with pytest.raises(NotAllowed):
        offer_new_password(world.as_("olu", via="json", scopes=("read", "write", "run")), member=eve)
    with pytest.raises(Refused):
        offer_new_password(world.as_("dan"), member=join_community(world.as_("house"), name="Trace"))
