"""Looking for words in one's own private conversations: what is found, and that nobody else finds it."""

import pytest

from fireside.conversation import actions
from fireside.conversation.queries.own_words import own_messages
from fireside.conversation.seeking import understand

pytestmark = pytest.mark.both


@pytest.fixture
def two(world):
    """Ann and Ben alone; Ann, Ben and Mira about tea."""
    world.pair = actions.begin_conversation(world.as_("ann"), people=[world.ben], text="The zebra washer mended it. 手柄不再松了。")
    world.tea = actions.begin_conversation(
        world.later(minutes=1).as_("ben"), people=[world.ann, world.mira], text="Café zebra?", title="Tea"
    )
    return world


def found(viewer, words):
    return [(said.name, said.number) for said in own_messages(viewer, understand(words)).rows]


def test_own_messages_are_found_in_both_languages_the_latest_first(two):
    assert found(two.ann, "zebra") == [("Tea", 1), ("Ben", 1)]
    assert found(two.ben, "ZEBRA mend") == found(two.ben, "手柄") == found(two.ben, '"washer mended"') == [("Ann", 1)]
    assert found(two.ben, "zebra nowhere") == found(two.ben, '"mended washer"') == found(two.ben, "，！") == []
    said = own_messages(two.ann, understand("washer")).rows[0]
    assert [words for words, sought in said.pieces if sought] == ["washer"] and said.url == f"/t/{two.pair.pk}/1#m1"
    one = own_messages(two.ann, understand("zebra"), size=1)
    assert [row.name for row in own_messages(two.ann, understand("zebra"), size=1, cursor=one.next).rows] == ["Ben"]


def test_nobody_else_finds_a_word_of_it(two):
    for who in (two.cat, two.dan, two.olu, None):
        assert found(who, "zebra") == []
    assert found(two.mira, "zebra") == [("Tea", 1)], "whoever is asked reads what was said"
    actions.decline_conversation(two.as_("mira"), topic=two.tea)
    assert found(two.mira, "zebra") == []
    actions.leave_conversation(two.as_("ann"), topic=two.tea)
    assert found(two.ann, "zebra") == [("Ben", 1)]
    actions.remove_post(two.as_("ann"), post=two.pair.posts.get(number=1), reason="")
    assert found(two.ann, "zebra") == found(two.ben, "washer") == []


def test_doors(two, client, django_assert_num_queries):
    client.force_login(two.ben)
    page = client.get("/messages", {"q": "washer"}).content.decode()
    assert "<mark>washer</mark>" in page and f'href="/t/{two.pair.pk}/1#m1"' in page
    assert "None of your messages" in client.get("/messages?q=nowhere").content.decode()
    page = client.get("/messages").content.decode()
    assert 'name="q"' in page and page.count('class="dot"') == 1, "unread is said, and seen by more than its weight"
    client.get(f"/t/{two.pair.pk}")
    assert client.get("/messages").content.decode().count('class="dot"') == page.count('class="dot"') - 1
    answer = client.get("/api/v1/messages/words?q=zebra").json()
    assert [one["name"] for one in answer["items"]] == ["Tea", "Ann"] and "washer" in answer["items"][1]["excerpt"]
    with django_assert_num_queries(4):  # messages; their people; who takes part; those
        own_messages(two.ben, understand("zebra"))
    client.force_login(two.cat)
    hidden, missing = (client.get("/messages", {"q": word}).content.replace(word.encode(), b"") for word in ("zebra", "zebrb"))
    assert b"None of your messages" in hidden and len(hidden) == len(missing)
