"""Somebody's page shows what they said, whom it helped and where they belong: as far as the reader may see it. And the rail of a topic."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fireside.conversation import actions
from fireside.conversation.queries.persons import people_helped_by, said_by
from fireside.members.actions import merge_members
from fireside.spaces.actions import join_space

COSTS = (
    "session and member",
    "the person",
    "when they joined, whether I blocked them",
    "where they belong",
    "their ids",
    "what they said",
    "whom they helped",
    "bell and own spaces",
)


@pytest.fixture
def talk(world):
    """Ann answers Ben and Cat in the open space, and Ben in the hidden one, which Cat does not know."""
    join_space(world.as_("cat"), space=world.hearth)
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Handle works loose", text="It turns.")
    answer = actions.reply(world.later(minutes=5).as_("ann"), topic=world.topic, text="Turn the washer over.")
    actions.accept_answer(world.as_("ben"), post=answer)
    actions.say_helped(world.as_("ben"), post=answer)  # the same person twice is one
    actions.say_helped(world.as_("cat"), post=answer)
    world.secret = actions.open_topic(world.later(minutes=5).as_("ben"), space=world.cellar, title="Kept among few", text="Hush.")
    hidden = actions.reply(world.later(minutes=5).as_("ann"), topic=world.secret, text="Yes.")
    actions.say_helped(world.as_("ben"), post=hidden)
    return world


def text(answer) -> str:
    return answer.content.decode()


def test_a_person_is_shown_by_what_they_said(talk, client):
    client.force_login(talk.ben)
    page = text(client.get("/people/ann"))
    assert "Handle works loose" in page and "Kept among few" in page
    assert "2 people helped" in page
    assert "Distinct people who said" in page  # a number carries its definition
    for space in (talk.hearth, talk.workshop, talk.cellar):
        assert f'class="btn slim" href="/spaces/{space.slug}"' in page
    assert "Organiser" in page


def test_what_is_hidden_from_the_reader_is_not_there(talk, client):
    client.force_login(talk.cat)
    page = text(client.get("/people/ann"))
    assert "Handle works loose" in page
    assert "Kept among few" not in page
    assert talk.cellar.slug not in page
    assert f'href="/spaces/{talk.workshop.slug}"' not in page  # known of, but who is inside is not told
    client.force_login(talk.mira)
    assert "2 people helped" in text(client.get("/people/ann"))


def test_helped_counts_persons_and_never_oneself(talk):
    assert people_helped_by(talk.ben, talk.ann) == 2
    actions.say_helped(talk.as_("mira"), post=talk.topic.posts.get(number=2))
    assert people_helped_by(talk.ben, talk.ann) == 3
    assert people_helped_by(None, talk.ann) == 0  # a visitor reads neither space
    assert people_helped_by(talk.ben, talk.ben) == 0


def test_a_page_at_a_time(talk, client):
    for n in range(9):
        actions.reply(talk.later(minutes=1).as_("ann"), topic=talk.topic, text=f"Word {n}")
    first = said_by(talk.ben, talk.ann)
    assert [row["number"] for row in first.rows][:2] == [11, 10]
    client.force_login(talk.ben)
    page = text(client.get("/people/ann"))
    link = re.search(r'href="(/people/ann\?said=[^"]+)"', page)
    assert link
    assert "Kept among few" in text(client.get(link[1]))
    assert client.get("/people/ann?said=rubbish").status_code == 409


def test_all_names_of_a_person_speak(talk, client):
    actions.reply(talk.later(minutes=1).as_("mira"), topic=talk.topic, text="I was Ann elsewhere.")
    before = len(said_by(talk.ben, talk.ann).rows)
    merge_members(talk.as_("olu"), member=talk.mira, into=talk.ann, reason="the same voice")
    talk.ann.refresh_from_db()
    assert len(said_by(talk.ben, talk.ann).rows) == before + 1


@pytest.mark.parametrize("more", [0, 5])
def test_what_the_page_costs(talk, client, more):
    for n in range(more):
        actions.reply(talk.later(minutes=1).as_("ann"), topic=talk.topic, text=f"Word {n}")
    client.force_login(talk.ben)
    client.get("/people/ann")
    with CaptureQueriesContext(connection) as asked:
        client.get("/people/ann")
    queries = [q["sql"][:160] for q in asked.captured_queries if "serving_hits" not in q["sql"]]
    assert len(queries) == len(COSTS), (COSTS, queries)


def test_who_said_nothing_is_said_to_have_said_nothing(talk, client):
    client.force_login(talk.ben)
    assert "Nothing said yet in the spaces open to you." in text(client.get("/people/dan"))
    type(talk.ben).objects.filter(pk=talk.ben.pk).update(language="zh-hans")
    assert "在你看得到的空间里还没说过话。" in text(client.get("/people/dan"))


def test_the_rail_of_a_topic_marks_the_space_it_stands_in(talk, client):
    client.force_login(talk.ben)
    for address in (f"/t/{talk.topic.pk}", f"/t/{talk.topic.pk}/1/edit", f"/t/{talk.topic.pk}/1/edits", f"/spaces/{talk.hearth.slug}"):
        marked = re.findall(r'<a class="place" href="/spaces/([^"]+)" aria-current="page"', text(client.get(address)))
        assert marked == [talk.hearth.slug], address
