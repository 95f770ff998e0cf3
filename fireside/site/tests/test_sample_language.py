"""Who comes into the sample goes on in the language they were reading, whatever its owner or its community speaks."""

import pytest
from django.conf import settings
from django.test import Client

from fireside.activity import jobs
from fireside.activity.actor import house
from fireside.members.actions import set_up_community
from fireside.members.models import Member
from fireside.members.queries import the_owner
from fireside.site import setup_link
from fireside.site.demo import growing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nothing_left"), pytest.mark.once]
READS = {
    "english browser": ({"Accept-Language": "en-US,en;q=0.9"}, "", "en"),
    "chinese browser": ({"Accept-Language": "zh-CN,zh;q=0.9"}, "", "zh"),
    "english cookie": ({"Accept-Language": "zh-CN"}, "en", "en"),
    "chinese cookie": ({"Accept-Language": "en-US"}, "zh-hans", "zh"),
    "neither": ({"Accept-Language": "fr-FR"}, "", "en"),
}
SIGNS = {"en": ('lang="en"', "Latest"), "zh": ('lang="zh-CN"', "最新")}


def reader(who: str) -> tuple[Client, str]:
    headers, cookie, reads = READS[who]
    client = Client(headers=headers)
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    client.get(str(setup_link()).removeprefix(settings.ADDRESS))
    return client, reads


def language(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer["Content-Language"][:2]


@pytest.mark.parametrize("who", READS)
def test_one_goes_on_reading_as_before(who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "catch_up", lambda actor, progress: None)
    client, reads = reader(who)
    assert language(client, "/setup") == reads
    job = client.post("/setup/sample")["Location"]
    jobs.Job.objects.update(params={"members": 25, "days": 10})
    jobs.run_job(jobs.claim_next(house("worker").now), house("worker"))  # type: ignore[arg-type]
    assert language(client, "/setup") == reads, "the community's own language is Chinese, but this page was read before"
    assert client.get(job)["Location"] == "/setup/enter" and client.get("/setup/enter")["Location"] == "/"
    for address in ("/", "/talk", "/people", "/cockpit"):
        page = client.get(address)
        html = page.content.decode()
        assert page["Content-Language"][:2] == reads and SIGNS[reads][0] in html, address
    file = client.get("/cockpit/members/csv").content.decode()
    assert ("成员" in file.splitlines()[0]) == (reads == "zh"), file.splitlines()[0]


def test_two_look_around_at_once_each_in_their_own_language() -> None:
    """A sample of before, whose owner spoke Chinese; and somebody who changes the language while in it."""
    set_up_community(
        house("cli"), name="Made-up circle", purpose="", kind="product", languages=["zh-hans", "en"], time_zone="UTC", owner_name="Olu",
        owner_email="olu@sample.example", is_sample=True,
    )  # fmt: skip
    assert the_owner().language == "zh-hans"
    (ann, _en), (ben, _zh) = reader("english browser"), reader("chinese browser")
    for one in (ann, ben):
        one.get("/setup/enter")
    assert (language(ann, "/"), language(ben, "/")) == ("en", "zh")
    ann.post("/look", {"language": "zh-hans"})
    assert language(ann, "/") == "zh"
    late, _reads = reader("english browser")
    late.get("/setup/enter")
    assert language(late, "/") == "en" and Member.objects.get().language == ""
