"""A quote that is opened and not closed costs its own line and no other."""

import csv
import gzip
import json
import resource
from pathlib import Path

import pytest

from fireside.connectors.readers.csv_rows import LINE_LIMIT
from fireside.connectors.readers.tables import open_table
from fireside.connectors.reasons import explained
from fireside.conversation.models import Post
from fireside.members.models import Identity

pytestmark = pytest.mark.django_db

OPEN = 'id,name,email\n1,"Anna,an@example.com\n2,Bo,bo@example.com\n3,Cy,cy@example.com\n4,Di,di@example.com\n'


def left(row) -> list[tuple[str, str]]:
    found = map(json.loads, Path(row.counts["rejected_file"]).read_text().splitlines())
    return [(one["place"].rpartition(":")[2], one["reason"]) for one in found]


def test_an_open_quote_costs_its_own_line_and_no_other(bring, tmp_path):
    (tmp_path / "a.csv").write_text(OPEN)
    row = bring("members", tmp_path / "a.csv")
    assert (row.counts["read"], row.counts["imported"], row.counts["reasons"]) == (4, 3, {"open_quote": 1})
    assert left(row) == [("2", "open_quote")]
    assert dict(Identity.objects.values_list("external_id", "name")) == {"2": "Bo", "3": "Cy", "4": "Di"}
    mend = list(csv.reader(Path(row.counts["rejected_file"]).with_suffix(".csv").read_text("utf-8-sig").splitlines()))
    assert mend[1][:4] == ["1", "Anna", "an@example.com", "a.csv:2"]
    assert "not closed" in mend[1][-1] and "not closed" in explained("open_quote")
    again = bring("members", tmp_path / "a.csv")
    assert (again.counts["imported"], again.counts["unchanged"], again.counts["rejected"]) == (0, 3, 1)


@pytest.mark.parametrize(
    ("rows", "bad", "good"),
    [
        ('1,"Anna,a@e.org\n2,"Bo",b@e.org\n3,Cy,c@e.org\n', ["2"], 2),  # another cell's quote closes it
        ('1,Anna,"a@e.org\n2,Bo,"b@e.org\n3,Cy,c@e.org\n', ["2", "3"], 1),
        ('1,"Anna","a@e.org\n' * 1 + '2,"Bo","b@e.org\n3,"Cy","c@e.org\n', ["2", "3", "4"], 0),
        ('1,"An\nna",a@e.org\n2,Bo,b@e.org\n', ["2"], 2),  # a name is one line: what stands behind it is read on its own
        ('1,"Anna\n",a@e.org\n2,Bo,b@e.org\n', [], 2),  # a line end after the name does no harm
        ('1,Anna,a@e.org\n2,Bo,"b@e.org', ["3"], 1),  # in the last line
    ],
)
def test_which_line_is_left_out(bring, tmp_path, rows, bad, good):
    (tmp_path / "a.csv").write_text("id,name,email\n" + rows)
    row = bring("members", tmp_path / "a.csv")
    assert [number for number, reason in (left(row) if bad else []) if reason == "open_quote"] == bad
    assert row.counts["imported"] == good


def test_cells_of_several_lines_stay_whole(bring, tmp_path):
    words = 'Likes lamps,\nand "warm" ones:\n\n1, 2, 3'
    with (tmp_path / "a.csv").open("w", newline="") as out:
        table = csv.writer(out)
        table.writerows([["id", "name", "about", "E-mail\naddress"], [1, "Anna", words, "a@e.org"], [2, "Bo", words, "b@e.org"]])
    row = bring("members", tmp_path / "a.csv")
    assert (row.counts["read"], row.counts["imported"], row.counts["rejected"]) == (2, 2, 0)
    assert {one.data["about"] for one in Identity.objects.all()} == {" ".join(words.split())}


def test_words_of_acts_too(bring, tmp_path):
    head = "kind,id,at,actor,topic,title,text,space\n"
    row = "replied,p{n},2024-01-02T10:0{n}:00Z,u{n},p0,,{text},Lamps\n"
    whole = head + "asked,p0,2024-01-01T10:00:00Z,u0,,Why,It flickers,Lamps\n"
    whole += row.format(n=1, text='"two\nlines, ""so"" it is"') + row.format(n=2, text='"never closed')
    whole += "".join(row.format(n=n, text=f"words {n}") for n in range(3, 9))
    (tmp_path / "a.csv").write_text(whole)
    dry = bring("activity", tmp_path / "a.csv", dry_run=True)
    done = bring("activity", tmp_path / "a.csv")
    for one in (dry, done):
        assert (one.counts["read"], one.counts["imported"], one.counts["reasons"]) == (9, 8, {"open_quote": 1})
    assert left(done) == [("5", "open_quote")]
    assert Post.objects.get(external_id="p1").source_text == 'two\nlines, "so" it is'
    assert Post.objects.filter(source_text__startswith="words").count() == 6


def test_a_broken_head_or_packing_loses_nothing_after_it(bring, tmp_path):
    (tmp_path / "head.csv").write_text(OPEN.replace("id,name,email", 'id,"name,email').replace('"Anna', "Anna"))
    row = bring("members", tmp_path / "head.csv")
    assert (row.counts["read"], row.counts["imported"], row.counts["reasons"]) == (5, 4, {"open_quote": 1})
    packed = gzip.compress((OPEN + "".join(f"{n},P{n},p{n}@e.org\n" for n in range(10, 4000))).encode())
    (tmp_path / "cut.csv.gz").write_bytes(packed[: len(packed) // 2])
    row = bring("members", tmp_path / "cut.csv.gz", source="cut")
    assert row.counts["reasons"] == {"open_quote": 1, "cut_off": 1}
    assert row.counts["imported"] > 100


@pytest.mark.once
def test_much_of_it_in_little_memory_and_time(tmp_path):
    rows = 20_000
    path = tmp_path / "a.csv"
    path.write_text("id,name,email\n" + "".join(f'{n},"P{n}","p{n}@e.org\n' for n in range(rows)))  # every line is broken
    reasons = [found.reason for found in open_table(path).rows()]
    assert reasons.count("open_quote") == rows
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path.write_text('id,name,about\n1,Anna,"' + "lamps and more lamps\n" * (3 * LINE_LIMIT // 20) + "2,Bo,x\n")  # 12 MB behind one quote
    found = [one for one in open_table(path).rows() if one.reason or one.value[0] == "2"]
    assert [(one.place, one.reason) for one in found] == [("a.csv:2", "open_quote"), (f"a.csv:{3 * LINE_LIMIT // 20 + 2}", "")]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_a_monstrous_cell_counts_once(bring, tmp_path):
    for size, quote in ((5_000_000, ""), (5_000_000, '"'), (2_000_000, '"'), (9_000_000, "")):
        path = tmp_path / f"{size}{len(quote)}.csv"
        path.write_text(f"id,name,email\n1,Ada,a@e.org\n2,{quote}{'x' * size}{quote},b@e.org\n3,Cy,c@e.org\n")
        row = bring("members", path, source=f"s{size}{len(quote)}")
        assert (row.counts["read"], row.counts["imported"], row.counts["reasons"]) == (3, 2, {"too_long": 1})
        assert left(row) == [("3", "too_long")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "words", ["id,name,email\n1,Ada,a@e.org\n", "编号,姓名,简介\n一,李雷," + "喜欢灯和围炉，也喜欢安静的晚上。" * 60 + "\n"]
)
def test_utf_16_with_and_without_its_mark(bring, tmp_path, encoding, words):
    (tmp_path / "a.csv").write_bytes(words.encode(encoding))
    row = bring("members", tmp_path / "a.csv")
    assert (row.counts["imported"], row.counts["rejected"]) == (1, 0)
    assert Identity.objects.get().name in {"Ada", "李雷"}
