"""A reported private message: read by who runs the community, with the five before it, and the log says who read it."""

import pytest
from django.test import Client

from fireside.activity.models import Activity
from fireside.conversation import actions as talk
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.moderation import actions, queries
from fireside.moderation.models import Look
from fireside.notifications.models import Notice
from fireside.notifications.reactions import tell

pytestmark = pytest.mark.both


@pytest.fixture
def said(world):
    """Ann writes to Ben eight times, and Ben reports the seventh."""
    world.topic = talk.begin_conversation(world.as_("ann"), people=[world.ben], text="zebra 1", title="The zebra plan")
    for n in range(2, 9):
        talk.write_privately(world.as_("ann"), topic=world.topic, text=f"zebra {n}")
    world.post = world.topic.posts.get(number=7)
    world.case = actions.report_post(world.as_("ben"), post=world.post, reason="rude", words="Look at this.")
    return world


def browser(world, who):
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_only_who_runs_the_community_reads_it_and_says_so(said):
    for who in ("cat", "mira"):
        with pytest.raises(NotFound):
            queries.get_case(said.people[who], said.case.pk)
    with pytest.raises(NotFound):  # looks after every space that Ben belongs to
        queries.get_case(said.ann, said.case.pk)
    assert not queries.visible_cases(said.ann).exists()
    client = browser(said, "dan")
    for page in ("/reports", f"/reports/{said.case.pk}"):
        words = client.get(page).content
        assert b"Private message" in words
        assert b"zebra" not in words
    assert client.get("/api/v1/reports").json()["items"][0]["messages"] == []
    with pytest.raises(Refused) as no:
        actions.decide_case(said.as_("dan"), case=said.case, decision="dismissed")
    assert no.value.code == "not_read"
    assert not Look.objects.exists()
    assert client.post(f"/reports/{said.case.pk}/reading").status_code == 302
    words = client.get(f"/reports/{said.case.pk}").content.decode()
    assert [f"zebra {n}" in words for n in range(1, 9)] == [False, True, True, True, True, True, True, False]
    assert "read by Dan" in words
    assert "zebra" not in browser(said, "olu").get(f"/reports/{said.case.pk}").content.decode()
    line = Activity.objects.get(kind="moderation.looked")
    assert (line.member_id, line.target_id, line.data) == (said.dan.pk, said.case.pk, {})
    assert client.get(f"/t/{said.topic.pk}").status_code == 404
    done = browser(said, "olu").put(f"/api/v1/reports/{said.case.pk}/reading").json()
    assert [one["text"] for one in done["messages"]] == [f"zebra {n}" for n in range(2, 8)]


def test_it_is_removed_for_both_and_each_is_told(said):
    talk.edit_post(said.as_("ann"), post=said.post, text="I never said that.")
    actions.look_at_case(said.as_("dan"), case=said.case)
    row = queries.case_row(said.dan, said.case)
    assert row.said_before == ["zebra 7"]
    actions.decide_case(said.as_("dan"), case=said.case, decision="removed", reason="Rule 1: be kind.")
    said.post.refresh_from_db()
    assert said.post.removed_by == said.dan
    with pytest.raises(NotAllowed):
        talk.restore_post(said.as_("ann"), post=said.post)
    tell(list(Activity.objects.order_by("pk")), said.now)
    assert Notice.objects.filter(member=said.ben, kind="moderation.removed_privately").exists()
    assert Notice.objects.filter(member=said.ann, kind="conversation.talk_removed").exists()
    assert {one.member.handle for one in Notice.objects.filter(kind="moderation.reported_privately")} == {"olu", "dan"}
    assert not any("zebra" in str(line.data) for line in Activity.objects.all())


def test_whoever_takes_no_part_reports_nothing_there(said):
    with pytest.raises(NotFound):
        actions.report_post(said.as_("cat"), post=said.post, reason="spam")
    assert browser(said, "ann").get(f"/t/{said.topic.pk}/7/report").status_code == 200  # the form; the act says it is her own
    with pytest.raises(Refused):
        actions.report_post(said.as_("ann"), post=said.post, reason="spam")
