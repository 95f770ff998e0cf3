"""Editing: an archive's post, what it said before."""

import html
import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fireside.activity.models import Activity
from fireside.conversation import actions, queries
from fireside.conversation.actions import PostIn, TopicIn
from fireside.conversation.models import Draft, Edit, Mention, Post
from fireside.lib.errors import Refused
from fireside.members.actions import PersonIn, join_community, take_in_people
from fireside.notifications.models import Notice
from fireside.notifications.reactions import tell
from fireside.spaces.actions import archive_space

HTML = '<p>Turn it, <span class="user-mention">@Ada Lovelace</span>: <strong>the washer</strong></p>\n<pre><code>a &lt; b\n</code></pre>'
WORDS = "Turn it, @ada-lovelace: **the washer**\n\n```\na < b\n```"
AT = datetime(2020, 3, 1, tzinfo=UTC)


@pytest.fixture
def old(world):
    """Ben's words in an archive, which call Ada."""
    take_in_people(world.as_("house"), source="z", people=[PersonIn("9", "Ada Lovelace", AT)])
    ada = type(world.ben).objects.get(name="Ada Lovelace")
    assert ada.handle == "ada-lovelace"
    actions.take_in_posts(
        world.as_("house"), source="z", topics=[TopicIn("t", world.hearth.pk, "Handle loose")],
        posts=[PostIn("1", "t", world.hearth.pk, world.ben.pk, AT, HTML, mentions=[ada.pk])],
    )  # fmt: skip
    world.ada = ada
    return Post.objects.get(source="z")


def test_the_form_of_an_archives_post_holds_markdown_and_saves_it(world, old, client):
    client.force_login(world.ben)
    at = f"/t/{old.topic_id}/1/edit"
    page = client.get(at).content.decode()
    box = page.split("<textarea")[1].split("</textarea>")[0]
    assert "Turn it, @ada-lovelace: **the washer**" in box
    assert "&lt;p&gt;" not in box
    client.post(at, {"title": "Handle loose", "text": WORDS, "seen_edits": "0"})  # nothing changed: it stays as the archive had it
    old.refresh_from_db()
    assert (old.format, old.source_text, old.edits_count) == ("html", HTML, 0)
    client.post(at, {"title": "Handle loose", "text": f"{WORDS}\n\nTwice.", "seen_edits": "0"})
    old.refresh_from_db()
    assert (old.format, old.edits_count) == ("md", 1)
    assert '<a href="/people/ada-lovelace" class="mention"' in old.html
    assert "<strong>the washer</strong>" in old.html and "&lt;p&gt;" not in old.html
    assert list(Mention.objects.values_list("member_id", flat=True)) == [world.ada.pk]
    kept = Edit.objects.get()
    assert (kept.text_before, kept.format_before) == (HTML, "html")
    page = client.get(f"/t/{old.topic_id}/1/edits").content.decode()
    assert "Turn it, \\@Ada Lovelace: **the washer**" in page and "&lt;p&gt;" not in page


def test_programs_read_markdown_and_are_told_how_words_are_kept(world, old, client):
    client.force_login(world.ben)
    for answer in (client.get(f"/api/v1/posts/{old.pk}").json(), client.get(f"/api/v1/topics/{old.topic_id}/posts").json()["items"][0]):
        assert (answer["text"], answer["format"]) == (WORDS, "html")
    body = json.dumps({"text": answer["text"].replace("Turn", "Bend"), "seen_edits": 0})
    answer = client.patch(f"/api/v1/posts/{old.pk}", body, content_type="application/json").json()
    assert (answer["text"], answer["format"]) == (WORDS.replace("Turn", "Bend"), "md")
    (before,) = client.get(f"/api/v1/posts/{old.pk}/edits").json()
    assert (before["text_before"], before["format_before"]) == (HTML, "html")


def test_a_quote_of_an_archives_post_keeps_its_marks_and_calls_nobody(world, old, client):
    stranger = join_community(world.as_(""), name="Ada", handle="ada")
    client.force_login(world.ann)
    page = client.get(f"/t/{old.topic_id}?quote=1").content.decode()
    quote = html.unescape(page.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0])
    assert "> Turn it, \\@Ada Lovelace: **the washer**" in quote
    before = Mention.objects.count()
    told = actions.reply(world.as_("ann"), topic=old.topic, text=quote)
    assert "@Ada Lovelace" in told.html and "mention" not in told.html and Mention.objects.count() == before
    tell(list(Activity.objects.order_by("id")), world.now)
    assert not Notice.objects.filter(member__in=[stranger.pk, world.ada.pk]).exists()


def test_an_edit_of_an_archives_post_calls_whom_it_called_and_no_stranger(world, old):
    join_community(world.as_(""), name="Bo", handle="bo")
    Post.objects.filter(pk=old.pk).update(source_text=HTML.replace("Turn it", 'Turn it, <span class="user-mention">@Bo Li</span> or @bo'))
    old.refresh_from_db()
    actions.edit_post(world.as_("ben"), post=old, text=queries.markdown_of(old) + "\n\nTwice.")
    assert list(Mention.objects.values_list("member_id", flat=True)) == [world.ada.pk]


@pytest.mark.django_db(transaction=True)
def test_what_was_edited_before_the_upgrade_is_told_apart(world, old):
    actions.edit_post(world.as_("ben"), post=old, text="Now *Markdown*.")
    actions.edit_post(world.as_("ben"), post=old, text="Again.")
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate([("conversation", "0004_accepted_answers")])
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert list(Edit.objects.order_by("id").values_list("format_before", flat=True)) == ["html", "md"]


def form(text, **more):
    return {"title": "", "text": text, "seen_edits": "0", "place": more.pop("place", ""), "slot": "0", "seen": "0"} | more


def test_a_tab_closed_in_the_middle_of_an_edit_loses_nothing(world, client):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="It turns.")
    post = topic.posts.get()
    client.force_login(world.ben)
    at, place = f"/t/{topic.pk}/1/edit", f"edit:{post.pk}"
    assert f'value="{place}"' in client.get(at).content.decode()
    assert "Draft kept" not in client.post("/talk/drafts", form("It turns.", place=place, title="Loose")).content.decode()  # as it stands
    assert "Draft kept" in client.post("/talk/drafts", form("It turns, and", place=place, title="Loose")).content.decode()
    page = client.get(at).content.decode()
    assert ">It turns, and</textarea>" in page and "goes on here" in page and "What the post says now" not in page
    assert page.index("Save the change") < page.index("Drop it and begin again")  # Enter in a field presses the first button
    actions.edit_post(world.as_("ann"), post=post, text="It turns round.")
    page = client.get(at).content.decode()  # somebody was faster: both texts stand there
    assert ">It turns, and</textarea>" in page and "It turns round." in page and "What the post says now" in page
    kept = {"slot": "1", "seen": "1", "place": place}
    page = client.post(at, form("It turns round.\r\n\r\nAnd how.", title="Loose", **kept))  # a browser ends its lines so
    assert page.status_code == 422 and "<ins>\n\nAnd how.</ins>" in page.content.decode()
    assert (
        client.post(at, form("It turns, and how.", title="Loose", **kept | {"seen_edits": "1", "slot": "1", "seen": "2"})).status_code
        == 302
    )
    assert not Draft.objects.exists()
    client.post("/talk/drafts", form("It turns, and how.", place=place, title="Loose", slot="1", seen="1"))  # it was under way still
    assert not Draft.objects.exists()


def test_a_draft_of_an_edit_can_be_dropped_without_scripts_and_read_by_programs(world, client):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="It turns.")
    place = f"edit:{topic.posts.get().pk}"
    client.force_login(world.ben)
    body = json.dumps({"place": place, "text": "Other", "seen_edits": 0})
    (kept,) = client.put("/api/v1/drafts", body, content_type="application/json").json()
    assert (kept["place"], kept["seen_edits"]) == (place, 0)
    assert client.post("/talk/drafts/end", {"place": place, "slot": "1"})["Location"] == f"/t/{topic.pk}/1/edit"
    assert client.get(f"/api/v1/drafts?place={place}").json() == []


CLOSED = ("edit_post", "accept_answer", "withdraw_acceptance", "make_talk", "close_topic")


def test_what_may_be_done_in_a_closed_topic_and_in_a_closed_space(world, client):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="It turns.")
    answer = actions.reply(world.as_("ann"), topic=topic, text="Turn the washer.")
    actions.close_topic(world.as_("ben"), topic=topic)
    actions.edit_post(world.as_("ann"), post=answer, text="Turn the washer over.")  # nobody replies, but words may be put right
    actions.accept_answer(world.as_("ben"), post=answer)
    actions.react(world.as_("ben"), post=answer)
    archive_space(world.as_("dan"), space=world.hearth)
    acts = {"edit_post": {"post": answer, "text": "No."}, "accept_answer": {"post": answer}}
    for name in CLOSED:
        for who in ("ben", "dan") if name != "edit_post" else ("ann", "dan"):
            with pytest.raises(Refused) as no:
                getattr(actions, name)(world.as_(who), **acts.get(name, {"topic": topic}))
            assert no.value.code == "archived", name
    actions.say_helped(world.as_("ben"), post=answer)  # old words help still
    actions.react(world.as_("ben"), post=answer, sign="star")
    client.force_login(world.ann)
    page = client.get(f"/t/{topic.pk}?more=2").content.decode().split("data-reading")[1]  # below what all posts' menus are made of
    assert '/2/edit"' not in page and "/2/removal" in page and "acceptance/end" not in page
    actions.remove_post(world.as_("ann"), post=answer, reason="Wrong.")  # and whoever wrote them may take them away


@pytest.mark.both
def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(world, client):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose?", text="It turns a little.")
    post = topic.posts.get()
    client.force_login(world.ann)
    form = {"text": "It turns a lot.", "seen_edits": "0", "reason": ""}
    actions.edit_post(world.as_("ben"), post=post, text="It turns a little, to the left.")
    answer = client.post(f"/t/{topic.pk}/1/edit", form)
    page = answer.content.decode()
    assert (
        answer.status_code == 422
        and "It turns a little, to the left." in page
        and "<ins>lot</ins>" in page
        and "<del>little, to the left</del>" in page
    )
    assert Draft.objects.get(member=world.ann).text == "It turns a lot."
    no = client.patch(f"/api/v1/posts/{post.pk}", {"text": "It turns a lot.", "seen_edits": 0}, content_type="application/json")
    assert (no.status_code, no.json()["code"], no.json()["edits"], no.json()["text"]) == (
        409,
        "edited_meanwhile",
        1,
        "It turns a little, to the left.",
    )
    assert client.post(f"/t/{topic.pk}/1/edit", form | {"seen_edits": "1"}).status_code == 302
    page = client.get(f"/t/{topic.pk}/1/edits").content.decode()
    assert "<del>little, to the left</del><ins>lot</ins>" in page and "<ins>, to the left</ins>" in page
