"""Tables of people and files of acts come in."""

import csv
from pathlib import Path

import pytest

from fireside.activity.models import Activity
from fireside.connectors.tests.conftest import lines, watched
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Helped, Post, Reaction, Topic
from fireside.lib.tests import migrated
from fireside.members.models import Identity, Member
from fireside.spaces.models import Space

pytestmark = pytest.mark.django_db

PEOPLE = """编号,姓名,邮箱,手机号,入会时间,备注
17,李雷,li@example.org,138-0013-8000,2024年1月31日 18:05,爱灯
18,韩梅梅,,13900138000,31/12/2023,
18,韩梅梅二,,,2024-01-01,
19,王,LI@example.org,,2024-01-01,
20,坏,not an address,,2024-01-01,
21,无期,,,2024-02-30,
,只有名字,,,3/4/2024,
,,,,,备注只有
22,宽,,,2024-01-01,x,too,many
"""


def test_rows_become_people_with_identities_and_bad_rows_a_table_to_mend(bring, tmp_path, world):
    path = tmp_path / "会员.csv"
    path.write_bytes(PEOPLE.encode("gb18030"))
    row = bring("members", path)
    assert (row.counts["read"], row.counts["imported"]) == (9, 3)
    assert row.counts["reasons"] == {"same_person": 2, "bad_email": 1, "impossible_time": 1, "no_name": 1, "wrong_width": 1}
    li = Identity.objects.get(external_id="17")
    assert (li.name, li.email, li.data) == ("李雷", "li@example.org", {"phone": "13800138000", "about": "爱灯"})
    assert li.member.joined_at.isoformat() == "2024-01-31T10:05:00+00:00"  # the community's zone is Shanghai's
    name_only = Identity.objects.get(external_id="name:只有名字")
    assert (name_only.weak, name_only.member.joined_at.isoformat()) == (True, "2024-04-02T16:00:00+00:00")  # 31/12 above told the order
    mend = list(csv.reader(Path(row.counts["rejected_file"]).with_suffix(".csv").read_text("utf-8-sig").splitlines()))
    assert mend[0] == ["编号", "姓名", "邮箱", "手机号", "入会时间", "备注", "where", "why"]
    assert [line[0] for line in mend[1:]] == ["18", "19", "20", "21", "", "22"]
    before = everything()
    again = bring("members", path)
    assert (again.counts["imported"], again.counts["unchanged"], again.counts["rejected"]) == (0, 3, 6)
    assert everything() == before


def test_columns_and_dates_by_hand_and_a_dry_run(bring, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("wer;wann;post\nAda;3/4/2024;ada@example.org\n")
    bring("members", path, columns={"name": "nope"}, fails="no such field or column")
    dry = bring("members", path, columns={"name": "wer", "joined": "2"}, dates="mdy", dry_run=True)
    assert (dry.counts["imported"], Member.objects.count()) == (1, 0)
    bring("members", path, columns={"name": "wer", "joined": "2"}, dates="mdy")
    assert Identity.objects.get().external_id == "email:ada@example.org"
    assert Member.objects.get().joined_at.isoformat() == "2024-03-04T00:00:00+00:00"


def test_a_spreadsheet(bring, tmp_path):
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    for cells in (
        ["ID", "Name", "Phone", "Joined"],
        [1, "Ada", 13800138000, datetime(2024, 1, 31, 8)],
        [],
        [2.0, "Bo", None, "2024-02-01"],
        [3, "Cy", None, 45322],
    ):
        book.active.append(cells)
    book.save(tmp_path / "people.xlsx")
    row = bring("members", tmp_path / "people.xlsx")
    assert (row.counts["imported"], row.counts["form"]) == (3, "xlsx")
    assert {i.external_id: i.member.joined_at.isoformat()[:10] for i in Identity.objects.select_related("member")} == {
        "1": "2024-01-31",
        "2": "2024-02-01",
        "3": "2024-01-31",
    }
    assert Identity.objects.get(external_id="1").data == {"phone": "13800138000"}


def test_what_is_no_table_of_people_is_refused(bring, tmp_path):
    (tmp_path / "a.csv").write_text("shoe,size\nred,7\n")
    bring("members", tmp_path / "a.csv", fails="No column looks like")
    (tmp_path / "b.csv").write_text("\n\n")
    bring("members", tmp_path / "b.csv", fails="not a single row")
    (tmp_path / "c.xlsx").write_bytes(b"PK\x03\x04 nothing")
    bring("members", tmp_path / "c.xlsx", fails="neither CSV nor XLSX")


ACTS = [
    {"kind": "joined", "actor": "u1", "actor_name": "Ada", "at": "2024-01-01T08:00:00Z"},
    {
        "kind": "提问",
        "id": "p1",
        "actor": "u1",
        "at": "2024-01-01T09:00:00Z",
        "space": "Lamps",
        "title": "Why does it flicker",
        "text": "It flickers.",
    },
    {
        "kind": "conversation.replied",
        "id": "p2",
        "actor": "u2",
        "actor_name": "Bo",
        "at": 1704103200,
        "topic": "p1",
        "text": "New bulb.",
        "mentions": ["u1"],
    },
    {"kind": "opened", "id": "p3", "actor": "u2", "at": "2024-01-02", "space": "Lamps", "title": "Show yours"},
    {"kind": "reacted", "actor": "u1", "at": "2024-01-01T11:00:00Z", "target": "p2", "sign": "heart"},
    {"kind": "helped", "actor": "u1", "at": "2024-01-01T11:00:00Z", "target": "p2"},
    {"kind": "accepted", "actor": "u1", "at": "2024-01-01T11:01:00Z", "target": "p2"},
    {"kind": "joined", "actor": "u3", "at": "2024-01-01T11:00:00Z", "space": "Lamps"},
    {"kind": "replied", "actor": "u3", "at": "2024-01-01T12:00:00Z", "topic": "p1"},
]
BAD = [
    {"kind": "helped", "actor": "u1", "at": "2024-01-01T11:00:00Z", "target": "p9"}, {"kind": "danced", "actor": "u3", "at": "2024-01-01"},
    {"kind": "joined", "at": "2024-01-01"}, {"kind": "asked", "actor": "u1", "at": "2024-01-01", "title": "Where?"},
    {"kind": "replied", "actor": "u1", "at": "2024-01-01", "text": "to what?"}, "not json",
]  # fmt: skip


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_acts_become_people_spaces_topics_help_and_lines_of_the_log(bring, tmp_path, form):
    path = tmp_path / f"acts.{form}"
    if form == "jsonl":
        lines(path, [*BAD, *reversed(ACTS)])  # any order will do
    else:
        head = sorted({key for one in ACTS for key in one})
        with path.open("w", newline="") as file:
            table = csv.DictWriter(file, head)
            table.writeheader()
            table.writerows({k: ";".join(v) if isinstance(v, list) else v for k, v in one.items()} for one in ACTS)
    dry = bring("activity", path, dry_run=True)
    row = bring("activity", path)
    assert (row.counts["imported"], row.counts["rejected"]) == (9, 6 if form == "jsonl" else 0)
    assert (dry.counts["imported"], dry.counts["reasons"]) == (row.counts["imported"], row.counts["reasons"])
    if form == "jsonl":
        assert row.counts["reasons"] == {"no_target": 1, "no_kind": 1, "no_actor": 1, "no_place": 2, "bad_json": 1}
    topic = Topic.objects.get(external_id="p1")
    answer = Post.objects.get(external_id="p2")
    assert (topic.title, topic.asks, topic.accepted_id, topic.helped_count, answer.thanks_count) == (
        "Why does it flicker",
        True,
        answer.pk,
        1,
        1,
    )
    assert (Topic.objects.get(external_id="p3").asks, Helped.objects.count(), Reaction.objects.get().sign) == (False, 1, "heart")
    assert Space.objects.get().members_count == 3
    log = dict(Activity.objects.filter(source="test").values_list("kind", "imported"))
    assert set(log) == {
        "members.joined", "spaces.made", "spaces.joined", "conversation.asked", "conversation.opened", "conversation.replied",
        "conversation.thanked", "conversation.helped", "conversation.accepted",
    }  # fmt: skip
    assert all(log.values())
    before = everything()
    again = bring("activity", path)
    assert (again.counts["imported"], again.counts["unchanged"]) == (0, 9)
    assert everything() == before


def test_a_table_without_a_head_is_no_file_of_acts(bring, tmp_path):
    (tmp_path / "a.csv").write_text("1,2,3\n")
    bring("activity", tmp_path / "a.csv", fails="name its columns")


def big_table(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write("id,name,email,phone,joined\n")
        for n in range(rows):
            out.write(f"{n},Person {n},p{n}@example.org,{13000000000 + n},2024-{n % 12 + 1:02}-{n % 28 + 1:02} 08:00\n")


@pytest.mark.once
def test_a_million_rows_in_bounded_memory(tmp_path, full):
    """A house of its own, by the command line. Reduced: 10 000 rows."""
    rows = 1_000_000 if full else 10_000
    big_table(tmp_path / "big.csv", rows)
    env = {"FIRESIDE_DATA": str(tmp_path / "house"), "PATH": "/usr/bin:/bin"}
    migrated.lay(env)
    counts, seconds, peak = watched(["import", "members", str(tmp_path / "big.csv"), "--json"], env)
    print(f"\n{rows} rows in {seconds:.0f} s, {rows / seconds:.0f} rows/s, peak {peak} MB")
    assert (counts["read"], counts["imported"], counts["rejected"]) == (rows, rows, 0)
    assert peak < 600


def test_a_monstrous_cell_or_a_bomb_costs_no_memory(bring, tmp_path):
    import zipfile

    with (tmp_path / "wide.csv").open("w") as out:
        out.write("name,email\nAda,a@example.org\n" + "x" * 9_000_000 + ",b@example.org\nBo,c@example.org\n")
    row = bring("members", tmp_path / "wide.csv")
    assert row.counts["imported"] >= 1
    assert row.counts["reasons"].get("too_long", 0) >= 1
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as box, box.open("xl/workbook.xml", "w") as file:
        for _ in range(300):
            file.write(bytes(1024 * 1024))
    bring("members", tmp_path / "bomb.xlsx", fails="absurd size")
