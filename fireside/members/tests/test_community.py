"""The community's own settings, and the languages it speaks: in pages, letters, notices and choices."""

import pytest
from django.test import Client

from fireside.activity.models import Activity
from fireside.lib.errors import Refused
from fireside.members import letters
from fireside.members.actions import change_community, change_profile
from fireside.members.models import Community, Member

pytestmark = pytest.mark.django_db
FORM = {"name": "Lamp House", "purpose": "For those who mend.", "kind": "interest", "languages": "zh-hans en", "time_zone": "Europe/Berlin"}


def client_of(member=None, **headers):
    client = Client(headers=headers)
    if member:
        client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def words(answer):
    return answer.content.decode()


def test_the_settings_of_the_community_have_a_page(world):
    dan, mira = client_of(world.dan), client_of(world.mira)
    assert 'href="/community"' in words(dan.get("/me")) and 'href="/community"' in words(dan.get("/cockpit"))
    assert 'href="/community"' not in words(mira.get("/me")) and 'href="/community"' not in words(mira.get("/cockpit"))
    assert mira.get("/community").status_code == mira.post("/community", FORM).status_code == 403
    page = words(dan.get("/community"))
    assert 'value="en zh-hans" selected' in page and 'value="Asia/Shanghai" selected' in page and "counted anew" in page
    answer = dan.post("/community", FORM | {"time_zone": "Mars/Base"})
    assert answer.status_code == 422 and "For those who mend." in words(answer)
    assert dan.post("/community", FORM).status_code == 302
    row = Community.objects.get()
    assert {name: getattr(row, name) for name in FORM} == FORM | {"languages": ["zh-hans", "en"]}
    assert sorted(Activity.objects.get(kind="members.community_changed").data["fields"]) == sorted(FORM)
    assert dan.post("/community", FORM).status_code == 302 and Activity.objects.filter(kind="members.community_changed").count() == 1


def test_a_zone_that_only_the_tz_database_offers_is_kept(world):
    change_community(world.as_("dan"), time_zone="Etc/GMT-8")
    assert 'value="Etc/GMT-8" selected' in words(client_of(world.dan).get("/community"))


@pytest.mark.parametrize(
    ("only", "browser", "says", "never"), [("en", "zh-CN", "Sign in", "简体中文"), ("zh-hans", "en-GB", "登录", "English")]
)
def test_a_community_of_one_language_speaks_it_to_everybody(world, only, browser, says, never):
    """Whatever the browser, the cookie or an older choice says; and nothing is offered that nobody can have."""
    other = "zh-hans" if only == "en" else "en"
    change_profile(world.as_("ben"), language=other)
    ben, visitor = client_of(world.ben), client_of(None, accept_language=browser)
    visitor.cookies["lang"] = other
    assert 'name="language"' in words(visitor.get("/accounts/login/"))
    change_community(world.as_("olu"), languages=[only])
    for client, path in ((visitor, "/"), (visitor, "/accounts/login/"), (ben, "/"), (ben, "/me"), (ben, "/no/such/page")):
        page = client.get(path)
        assert page["Content-Language"].lower().startswith(only[:2]) and 'name="language"' not in words(page), path
        assert never not in words(page), path
    assert says in words(visitor.get("/accounts/login/"))
    visitor.post("/look", {"language": other})
    assert says in words(visitor.get("/accounts/login/"))
    with pytest.raises(Refused) as no:
        change_profile(world.as_("ben"), language=other)
    assert no.value.facts["field"] == "language"
    change_profile(world.as_("ben"), about="I mend.")  # what was chosen once hinders nothing else
    assert ben.post("/me", {"name": "Ben", "handle": "ben", "theme": ""}).status_code == 302
    assert Member.objects.get(pk=world.ben.pk).language == other, "it waits for the day on which the community speaks it again"
    change_community(world.as_("olu"), languages=["en", "zh-hans"])
    assert words(ben.get("/me")).count('name="language"') >= 1 and ben.get("/me")["Content-Language"].lower().startswith(other[:2])


def test_letters_are_in_the_languages_of_the_community(world):
    facts = {"code": "123456", "community": "Lantern Works"}
    both = letters.compose("account/email/login_code", facts, "zh-hans")["text"]
    assert "counts for 10 minutes" in both and "10 分钟" in both
    change_community(world.as_("olu"), languages=["en"])
    letter = letters.compose("account/email/login_code", facts, "zh-hans")
    assert letter["subject"].startswith("123456 signs you in") and "— — —" not in letter["text"] and "分钟" not in letter["text"]


def test_a_program_is_answered_in_a_language_of_the_community(world):
    change_profile(world.as_("ben"), language="zh-hans")
    change_community(world.as_("olu"), languages=["en"])
    answer = client_of(world.ben, accept_language="zh-CN").patch("/api/v1/me", {"theme": "pink"}, content_type="application/json")
    assert answer.json()["message"].startswith("Choose one of")


def test_set_up_speaks_every_language_of_the_house():
    said = {code: client_of(None, accept_language=code).get("/")["Content-Language"] for code in ("zh-CN", "en-GB")}
    assert said == {"zh-CN": "zh-CN", "en-GB": "en"}
