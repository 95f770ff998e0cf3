"""A page whose frame was made for another is, byte for byte, the page made as a whole."""

import re

import pytest
from django.test import Client

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.lib import framed, pages, parts
from fireside.members.queries import forget_community
from fireside.notifications.reactions import tell

pytestmark = pytest.mark.both
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OF_ONE_REQUEST = re.compile(r'(name="csrfmiddlewaretoken" value="|name="key" value="|data-news="[^"]*since=)[^"&]*')


@pytest.fixture
def ask(world):
    """The page as this member (None: a visitor) is shown it, without what differs from one request to the next."""
    clients = {}

    def get(address, who="ann", **headers):
        if who not in clients:
            clients[who] = Client()
            if who:
                clients[who].force_login(world.people[who], BACKEND)
        answer = clients[who].get(address, headers=headers)
        assert answer.status_code == 200, address
        return OF_ONE_REQUEST.sub(r"\1", answer.content.decode())

    return get


@pytest.fixture
def topic(world):
    return actions.open_topic(world.as_("ann"), space=world.hearth, title="Loose <handle>", text="It came loose.")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", ["ann", "olu", None])
def test_framed_is_what_the_whole_template_says(world, ask, topic, who, language, monkeypatch):
    addresses = ["/", "/talk", "/talk?show=waiting", "/spaces", "/search?q=handle"]
    if who:
        addresses += [f"/spaces/{topic.space.slug}", f"/t/{topic.pk}", "/people", "/me", "/notices", "/later", "/messages"]
        type(world.ann).objects.update(language=language)
    told = {"accept-language": language}
    for one in addresses:
        ask(one, who, **told)  # what is read by looking is read now
    twice = [(ask(one, who, **told), ask(one, who, **told)) for one in addresses]
    monkeypatch.setattr(pages, "framed", lambda *_: None)
    for (first, kept), address in zip(twice, addresses, strict=True):
        assert first == kept == ask(address, who, **told), address


def test_a_community_that_speaks_one_language_more_offers_it_at_once(world, ask):
    type(world.community).objects.update(languages=["en"])
    forget_community()
    assert 'name="language"' not in ask("/talk")
    type(world.community).objects.update(languages=["en", "zh-hans"])
    forget_community()
    assert 'name="language" value="zh-hans"' in ask("/talk")


def test_what_is_asked_for_most_is_framed(world):
    for name in ("site/home.html", "conversation/talk.html", "conversation/space.html", "conversation/topic.html"):
        assert framed._is_steady(name), name


def test_a_template_that_says_more_of_the_page_in_its_frame_is_made_as_a_whole(tmp_path, monkeypatch, ask):
    assert not framed._is_steady("site/broken.html"), "it has no frame of that kind"
    inside = '{% extends "site/base.html" %}{% block body_class %}{{ kind }}{% endblock %}{% block main %}x{% endblock %}'
    env = framed._env()
    monkeypatch.setattr(env, "loader", type("One", (type(env.loader),), {"get_source": lambda *_: (inside, None, None)})(str(tmp_path)))
    assert not framed._is_steady.__wrapped__("made-up.html")


def test_each_reader_sends_a_token_of_their_own(world, topic):
    shown = []
    for who in ("ann", "ben"):
        client = Client(enforce_csrf_checks=True)
        client.force_login(world.people[who], BACKEND)
        page = client.get(f"/t/{topic.pk}").content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        assert client.post(f"/t/{topic.pk}/replies", {"text": f"I am {who}", "csrfmiddlewaretoken": token}).status_code == 302
        shown.append(token)
    assert shown[0] != shown[1]


def test_a_message_is_said_once(world, topic):
    actions.reply(world.as_("ben"), topic=topic, text="Turn the washer.")
    tell(list(Activity.objects.order_by("pk")), world.now)
    client = Client()
    client.force_login(world.ann, BACKEND)
    told = client.post("/notices/read", follow=True).content.decode()
    assert told.count('class="toast leaving"') == 1
    assert 'class="toast leaving"' not in client.get("/talk").content.decode()


def test_nobody_writes_a_place_into_their_name(world, topic):
    assert parts.slot("main") != "\ue000main\ue000"
    world.hearth.name = "\ue000main\ue000\ue000csrf\ue000"
    world.hearth.save()
    client = Client()
    client.force_login(world.ann, BACKEND)
    page = client.get("/talk").content.decode()
    assert page.count("<h1") == 1 and "\ue000main\ue000" in page
