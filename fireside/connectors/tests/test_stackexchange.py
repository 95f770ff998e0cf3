"""A site of Stack Exchange comes in: questions, answers, what was accepted, tags, comments; a damaged row costs itself."""

import contextlib
import io
import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fireside.activity.models import Activity, Letter
from fireside.connectors.first_look import glance
from fireside.connectors.jobs import bringing
from fireside.connectors.models import ImportRun
from fireside.connectors.readers.packed import open_packed
from fireside.connectors.readers.xml_rows import xml_rows
from fireside.connectors.rules.html_pictures import pictures_as_links
from fireside.connectors.rules.records import Unusable
from fireside.connectors.rules.sources import archive_name
from fireside.connectors.tests.test_doors import file, work
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Post, Reaction, Tag, Topic
from fireside.members.models import Identity, Member

pytestmark = pytest.mark.django_db


def row(**fields: object) -> str:
    return "  <row " + " ".join(f"{name}={quoteattr(str(value))}" for name, value in fields.items()) + " />"


def xml(path: Path, rows: list[str], root: str = "posts") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\ufeff" + "\n".join(['<?xml version="1.0" encoding="utf-8"?>', f"<{root}>", *rows, f"</{root}>"]), encoding="utf-8")
    return path


def at(minute: int) -> str:
    return f"2014-01-21T20:{minute:02}:05.383"


def ask(n: int, minute: int = 0, **more: object) -> str:
    given = {"AnswerCount": 0, "CommentCount": 0, "Score": 0, "Title": f"Why {n}?", "Tags": "<hops>", "OwnerUserId": 7} | more
    return row(Id=n, PostTypeId=1, CreationDate=at(minute), Body=f"<p>question {n}</p>", **given)


def answer(n: int, to: int, minute: int = 1, **more: object) -> str:
    given = {"CommentCount": 0, "Score": 0, "OwnerUserId": 8, "Body": f"<p>answer {n}</p>"} | more
    return row(Id=n, PostTypeId=2, ParentId=to, CreationDate=at(minute), **given)


POSTS = [
    ask(1, AcceptedAnswerId=3, AnswerCount=2, CommentCount=1, Score=4, Tags="<hops><beer-style>", ClosedDate=at(50)),
    answer(2, 1, 1, OwnerUserId=7, LastEditDate=at(9)),
    answer(3, 1, 2, Score=2, CommentCount=1, Body='<p>see <img src="https://i.example.org/a.png" alt="a map"><script>x</script></p>'),
    ask(4, 3, AcceptedAnswerId=99, AnswerCount=1, Tags="|hops|", OwnerUserId="", OwnerDisplayName="user150"),
    row(Id=5, PostTypeId=5, CreationDate=at(4), Body="<p>hops are</p>", OwnerUserId=-1),
    answer(6, 77, 5),
    answer(7, 4, 6, OwnerUserId=""),
    row(Id=8, PostTypeId=1, CreationDate="soon", Title="x", Body="x", OwnerUserId=7),
    '  <row Id="9" PostTypeId="1" Body="&nix;" />',
]  # fmt: skip
USERS = [
    row(Id=-1, DisplayName="Community", CreationDate="2013-01-01T00:00:00.000"),
    row(Id=7, DisplayName="Ada", CreationDate="2014-01-02T00:00:00.000"), row(Id=8, DisplayName="Bo", CreationDate="2014-01-03T00:00:00.000"),
    row(Id=9, DisplayName="Quiet", CreationDate="2014-01-04T00:00:00.000"),
]  # fmt: skip
COMMENTS = [
    row(Id=1, PostId=1, Text="thanks @Bo", CreationDate=at(10), UserId=7), row(Id=2, PostId=3, Text="which *map*?", CreationDate=at(11), UserId=7),
    row(Id=3, PostId=55, Text="to what?", CreationDate=at(11), UserId=7),
]  # fmt: skip
VOTES = [
    row(Id=1, PostId=3, VoteTypeId=1, CreationDate="2014-01-22T00:00:00.000"), row(Id=2, PostId=3, VoteTypeId=2, CreationDate="2014-01-22T00:00:00.000"),
    row(Id=3, PostId=3, VoteTypeId=2, UserId=7, CreationDate="2014-01-23T00:00:00.000"), row(Id=4, PostId=1, VoteTypeId=3, UserId=8),
]  # fmt: skip


def dump(folder: Path) -> Path:
    xml(folder / "Posts.xml", POSTS)
    for name, rows in (("Users", USERS), ("Comments", COMMENTS), ("Votes", VOTES)):
        xml(folder / f"{name}.xml", rows, name.lower())
    return folder


def counter(counts: dict, name: str) -> tuple[int, int, int]:
    found = next(one for one in counts["agreement"] if one["counter"] == name)
    return found["source"], found["here"], found["off"]


def test_questions_answers_comments_and_what_was_accepted_keep_author_time_and_place(bring, tmp_path):
    done = bring("stackexchange", dump(tmp_path / "beer.example.org"))
    assert (done.counts["read"], done.counts["imported"]) == (12, 7)
    assert done.counts["reasons"] == {"no_talk": 1, "no_topic": 2, "impossible_time": 1, "bad_xml": 1}
    topics = {one.external_id: one for one in Topic.objects.select_related("author", "space", "accepted")}
    assert {key: (one.title, one.asks, one.author.name, one.tags) for key, one in topics.items()} == {
        "1": ("Why 1?", True, "Ada", ["hops", "beer-style"]), "4": ("Why 4?", True, "user150", ["hops"]),
    }  # fmt: skip
    assert {one.space.name for one in topics.values()} == {"beer.example.org"}
    first = topics["1"]
    assert (first.accepted.external_id, first.accepted_at) == ("3", datetime(2014, 1, 22, tzinfo=UTC))  # the day that a vote tells
    assert first.closed_at == datetime(2014, 1, 21, 20, 50, 5, 383000, UTC)
    assert topics["4"].accepted is None
    posts = {one.external_id: one for one in Post.objects.select_related("author", "reply_to")}
    assert {key: one.author.name for key, one in posts.items()} == {
        "1": "Ada", "2": "Ada", "3": "Bo", "4": "user150", "7": "[deleted]", "comment:1": "Ada", "comment:2": "Ada",
    }  # fmt: skip
    assert posts["2"].edited_at == datetime(2014, 1, 21, 20, 9, 5, 383000, UTC)
    assert "📎 a map" in posts["3"].source_text and "script" not in posts["3"].source_text
    assert (posts["comment:2"].reply_to.external_id, posts["comment:2"].format) == ("3", "md")
    assert set(posts["comment:1"].mentions.values_list("member__name", flat=True)) == {"Bo"}
    assert list(Reaction.objects.values_list("post__external_id", "sign", "at")) == [("3", "+1", datetime(2014, 1, 23, tzinfo=UTC))]
    assert dict(Tag.objects.values_list("name", "uses")) == {"hops": 2, "beer-style": 1}
    assert Member.objects.get(name="Community").is_bot and Identity.objects.filter(external_id="9").exists()
    assert not Letter.objects.exists()
    assert not Activity.objects.filter(imported=False).exclude(kind="connectors.brought_in").exists()


def test_the_report_lays_the_sources_own_counters_beside_what_came_in(bring, tmp_path, sign_in, world):
    done = bring("stackexchange", dump(tmp_path / "beer"))
    assert counter(done.counts, "answers") == (3, 3, 0)
    assert counter(done.counts, "accepted") == (2, 1, 1)  # the archive does not hold answer 99
    assert counter(done.counts, "comments") == (2, 2, 0)
    assert counter(done.counts, "votes") == (6, 1, 2)
    run, dan = ImportRun.objects.get(), sign_in("dan")
    page = dan.get(f"/cockpit/import/runs/{run.pk}").content.decode()
    assert "accepted answers" in page and "1 differs" in page and '<span class="mono">99</span>' in page
    told = dan.get(f"/api/v1/imports/{run.pk}").json()
    accepted = next(one for one in told["agreement"] if one["counter"] == "accepted")
    assert accepted["differing"] == [{"id": "99", "url": "", "source": 1, "here": 0}] and "agreement" not in told["counts"]
    call_command("import", "stackexchange", str(tmp_path / "beer"), "--source", "test", stdout=(said := io.StringIO()))
    assert (
        "Differs: accepted answers (source 2, here 1, left out 0)" in said.getvalue()
        and "Agrees: answers to each question" in said.getvalue()
    )


def test_twice_and_overlapping_snapshots_in_any_order_are_the_same_history(bring, tmp_path):
    early, late = xml(tmp_path / "a" / "Posts.xml", POSTS[:3]), xml(tmp_path / "b" / "Posts.xml", POSTS)
    bring("stackexchange", late)
    before = everything()
    assert (bring("stackexchange", early).counts["imported"], bring("stackexchange", late).counts["imported"]) == (0, 0)
    assert everything() == before
    Topic.objects.filter(external_id="1").update(closed_at=None)  # somebody opened it again here
    bring("stackexchange", late)
    assert Topic.objects.get(external_id="1").closed_at is None
    bring("stackexchange", early, source="other")
    bring("stackexchange", late, source="other")
    shape = lambda source: sorted(  # noqa: E731
        Topic.objects.filter(source=source).values_list(
            "external_id", "title", "posts_count", "accepted__external_id", "answered_at", "opened_at"
        )
    )
    assert shape("other") == shape("test")


def test_an_answer_to_a_question_of_an_earlier_archive_finds_it(bring, tmp_path):
    bring("stackexchange", xml(tmp_path / "a" / "Posts.xml", [ask(77)]))
    done = bring("stackexchange", xml(tmp_path / "b" / "Posts.xml", [answer(6, 77)]))
    assert (done.counts["imported"], Post.objects.get(external_id="6").topic.title) == (1, "Why 77?")


def test_a_dry_run_changes_nothing_and_a_run_that_died_goes_on(bring, tmp_path, monkeypatch):
    path = xml(tmp_path / "long" / "Posts.xml", [ask(1), *(answer(n, 1) for n in range(2, 2101))])
    assert bring("stackexchange", path, dry_run=True).counts["imported"] == 2100
    assert not Member.objects.exists()
    real = bringing.take_in_posts

    def dies(*given, posts, **more):
        if posts[0].external_id != "1":
            raise OSError("the disk is gone")
        return real(*given, posts=posts, **more)

    monkeypatch.setattr(bringing, "take_in_posts", dies)
    with pytest.raises(AssertionError):
        bring("stackexchange", path)
    assert (ImportRun.objects.get().mark, Post.objects.count()) == (2000, 2000)
    monkeypatch.undo()
    done = bring("stackexchange", path)
    assert (done.counts["imported"], Post.objects.count(), ImportRun.objects.count()) == (2100, 2100, 1)


def test_by_page_and_what_is_no_dump_is_refused(sign_in, world, bring, tmp_path):
    dan, path = sign_in("dan"), xml(tmp_path / "lamp.example.Posts.xml", POSTS)
    here = dan.post("/cockpit/import", {"importer": "stackexchange", "file": file(path.name, path.read_bytes())})["Location"]
    page = dan.get(here).content.decode()
    assert "Questions and answers of a Stack Exchange site." in page and "user7" in page
    dan.post(here, {"source": ""})
    done = work(world)
    assert (done.error, done.counts["imported"], done.counts["source"]) == ("", 5, "stackexchange:lamp.example")
    (tmp_path / "x.xml").write_text("<rss/>")
    bring("stackexchange", tmp_path / "x.xml", fails="This is no dump of Stack Exchange")
    xml(tmp_path / "two" / "a.Posts.xml", POSTS), xml(tmp_path / "two" / "b.Posts.xml", POSTS)
    bring("stackexchange", tmp_path / "two", fails="There are several sites")


def test_a_file_that_declares_entities_is_refused_before_anything_is_read(bring, tmp_path):
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE posts [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><posts>'
        + row(Id=1, PostTypeId=1, Body="&b;")
        + "</posts>"
    )
    (tmp_path / "Posts.xml").write_text(bomb)
    bring("stackexchange", tmp_path / "Posts.xml", fails="This file declares entities")
    assert not Post.objects.exists()


def test_a_damaged_row_says_its_line_and_costs_no_other(tmp_path):
    path = tmp_path / "Posts.xml"
    path.write_bytes(
        b'<posts>\n<row Id="1"/>\n<row Id="2" Body="\xff"/>\n<row Id="3" Id="3"/>\n<row Id="4"\n Body=">"></row>\n<row Id="5" Bo'
    )
    found = [(one.place, one.reason, (one.value or {}).get("Id")) for one in xml_rows(path)]
    assert found == [
        ("Posts.xml:2", "", "1"), ("Posts.xml:3", "bad_encoding", None), ("Posts.xml:4", "bad_xml", None), ("Posts.xml:5", "", "4"),
        ("Posts.xml:7", "cut_off", None), ("Posts.xml:7", "cut_off", None),
    ]  # fmt: skip
    path.write_bytes(b'<posts><row Id="1" Body="' + b"x" * 5_000_000 + b'"/><row Id="2"/></posts>')
    assert [one.reason for one in xml_rows(path)] == ["too_long", ""]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.binary(max_size=60), st.sampled_from([one.encode() for one in [*POSTS, "<row", "</posts>", "<!-", "/>", '"', "\0"]])),
        max_size=9,
    )
)
def test_any_bytes_are_rows_or_reasons(tmp_path, pieces):
    path = tmp_path / "Posts.xml"
    path.write_bytes(b"<posts>" + b"".join(pieces))
    with contextlib.suppress(Unusable):  # it declares entities
        for found in xml_rows(path):
            assert (found.value is None) == bool(found.reason) and found.place.startswith("Posts.xml:")
    known, why = glance("stackexchange", path, now=datetime(2024, 1, 1, tzinfo=UTC))
    assert (known is None) == bool(why)


def test_pictures_become_links_and_names():
    assert pictures_as_links('<img src="//x.org/a%20b.png">') == '<a href="https://x.org/a%20b.png">📎 a b.png</a>'
    assert pictures_as_links('<a href="/big"><img src="s.png" alt="big"></a>') == '<a href="/big">📎 big</a>'
    assert pictures_as_links('<img class="emoji" title=":smile:" alt=":smile:" src="e.png">') == '<span class="emoji">:smile:</span>'
    assert pictures_as_links('<img src="data:image/png;base64,AAAA">') == ""


def test_what_a_dump_is_called():
    assert archive_name("beer.stackexchange.Posts.xml.gz") == "beer.stackexchange"
    assert archive_name("Posts.xml", "0123456789") == "Posts-01234567"


@pytest.mark.real_data
@pytest.mark.parametrize(("site", "accepted", "posts"), [("coffee", 105, 552), ("beer", 410, 2235)])
def test_a_real_site_comes_in_to_the_last_answer(bring, real_data, site, accepted, posts):
    """Compared with a plain reading of the same file."""
    path = real_data("stackexchange-small") / f"{site}.stackexchange.Posts.xml.gz"
    with open_packed(path) as opened:
        rows = {one.get("Id"): dict(one.attrib) for _event, one in ET.iterparse(opened) if one.tag == "row"}
    said = {key: one for key, one in rows.items() if one["PostTypeId"] in "12"}
    done = bring("stackexchange", path)
    assert (done.counts["read"], done.counts["imported"], done.counts["rejected"]) == (len(rows), posts, len(rows) - posts)
    here = {
        ext: (topic, f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}")
        for ext, topic, time in Post.objects.values_list("external_id", "topic__external_id", "at")
    }
    assert here == {key: (one.get("ParentId", key), one["CreationDate"]) for key, one in said.items()}
    assert dict(Topic.objects.filter(accepted__isnull=False).values_list("external_id", "accepted__external_id")) == {
        key: one["AcceptedAnswerId"] for key, one in said.items() if "AcceptedAnswerId" in one
    }
    assert Topic.objects.filter(accepted__isnull=False).count() == accepted
    assert counter(done.counts, "accepted") == (accepted, accepted, 0)
    assert counter(done.counts, "answers")[2] == 0
    assert Topic.objects.filter(closed_at__isnull=False).count() == sum("ClosedDate" in one for one in said.values())
    assert {key: len(tags) for key, tags in Topic.objects.values_list("external_id", "tags")} == {
        key: one["Tags"].count("<") for key, one in said.items() if "Tags" in one
    }
    assert json.loads(Path(done.counts["rejected_file"]).read_text().splitlines()[0])["reason"] == "no_talk"
