"""Opening a topic lands at what is new; the mark moves as one scrolls, and only forward; news of a list is a sign, nothing moves."""

import re
from datetime import timedelta

import pytest

from fireside.conversation import actions
from fireside.conversation.models import Post, Reading, Topic
from fireside.conversation.queries import mark_of, topic_page
from fireside.members.models import Member

pytestmark = pytest.mark.both


@pytest.fixture
def world(world):
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose?", text="It turns.")
    for n in range(50):
        actions.reply(world.later(minutes=1).as_("ann" if n % 2 else "dan"), topic=world.topic, text=f"Word {n}.")
    world.topic.refresh_from_db()
    return world


def page_of(client, address):
    return client.get(address).content.decode()


def numbers(page):
    return [int(one) for one in re.findall(r'<article class="post(?: gone)?" id="p(\d+)"(?! data-pulled)', page)]


def test_opening_lands_at_the_first_unread(world, client):
    at = f"/t/{world.topic.pk}"
    client.cookies["scrolls"] = "1"
    client.force_login(world.cat)
    page = page_of(client, at)
    assert numbers(page)[0] == 1 and 'id="new"' not in page, "nothing is new to who was never here"
    assert mark_of(world.cat, world.topic).number == 1, "opened, and not read whole"
    actions.mark_topic_read(world.as_("cat"), topic=world.topic, number=30)
    page = page_of(client, at)
    assert numbers(page)[0] == 31 and page.index('id="new"') < page.index('id="p31"')
    assert mark_of(world.cat, world.topic).number == 30, "it moves as one scrolls"
    assert f'href="/t/{world.topic.pk}/1"' in page
    assert numbers(page_of(client, f"{at}/1"))[0] == 1
    actions.mark_topic_read(world.as_("mira"), topic=world.topic, number=5)
    client.force_login(world.mira)
    page = page_of(client, at)
    assert numbers(page)[0] == 1 and page.index('id="p5"') < page.index('id="new"') < page.index('id="p6"')


def test_where_numbers_are_missing_it_lands_behind_them(world):
    Post.objects.filter(topic=world.topic, number__in=[31, 32]).update(
        topic=actions.open_topic(world.as_("ben"), space=world.hearth, title="Other", text="x")
    )
    assert topic_page(world.cat, world.topic, after=30).posts[0].number == 33
    assert topic_page(world.cat, world.topic, after=51).posts[0].number == 1


def test_without_scripts_what_is_shown_is_read(world, client):
    client.force_login(world.cat)
    page_of(client, f"/t/{world.topic.pk}")
    assert mark_of(world.cat, world.topic).number == 20
    page = page_of(client, f"/t/{world.topic.pk}")
    assert numbers(page)[0] == 21 and mark_of(world.cat, world.topic).number == 40
    page_of(client, f"/t/{world.topic.pk}")
    assert mark_of(world.cat, world.topic).number == 51


def test_the_page_says_how_far(world, client):
    at = f"/t/{world.topic.pk}/reading"
    assert client.post(at, {"number": "9"}).status_code in {302, 401, 403, 404}
    client.force_login(world.cat)
    for said, kept in (("7", 7), ("3", 7), ("x", 7), ("99999999999", 7), ("9", 9), ("999", 51)):
        assert client.post(at, {"number": said}).status_code == 204
        assert mark_of(world.cat, world.topic).number == kept
    assert client.get(at).status_code == 405


def test_own_words_are_not_new(world, client):
    client.cookies["scrolls"] = "1"
    actions.mark_topic_read(world.as_("cat"), topic=world.topic, number=49)
    actions.reply(world.later(minutes=1).as_("cat"), topic=world.topic, text="Mine.")
    world.topic.refresh_from_db()
    client.force_login(world.cat)
    page = page_of(client, f"/t/{world.topic.pk}")
    assert page.index('id="new"') < page.index('id="p50"')
    actions.mark_topic_read(world.as_("cat"), topic=world.topic, number=52)
    assert 'id="new"' not in page_of(client, f"/t/{world.topic.pk}")


def test_news_of_a_list_and_of_a_topic(world, client):
    since = (world.now - timedelta(seconds=90)).isoformat().replace("+", "%2B")
    assert "changed" not in page_of(client, f"/talk/news?since={since}"), "not open to visitors"
    client.force_login(world.cat)
    assert "1 new or changed topic<" in page_of(client, f"/talk/news?since={since}")
    assert f'href="/spaces/{world.hearth.slug}?show=new"' in page_of(client, f"/talk/news?since={since}&space={world.hearth.slug}&show=new")
    assert "href" not in page_of(client, "/talk/news") and "href" not in page_of(client, "/talk/news?since=x&show=x")
    for slug in (world.cellar.slug, "never-was"):
        assert client.get(f"/talk/news?since={since}&space={slug}").status_code == 404
    Topic.objects.update(last_author=world.cat)
    assert "href" not in page_of(client, f"/talk/news?since={since}"), "her own word"
    assert "2 new replies" in page_of(client, f"/t/{world.topic.pk}/news?since=49")
    Post.objects.filter(topic=world.topic, number=50).update(author=Member.objects.get(pk=world.cat.pk))
    assert f'href="/t/{world.topic.pk}/51#p51"' in page_of(client, f"/t/{world.topic.pk}/news?since=49")
    page = page_of(client, "/talk")
    assert 'data-news="/talk/news?since=' in page
    assert 'data-live="' in page_of(client, f"/spaces/{world.hearth.slug}")
    assert Reading.objects.filter(member=world.cat, number__gt=0).count() == 0, "to look at a list is no reading"
