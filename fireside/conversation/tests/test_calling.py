"""Calling everybody of a role: by its names in both languages, nobody twice, nobody who may not read; newcomers and crowds."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from fireside.activity.models import Activity
from fireside.conversation import actions, rules
from fireside.conversation.models import Draft, Post
from fireside.conversation.queries.calling import people_called, roles_to_call
from fireside.lib.errors import Refused
from fireside.members.actions import join_community, mark_bot
from fireside.members.models import Member, Role
from fireside.members.rules import why_not_handle
from fireside.notifications.models import Notice
from fireside.notifications.reactions import tell
from fireside.spaces.actions import join_space, make_organiser, make_space
from fireside.spaces.models import Belonging

pytestmark = pytest.mark.both


@pytest.fixture
def world(world):
    Member.objects.update(joined_at=world.now - timedelta(days=30))
    for one in world.people.values():
        one.refresh_from_db()
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose?", text="It turns.")
    return world


def told(world, act):
    start = Activity.objects.order_by("-id").values_list("id", flat=True)[0]
    made = act()
    tell(list(Activity.objects.filter(pk__gt=start)), world.now)
    rows = sorted(Notice.objects.values_list("member__handle", flat=True))
    Notice.objects.all().delete()
    return rows, made


def says(world, who, text, **more):
    return told(world, lambda: actions.reply(world.as_(who), topic=world.topic, text=text, **more))


@pytest.mark.parametrize(
    ("given", "obstacle"),
    [
        ({}, ""),
        ({"new": True, "roles": ["organisers"]}, ""),
        ({"new": True, "roles": ["organisers", "team"]}, "newcomer_calls_role"),
        ({"roles": ["team"], "people": rules.CALL_ASKS_OVER}, ""),
        ({"roles": ["team"], "people": rules.CALL_ASKS_OVER + 1}, "call_many"),
        ({"roles": ["team"], "people": rules.CALL_ASKS_OVER + 1, "sure": True}, ""),
        ({"people": 99}, ""),
    ],
)
def test_what_keeps_somebody_from_calling(given, obstacle):
    assert rules.why_not_call(**({"new": False, "roles": [], "people": 0, "sure": False} | given)) == obstacle


@pytest.mark.parametrize("words", ["@organisers look", "请@组织者看一下", "@Organizers, look"])
def test_organisers_of_the_space(world, words):
    rows, post = says(world, "cat", words)
    assert rows == ["ann", "ben"], "and Ben, whose topic it is"
    assert '<span class="mention">@' in post.html and "/people/" not in post.html
    assert not Post.objects.get(pk=post.pk).mentions.exists()


def test_operators_and_team(world):
    assert says(world, "cat", "@operators and @ann")[0] == ["ann", "ben", "dan", "olu"]
    assert says(world, "cat", "@团队")[0] == ["ben", "dan", "mira", "olu"]
    assert says(world, "dan", "@team @dan @olu @olu")[0] == ["ben", "mira", "olu"], "nobody twice, not oneself"
    mark_bot(world.as_("olu"), member=world.mira, reason="operator")
    assert says(world, "cat", "@team")[0] == ["ben", "dan", "olu"]


def test_a_quotation_or_code_calls_nobody(world):
    assert says(world, "cat", "> @organisers\n\nsaid Ann, `@team` too, \\@operators")[0] == ["ben"]


def test_a_member_of_that_name_goes_before_the_role(world):
    Member.objects.filter(pk=world.mira.pk).update(handle="team")  # since before the name was kept for the role
    assert says(world, "cat", "@team")[0] == ["ben", "team"]
    assert why_not_handle("team") == why_not_handle("组织者") == "reserved"


def test_a_hidden_space_calls_only_those_who_may_read_it(world):
    inside = actions.open_topic(world.as_("ben"), space=world.cellar, title="Inside", text="x")
    assert sorted(people_called(["team", "organisers"], world.cellar)) == sorted([world.olu.pk, world.dan.pk, world.ann.pk])
    rows, _ = told(world, lambda: actions.reply(world.as_("ann"), topic=inside, text="@team"))
    assert rows == ["ben", "dan", "olu"], "Mira of product is not inside"


def test_a_space_without_organisers_calls_those_above(world):
    nook = make_space(world.as_("dan"), name="Nook", parent=world.hearth, openness="open")
    Belonging.objects.filter(space=nook).delete()
    assert people_called(["organisers"], nook) == [world.ann.pk]
    join_space(world.as_("cat"), space=nook)
    make_organiser(world.as_("dan"), space=nook, member=world.cat)
    assert people_called(["organisers"], nook) == [world.cat.pk]


def test_an_edit_calls_whom_it_did_not_call_before(world):
    _, post = says(world, "cat", "@organisers look")
    assert told(world, lambda: actions.edit_post(world.as_("cat"), post=post, text="@organisers look again"))[0] == []
    assert told(world, lambda: actions.edit_post(world.as_("cat"), post=post, text="@organisers @operators"))[0] == ["dan", "olu"]


def crowd(world):
    for n in range(rules.CALL_ASKS_OVER):
        join_community(world.as_(""), name=f"Staff {n}")
    Member.objects.filter(name__startswith="Staff").update(role=Role.SUPPORT)


def test_many_are_called_only_when_it_is_meant(world, client):
    crowd(world)
    with pytest.raises(Refused) as no:
        says(world, "cat", "@team")
    assert (no.value.code, no.value.facts["people"]) == ("call_many", 13) and "13 people" in str(no.value.message)
    assert len(says(world, "cat", "@team", sure=True)[0]) == 14
    client.force_login(world.cat)
    at = f"/t/{world.topic.pk}/replies"
    refused = client.post(at, {"text": "@team once more", "key": "k"})
    page = refused.content.decode()
    assert refused.status_code == 422 and "This calls 13 people" in page and 'name="sure" value="1"' in page and "@team once more" in page
    assert 'name="sure"' not in client.get(f"/t/{world.topic.pk}").content.decode()
    assert client.post(at, {"text": "@team once more", "key": "k", "sure": "1"}).status_code == 302
    actions.turn_into_chat(world.as_("ann"), topic=world.topic)
    chat, said = f"/t/{world.topic.pk}/chat/messages", {"text": "@team in the chat", "key": "c", "after": "0"}
    asked = client.post(chat, said)
    assert asked.status_code == 422 and asked["X-Ask-Sure"] == "1" and "This calls 13 people" in asked.content.decode()
    assert client.post(chat, said | {"sure": "1"}).status_code == 200
    actions.turn_into_topic(world.as_("ann"), topic=world.topic)
    new = f"/spaces/{world.hearth.slug}/new"
    words = {"title": "T", "text": "@team", "asks": "1", "key": "n"}
    assert 'name="sure" value="1"' in client.post(new, words).content.decode()
    assert client.post(new, words | {"sure": "1"}).status_code == 302
    api = f"/api/v1/topics/{world.topic.pk}/posts"
    assert client.post(api, {"text": "@team"}, content_type="application/json").json()["code"] == "call_many"
    assert client.post(api, {"text": "@team", "sure": True}, content_type="application/json").status_code == 201
    call_command("act", "conversation.reply", "as=cat", f"topic={world.topic.pk}", "text=@@team", "sure=yes", stdout=StringIO())
    assert not Draft.objects.exists()


def test_a_newcomer_calls_who_looks_after_the_space(world):
    zoe = join_community(world.as_(""), name="Zoe")
    world.people["zoe"] = zoe
    for words in ("@team", "@运营"):
        with pytest.raises(Refused):
            says(world, "zoe", words)
    assert says(world, "zoe", "@organisers @cat @mira help")[0] == ["ann", "ben", "cat", "mira"]
    make_organiser(world.as_("dan"), space=world.hearth, member=zoe)
    assert says(world, "zoe", "@team")[0] == ["ben", "dan", "mira", "olu"], "who looks after the space is trusted"
    Member.objects.filter(pk=zoe.pk).update(joined_at=world.now - timedelta(days=2))
    zoe.refresh_from_db()
    assert says(world, "zoe", "@operators")[0] == ["ben", "dan", "olu"]


def test_the_composer_offers_roles(world, client):
    assert [one.name for one in roles_to_call("o")] == ["organisers", "operators"]
    with translation.override("zh-hans"):
        assert [one.name for one in roles_to_call("组")] == [one.name for one in roles_to_call("organ")] == ["组织者"]
    assert roles_to_call("") == roles_to_call("ann") == []
    client.force_login(world.cat)
    page = client.get("/talk/mentions?q=tea").content.decode()
    assert 'data-handle="team"' in page and "everybody on the team" in page
    assert client.post("/api/v1/preview", {"text": "@team @ann"}, content_type="application/json").json()["roles"] == ["team"]
