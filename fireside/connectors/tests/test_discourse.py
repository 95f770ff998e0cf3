"""Discourse comes in: topics as JSON, its own export, its backup; one history whatever the form, nothing private, and its counters agree."""

import gzip
import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fireside.activity.models import Activity, Letter
from fireside.connectors.models import ImportRun
from fireside.connectors.tests.test_doors import file, work
from fireside.connectors.tests.test_stackexchange import counter
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Post, Reaction, Topic
from fireside.members.models import Identity
from fireside.spaces.models import Belonging, Space

pytestmark = pytest.mark.django_db


def when(minute: int, *, dump: bool = False) -> str:
    return f"2024-01-05 09:{minute:02}:00" if dump else f"2024-01-05T09:{minute:02}:00.000Z"


# One forum, told once, and written down in each of its forms. Users: 1 ada, 2 bo, 3 cy (in no group), -1 system.
USERS = {1: "ada", 2: "bo", 3: "cy", -1: "system"}
CATEGORIES = [
    {"id": 5, "name": "Lamps", "read_restricted": False, "parent_category_id": None}, {"id": 6, "name": "Soldering", "read_restricted": False, "parent_category_id": 5},
    {"id": 7, "name": "Staff", "read_restricted": True, "parent_category_id": None},
]  # fmt: skip
TOPICS: list[dict[str, Any]] = [
    {"id": 10, "title": "Why does it flicker?", "category_id": 5, "user_id": 1, "tags": ["light", "wire"], "closed": True, "posts_count": 4},
    {"id": 11, "title": "Show your bench", "category_id": 6, "user_id": 2, "posts_count": 1},
    {"id": 12, "title": "Wages", "category_id": 7, "user_id": 1, "posts_count": 1},
    {"id": 13, "title": "Only us", "category_id": None, "user_id": 1, "archetype": "private_message", "posts_count": 1},
    {"id": 14, "title": "Spam", "category_id": 5, "user_id": 3, "visible": False, "posts_count": 1},
]  # fmt: skip
POSTS: list[dict[str, Any]] = [
    {"id": 10, "topic_id": 10, "post_number": 1, "user_id": 1, "cooked": "<p>only in the <b>evening</b><script>x</script></p>"},
    {"id": 21, "topic_id": 10, "post_number": 2, "user_id": 2, "cooked": '<p><a class="mention" href="/u/ada">@ada</a> a loose wire</p>', "like_count": 2, "version": 2},
    {"id": 22, "topic_id": 10, "post_number": 3, "user_id": 1, "reply_to_post_number": 2, "cooked": "<p>it was</p>"},
    {"id": 23, "topic_id": 10, "post_number": 4, "user_id": -1, "post_type": 3, "action_code": "closed.enabled", "cooked": ""},
    {"id": 24, "topic_id": 10, "post_number": 5, "user_id": 1, "post_type": 4, "cooked": "<p>whispered</p>"},
    {"id": 25, "topic_id": 10, "post_number": 6, "user_id": 3, "cooked": "<p>taken back</p>", "deleted_at": True},
    {"id": 26, "topic_id": 11, "post_number": 1, "user_id": 2, "cooked": "<p>mine</p>"},
    {"id": 27, "topic_id": 12, "post_number": 1, "user_id": 1, "cooked": "<p>among staff</p>"},
    {"id": 28, "topic_id": 13, "post_number": 1, "user_id": 1, "cooked": "<p>between us</p>"},
    {"id": 29, "topic_id": 14, "post_number": 1, "user_id": 3, "cooked": "<p>buy</p>"},
]  # fmt: skip
LIKES = [(21, 1, 20), (21, 3, 21)]
ACCEPTED = {"topic_id": 10, "answer_post_id": 21, "accepter_user_id": 1}


def as_json(post: dict[str, Any], **more: Any) -> dict[str, Any]:
    likes = post.get("like_count", 0)
    row = (
        {"username": USERS[post["user_id"]], "created_at": when(post["id"]), "updated_at": when(50), "post_type": 1, "version": 1}
        | post
        | more
    )
    row |= {"actions_summary": [{"id": 2, "count": likes}] if likes else [], "deleted_at": when(55) if post.get("deleted_at") else None}
    return row


def pages(folder: Path, *, only: range = range(10, 15), categories: bool = True) -> Path:
    """A folder of /t/ID.json; of topic 10 the later posts stand in a further page, as the program gives them by twenties."""
    folder.mkdir(parents=True, exist_ok=True)
    if categories:
        lamps, soldering, staff = CATEGORIES
        (folder / "categories.json").write_text(
            json.dumps({"category_list": {"categories": [lamps | {"subcategory_list": [soldering]}, staff]}})
        )
    for topic in TOPICS:
        if topic["id"] not in only:
            continue
        own = [as_json(one) for one in POSTS if one["topic_id"] == topic["id"]]
        told = {"archetype": "regular", "visible": True, "closed": False, "archived": False, "last_posted_at": when(40)} | topic
        if topic["id"] == 10:
            told["accepted_answer"] = {"post_number": 2, "username": "bo"}
            (folder / "0-page-2-of-10.json").write_text(json.dumps({"post_stream": {"posts": own[2:]}, "id": 10}))
            own = own[:2]
        (folder / f"{topic['id']}.json").write_text(
            json.dumps(told | {"post_stream": {"posts": own, "stream": [one["id"] for one in own]}})
        )
    return folder


def copy(table: str, rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))

    def say(one: Any) -> str:
        plain = {None: "\\N", True: "t", False: "f"}.get(one) if one is None or isinstance(one, bool) else None
        return plain or str(one).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")

    lines = ["\t".join(say(row.get(name)) for name in names) for row in rows]
    return "\n".join([f"COPY public.{table} ({', '.join(names)}) FROM stdin;", *lines, "\\.", "", ""])


def backup(path: Path, *, cut: int = 0, more: str = "") -> Path:
    posts = [
        {"id": one["id"], "user_id": one["user_id"], "topic_id": one["topic_id"], "post_number": one["post_number"], "raw": "x", "cooked": one["cooked"],
         "created_at": when(one["id"], dump=True), "last_version_at": when(50, dump=True), "version": one.get("version", 1), "like_count": one.get("like_count", 0),
         "reply_to_post_number": one.get("reply_to_post_number"), "post_type": one.get("post_type", 1), "action_code": one.get("action_code"),
         "deleted_at": when(55, dump=True) if one.get("deleted_at") else None, "hidden": False, "user_deleted": False}
        for one in POSTS
    ]  # fmt: skip
    topics = [
        {"id": one["id"], "title": one["title"], "category_id": one["category_id"], "user_id": one["user_id"], "archetype": one.get("archetype", "regular"),
         "visible": one.get("visible", True), "closed": one.get("closed", False), "archived": False, "posts_count": one["posts_count"], "deleted_at": None,
         "last_posted_at": when(40, dump=True)} | {name: one.get(name) for name in ("pinned_at", "pinned_until", "pinned_globally")}
        for one in TOPICS
    ]  # fmt: skip
    tables = [
        copy("api_keys", [{"id": 1, "key": "secret"}]), copy("categories", CATEGORIES), copy("category_groups", [{"category_id": 7, "group_id": 3}]),
        copy("discourse_solved_solved_topics", [ACCEPTED | {"created_at": when(30, dump=True)}]), copy("group_users", [{"group_id": 3, "user_id": 2}]),
        copy("post_actions", [{"post_id": post, "user_id": who, "post_action_type_id": 2, "created_at": when(at, dump=True), "deleted_at": None} for post, who, at in LIKES]),
        copy("posts", posts), copy("tags", [{"id": 1, "name": "light"}, {"id": 2, "name": "wire"}]),
        copy("topic_tags", [{"topic_id": 10, "tag_id": 1}, {"topic_id": 10, "tag_id": 2}]), copy("topics", topics),
        copy("user_emails", [{"user_id": 1, "email": "ada@example.org", "primary": True}]),
        copy("users", [{"id": key, "username": name, "created_at": when(1, dump=True), "active": True, "staged": False} for key, name in USERS.items()]),
    ]  # fmt: skip
    data = ("--\n-- PostgreSQL database dump\n--\n\n" + "".join([*tables[:3], more, *tables[3:]])).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data[: len(data) - cut]))
    return path


def as_told() -> dict[str, Any]:
    """What stands here, by the source's own ids."""
    who = dict(Identity.objects.values_list("member_id", "external_id"))
    return {
        "posts": {one.external_id: (one.topic.external_id, who[one.author_id], one.at, one.source_text, one.reply_to and one.reply_to.external_id)
                  for one in Post.objects.select_related("topic", "reply_to")},
        "topics": {one.external_id: (one.title, one.space.external_id, one.tags, one.closed_at, one.accepted and one.accepted.external_id)
                   for one in Topic.objects.select_related("space", "accepted")},
        "spaces": {one.external_id: (one.name, one.openness, one.parent and one.parent.external_id) for one in Space.objects.exclude(external_id=None).select_related("parent")},
    }  # fmt: skip


EXPECTED = {
    "topics": {
        "topic:10": ("Why does it flicker?", "5", ["light", "wire"], datetime(2024, 1, 5, 9, 23, tzinfo=UTC), "21"),
        "topic:11": ("Show your bench", "6", None, None, None), "topic:12": ("Wages", "7", None, None, None),
    },
    "spaces": {"5": ("Lamps", "open", None), "6": ("Soldering", "open", "5"), "7": ("Staff", "hidden", None)},
}  # fmt: skip


@pytest.mark.parametrize("form", ["pages", "backup"])
def test_each_form_brings_in_the_same_history(bring, tmp_path, form):
    done = bring("discourse", pages(tmp_path / "t") if form == "pages" else backup(tmp_path / "dump.sql.gz"))
    assert (done.counts["read"], done.counts["imported"]) == (10, 5)
    assert done.counts["reasons"] == {"no_ones_words": 1, "whisper": 1, "removed_there": 2, "direct_message": 1}
    told = as_told()
    assert {name: told[name] for name in EXPECTED} == EXPECTED
    assert {key: one[1] for key, one in told["posts"].items()} == {"10": "1", "21": "2", "22": "1", "26": "2", "27": "1"}
    assert told["posts"]["22"][4] == "21" and told["posts"]["10"][3] == "<p>only in the <b>evening</b></p>"
    assert Topic.objects.get(external_id="topic:10").asks and Post.objects.get(external_id="21").edited_at == datetime(
        2024, 1, 5, 9, 50, tzinfo=UTC
    )
    assert set(Post.objects.get(external_id="21").mentions.values_list("member__name", flat=True)) == {"ada"}
    accepted_at = datetime(2024, 1, 5, 9, 30 if form == "backup" else 21, tzinfo=UTC)
    assert Topic.objects.get(external_id="topic:10").accepted_at == accepted_at
    assert not Letter.objects.exists()
    assert set(Activity.objects.filter(imported=False).values_list("kind", flat=True)) == {"connectors.brought_in", "spaces.moved"}
    left = Path(done.counts["rejected_file"]).read_text()
    assert not any(words in left for words in ("between us", "whispered", "taken back", "buy"))
    assert counter(done.counts, "posts") == (6, 5, 0)  # one of them is a line of the program: left out, and counted as such
    assert counter(done.counts, "accepted") == (1, 1, 0)


def test_a_backup_brings_who_liked_and_who_may_read_where_and_a_folder_says_only_how_many(bring, tmp_path):
    done = bring("discourse", backup(tmp_path / "dump.sql.gz"))
    assert counter(done.counts, "likes") == (2, 2, 0)
    assert sorted(Reaction.objects.values_list("post__external_id", "member__name", "sign", "at")) == [
        ("21", "ada", "heart", datetime(2024, 1, 5, 9, 20, tzinfo=UTC)), ("21", "cy", "heart", datetime(2024, 1, 5, 9, 21, tzinfo=UTC)),
    ]  # fmt: skip
    assert set(Belonging.objects.filter(space__external_id="7").values_list("member__name", flat=True)) == {
        "bo"
    }  # not ada, who wrote there once
    assert Identity.objects.get(external_id="1").email == "ada@example.org"
    assert not any("secret" in str(row) for rows in everything().values() for row in rows)
    again = bring("discourse", pages(tmp_path / "t"))
    assert (again.counts["imported"], again.counts["unchanged"]) == (0, 5)
    assert counter(again.counts, "likes") == (2, 2, 0)
    other = bring("discourse", pages(tmp_path / "t"), source="other")
    assert (
        counter(other.counts, "likes") == (2, 0, 1) and not Belonging.objects.filter(space__external_id="7", space__source="other").exists()
    )


def test_signs_of_the_reactions_plugin_come_with_who_and_when_and_none_of_what_stays_there(bring, tmp_path):
    given = [(4, 3, 22), (4, 2, 23), (5, 2, 24), (6, 1, 25)]
    signs = copy(
        "discourse_reactions_reaction_users",
        [{"id": n, "reaction_id": sign, "user_id": who, "created_at": when(at, dump=True)} for n, (sign, who, at) in enumerate(given)],
    )
    signs += copy("discourse_reactions_reactions", [{"id": 4, "post_id": 21, "reaction_value": "tada", "reaction_users_count": 2},
                  {"id": 5, "post_id": 22, "reaction_value": "laughing", "reaction_users_count": 1}, {"id": 6, "post_id": 28, "reaction_value": "eyes", "reaction_users_count": 1}])  # fmt: skip
    done = bring("discourse", backup(tmp_path / "dump.sql.gz", more=signs))
    there = sorted(Reaction.objects.exclude(sign="heart").values_list("post__external_id", "member__name", "sign", "at"))
    assert there == [
        ("21", "bo", "tada", datetime(2024, 1, 5, 9, 23, tzinfo=UTC)), ("21", "cy", "tada", datetime(2024, 1, 5, 9, 22, tzinfo=UTC)),
        ("22", "bo", "laughing", datetime(2024, 1, 5, 9, 24, tzinfo=UTC)),
    ]  # fmt: skip
    assert (done.counts["reactions"], done.counts.get("reactions_rejected", 0)) == (5, 0)
    assert counter(done.counts, "likes") == (2, 2, 0) and counter(done.counts, "reactions") == (5, 5, 0)
    before = everything()
    bring("discourse", backup(tmp_path / "again" / "dump.sql.gz", more=signs))
    assert Reaction.objects.count() == 5 and {k: v for k, v in everything().items() if "reaction" in k} == {
        k: v for k, v in before.items() if "reaction" in k
    }


def test_twice_and_parts_in_any_order_are_the_same_history(bring, tmp_path):
    bring("discourse", pages(tmp_path / "b", only=range(11, 15)))
    bring("discourse", pages(tmp_path / "a", only=range(10, 12)))
    before, told = everything(), as_told()
    assert bring("discourse", pages(tmp_path / "whole")).counts["imported"] == 0
    assert everything() == before
    assert {name: told[name] for name in EXPECTED} == EXPECTED


def test_without_categories_nobody_but_who_wrote_reads_until_somebody_opens_the_space(bring, tmp_path, world):
    done = bring("discourse", pages(tmp_path / "t", only=range(10, 12), categories=False))
    assert set(Space.objects.exclude(external_id=None).values_list("name", "openness")) == {
        ("Category 5", "hidden"),
        ("Category 6", "hidden"),
    }
    assert done.counts["unsure_spaces"] == 2 and "hidden_spaces" not in done.counts
    Space.objects.filter(external_id="5").update(openness="open")
    (tmp_path / "more").mkdir()
    new = as_json({"id": 31, "topic_id": 10, "post_number": 9, "user_id": 2, "cooked": "<p>more</p>"})
    told = TOPICS[0] | {"archetype": "regular", "post_stream": {"posts": [new]}}
    (tmp_path / "more" / "10.json").write_text(json.dumps(told))
    assert bring("discourse", tmp_path / "more").counts["imported"] == 1


def test_what_one_file_says_is_restricted_no_other_file_opens(bring, tmp_path):
    folder = pages(tmp_path / "t", only=range(10, 13))
    (folder / "site.json").write_text(
        json.dumps({"categories": [{"id": 7, "name": "Staff", "read_restricted": False}, {"id": 9, "name": "New"}]})
    )
    (folder / "zz.json").write_text(
        json.dumps({"categories": [{"id": 7, "name": "Staff"}, {"id": 5, "name": "Lamps", "read_restricted": False}]})
    )
    assert bring("discourse", folder).counts["unsure_spaces"] == 1
    assert {name: openness for name, openness, _parent in as_told()["spaces"].values()} == {
        "Lamps": "open", "Soldering": "open", "Staff": "hidden", "New": "hidden",
    }  # fmt: skip


def test_its_own_export_comes_in(bring, tmp_path):
    data = {
        "categories": [{"id": 5, "name": "Lamps", "permissions_params": {"everyone": 1}}, {"id": 7, "name": "Staff", "permissions_params": {"staff": 1}}],
        "groups": [{"id": 3, "name": "staff", "user_ids": [2]}], "users": [{"id": 1, "username": "ada", "email": "ada@example.org", "created_at": when(1)}, {"id": 2, "username": "bo"}],
        "topics": [{"id": 10, "title": "Why?", "category_id": 5, "user_id": 1, "archetype": "regular", "closed": False, "posts": [
            {"id": 10, "user_id": 1, "post_number": 1, "raw": "only *evenings*", "created_at": when(1)}]}],
    }  # fmt: skip
    (tmp_path / "category-export.json").write_text(json.dumps(data))
    done = bring("discourse", tmp_path / "category-export.json")
    assert (done.counts["imported"], Post.objects.get().source_text, Post.objects.get().format) == (1, "only *evenings*", "md")
    assert set(Belonging.objects.filter(space__external_id="7").values_list("member__name", flat=True)) == {"bo"}


def test_a_backup_that_ends_in_the_middle_says_so_and_a_broken_row_costs_no_other(bring, tmp_path):
    whole = backup(tmp_path / "whole" / "dump.sql.gz")
    text = gzip.decompress(whole.read_bytes()).decode().replace("\n26\t2\t", "\n26\t", 1)
    (tmp_path / "dump.sql").write_text(text)
    done = bring("discourse", tmp_path / "dump.sql")
    assert done.counts["reasons"]["wrong_width"] == 1 and Post.objects.count() == 4
    begin = text.index("COPY public.posts")
    (tmp_path / "cut.sql").write_text(text[: begin + 400])
    assert bring("discourse", tmp_path / "cut.sql", source="cut").counts["reasons"]["cut_off"] == 1


def test_by_page_as_the_program_packs_it(sign_in, world, tmp_path):
    dan, out = sign_in("dan"), io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as box:
        data = backup(tmp_path / "dump.sql.gz").read_bytes()
        for name, content in (("dump.sql.gz", data), ("uploads/default/x.json", b"{}")):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            box.addfile(entry, io.BytesIO(content))
    here = dan.post("/cockpit/import", {"importer": "discourse", "file": file("lamps-2024-01-05.tar.gz", out.getvalue())})["Location"]
    assert "A backup of Discourse" in dan.get(here).content.decode()
    dan.post(here, {"source": ""})
    done = work(world)
    assert (done.error, done.counts["imported"], done.counts["form"]) == ("", 5, "discourse_backup")
    page = dan.get(f"/cockpit/import/runs/{ImportRun.objects.get().pk}").content.decode()
    assert "likes of each post" in page and "left out there" in page
    noise = dan.post("/cockpit/import", {"importer": "discourse", "file": file("a.json", b'{"a": 1}')})["Location"]
    assert "This is no Discourse" in dan.get(noise).content.decode()
