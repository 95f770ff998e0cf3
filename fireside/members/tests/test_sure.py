"""Grave acts: asked again who it is, with what the account has, and nothing that was written is lost."""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from fireside.activity.action import ACTIONS
from fireside.activity.models import Activity, Letter
from fireside.members.actions import join_community
from fireside.members.models import Member, Token
from fireside.members.tests.test_sign_in import GOOD, code_of, mail, totp  # noqa: F401
from fireside.site.models import Takeout
from fireside.site.queries.takeouts import file_of
from fireside.site.tests.rights import doors, stage
from fireside.site.tests.rights.deeds import DEEDS
from fireside.site.tests.rights.stage import No

pytestmark = pytest.mark.django_db
LIGHT = {  # acts whose names sound grave: why nobody is asked again
    "conversation.remove_post": "It can be restored.",
    "members.remove_picture": "One's own, and set again in a moment.",
    "members.revoke_token": "It only takes away.",
    "members.end_session": "It only takes away.",
    "conversation.merge_tags": "Of one space.",
    "conversation.remove_file": "It can be put back.",
    "notifications.change_community_telling": "How members are told as long as they choose nothing else.",
    "notifications.remove_push_device": "One's own, and it only takes away.",
    "site.remove_export": "It only takes away.",
    "connectors.remove_old_uploads": "Only what lies there unused.",
}
SOUNDS_GRAVE = re.compile(
    r"role|token|password|merge_m|unmerge|export|erase|delete|empty|clear|remove|restore_h|shut_out|claim$|change_community"
)


def forget_that_they_showed(client: Client) -> None:
    session = client.session
    for one in session.get("account_authentication_methods", []):
        one["at"] -= 16 * 60
    session.modified = True
    session.save()


@pytest.fixture
def eve(world):
    """An operator with a password."""
    from fireside.members.actions import change_role

    eve = join_community(world.as_(""), name="Eve", email="eve@example.org", password=GOOD)
    return change_role(world.as_("olu"), member=eve, role="owner")


@pytest.fixture
def late(eve):
    """Eve's browser, a while after she signed in."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(eve)
    forget_that_they_showed(client)
    return client


@pytest.mark.once
def test_what_sounds_grave_is_grave(world):
    import fireside.urls  # noqa: F401

    light = {name for name, one in ACTIONS.items() if SOUNDS_GRAVE.search(name.split(".")[1]) and not one.grave and not one.passing}
    forgotten = {name for name in light - set(LIGHT) if not name.startswith(("connectors.take", "conversation.take"))}
    assert forgotten <= {"members.claim"}, f"Declare these with grave=True, or say in LIGHT why not: {sorted(forgotten)}"
    grave = {name for name, one in ACTIONS.items() if one.grave}
    assert {"members.change_role", "members.merge_members", "members.make_token", "members.change_community", "members.shut_out"} <= grave
    assert "conversation.reply" not in grave


@pytest.mark.once
def test_every_grave_act_waits_until_somebody_has_shown_that_it_is_them(world, settings):
    """Each one, through web and JSON: nothing is done, nothing is kept; a token and the command line are not asked."""
    settings.LIMITS = False
    world = stage.set_up(world)
    for who in ("olu",):
        Member.objects.filter(pk=world.people[who].pk).update(password="argon2$x")
        world.browsers[who].force_login(Member.objects.get(pk=world.people[who].pk), "allauth.account.auth_backends.AuthenticationBackend")
        forget_that_they_showed(world.browsers[who])
    wrong = []
    for name, one in ACTIONS.items():
        deed = DEEDS.get(name)
        if not one.grave or deed is None or "olu" in deed.but:
            continue
        before = Activity.objects.count()
        with doors.tried_out(name):
            if not isinstance(deed.json, No):
                said = doors.by_json(world, deed, "olu")
                if said != ("no", "confirm_first"):
                    wrong.append(f"{name} by JSON: {said}")
        with doors.tried_out(name):
            if not isinstance(deed.web, No):
                names = doors.prepared(world, deed, "olu")
                answer = world.browsers["olu"].post("/" + doors.filled(deed.web, names), doors.filled(deed.form, names) or {})
                if answer.status_code != 302 or not answer["Location"].startswith("/accounts/reauthenticate/"):
                    wrong.append(f"{name} by web: {answer.status_code} {answer.headers.get('Location')}")
        if Activity.objects.count() != before:
            wrong.append(f"{name} was done")
    assert not wrong, "\n".join(wrong)


def test_the_form_goes_on_by_itself_and_nothing_is_typed_twice(world, late):
    answer = late.post("/people/ann/role", {"role": "support"})
    assert answer.status_code == 302
    assert Member.objects.get(handle="ann").role == "member"
    page = late.get(answer["Location"]).content.decode()
    assert "grave" in page
    assert late.post(answer["Location"], {"password": "not hers"}).status_code == 200
    assert Member.objects.get(handle="ann").role == "member"
    done = late.post(answer["Location"], {"password": GOOD})
    assert done.status_code == 302
    assert Member.objects.get(handle="ann").role == "support"
    assert Activity.objects.filter(kind="members.role_changed", other_id=world.ann.pk).count() == 1
    assert late.post("/people/ann/role", {"role": "member"}).status_code == 302  # sure for a while
    assert Member.objects.get(handle="ann").role == "member"


def test_what_is_made_is_shown_after_the_confirmation(world, late):
    answer = late.post("/me/tokens", {"name": "backup", "scopes": ["read"], "days": 0, "once": "x"})
    assert Token.objects.count() == 0
    page = late.post(answer["Location"], {"password": GOOD}).content.decode()
    assert re.search(r'value="fs_[\w-]{43}"', page)
    assert Token.objects.get().name == "backup"


def test_htmx_is_led_to_the_page_that_asks(world, late):
    answer = late.post("/people/ann/role", {"role": "support"}, headers={"hx-request": "true"})
    assert answer.status_code == 204
    assert late.post(answer["HX-Redirect"], {"password": GOOD}).status_code == 302
    assert Member.objects.get(handle="ann").role == "support"


def test_what_cannot_be_done_is_said_before_anybody_is_asked(world, late):
    assert late.post("/people/ann/role", {"role": "emperor"}).status_code in {409, 422}
    assert late.post("/people/nobody/role", {"role": "support"}).status_code == 404
    stranger = Client()
    stranger.force_login(world.ann)
    forget_that_they_showed(stranger)
    assert stranger.post("/people/ben/role", {"role": "support"}).status_code == 403


def test_the_json_door_says_where_and_a_token_is_not_asked(world, late, eve):
    said = late.put("/api/v1/people/ann/role", {"role": "support"}, content_type="application/json", headers={"x-csrftoken": "x"})
    assert (said.status_code, said.json()["code"]) == (403, "confirm_first")
    assert "/accounts/reauthenticate/" in said.json()["message"]
    from fireside.members.actions import make_token

    _token, secret = make_token(stage_actor(world, eve), name="run", scopes=["run"])
    head = {"authorization": f"Bearer {secret}"}
    assert Client().put("/api/v1/people/ann/role", {"role": "support"}, content_type="application/json", headers=head).status_code == 200


def stage_actor(world, who):
    from dataclasses import replace

    return replace(world.as_("olu"), who=who)


def test_an_account_without_a_password_is_asked_for_a_code_by_letter(world, late, eve, mail):  # noqa: F811
    EmailAddress.objects.filter(user=eve).update(verified=True)
    eve.set_unusable_password()
    eve.save()
    client = Client(headers={"accept-language": "en"})
    client.force_login(eve)
    forget_that_they_showed(client)
    answer = client.post("/people/ann/role", {"role": "support"})
    led = client.get(answer["Location"])["Location"]
    assert led.startswith("/accounts/reauthenticate/code/")
    assert "Send me a code" in client.get(led).content.decode()
    assert "counts no more" in client.post(led, {"code": "AAAA"}).content.decode()
    client.post(led, {"action": "send"})
    code = code_of(Letter.objects.latest("pk"))
    assert client.post(led, {"code": "WRON-GONE"}).status_code == 200
    assert Member.objects.get(handle="ann").role == "member"
    assert client.post(led, {"code": code.lower()}).status_code == 302
    assert Member.objects.get(handle="ann").role == "support"


def test_three_wrong_codes_and_another_is_needed(world, late, eve, mail):  # noqa: F811
    EmailAddress.objects.filter(user=eve).update(verified=True)
    where = "/accounts/reauthenticate/code/"
    late.post(where, {"action": "send"})
    code = code_of(Letter.objects.latest("pk"))
    for _n in range(3):
        late.post(where, {"code": "WRON-GONE"})
    assert "counts no more" in late.post(where, {"code": code}).content.decode()


def test_a_second_step_is_not_gone_round_by_a_letter(world, late, eve, mail):  # noqa: F811
    from allauth.mfa.totp.internal.auth import TOTP

    EmailAddress.objects.filter(user=eve).update(verified=True)
    TOTP.activate(eve, "JBSWY3DPEHPK3PXP")
    page = late.get("/accounts/reauthenticate/").content.decode()
    assert "With a code of your app" in page
    assert "by e-mail" not in page
    answer = late.post("/people/ann/role", {"role": "support"})
    led = "/accounts/ways/reauthenticate/?" + answer["Location"].partition("?")[2]
    assert late.post(led, {"code": totp("JBSWY3DPEHPK3PXP")}).status_code == 302
    assert Member.objects.get(handle="ann").role == "support"


def test_what_was_written_out_is_handed_over_only_to_somebody_who_has_shown_that_it_is_them(world, eve, late, settings, tmp_path):
    settings.DATA = tmp_path
    rows = {}
    for of, address in ((Takeout.Of.COMMUNITY, "/cockpit/export/{}.zip"), (Takeout.Of.MEMBER, "/me/data/{}.zip")):
        row = Takeout.objects.create(key=f"k{of}", of=of, member_id=eve.pk, asked_at=datetime.now(UTC), ready_at=datetime.now(UTC))
        file_of(row).parent.mkdir(parents=True, exist_ok=True)
        file_of(row).write_bytes(b"PK")
        rows[address.format(row.key)] = f"/api/v1{'/me' if of == Takeout.Of.MEMBER else ''}/exports/{row.key}/file"
    for address, json_address in rows.items():
        asked = late.get(address)
        assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/accounts/reauthenticate/"), address
        refused = late.get(json_address)
        assert (refused.status_code, refused.json()["code"]) == (403, "confirm_first")
        assert parse_qs(urlsplit(asked["Location"]).query)["next"] == [address]
    late.post(asked["Location"], {"password": GOOD})
    for address, json_address in rows.items():
        assert b"".join(late.get(address).streaming_content) == b"".join(late.get(json_address).streaming_content) == b"PK"
