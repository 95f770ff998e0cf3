"""The pages of members: each stands in both languages, lists cost a fixed number of queries, hidden and missing look alike."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from fireside.members.actions import PersonIn, join_community, make_token, merge_members, take_in_people
from fireside.members.models import Member, Token

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(world):
    """A trace out of a history."""
    who = PersonIn("7", "Ada of old", world.now - timedelta(days=400), email="ben@example.org")
    return Member.objects.get(pk=take_in_people(world.as_("house"), source="zulip:old", people=[who])["7"])


VISITOR = [
    "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/",
    "/accounts/password/reset/key/1-bad/", "/accounts/password/reset/key/done/", "/accounts/confirm-email/made-up/",
]  # fmt: skip
MEMBER = [
    "/people", "/people?q=a", "/people?q=zzz", "/people/ann", "/people/ada-of-old", "/me", "/me/tokens", "/accounts/logout/",
    "/accounts/email/", "/accounts/ways/", "/accounts/sessions/", "/claim/nothing", "/accounts/ways/webauthn/",
]  # fmt: skip
OPERATOR = [
    "/people/tend",
    "/people/tend/rights",
    "/people/tend?q=ada",
    "/people/tend?beside=ada-of-old",
    "/people/ada-of-old/identity",
    "/people/ada-of-old/merge/ben",
    "/people/ben",
]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("who", "pages"), [("", VISITOR), ("ben", MEMBER), ("dan", OPERATOR), ("olu", ["/people/ben"])])
def test_every_page_stands(world, ada, client, who, pages, language):
    if who:
        client.force_login(world.people[who])
    client.cookies["lang"] = language
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.get("Location"))
        assert b'lang="zh-CN"' in answer.content if language == "zh-hans" else b'lang="en"' in answer.content
        assert b"<script>" not in answer.content
        assert b" onclick" not in answer.content


def test_the_list_of_people_costs_the_same_for_ten_and_for_thirty(world, client, django_assert_max_num_queries):
    client.force_login(world.ann)
    client.get("/people")
    counts = []
    for n in range(2):
        for i in range(10 * (1 + n)):
            join_community(world.as_(""), name=f"P{n} {i}")
        with django_assert_max_num_queries(8) as seen:  # session, member, one page of members; the rest is the frame's (bell, spaces)
            assert client.get("/people").status_code == 200
        counts.append(len(seen.captured_queries))
        assert (
            sum('FROM "members_member"' in q["sql"] and "joined_at" in q["sql"] and "ORDER BY" in q["sql"] for q in seen.captured_queries)
            == 1
        )
    assert counts[0] == counts[1]


def test_who_is_who_costs_the_same_for_few_and_many(world, client, django_assert_max_num_queries):
    client.force_login(world.dan)
    client.get("/people/tend")
    counts = []
    for n in range(2):
        people = [PersonIn(f"{n}-{i}", f"Old {n} {i}", world.now, email=f"same{i % 3}@example.org") for i in range(10)]
        take_in_people(world.as_("house"), source=f"s{n}", people=people)
        # session, member; one page of members with their persons; shared addresses and who carries them; the rest is the frame's
        with django_assert_max_num_queries(11) as seen:
            assert "same1@example.org" in client.get("/people/tend").content.decode() or n == 0
        counts.append(len(seen.captured_queries))
    assert counts[0] == counts[1]


def test_a_visitor_is_sent_to_sign_in_from_real_and_made_up_people_alike(world, client):
    real, made_up = client.get("/people/ann"), client.get("/people/nobody")
    assert real.status_code == made_up.status_code == 302
    assert real["Location"].replace("ann", "") == made_up["Location"].replace("nobody", "")


def test_only_those_who_tend_see_who_is_who(world, ada, client):
    client.force_login(world.ben)
    for path in OPERATOR[:-1]:
        assert client.get(path).status_code == 403
    client.force_login(world.dan)
    assert client.get("/people/nobody/identity").status_code == 404


def test_a_merged_trace_leads_to_its_person(world, ada, client):
    merge_members(world.as_("dan"), member=ada, into=world.ben, reason="told me")
    client.force_login(world.cat)
    assert client.get("/people/ada-of-old")["Location"] == "/people/ben"


def test_a_profile_is_changed_and_a_wrong_field_says_so_in_its_place(world, client):
    client.force_login(world.ann)
    form = {"name": "安 🌙", "handle": "安", "about": "", "why": "", "language": "zh-hans", "time_zone": "Asia/Shanghai", "theme": "dark"}
    assert client.post("/me", form).status_code == 302
    ann = Member.objects.get(pk=world.ann.pk)
    assert (ann.name, ann.handle, ann.theme) == ("安 🌙", "安", "dark")
    answer = client.post("/me", form | {"handle": "ben", "time_zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert "Mars/Olympus" in answer.content.decode()
    assert client.post("/me", form | {"handle": "ben"}).status_code == 422


def photo(kind="JPEG", size=(900, 600), **more):
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, kind, **more)
    return out.getvalue()


def test_a_picture_is_made_anew_without_what_the_camera_wrote(world, client):
    client.force_login(world.ann)
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6
    assert client.post("/me/picture", {"picture": io.BytesIO(photo(exif=exif))}).status_code == 302
    name = Member.objects.get(pk=world.ann.pk).picture.rpartition("/")[2]
    answer = client.get(f"/pictures/{name}")
    made = b"".join(answer.streaming_content)
    assert "immutable" in answer["Cache-Control"]
    assert b"SecretCamera" not in made
    with Image.open(io.BytesIO(made)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("WEBP", (320, 320), {})
    assert name in client.get("/people/ann").content.decode()


@pytest.mark.parametrize(
    "given",
    [
        lambda: b"", lambda: b"<svg onload=alert(1)>", lambda: b"GIF89a", lambda: photo(size=(4, 4)),
        lambda: photo("PNG", size=(7000, 6000), compress_level=1), lambda: b"\xff\xd8\xff" + b"0" * 9_000_000,
    ],
    ids=["nothing", "a drawing", "a beginning", "too small", "too large", "too heavy"],
)  # fmt: skip
def test_what_is_no_good_picture_is_refused_with_words(world, client, given):
    client.force_login(world.ann)
    answer = client.post("/me/picture", {"picture": io.BytesIO(given())})
    assert answer.status_code == 409
    assert Member.objects.get(pk=world.ann.pk).picture == ""


@pytest.mark.parametrize("name", ["../../secret", "..%2fsecret", "x.webp", "0" * 32 + ".webp"])
def test_pictures_are_only_pictures(world, client, name):
    assert client.get(f"/pictures/{name}").status_code == 404


def test_a_token_is_shown_once_and_revoked(world, client):
    client.force_login(world.ann)
    page = client.post("/me/tokens", {"name": "backup", "scopes": ["read"], "days": "0"}).content.decode()
    secret = page.split('value="fs_')[1].split('"')[0]
    assert secret not in client.get("/me/tokens").content.decode()
    assert client.get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer fs_{secret}").json()["handle"] == "ann"
    client.post(f"/me/tokens/{Token.objects.get().pk}/revoked")
    assert client.get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer fs_{secret}").status_code == 401
    made, _secret = make_token(world.as_("ben"), name="his", scopes=["read"])
    assert client.post(f"/me/tokens/{made.pk}/revoked").status_code == 404


def test_the_page_of_a_new_token_loaded_anew_makes_no_second(world, client):
    client.force_login(world.ann)
    form = client.get("/me/tokens").content.decode()
    sent = {"name": "backup", "scopes": ["read"], "days": "0", "once": re.search(r'name="once" value="(\w+)"', form)[1]}
    assert 'value="fs_' in client.post("/me/tokens", sent).content.decode()
    again = client.post("/me/tokens", sent, follow=True).content.decode()
    assert 'value="fs_' not in again and "made already" in again
    assert Token.objects.count() == 1


def test_an_operator_compares_merges_and_parts(world, ada, client):
    client.force_login(world.dan)
    page = client.get("/people/ada-of-old/merge/ben").content.decode()
    assert "zulip:old" in page
    assert client.post("/people/ada-of-old/merge/ben", {"reason": ""}).status_code == 422
    assert client.post("/people/ada-of-old/merge/ben", {"reason": "same address"}).status_code == 302
    assert Member.objects.get(pk=ada.pk).person_id == world.ben.pk
    assert client.post("/people/ada-of-old/parting", {"reason": "was wrong"}).status_code == 302
    assert Member.objects.get(pk=ada.pk).person_id == ada.pk
    client.post("/people/ada-of-old/bot", {"is": "bot"})
    assert Member.objects.get(pk=ada.pk).is_bot


def test_a_link_is_offered_and_claimed_once(world, ada, client):
    client.force_login(world.dan)
    page = client.post("/people/ada-of-old/claim-link").content.decode()
    path = "/claim/" + page.split("/claim/")[1].split('"')[0]
    client.force_login(world.cat)
    assert "Ada of old" in client.get(path).content.decode()
    assert client.post(path).status_code == 302
    assert Member.objects.get(pk=ada.pk).person_id == world.cat.pk
    client.force_login(world.ann)
    assert client.post(path).status_code == 409


def test_somebody_elses_address_claims_nothing(world, ada, client):
    client.force_login(world.cat)
    assert client.post("/me/claims", {"handle": "ada-of-old"}).status_code == 404
    client.force_login(world.ben)  # his address is the one the trace carries, but it is not verified
    assert client.post("/me/claims", {"handle": "ada-of-old"}).status_code == 404
    world.ben.emailaddress_set.update(verified=True)
    assert "zulip:old" in client.get("/me").content.decode()
    assert client.post("/me/claims", {"handle": "ada-of-old"}).status_code == 302
    assert Member.objects.get(pk=ada.pk).person_id == world.ben.pk
