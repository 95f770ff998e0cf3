"""Members report a post; it is one case, decided once; nobody else learns who reported."""

from io import StringIO

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.conversation import actions as talk
from fireside.conversation.models import Post
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.members.actions import join_community
from fireside.members.tests.world import make_people
from fireside.moderation import actions, queries, rules
from fireside.moderation.models import Case, Report
from fireside.notifications.queries import list_notices
from fireside.notifications.reactions import tell
from fireside.spaces.tests.world import add_spaces

pytestmark = pytest.mark.both


@pytest.fixture
def said(world):
    world.topic = talk.open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="x")
    world.post = talk.reply(world.as_("cat"), topic=world.topic, text="Buy at my shop")
    return world


def report(world, who="ben", **more):
    return actions.report_post(world.as_(who), post=world.post, **({"reason": "spam"} | more))


def told(world, who):
    tell(list(Activity.objects.filter(kind__startswith="moderation")), world.now)
    return [row.text for row in list_notices(world.people[who]).rows]


@pytest.mark.parametrize(
    ("given", "obstacle"),
    [
        ({}, ""), ({"reason": "mood"}, "unknown_reason"), ({"words": "x" * 501}, "long_words"), ({"reason": "other"}, "no_words"),
        ({"own": True}, "own_words"), ({"removed": True}, "gone_already"), ({"judged": True}, "judged"), ({"today": 20}, "reported_much"),
    ],
)  # fmt: skip
def test_what_is_reported(given, obstacle):
    assert (
        rules.why_not_report(**({"reason": "spam", "words": "", "own": False, "removed": False, "today": 0, "judged": False} | given))
        == obstacle
    )


def test_several_reports_are_one_case(said):
    first = report(said)
    assert report(said).pk == first.pk and report(said, "mira", reason="other", words="rude, too").pk == first.pk
    first.refresh_from_db()
    assert (first.reports_count, first.version, Report.objects.count()) == (2, 3, 2)
    (row,) = queries.cases(said.ann).rows
    assert [(one.by.name, one.reason) for one in row.reports] == [("Ben", "spam"), ("Mira", "other")]
    assert queries.open_cases(said.dan) == queries.open_cases(said.ann) == 1
    assert any("reported a post" in words for words in told(said, "ann"))
    assert not told(said, "cat"), "the one who wrote it is not told who reported it"
    for who in ("ben", "mira"):
        with pytest.raises(NotAllowed):
            queries.cases(said.people[who])
        with pytest.raises(NotFound):
            queries.get_case(said.people[who], first.pk)


def test_removed_with_a_reason(said):
    case = report(said)
    with pytest.raises(Refused) as no:
        actions.decide_case(said.as_("ann"), case=case, decision="removed")
    assert no.value.code == "no_reason"
    for _ in range(2):
        actions.decide_case(said.as_("ann"), case=case, decision="removed", reason="No selling.", version=2)
    said.post.refresh_from_db()
    assert (said.post.removed_reason, said.post.removed_by) == ("No selling.", said.ann)
    assert [line for line in told(said, "ben") if "was removed" in line]
    with pytest.raises(Refused) as no:
        actions.decide_case(said.as_("dan"), case=case, decision="dismissed")
    assert no.value.code == "decided_meanwhile"
    assert Activity.objects.filter(kind="moderation.removed").count() == 1


def test_dismissed_it_may_be_reported_again_only_when_it_was_changed(said):
    case = report(said)
    actions.decide_case(said.as_("ann"), case=case, decision="dismissed", reason="It answers.")
    with pytest.raises(Refused) as no:
        report(said)
    assert no.value.code == "judged"
    assert report(said, "mira").pk != case.pk, "somebody else may"
    talk.edit_post(said.as_("cat"), post=said.post, text="Buy twice")
    assert report(said).reports_count == 2


def test_new_reports_since_one_looked_stop_a_decision(said):
    case = report(said)
    report(said, "mira")
    with pytest.raises(Refused) as no:
        actions.decide_case(said.as_("ann"), case=case, decision="dismissed", version=2)
    assert no.value.code == "case_changed"
    assert actions.decide_case(said.as_("ann"), case=case, decision="dismissed", version=3).decided_by == said.ann


def test_what_is_hidden_cannot_be_reported(said):
    inside = talk.open_topic(said.as_("ben"), space=said.cellar, title="Inside", text="x").posts.get()
    with pytest.raises(NotFound):
        actions.report_post(said.as_("cat"), post=inside, reason="spam")
    case = actions.report_post(said.as_("ann"), post=inside, reason="spam")
    assert queries.get_case(said.ann, case.pk) == case
    with pytest.raises(NotFound):
        queries.get_case(said.cat, case.pk)


def test_pages(said, client):
    at = f"/t/{said.topic.pk}/2"
    client.force_login(said.ben)
    assert f'href="{at}/report"' in client.get(at, {"more": "2"}).content.decode(), "behind the three dots"
    assert client.post(f"{at}/report", {"reason": "other"}).status_code == 422
    assert client.post(f"{at}/report", {"reason": "spam", "words": "shop"}).headers["Location"] == f"{at}#p2"
    case = Case.objects.get()
    assert (
        client.get("/reports").status_code == 403
        and client.get(f"/reports/{case.pk}").status_code == client.get("/reports/987654").status_code == 404
    )
    client.force_login(said.ann)
    page = client.get("/reports").content.decode()
    assert "Buy at my shop" in page and f'href="/reports/{case.pk}"' in page
    assert client.post(f"/reports/{case.pk}", {"decision": "removed", "version": "2"}).status_code == 422
    assert client.post(f"/reports/{case.pk}", {"decision": "removed", "version": "2", "reason": "Rule 2"}).headers["Location"] == "/reports"
    assert "Removed by" in client.get("/reports?show=decided").content.decode()


def test_programs_and_the_command_line(said, client):
    client.force_login(said.ben)
    made = client.post(f"/api/v1/posts/{said.post.pk}/reports", {"reason": "spam"}, content_type="application/json")
    assert made.status_code == 201
    case = made.json()["case"]
    assert client.get("/api/v1/reports").status_code == 403
    client.force_login(said.ann)
    (row,) = client.get("/api/v1/reports").json()["items"]
    assert (row["id"], row["author"], row["reports"][0]["by"]) == (case, "cat", "ben")
    call_command("act", "moderation.decide_case", "as=ann", f"case={case}", "decision=dismissed", "reason=Fine", stdout=StringIO())
    assert client.get("/api/v1/reports").json()["items"] == []
    assert client.get("/api/v1/reports?show=decided").json()["items"][0]["decision"] == "dismissed"


@pytest.mark.django_db(transaction=True)
def test_many_report_and_two_decide_at_once(race, transactional_db):
    world = add_spaces(make_people())
    crowd = [join_community(world.as_(""), name=f"Reader {n}") for n in range(8)]
    topic = talk.open_topic(world.as_("ben"), space=world.hearth, title="T", text="x")
    post = talk.reply(world.as_("cat"), topic=topic, text="y")
    acts = [(actions.report_post, reader, {"post": post, "reason": "spam"}) for reader in crowd]
    assert race(*(acts[i::4] + acts[(i + 1) % 4 :: 4] for i in range(4))) == {"done": 16}
    case = Case.objects.get()
    assert (case.reports_count, case.version, Report.objects.count()) == (8, 9, 8)
    ended = race(
        (actions.decide_case, world.ann, {"case": case, "decision": "removed", "reason": "r"}),
        (actions.decide_case, world.dan, {"case": case, "decision": "dismissed", "reason": "d"}),
    )
    assert ended == {"done": 1, "decided_meanwhile": 1}
    case.refresh_from_db()
    assert (Post.objects.get(pk=post.pk).removed_at is not None) == (case.decision == "removed")
