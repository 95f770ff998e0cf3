"""Rooms of Gitter come in: each message once, a day of a room as one topic, people by their ids and called by their handles."""

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity, Letter
from fireside.connectors.jobs import bringing
from fireside.connectors.models import ImportRun
from fireside.connectors.rules.bots import name_says
from fireside.connectors.rules.gitter import COLUMNS, called
from fireside.connectors.tests.test_doors import file, work
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Mention, Post, Topic
from fireside.members.models import Identity, Member
from fireside.spaces.models import Belonging, Space

pytestmark = pytest.mark.django_db

ADA, BO = ("u1", "ada-l"), ("u2", "bo")


def row(number: int, who: tuple[str, str], text: str, *, at: str = "2016-03-01T10:00:00.000Z", room: str = "r1") -> str:
    cells = [room, {"r1": "Lamps/Lamps", "r2": "Lamps/Workshop"}[room], at, *who, f"m{number}", '"' + text.replace('"', '""') + '"']
    return "\t".join(cells) + "\n"


def rooms(path: Path, rows: list[str], *, head: bool = True) -> Path:
    path.write_bytes(gzip.compress((("\t".join(COLUMNS) + "\n" if head else "") + "".join(rows)).encode()))
    return path


TALK = [
    row(1, BO, "@ada-l why does it\nflicker? `@nobody`"),  # called before her first word
    row(2, ADA, 'it is "loose"', at="2016-03-01T23:59:59.999Z"),
    row(3, BO, "thanks @ADA-L, @all", at="2016-03-02T00:00:00.000Z"),
    row(4, ADA, "hello", room="r2"),
    row(5, ("", ""), "who wrote this?"),
    row(6, BO, ""),
    row(7, BO, "when?", at="2099-01-01T00:00:00Z"),
]


def test_a_day_of_a_room_is_a_topic_and_everything_keeps_its_author_and_its_time(bring, tmp_path):
    done = bring("gitter", rooms(tmp_path / "talk.tsv.gz", TALK))
    assert (done.counts["read"], done.counts["imported"]) == (7, 4)
    assert done.counts["reasons"] == {"no_sender": 1, "no_text": 1, "impossible_time": 1}
    assert (done.counts["people"], done.counts["spaces"], done.counts["topics"]) == (2, 2, 3)
    assert set(Space.objects.values_list("name", "external_id", "openness")) == {("Lamps", "r1", "open"), ("Workshop", "r2", "open")}
    assert sorted(Topic.objects.values_list("external_id", "title", "asks", "posts_count")) == [
        ("r1/2016-03-01", "2016-03-01", False, 2), ("r1/2016-03-02", "2016-03-02", False, 1), ("r2/2016-03-01", "2016-03-01", False, 1),
    ]  # fmt: skip
    who = dict(Identity.objects.values_list("member_id", "external_id"))
    posts = {one.external_id: one for one in Post.objects.all()}
    assert {ext: who[one.author_id] for ext, one in posts.items()} == {"m1": "u2", "m2": "u1", "m3": "u2", "m4": "u1"}
    assert posts["m2"].at == datetime(2016, 3, 1, 23, 59, 59, 999000, UTC)
    assert (posts["m1"].source_text, posts["m1"].format) == ("@ada-l why does it\nflicker? `@nobody`", "md")
    assert sorted(Mention.objects.values_list("post__external_id", "member__name")) == [("m1", "ada-l"), ("m3", "ada-l")]
    assert Belonging.objects.count() == 3
    assert not Letter.objects.exists()
    assert not Activity.objects.filter(imported=False).exclude(kind="connectors.brought_in").exists()


def test_twice_and_parts_in_any_order_are_the_same_history(bring, tmp_path):
    late, early = rooms(tmp_path / "b.tsv.gz", TALK[1:4], head=False), rooms(tmp_path / "a.tsv.gz", TALK[:3], head=False)
    bring("gitter", late)
    assert (bring("gitter", early).counts["imported"], Topic.objects.get(external_id="r1/2016-03-01").author.name) == (1, "bo")
    before = everything()
    both = bring("gitter", tmp_path)
    assert (both.counts["imported"], both.counts["unchanged"]) == (0, 6)
    assert everything() == before


def test_a_dry_run_counts_and_changes_nothing(bring, tmp_path):
    done = bring("gitter", rooms(tmp_path / "talk.tsv.gz", [*TALK, TALK[0]]), dry_run=True)
    assert (done.counts["imported"], done.counts["unchanged"], done.counts["rejected"]) == (4, 1, 3)
    assert not Member.objects.exists()


def test_an_import_that_died_goes_on_where_it_was_and_brings_each_message_once(bring, tmp_path, monkeypatch):
    path = rooms(tmp_path / "long.tsv.gz", [row(n, (ADA, BO)[n % 2], f"words {n}") for n in range(1, 2301)])
    real = bringing.take_in_posts

    def dies(*given, posts, **more):
        if posts[0].external_id != "m1":
            raise OSError("the disk is gone")
        return real(*given, posts=posts, **more)

    monkeypatch.setattr(bringing, "take_in_posts", dies)
    with pytest.raises(AssertionError):
        bring("gitter", path)
    assert (ImportRun.objects.get().mark, Post.objects.count()) == (2000, 2000)
    monkeypatch.undo()
    done = bring("gitter", path)
    assert (done.counts["read"], done.counts["imported"], Post.objects.count(), ImportRun.objects.count()) == (2300, 2300, 2300, 1)


def test_by_page_and_on_the_command_line(sign_in, world, tmp_path):
    dan, path = sign_in("dan"), rooms(tmp_path / "lamps.tsv.gz", TALK)
    here = dan.post("/cockpit/import", {"importer": "gitter", "file": file("lamps.tsv.gz", path.read_bytes())})["Location"]
    page = dan.get(here).content.decode()
    assert "A table of messages, and it looks like Gitter." in page
    assert "The first record is of" in page and "bo" in page
    noise = dan.post("/cockpit/import", {"importer": "gitter", "file": file("a.tsv", b"a\tb\n")})["Location"]
    assert "Bring one .tsv or .tsv.gz file" in dan.get(noise).content.decode()
    dan.post(here, {"source": ""})
    done = work(world)
    assert (done.counts["imported"], done.counts["source"]) == (4, "gitter:lamps")
    assert "Gitter" in dan.get(f"/jobs/{done.pk}").content.decode()
    call_command("import", "gitter", str(path), "--json", stdout=(told := io.StringIO()))
    assert json.loads(told.getvalue().splitlines()[-1])["unchanged"] == 4


@pytest.mark.real_data
def test_real_rooms_come_in_to_the_last_message(bring, tmp_path, real_data, full):
    """The first 3 000 rows, all with FULL=1, compared with plain Python over the same file."""
    with gzip.open(real_data("freecodecamp-gitter") / "gitter_all.tsv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(islice(csv.reader(file, delimiter="\t"), None if full else 3001))[1:]
    path = tmp_path / "cut.tsv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([COLUMNS, *rows])
    expected = {one[5]: (one[0], one[3], one[2]) for one in rows if one[3] and one[6].strip()}
    done = bring("gitter", path)
    assert (done.counts["read"], done.counts["imported"]) == (len(rows), len(expected))
    who = dict(Identity.objects.values_list("member_id", "external_id"))
    found = Post.objects.values_list("external_id", "topic__space__external_id", "author_id", "at")
    assert {
        post: (room, who[author], f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z") for post, room, author, at in found
    } == expected


def test_what_is_no_table_of_gitter_is_refused(bring, tmp_path):
    (tmp_path / "x.tsv").write_text("a\tb\n1\t2\n")
    bring("gitter", tmp_path / "x.tsv", fails="These are no rooms of Gitter")


def test_a_machine_in_a_chat_of_handles_is_found_though_people_call_it(bring, tmp_path):
    def at(n: int) -> str:
        return f"2016-03-01T{n // 60:02}:{n % 60:02}:00Z"

    rows = [row(n, ("u9", "lampbot"), f"> {n} lumen", at=at(n)) for n in range(1, 60)] + [
        row(n, BO, "@lampbot light", at=at(n)) for n in range(60, 90)
    ]
    assert bring("gitter", rooms(tmp_path / "t.tsv.gz", rows)).counts["bots"] == 1
    assert list(Member.objects.filter(is_bot=True).values_list("name", flat=True)) == ["lampbot"]
    assert [name_says(name) for name in ("lampbot", "Talbot", "Ada Talbot", "bot")] == ["perhaps", "", "", "perhaps"]


def test_handles_are_found_in_words_and_not_in_code_or_addresses():
    assert called("@ada, ask (@bo-b) or a@b.org `@x` https://x.org/@y @here ```\n@z") == (("", "ada"), ("", "bo-b"))
