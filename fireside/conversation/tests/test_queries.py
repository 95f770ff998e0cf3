"""Figures that other pages open with, paging both ways, and words rendered at their first reading."""

from datetime import timedelta

import pytest

from fireside.conversation import actions, queries
from fireside.conversation.markup import VERSION
from fireside.conversation.models import Post, Reading
from fireside.conversation.queries import helping
from fireside.conversation.rules import waiting_since
from fireside.lib.errors import Refused
from fireside.members.actions import mark_bot, merge_members


@pytest.fixture
def talk(world):
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose?", text="x")
    world.answer = actions.reply(world.later(minutes=10).as_("ann"), topic=world.topic, text="y")
    return world


def test_who_waits(talk):
    ann = talk.as_("ann").who
    assert not queries.waiting(ann).exists()
    asked = actions.open_topic(talk.as_("cat"), space=talk.hearth, title="And this?", text="x")
    actions.open_topic(talk.as_("cat"), space=talk.hearth, title="A walk", text="x", asks=False)
    hidden = actions.open_topic(talk.as_("ben"), space=talk.cellar, title="Inside?", text="x")
    assert list(queries.waiting(ann)) == [asked, hidden]
    assert list(queries.waiting(talk.as_("cat").who)) == [asked]
    assert not queries.waiting(None).exists()
    assert queries.open_questions(ann, space=talk.hearth) == (1, asked.opened_at)
    later = talk.now + timedelta(days=91)
    assert queries.open_questions(ann, since=waiting_since(later)) == (0, None)  # after 90 days nobody waits any more
    rows = queries.latest(ann, filter="waiting", waiting_since=waiting_since(talk.now)).rows
    assert [(row.title, row.state) for row in rows] == [("Inside?", "waiting"), ("And this?", "waiting")]
    actions.close_topic(talk.as_("cat"), topic=asked)
    assert list(queries.waiting(ann, space=talk.hearth)) == []


def test_who_was_helped(talk):
    ann, since = talk.as_("ann").who, talk.now - timedelta(days=7)
    assert queries.helped_since(ann, since).people == 0
    actions.say_helped(talk.as_("cat"), post=talk.answer)
    actions.accept_answer(talk.as_("ben"), post=talk.answer)
    found = queries.helped_since(ann, since)
    assert (found.people, found.helpers) == (2, 1)  # Cat said so, Ben accepted; Ann helped
    actions.say_helped(talk.as_("ben"), post=talk.answer)
    assert queries.helped_since(ann, since).people == 2  # Ben is one person
    assert queries.helped_since(ann, since, space=talk.workshop).people == 0
    assert queries.helped_since(None, since).people == 0  # not a public space
    assert queries.helped_since(ann, talk.now + timedelta(seconds=1)).people == 0
    merge_members(talk.as_("dan"), member=talk.cat, into=talk.ben, reason="one person")
    assert queries.helped_since(ann, since).people == 1


def test_a_week_is_read_once_by_many_pages(talk, settings, monkeypatch, django_assert_num_queries):
    settings.KEEP_PAGES = 60
    clock = [1000.0]
    monkeypatch.setattr(helping, "_weeks", {})
    monkeypatch.setattr(helping.time, "monotonic", lambda: clock[0])
    ann, since = talk.as_("ann").who, talk.now - timedelta(days=7)
    actions.say_helped(talk.as_("cat"), post=talk.answer)
    with django_assert_num_queries(2):  # said or accepted; the spaces that Ann may read
        assert queries.helped_since(ann, since).people == 1
    actions.say_helped(talk.as_("ben"), post=talk.answer)
    with django_assert_num_queries(1):  # the spaces that each may read
        assert queries.helped_since(ann, since).people == 1
    assert queries.helped_since(None, since).people == 0  # what is kept is sifted for each viewer
    with django_assert_num_queries(0):
        assert queries.helped_since(ann, since, space=talk.hearth).people == 1
    clock[0] += helping.AT_LEAST + 0.1
    assert queries.helped_since(ann, since).people == 2


def test_who_turns_out_to_be_the_helper_was_not_helped(talk):
    ann, since = talk.as_("ann").who, talk.now - timedelta(days=7)
    actions.say_helped(talk.as_("cat"), post=talk.answer)
    assert queries.helped_since(ann, since).people == 1
    merge_members(talk.as_("dan"), member=talk.cat, into=talk.ann, reason="the same voice")
    assert queries.helped_since(ann, since).people == 0


def test_paging_goes_both_ways_and_meets_itself(talk):
    for n in range(23):
        actions.reply(talk.later(minutes=1 if n % 5 else 0).as_("cat"), topic=talk.topic, text=f"{n}")
    topic = queries.get_topic(talk.ben, talk.topic.pk)
    seen, cursor, pages = [], "", []
    while True:
        page = queries.topic_page(talk.ben, topic, cursor, size=7)
        pages.append(page)
        seen += [row.number for row in page.posts]
        if not page.next:
            break
        cursor = page.next
    assert seen == list(range(1, 26))
    back, cursor = [], pages[-1].previous
    while cursor:
        page = queries.topic_page(talk.ben, topic, cursor, size=7)
        back = [row.number for row in page.posts] + back
        cursor = page.previous
    assert back == list(range(1, 22))
    at = queries.topic_page(talk.ben, topic, number=20, size=7)
    assert [row.number for row in at.posts] == [20, 21, 22, 23, 24, 25]
    assert at.previous
    assert [row.number for row in queries.topic_page(talk.ben, topic, number=5, size=7).posts] == [1, 2, 3, 4, 5, 6, 7]
    for bad in ("x", "WyJhZnRlciIsMSwyXQ", "WyJhZnRlciIsIjIwMjYtMDEtMDEiLDFd", "bnVsbA"):
        with pytest.raises(Refused, match="damaged"):
            queries.topic_page(talk.ben, topic, bad)


def test_the_accepted_answer_is_pulled_up_once(talk):
    for n in range(12):
        actions.reply(talk.later(minutes=1).as_("cat"), topic=talk.topic, text=f"{n}")
    late = Post.objects.get(topic=talk.topic, number=14)
    actions.accept_answer(talk.as_("ben"), post=late)
    topic = queries.get_topic(talk.ben, talk.topic.pk)
    first = queries.topic_page(talk.ben, topic, size=7)
    assert (first.accepted.number, [row.number for row in first.posts]) == (14, [1, 2, 3, 4, 5, 6, 7])
    whole = queries.topic_page(talk.ben, topic, size=20)
    assert (whole.accepted.number, 14 in [row.number for row in whole.posts]) == (14, False)
    second = queries.topic_page(talk.ben, topic, first.next, size=7)
    assert second.accepted is None
    assert [row.is_accepted for row in second.posts if row.number == 14] == [True]


def test_a_changed_renderer_renders_again_at_reading_and_keeps_it(talk, client):
    Post.objects.filter(pk=talk.answer.pk).update(html="<p>as an older renderer made it</p>", rendered=0, source_text="now *so*, @ben")
    client.force_login(talk.ben)
    assert b"now <em>so</em>" in client.get(f"/t/{talk.topic.pk}").content
    talk.answer.refresh_from_db()
    assert talk.answer.rendered == VERSION
    assert "/people/ben" in talk.answer.html


def test_marks_of_reading_only_move_forward(talk):
    ben = talk.as_("ben")
    actions.reply(talk.as_("cat"), topic=talk.topic, text="z")
    talk.topic.refresh_from_db()
    for number, kept in ((2, 2), (1, 2), (3, 3), (9, 3)):  # nobody has read what is not written yet
        actions.mark_topic_read(ben, topic=talk.topic, number=number)
        assert Reading.objects.get(member=talk.ben).number == kept
    actions.reply(talk.as_("cat"), topic=talk.topic, text="z")
    [row] = queries.latest(ben.who).rows
    assert (row.unread, row.read) == (1, False)
    [row] = queries.latest(talk.as_("mira").who).rows
    assert row.unread == -1


def test_a_program_helps_nobody_but_may_be_thanked(talk):
    mark_bot(talk.as_("dan"), member=talk.ann, reason="operator")
    with pytest.raises(Refused) as no:
        actions.say_helped(talk.as_("cat"), post=talk.answer)
    assert no.value.code == "bot_post"
    actions.react(talk.as_("cat"), post=talk.answer)
    talk.answer.refresh_from_db()
    assert (talk.answer.helped_count, talk.answer.thanks_count) == (0, 1)
