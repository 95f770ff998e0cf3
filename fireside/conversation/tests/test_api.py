"""The JSON door of talk, once through every operation."""

import json

import pytest
from django.test import Client
from ninja.responses import NinjaJSONEncoder

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.conversation.api_shapes import PostOut, TopicOut
from fireside.conversation.models import Topic
from fireside.notifications.queries import has_unread
from fireside.notifications.reactions import tell


@pytest.fixture
def call(client):
    def send(member, method, path, body=None, status=200):
        if member is None:
            client.logout()
        else:
            client.force_login(member)
        answer = client.generic(method, f"/api/v1{path}", json.dumps(body) if body is not None else "", content_type="application/json")
        assert answer.status_code == status, (answer.status_code, answer.content.decode()[:500])
        return answer.json()

    return send


def test_lists_that_are_made_without_asking_have_the_shape_they_promise(world, call):
    """What goes out as it is made (lib/answers.as_made) is what pydantic would have made of it: every field, nothing else."""
    topic = call(world.ben, "POST", "/topics", {"space": world.hearth.slug, "title": "Loose?", "text": "It turns.", "tags": ["lamp"]}, 201)
    post = call(world.ann, "POST", f"/topics/{topic['id']}/posts", {"text": "Turn **it**.", "reply_to": 1}, 201)
    call(world.ben, "PUT", f"/posts/{post['id']}/reactions/heart")
    wrong = call(world.ann, "POST", f"/topics/{topic['id']}/posts", {"text": "Wrong."}, 201)
    call(world.dan, "PUT", f"/posts/{wrong['id']}/removal", {"reason": "a test"})
    for shape, path in ((TopicOut, "/topics"), (PostOut, f"/topics/{topic['id']}/posts")):
        for who in (world.ben, world.ann, world.dan):
            said = call(who, "GET", path)
            assert said["items"] and set(said) == {"items", "next"}
            for one in said["items"]:
                again = json.loads(json.dumps(shape.model_validate(one, strict=False).model_dump(), cls=NinjaJSONEncoder))
                assert again == json.loads(json.dumps(one).replace(".000Z", "Z")), "read again, a moment has lost its last three digits"


def test_a_reply_comes_back_as_it_will_be_read(world, call, settings, django_assert_num_queries):
    """Made of what is known, not read again: the same in every field, whoever says it to whomever."""
    topic = call(world.ben, "POST", "/topics", {"space": world.hearth.slug, "title": "Loose?", "text": "It turns."}, 201)["id"]
    long = "- @ben, look: https://lantern.example\n- `so` <b>it</b> is\n\n" + "Turn the washer. " * 40
    for who, body in (
        (world.ann, {"text": long}), (world.ben, {"text": "Which **one**?", "reply_to": 2}), (world.dan, {"text": "@organisers", "key": "k"}),
    ):  # fmt: skip
        said = call(who, "POST", f"/topics/{topic}/posts", body, 201)
        assert said == call(who, "GET", f"/posts/{said['id']}")
    call(world.ann, "PUT", f"/posts/{said['id']}/reactions/heart")
    again = call(world.dan, "POST", f"/topics/{topic}/posts", {"text": "@organisers", "key": "k"}, 201)
    assert again == call(world.dan, "GET", f"/posts/{said['id']}") and again["reactions"] == {"heart": 1}
    settings.LIMITS = False  # counted elsewhere
    client = Client()
    client.force_login(world.ann, backend="allauth.account.auth_backends.AuthenticationBackend")
    for words in ("Warm.", "Warmer."):
        client.post(f"/api/v1/topics/{topic}/posts", {"text": words}, content_type="application/json")
    # session and member; savepoint, topic, belongs, post, topic's counts, own mark, the space's last talk, log, savepoint
    with django_assert_num_queries(10):
        assert client.post(f"/api/v1/topics/{topic}/posts", {"text": "That one."}, content_type="application/json").status_code == 201
    secret = call(world.ann, "POST", "/topics", {"space": world.cellar.slug, "title": "Ours", "text": "Between us."}, 201)["id"]
    refused = [call(world.cat, "POST", f"/topics/{n}/posts", {"text": "Hello?"}, 404) for n in (secret, 999999, 2**63, 0)]
    assert all(one == refused[0] for one in refused)


def test_every_operation(world, call):
    ben, ann = world.ben, world.ann
    new = {"space": world.hearth.slug, "title": "Handle loose?", "text": "It turns, @ann.", "key": "k1"}
    topic = call(ben, "POST", "/topics", new, 201)
    assert call(ben, "POST", "/topics", new, 201)["id"] == topic["id"]
    at = f"/topics/{topic['id']}"
    answer = call(ann, "POST", f"{at}/posts", {"text": "Turn **it**.", "reply_to": 1}, 201)
    assert (answer["number"], answer["reply_to"], answer["html"]) == (2, 1, "<p>Turn <strong>it</strong>.</p>\n")
    post = f"/posts/{answer['id']}"
    assert call(ben, "GET", at)["replies"] == 1
    listed = call(ben, "GET", "/topics?show=answered")["items"]
    assert [(row["title"], row["space"]["slug"]) for row in listed] == [("Handle loose?", world.hearth.slug)]
    assert call(ben, "PUT", f"{post}/helped")["helped"] == 1
    assert call(ben, "PUT", f"{post}/reactions/heart")["reactions"] == {"heart": 1}
    assert call(ben, "DELETE", f"{post}/reactions/heart")["reactions"] == {}
    assert call(ben, "PUT", f"{post}/acceptance")["accepted_post"] == answer["id"]
    assert call(ben, "GET", at)["helped_most"] == [{"who": {"handle": "ann", "name": "Ann", "is_bot": False}, "people": 1}]
    items = call(ben, "GET", f"{at}/posts")["items"]
    assert [(row["number"], row["is_accepted"], row["helped_me"]) for row in items] == [(1, False, False), (2, True, True)]
    assert call(ben, "DELETE", f"{post}/helped")["helped"] == 0
    assert call(ben, "DELETE", f"{at}/acceptance")["accepted_post"] is None
    edited = call(ann, "PATCH", post, {"text": "Turn it twice.", "seen_edits": 0})
    assert (edited["edits"], edited["text"]) == (1, "Turn it twice.")
    assert call(ann, "PATCH", post, {"text": "Thrice.", "seen_edits": 0}, 409)["code"] == "edited_meanwhile"
    assert call(ann, "GET", f"{post}/edits")[0]["text_before"] == "Turn **it**."
    call(world.cat, "GET", f"{post}/edits", status=404)
    gone = call(world.dan, "PUT", f"{post}/removal", {"reason": "a test"})
    assert (gone["removed_reason"], gone["removed_by"]["handle"]) == ("a test", "dan")
    assert call(ben, "GET", post)["text"] == ""
    assert call(world.dan, "DELETE", f"{post}/removal")["removed_at"] is None
    assert call(ben, "PUT", f"{at}/closing")["closed_at"]
    assert call(ann, "POST", f"{at}/posts", {"text": "x"}, 409)["code"] == "closed"
    assert call(ben, "DELETE", f"{at}/closing")["closed_at"] is None
    assert call(ben, "DELETE", f"{at}/question")["asks"] is False
    assert call(ben, "PUT", f"{at}/question")["asks"] is True
    assert call(ben, "PUT", "/drafts", {"place": "reply:1", "text": "half"})[0]["version"] == 1
    assert call(ben, "GET", "/drafts?place=reply:1")[0]["text"] == "half"
    assert call(ben, "DELETE", "/drafts?place=reply:1") == []
    assert call(ben, "POST", "/preview", {"text": "hi @ann"})["mentions"] == ["ann"]


def test_a_program_says_what_has_been_read(world, call):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose?", text="It turns.")
    for n in range(3):
        actions.reply(world.as_("ann"), topic=topic, text=f"{n}")
    tell(list(Activity.objects.order_by("id")), world.now)
    at = f"/topics/{topic.pk}/reading"
    unread = lambda: call(world.ben, "GET", "/topics")["items"][0]["unread"]  # noqa: E731
    call(world.ben, "GET", f"/topics/{topic.pk}/posts")
    assert unread() == 3 and has_unread(world.ben, "conversation.post", [topic.pk])
    assert call(world.ben, "PUT", at, {"number": 2}) == {"topic": topic.pk, "number": 2, "unread": 2}
    assert unread() == 2 and not has_unread(world.ben, "conversation.post", [topic.pk])
    assert call(world.ben, "PUT", at, {})["unread"] == unread() == 0
    assert call(world.ben, "PUT", at, {"number": 1})["number"] == 4  # only forward
    assert call(world.ben, "PUT", at, {"number": 999})["number"] == 4  # and no further than there are words
    call(None, "PUT", at, {}, 401)
    call(world.cat, "PUT", f"/topics/{actions.open_topic(world.as_('ben'), space=world.cellar, title='x', text='y').pk}/reading", {}, 404)


def test_refusals(world, call):
    topic = actions.open_topic(world.as_("ben"), space=world.workshop, title="Inside", text="x")
    for method, path, body in (
        ("GET", f"/topics/{topic.pk}", None),
        ("GET", f"/topics/{topic.pk}/posts", None),
        ("POST", f"/topics/{topic.pk}/posts", {"text": "x"}),
        ("GET", f"/posts/{topic.posts.get().pk}", None),
    ):
        assert call(world.cat, method, path, body, 404)["code"] == "not_found"
    call(None, "POST", "/topics", {"space": world.hearth.slug, "title": "x", "text": "x"}, 401)
    assert call(world.ben, "POST", "/topics", {"space": world.hearth.slug, "title": "", "text": "x"}, 409)["code"] == "no_title"
    assert call(world.ben, "POST", "/topics", {"space": world.hearth.slug}, 422)["code"] == "invalid"
    call(world.ben, "GET", "/topics?cursor=zzz", status=409)
    call(world.ben, "GET", f"/topics/{10**30}", status=404)
    assert Topic.objects.count() == 1


def test_a_draft_for_no_place_is_told_which_places_there_are(world, call):
    for place in ("elsewhere", "reply:", "new:x", "reply:7\n"):
        answer = call(world.ben, "PUT", "/drafts", {"place": place, "text": "Half a thought"}, 422)
        (wrong,) = answer["errors"]
        assert (wrong["field"], wrong["code"]) == ("body.place", "string_pattern_mismatch") and "reply:7, new:3, edit:19" in wrong[
            "message"
        ]
