"""One pass per door, what is hidden, and what each page costs."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from fireside.conversation import actions
from fireside.conversation.models import Draft, Helped, Post, Reading, Topic
from fireside.conversation.rules import WAITING_DAYS
from fireside.members.actions import mark_bot


@pytest.fixture
def talk(world):
    """A question of Ben's in the open space, answered by Ann twice, with Cat's word between."""
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Handle works loose", text="It turns. What else, @ann?")
    world.answer = actions.reply(world.later(minutes=22).as_("ann"), topic=world.topic, text="Turn the **washer** over.")
    world.aside = actions.reply(world.later(minutes=5).as_("cat"), topic=world.topic, text="Mine too.")
    world.topic.refresh_from_db()
    return world


@pytest.fixture
def as_(client):
    def sign_in(member):
        client.force_login(member)
        return client

    return sign_in


def text(answer) -> str:
    return answer.content.decode()


def test_lists(talk, as_, client):
    assert client.get("/talk").status_code == 200
    assert "Handle works loose" not in text(client.get("/talk"))  # open, but not public
    ben = as_(talk.ben)
    for show in ("", "?show=answered", "?show=mine", "?show=nonsense"):
        assert "Handle works loose" in text(ben.get(f"/talk{show}"))
    assert "Nobody is waiting" in text(ben.get("/talk?show=waiting"))
    page = text(ben.get(f"/spaces/{talk.hearth.slug}"))
    assert "Handle works loose" in page
    assert f'href="/spaces/{talk.hearth.slug}/new"' in page
    assert talk.hearth.name in text(ben.get("/start"))
    assert ben.get("/talk?after=rubbish").status_code == 409


def test_whoever_belongs_nowhere_yet_is_offered_what_they_may_read_and_is_let_in_by_speaking(world, as_):
    cat = as_(world.cat)
    page = text(cat.get("/start"))
    assert f"/spaces/{world.hearth.slug}/new" in page and f"/spaces/{world.workshop.slug}/new" not in page and "Cellar" not in page
    home = text(cat.get("/"))
    assert home.index("Find your place") < home.index('id="new"'), "a phone shows it before anything else"
    assert f"/spaces/{world.hearth.slug}/new" in text(cat.get("/share?title=A+lamp"))
    actions.open_topic(world.as_("cat"), space=world.hearth, title="Which wick?", text="For the small one.")
    assert f"/spaces/{world.hearth.slug}/new" in text(cat.get("/start")) and 'href="/spaces?show=mine"' in text(cat.get("/talk"))


def test_the_newest_words_of_a_long_topic_are_one_step_away(talk, as_):
    ben = as_(talk.ben)
    assert "?at=last" not in text(ben.get(f"/t/{talk.topic.pk}/1")), "one page holds all of it"
    for n in range(40):
        actions.reply(talk.later(minutes=1).as_("cat"), topic=talk.topic, text=f"Word {n}.")
    page = text(ben.get(f"/t/{talk.topic.pk}/1"))
    assert f'href="/t/{talk.topic.pk}?at=last#reply"' in page and "Word 39." not in page
    assert "Word 39." in text(ben.get(f"/t/{talk.topic.pk}?at=last"))


def test_nobody_is_asked_to_answer_themselves(talk, as_):
    assert "Answer Ben, or add" in text(as_(talk.ann).get(f"/t/{talk.topic.pk}"))
    own = text(as_(talk.ben).get(f"/t/{talk.topic.pk}"))
    assert "Answer Ben, or add" not in own and "Add what you know or have seen" in own


def test_a_topic(talk, as_, client):
    assert client.get(talk.topic.get_absolute_url()).status_code == 404
    actions.accept_answer(talk.as_("ben"), post=talk.answer)
    ben = as_(talk.ben)
    page = text(ben.get(f"/t/{talk.topic.pk}"))
    assert "<strong>washer</strong>" in page
    assert "Answered in 22 min" in page
    assert "Accepted answer, chosen by Ben" in page
    assert page.index('id="p2"') > page.index('id="p1"')
    assert page.count('id="p2"') == 1
    assert Reading.objects.get(member=talk.ben).number == 3
    assert ben.get(f"/t/{talk.topic.pk}/3").status_code == 200
    assert ben.get(f"/t/{talk.topic.pk}/4").status_code == 404
    assert "1 new reply" not in text(ben.get(f"/t/{talk.topic.pk}/news?since=3"))
    actions.reply(talk.as_("cat"), topic=talk.topic, text="And this.")
    assert "1 new reply" in text(ben.get(f"/t/{talk.topic.pk}/news?since=3"))
    assert "1 new" in text(ben.get("/talk"))


def test_writing(talk, as_):
    cat = as_(talk.cat)
    page = text(cat.get(f"/spaces/{talk.hearth.slug}/new"))
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    words = {"title": "A walk?", "text": "On **Sunday**", "asks": "0", "key": key}
    shown = cat.post(f"/spaces/{talk.hearth.slug}/new", words | {"preview": "1"})
    assert "<strong>Sunday</strong>" in text(shown)
    assert Topic.objects.count() == 1
    refused = cat.post(f"/spaces/{talk.hearth.slug}/new", words | {"title": ""})
    assert refused.status_code == 422
    assert "Give it a title" in text(refused)
    assert "On **Sunday**" in text(refused)
    for _again in range(2):
        made = cat.post(f"/spaces/{talk.hearth.slug}/new", words)
        assert made.status_code == 302
    topic = Topic.objects.get(title="A walk?")
    assert (made["Location"], topic.asks) == (f"/t/{topic.pk}", False)


def test_replying_keeps_and_drops_the_draft(talk, as_):
    cat = as_(talk.cat)
    at = f"/t/{talk.topic.pk}"
    place = {"place": f"reply:{talk.topic.pk}"}
    kept = text(cat.post("/talk/drafts", place | {"text": "half a", "slot": "0", "seen": "0"}))
    assert "Draft kept" in kept
    assert 'name="slot" value="1"' in kept
    assert "half a" in text(cat.get(at))
    refused = cat.post(f"{at}/replies", {"text": " ", "key": "k"})
    assert refused.status_code == 422
    assert "There are no words yet" in text(refused)
    sent = cat.post(f"{at}/replies", {"text": "half a washer", "key": "k", "slot": "1", "seen": "1", "reply_to": "2"})
    post = Post.objects.get(number=4)
    assert (sent["Location"], post.reply_to) == (f"{at}/4#p4", talk.answer)
    assert not Draft.objects.exists()
    assert "Draft kept" not in text(cat.post("/talk/drafts", place | {"text": "half a washer", "key": "k"}))  # a late save of words said
    assert not Draft.objects.exists()
    quote = text(cat.get(f"{at}/2?quote=2"))
    assert "&gt; [Ann](/t/" in quote
    assert cat.post("/talk/drafts/end", place | {"slot": "1"}).status_code == 302


def test_words_that_come_after_the_closing_are_given_back(talk, as_):
    actions.close_topic(talk.as_("ben"), topic=talk.topic)
    refused = as_(talk.cat).post(f"/t/{talk.topic.pk}/replies", {"text": "half a washer", "key": "k"})
    assert refused.status_code == 422
    assert "half a washer" in text(refused)
    assert "were not sent" in text(refused)


def test_buttons_answer_htmx_with_the_piece_and_others_with_the_page(talk, as_):
    ben = as_(talk.ben)
    at = f"/t/{talk.topic.pk}/2"
    htmx = {"HTTP_HX_REQUEST": "true"}
    piece = text(ben.post(f"{at}/helped", **htmx))
    assert piece.lstrip().startswith('<footer id="f2">')
    assert 'aria-pressed="true"' in piece
    assert "hx-swap-oob" in piece
    assert Helped.objects.count() == 1
    assert ben.post(f"{at}/helped").status_code == 302
    ben.post(f"{at}/helped/end", **htmx)
    ben.post(f"{at}/reactions", {"sign": "heart"}, **htmx)
    assert "Thank</span> 1" in text(ben.get(f"/t/{talk.topic.pk}"))
    ben.post(f"{at}/reactions/end", {"sign": "heart"})
    assert ben.post(f"{at}/acceptance").status_code == 302
    assert ben.post(f"/t/{talk.topic.pk}/acceptance/end").status_code == 302
    assert ben.post(f"/t/{talk.topic.pk}/1/helped", **htmx).status_code == 409
    assert ben.post(f"/t/{talk.topic.pk}/closing").status_code == 302
    assert "Nobody replies here any more" in text(ben.get(f"/t/{talk.topic.pk}"))
    assert ben.post(f"/t/{talk.topic.pk}/closing/end").status_code == 302
    assert ben.post(f"/t/{talk.topic.pk}/question/end").status_code == 302
    assert "This is a question" in text(ben.get(f"/t/{talk.topic.pk}"))
    assert ben.post(f"/t/{talk.topic.pk}/question").status_code == 302
    assert ben.get("/talk/mentions?q=an", **htmx).status_code == 200
    assert 'data-handle="ann"' in text(ben.get("/talk/mentions?q=an", **htmx))
    assert "<em>so</em>" in text(ben.post("/talk/preview", {"text": "*so*"}, **htmx))


def test_editing_and_its_conflict(talk, as_):
    ann = as_(talk.ann)
    at = f"/t/{talk.topic.pk}/1"
    page = text(ann.get(f"{at}/edit"))
    assert 'name="seen_edits" value="0"' in page
    actions.edit_post(talk.as_("ben"), post=talk.topic.posts.get(number=1), text="It turns a few degrees.")
    late = ann.post(f"{at}/edit", {"title": "Handle works loose", "text": "My words", "seen_edits": "0"})
    assert late.status_code == 422
    assert "My words" in text(late)
    assert "It turns a few degrees." in text(late)
    saved = ann.post(f"{at}/edit", {"title": "Handle loose", "text": "Both", "seen_edits": "1", "reason": "shorter"})
    assert saved["Location"] == f"{at}#p1"
    assert "It turns. What else" in text(ann.get(f"{at}/edits"))
    assert as_(talk.cat).get(f"{at}/edits").status_code == 404
    assert as_(talk.cat).get(f"{at}/edit").status_code == 404


def test_removing_leaves_a_line(talk, as_):
    dan = as_(talk.dan)
    at = f"/t/{talk.topic.pk}/3"
    assert "Remove this post?" in text(dan.get(f"{at}/removal"))
    assert "Say why" in text(dan.post(f"{at}/removal", {"reason": ""}))
    assert dan.post(f"{at}/removal", {"reason": "off the point"}).status_code == 302
    page = text(dan.get(f"/t/{talk.topic.pk}"))
    assert "was removed by Dan: off the point" in page
    assert "Mine too." in page
    other = text(as_(talk.ben).get(f"/t/{talk.topic.pk}"))
    assert "was removed by Dan: off the point" in other
    assert "Mine too." not in other
    assert as_(talk.dan).post(f"{at}/removal/end").status_code == 302
    assert "Mine too." in text(as_(talk.ben).get(f"/t/{talk.topic.pk}"))


def test_chinese(talk, as_):
    talk.ben.language = "zh-hans"
    talk.ben.save()
    ben = as_(talk.ben)
    for url in ("/talk", f"/spaces/{talk.hearth.slug}", f"/t/{talk.topic.pk}", "/start", f"/t/{talk.topic.pk}/1/edit"):
        page = text(ben.get(url))
        assert '<html lang="zh-CN"' in page


def test_the_command_line_says_the_same_things(talk, capsys):
    def act(*words):
        call_command("act", *words, "--json")
        return json.loads(capsys.readouterr().out.strip().splitlines()[-1])

    act("conversation.open_topic", "as=ben", "space=hearth", "title=Said at a prompt", "text=one line", "asks=no")
    topic = Topic.objects.get(title="Said at a prompt")
    act("conversation.reply", "as=ann", f"topic={topic.pk}", "text=and another")
    act("conversation.say_helped", "as=ben", f"post=/t/{topic.pk}/2")
    assert Helped.objects.get().post.number == 2
    for words, code in (
        (("conversation.say_helped", "as=ann", f"post={topic.pk}/2"), "own_post"),
        (("conversation.reply", "as=ann", "topic=999", "text=x"), "not_found"),
    ):
        with pytest.raises(SystemExit):
            call_command("act", *words, "--json")
        assert json.loads(capsys.readouterr().out)["code"] == code


def test_a_post_of_a_program_has_thanks_but_no_helped(talk, as_):
    at = f"/t/{talk.topic.pk}/{talk.answer.number}/helped"
    assert at in text(as_(talk.cat).get(f"/t/{talk.topic.pk}"))
    mark_bot(talk.as_("dan"), member=talk.ann, reason="operator")
    page = text(as_(talk.cat).get(f"/t/{talk.topic.pk}"))
    assert at not in page and f"/t/{talk.topic.pk}/{talk.answer.number}/reactions" in page


def test_after_90_days_no_page_says_that_a_question_waits(talk, as_):
    asked = actions.open_topic(talk.as_("ben"), space=talk.hearth, title="Still there?", text="x")
    cat = as_(talk.cat)
    for days, waits in ((WAITING_DAYS - 1, True), (WAITING_DAYS + 1, False)):
        Topic.objects.filter(pk=asked.pk).update(opened_at=datetime.now(UTC) - timedelta(days=days))
        for address in ("/", "/talk", "/spaces/hearth", f"/t/{asked.pk}"):
            assert ('class="tag warn"' in text(cat.get(address))) == waits, address
