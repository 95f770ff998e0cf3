"""A topic and a chat are one conversation: turned into the other, nothing is lost and every address stays."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.conversation.models import Post, Topic
from fireside.conversation.queries import get_topic, mark_of
from fireside.conversation.views.chat import in_runs
from fireside.lib.errors import NotAllowed
from fireside.spaces.actions import make_forum, make_group

pytestmark = pytest.mark.both


@pytest.fixture
def chat(world):
    make_group(world.as_("ann"), space=world.hearth)
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Evening", text="Who is here?", asks=False)
    return world


def say(world, who, text, **more):
    return actions.reply(world.later(seconds=20).as_(who), topic=world.topic, text=text, **more)


def part(client, world, query):
    return client.get(f"/t/{world.topic.pk}/chat/part?{query}")


def test_in_a_group_talk_opens_as_a_chat(chat):
    for _ in range(2):
        make_group(chat.as_("ann"), space=chat.hearth)
    assert chat.topic.is_chat and Activity.objects.filter(kind="spaces.made_group").count() == 1
    make_forum(chat.as_("ann"), space=chat.hearth)
    assert not actions.open_topic(chat.as_("ben"), space=chat.hearth, title="Next", text="x").is_chat
    assert get_topic(chat.ben, chat.topic.pk).is_chat, "what was said keeps its shape"


def test_turned_into_the_other_and_back(chat):
    say(chat, "cat", "I am.")
    with pytest.raises(NotAllowed):
        actions.turn_into_topic(chat.as_("ben"), topic=chat.topic)
    before = list(Post.objects.values_list("pk", "number", "html"))
    for _ in range(2):
        actions.turn_into_topic(chat.as_("ann"), topic=chat.topic)
    assert not get_topic(chat.ben, chat.topic.pk).is_chat
    actions.turn_into_chat(chat.as_("ann"), topic=chat.topic)
    assert list(Post.objects.values_list("pk", "number", "html")) == before
    assert list(Activity.objects.filter(kind__contains="turned").values_list("kind", flat=True)) == [
        "conversation.turned_topic",
        "conversation.turned_chat",
    ]


def test_runs_and_days(chat, client):
    from fireside.conversation.queries import topic_page

    for who, text in [("ben", "Hello?"), ("cat", "I am."), ("ben", "Good.")]:
        say(chat, who, text)
    chat.later(hours=20)
    say(chat, "ben", "Morning.")
    say(chat, "ben", "@cat", reply_to=get_topic(chat.ben, chat.topic.pk).posts.get(number=3))
    said = in_runs(topic_page(chat.ben, chat.topic, "last", pull=False).posts)
    assert [one.goes_on for one in said] == [False, True, False, False, False, False]
    assert [one.day is not None for one in said] == [True, False, False, False, True, False]
    assert said[-1].row.answered_words == "I am."
    client.force_login(chat.cat)
    page = client.get(f"/t/{chat.topic.pk}").content.decode()
    assert page.count("day-line") == 2 and 'id="m6"' in page and "conversation/chat" in page


def test_the_newest_page_and_the_way_back(chat, client):
    for n in range(40):
        say(chat, ("cat", "ann")[n % 2], f"word {n}")
    client.force_login(chat.ben)
    page = client.get(f"/t/{chat.topic.pk}").content.decode()
    assert "word 39" in page and "word 10" in page and "word 9<" not in page and 'data-behind=""' in page
    before = page.partition('data-before="')[2].partition('"')[0]
    older = part(client, chat, f"at={before}")
    assert older.content.decode().count("<article") == 11 and older["X-Before"] == "" and older["X-Behind"] != ""
    assert client.get(f"/t/{chat.topic.pk}/5").content.decode().count("<article") == 30
    assert mark_of(chat.ben, chat.topic).number == 41


def test_what_came_since(chat, client):
    client.force_login(chat.ben)
    assert part(client, chat, "after=1").content.decode().strip() == ""
    say(chat, "cat", "I am.")
    assert part(client, chat, "after=1").content.decode().count("<article") == 1
    assert mark_of(chat.ben, chat.topic).number == 1
    part(client, chat, "after=1&seen=1")
    assert mark_of(chat.ben, chat.topic).number == 2
    assert "I am." in part(client, chat, "post=2").content.decode()
    client.force_login(chat.cat)
    assert 'class="msg own"' in part(client, chat, "post=2").content.decode()


def test_sent_twice_it_speaks_once_and_a_refusal_says_why(chat, client):
    client.force_login(chat.cat)
    at = f"/t/{chat.topic.pk}/chat/messages"
    say(chat, "ben", "meanwhile")
    for _ in range(2):
        answer = client.post(at, {"text": "I am.", "key": "k", "after": "1"})
        assert answer.status_code == 200 and answer.content.decode().count("<article") == 2
    assert Post.objects.filter(topic=chat.topic, source_text="I am.").count() == 1
    empty = client.post(at, {"text": " ", "key": "k2", "after": "2"})
    assert empty.status_code == 422 and "There are no words yet" in empty.content.decode()
    liked = client.post(f"/t/{chat.topic.pk}/2/reactions", {"sign": "heart"}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="m2")
    assert 'id="m2"' in liked.content.decode() and 'aria-pressed="true"' in liked.content.decode()


def test_some_messages_become_a_topic(chat):
    posts = [say(chat, "cat", "Which wick do you use?"), say(chat, "ann", "The thick one.")]
    made = actions.split_topic(chat.as_("ann"), posts=posts, title="Which wick?")
    assert (made.is_chat, made.asks, made.posts_count) == (None, True, 2)


def test_doors(chat, client):
    at = f"/t/{chat.topic.pk}"
    client.force_login(chat.ann)
    assert f'formaction="{at}/chat/end"' in client.get(at).content.decode()
    assert client.post(f"{at}/chat/end").headers["Location"] == at
    assert "chat.css" not in client.get(at).content.decode()
    assert client.post(f"{at}/chat").headers["Location"] == at
    assert client.delete(f"/api/v1/topics/{chat.topic.pk}/chat").json()["is_chat"] is False
    assert client.put(f"/api/v1/topics/{chat.topic.pk}/chat").json()["is_chat"] is True
    assert client.post("/spaces/hearth/group/end").headers["Location"] == "/spaces/hearth/settings"
    assert client.put("/api/v1/spaces/hearth/group").json()["is_group"] is True
    call_command("act", "conversation.turn_into_topic", "as=ann", f"topic={chat.topic.pk}", stdout=StringIO())
    call_command("act", "spaces.make_forum", "as=ann", "space=hearth", stdout=StringIO())
    assert not Topic.objects.get(pk=chat.topic.pk).is_chat


def test_a_page_of_a_chat_costs_as_much_whatever_it_shows(chat, client):
    client.force_login(chat.ben)
    for n in range(3):
        say(chat, "cat", f"word {n}")
    client.get(f"/t/{chat.topic.pk}")
    chat.later(minutes=1)
    with CaptureQueriesContext(connection) as few:
        client.get(f"/t/{chat.topic.pk}")
    for n in range(20):
        say(chat, ("cat", "ann", "dan")[n % 3], f"more {n}")
    client.get(f"/t/{chat.topic.pk}")
    with CaptureQueriesContext(connection) as many:
        client.get(f"/t/{chat.topic.pk}")
    # session, member, the frame’s three (spaces, bell, look), the topic, its posts, people, own signs, own helped and later, how far it
    # was read twice, unread notices, drafts, who tidies
    assert len(many) == len(few) <= 15


def test_whoever_is_here_chooses_in_its_menu_how_closely_to_follow(chat, client):
    client.force_login(chat.ben)  # he looks after nothing here
    page = client.get(f"/t/{chat.topic.pk}").content.decode()
    menu = page.partition("chat-menu")[2].partition("</details>")[0]
    assert menu.count(f'formaction="/t/{chat.topic.pk}/following"') == 4 and 'value="mute" aria-pressed="false"' in menu
    client.post(f"/t/{chat.topic.pk}/following", {"level": "mute"})
    assert 'value="mute" aria-pressed="true"' in client.get(f"/t/{chat.topic.pk}").content.decode()
    client.logout()
    assert "chat-menu" not in client.get(f"/t/{chat.topic.pk}").content.decode()
