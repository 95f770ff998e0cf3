"""Words that are looked for: found in both languages, by whoever may read them, as they stand now; whatever is typed, never an error."""

import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from fireside.activity import jobs
from fireside.activity.models import Job
from fireside.activity.worker import react_until_quiet
from fireside.conversation import actions, queries
from fireside.conversation.actions.taking_in_rows import PostIn, TopicIn
from fireside.conversation.models import Post, Sought, Topic
from fireside.conversation.seeking import excerpt, index_of, marked, understand
from fireside.conversation.seeking.asked import months_between
from fireside.lib.errors import NotFound, Refused
from fireside.members.actions import mark_bot

pytestmark = pytest.mark.both
SAID = {
    "口红": "这支口红很好看，适合冬天用。",
    "tea": "出口红茶的订单已经发走了。",
    "水龙头": "厨房的水龙头又漏水了，怎么办？",
    "mixed": "The washers of my 咖啡机 leak 😀 after 3 months, C++ says “no way”.",
    "rtl": "الماكينة لا تسخن بعد الآن، שלום",
    "café": "Our CAFÉ opens at nine.",
}


def find(world, question, who="cat", **narrow):
    viewer = world.as_(who).who if who else None
    filters = queries.filters_of(viewer, now=world.now, **narrow)
    return queries.search(viewer, understand(question), filters, now=world.now)


def titles(world, question, who="cat", **narrow):
    return [hit.title for hit in find(world, question, who, **narrow).rows]


def say(world, title, text, who="ben", space=None, **more):
    return actions.open_topic(world.as_(who), space=space or world.hearth, title=title, text=text, **more)


@pytest.fixture
def said(world):
    for title, text in SAID.items():
        say(world, f"about {title}", text)
    react_until_quiet(world.now)
    return world


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("口红", ["口红"]),  # two characters, and not the tea that is ex-port-ed red
        ("红茶", ["tea"]),
        ("漏", ["水龙头"]),  # one character
        ("水龙头 漏水", ["水龙头"]),
        ("washer 咖啡机", ["mixed"]),  # both languages, one word for one and for many
        ("😀", ["mixed"]),
        ("cafe", ["café"]),
        ("ＣＡＦÉ", ["café"]),
        ("الماكينه الماكينة", []),
        ("الماكِينة", ["rtl"]),  # with a vowel that nobody writes
        ("שלום", ["rtl"]),
        ('"at nine"', ["café"]),
        ('"nine at"', []),
        ("the washer", ["mixed"]),  # what every post says is not asked for
        ("nowhere", []),
    ],
)
def test_words_are_found(said, question, found):
    assert sorted(titles(said, question)) == sorted(f"about {one}" for one in found)


def test_what_is_cut_otherwise_is_found_by_its_characters(said):
    """The tea's sentence cut differently than the question: no word of it matches, every character does, side by side."""
    assert titles(said, "口红茶") == ["about tea"]
    assert titles(said, "茶红口") == []


@pytest.mark.parametrize("question", ['"', '""', "a\" OR \"b", "NEAR(a b)", "*", "words:x", "a & !b | c:*", "'", "\\", "(((", "-x", "%_", "\x00", "  ", "😀" * 300, "词" * 5000, "x " * 4000, "\ue001s1", "\ue0031f600"])  # fmt: skip
def test_no_question_is_an_error(said, client, question):
    assert isinstance(titles(said, question), list)
    client.force_login(said.cat)
    assert client.get("/search", {"q": question}).status_code == 200
    assert client.get("/api/v1/search", {"q": question[:2000]}).status_code == 200


@given(st.text(max_size=300), st.text(max_size=300))
@pytest.mark.once
def test_marks_lose_no_sign(question, text):
    asked = understand(question)
    assert "".join(words for words, _sought in marked(asked, text)) == text
    assert excerpt(asked, text) is not None


def test_a_place_cannot_be_asked_for_by_its_secret_name(said):
    assert titles(said, f"\ue001s{said.hearth.pk}") == []


def test_what_is_found_is_what_may_be_read(said):
    for space in (said.workshop, said.cellar):
        say(said, "Kept inside", "口红 of the cellar", space=space)
    react_until_quiet(said.now)
    assert titles(said, "口红", who="cat") == ["about 口红"]
    assert len(titles(said, "口红", who="ben")) == 3
    assert titles(said, "口红", who="") == []  # the hearth is open to members only
    with pytest.raises(NotFound):
        find(said, "口红", who="cat", space=said.cellar.slug)
    assert titles(said, "口红", who="cat", space=said.workshop.slug) == []


def test_a_hidden_space_answers_as_none(said, client):
    client.force_login(said.cat)
    for place in ("/search?q=x&space={}", "/api/v1/search?q=x&space={}"):
        hidden, none = (client.get(place.format(slug)) for slug in (said.cellar.slug, "never-was"))
        assert hidden.status_code == none.status_code == 404
        bare = [
            re.sub(r'<span class="mono">[^<]*</span>|never-was|' + said.cellar.slug, "", one.content.decode()) for one in (hidden, none)
        ]
        assert bare[0] == bare[1]


def test_the_index_follows_what_is_said(world):
    topic = say(world, "Kettle", "It whistles.")
    reply = actions.reply(world.as_("ann"), topic=topic, text="Descale the boiler.")
    react_until_quiet(world.now)
    assert titles(world, "descale") == titles(world, "kettle") == ["Kettle"]
    actions.edit_post(world.as_("ann"), post=reply, text="Replace it.")
    actions.edit_post(world.as_("ben"), post=topic.posts.get(number=1), text="It whistles.", title="Pot")
    assert titles(world, "kettle") == ["Pot"]  # a moment behind, and what is shown is true
    react_until_quiet(world.now)
    assert titles(world, "descale") == titles(world, "kettle") == []
    assert titles(world, "replace") == titles(world, "pot") == ["Pot"]
    actions.remove_post(world.as_("dan"), post=reply, reason="wrong")
    assert titles(world, "replace") == []  # at once: the post's own row decides
    react_until_quiet(world.now)
    assert not Sought.objects.filter(post=reply).exists()
    actions.restore_post(world.as_("dan"), post=reply)
    react_until_quiet(world.now)
    assert titles(world, "replace") == ["Pot"]
    actions.remove_post(world.as_("dan"), post=topic.posts.get(number=1), reason="gone")
    assert titles(world, "replace") == []


def test_a_history_is_found_once_and_its_older_beginning_too(world):
    def bring(*posts):
        rows = [
            PostIn(external_id=f"p{n}", topic="t1", space_id=world.hearth.pk, author_id=world.ben.pk, at=at, text=text)
            for n, at, text in posts
        ]
        actions.take_in_posts(world.as_("olu"), source="zulip:x", topics=[TopicIn("t1", world.hearth.pk, "旧话题")], posts=rows)
        react_until_quiet(world.now)

    bring((2, world.now, "<p>steam wand</p>"))
    bring((1, world.now - timedelta(days=900), "an older opening"), (2, world.now, "steam wand"))
    assert titles(world, "steam") == titles(world, "opening") == ["旧话题"]
    assert [hit.number for hit in find(world, "旧话题").rows] == [2]  # the post that begins it now
    assert titles(world, "steam", until=(world.now - timedelta(days=2)).date()) == []


def test_narrowed_by_person_time_state_and_space(said):
    assert titles(said, "水龙头", by="ben") == ["about 水龙头"]
    assert titles(said, "水龙头", by="ann") == []
    day = said.now.date()
    assert titles(said, "水龙头", since=day, until=day) == ["about 水龙头"]
    assert titles(said, "水龙头", until=day - timedelta(days=1)) == titles(said, "水龙头", since=day + timedelta(days=1)) == []
    assert titles(said, "水龙头", since=date(1, 1, 1), until=date(9999, 12, 31)) == ["about 水龙头"]
    assert titles(said, "水龙头", state="waiting") == ["about 水龙头"]
    actions.reply(said.as_("ann"), topic=Topic.objects.get(title="about 水龙头"), text="换垫圈")
    assert titles(said, "水龙头", state="waiting") == []
    assert titles(said, "水龙头", state="answered", space=said.hearth.slug) == ["about 水龙头"]


def test_narrowed_by_tag_also_after_it_was_renamed_or_merged(said):
    tap, mixed = (Topic.objects.get(title=f"about {one}") for one in ("水龙头", "mixed"))
    actions.tag_topic(said.as_("ben"), topic=tap, tags=["Kitchen sink"])
    actions.tag_topic(said.as_("ben"), topic=mixed, tags=["Sinks"])
    actions.reply(said.as_("cat"), topic=tap, text="washer again")
    assert titles(said, "washer", tag="kitchen sink") == []  # a moment behind
    react_until_quiet(said.now)
    assert titles(said, "washer", tag="#KITCHEN  SINK") == ["about 水龙头"] and titles(said, "washer", tag="other") == []
    assert len(titles(said, "washer")) == 2
    actions.rename_tag(said.as_("ann"), space=said.hearth, tag="kitchen sink", name="Taps")
    actions.merge_tags(said.as_("ann"), space=said.hearth, tag="sinks", into="taps")
    react_until_quiet(said.now)
    for row in Job.objects.filter(name="conversation.index"):
        jobs.run_job(row, said.as_("olu"))
    assert titles(said, "washer", tag="kitchen sink") == titles(said, "washer", tag="sinks") == []
    assert sorted(titles(said, "washer", tag="taps")) == ["about mixed", "about 水龙头"]


def test_the_best_first_and_page_by_page(world):
    for n in range(7):
        say(world, f"Talk {n}", f"the grinder once, among many other words {'x ' * n}")
    named = say(world, "Grinder", "It stops.")
    react_until_quiet(world.now)
    assert titles(world, "grinder")[0] == "Grinder"
    viewer, seen, cursor = world.cat, [], ""
    for _page in range(5):
        found = queries.search(viewer, understand("grinder"), queries.Filters(), now=world.now, cursor=cursor, size=3)
        seen += [hit.topic_id for hit in found.rows]
        cursor = found.next
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 8
    latest = queries.search(viewer, understand("grinder"), queries.Filters(sort="latest"), now=world.now)
    assert latest.rows[0].topic_id == named.pk
    for bad in ("x", "W10", "WyJhIiwiYiJd", "W3RydWUsMV0"):
        with pytest.raises(Refused):
            queries.search(viewer, understand("grinder"), queries.Filters(), now=world.now, cursor=bad)


def test_the_page_marks_words_and_bots_and_helps_where_there_is_nothing(said, client):
    actions.reply(said.as_("ann"), topic=Topic.objects.first(), text="<b>口红</b> & co")
    mark_bot(said.as_("dan"), member=said.ann)
    react_until_quiet(said.now)
    client.force_login(said.cat)
    page = client.get("/search", {"q": "口红"}).content.decode()
    assert "<mark>口红</mark>" in page
    assert "&lt;b&gt;<mark>口红</mark>" in page
    assert "Bot</span>" in page
    assert 'action="/search"' in client.get("/talk").content.decode()
    assert "Ask it" in client.get("/search", {"q": "nowhere"}).content.decode()
    assert "Search everywhere" in client.get("/search", {"q": "口红", "by": "cat"}).content.decode()
    narrowed = client.get("/search", {"q": "washer", "by": "ben", "state": "waiting"}).content.decode()
    assert "<details>" in narrowed, "what was found is in sight, and above it what narrows it, each with its way back"
    for wider in ("/search?q=washer&amp;state=waiting", "/search?q=washer&amp;by=ben"):
        assert f'class="btn slim" href="{wider}"' in narrowed
    assert "There is no word in that" in client.get("/search", {"q": "?!"}).content.decode()
    assert client.get("/search", {"q": "口红", "since": "soon", "state": "odd", "sort": "odd"}).status_code == 200


def test_programs_and_the_command_line_find_the_same(said, client):
    client.force_login(said.cat)
    answer = client.get("/api/v1/search", {"q": "washer"}).json()
    assert [(one["title"], one["found"]) for one in answer["items"]] == [("about mixed", ["washers"])]
    told = StringIO()
    call_command("search", "washer", "--as", "cat", "--json", stdout=told)
    assert '"about mixed"' in told.getvalue()
    told = StringIO()
    call_command("show", "search", "q=washer", "as=cat", stdout=told)
    assert "about mixed" in told.getvalue()


def test_what_a_search_costs(said, client):
    client.force_login(said.cat)
    client.get("/search", {"q": "washer"})
    # session, member; how often they search; own spaces, titles, posts, people; bell, spaces of the frame
    for question, most in (("washer", 9), ("nowhere", 8), ("口红茶", 10)):  # the last one looks again, character by character
        with CaptureQueriesContext(connection) as ran:
            assert client.get("/search", {"q": question}).status_code == 200
        assert len(ran) <= most, "\n".join(one["sql"] for one in ran)


def test_the_index_is_made_anew_and_goes_with_the_posts(said):
    rows = {one.pk: one.words for one in Sought.objects.all()}
    Sought.objects.all().delete()
    assert titles(said, "口红") == []
    jobs.run_here(said.as_("olu"), "conversation.index", {})
    assert {one.pk: one.words for one in Sought.objects.all()} == rows
    assert titles(said, "口红") == ["about 口红"]
    assert len(rows) == Post.objects.count()


def test_a_token_says_where_it_stands(world):
    words = index_of(title="Tap", text="tap", space=3, author=4, at=world.now).split()
    assert {"tap", "\ue002tap", "\ue001s3", "\ue001a4"} <= set(words)


@pytest.mark.once
@given(st.datetimes(datetime(1990, 1, 1), datetime(2026, 3, 2)), st.datetimes(datetime(1990, 1, 1), datetime(2026, 3, 2)), st.datetimes(datetime(1990, 1, 1), datetime(2026, 3, 2)))  # fmt: skip
def test_a_time_is_covered_by_its_years_and_months(at, since, until):
    at, since, until, now = (one.replace(tzinfo=UTC) for one in (at, since, until, datetime(2026, 3, 2)))
    mine = set(index_of(title="", text="", space=1, author=1, at=at).split())
    for begin, end in ((since, until), (since, None), (None, until)):
        asked = months_between(begin, end, now)
        inside = (begin is None or begin <= at) and (end is None or at < end)
        assert not inside or mine & set(asked)
        assert len(asked) <= 65
