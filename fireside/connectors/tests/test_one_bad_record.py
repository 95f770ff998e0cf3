"""No record, however odd, stops the rest: each comes in, or is left out by its place."""

import csv
import json
from pathlib import Path

import pytest

from fireside.connectors.tests.conftest import START, lines, message
from fireside.connectors.tests.test_zulip_export import EXPORT
from fireside.conversation.models import Post, Reaction, Topic
from fireside.members.models import Identity
from fireside.spaces.models import Space

pytestmark = pytest.mark.django_db

LONG, NESTED, DEEP = "n" * 400, [[[["x"]]]], "[" * 5000 + "]" * 5000
HUGE, HALF, NUL = int("9" * 4000), "half \ud800 sign", "a\0b"
MANY = "".join(f'<span class="user-mention" data-user-id="{n}">@P {n}</span>' for n in range(3_000))
WORDS = [LONG, "长" * 400, HALF, NUL, "", "   ", "\u202e\u200b", "🔥" * 400, "../../x", ".00.00", ".20" * 90, ".C3"]
VALUES = [None, True, -5, 0, HUGE, 2**63, 1e308, 1.5, NESTED, {"a": 1}, *WORDS]


def fields(record: dict, **more: list) -> list[dict]:
    """The record once for each field and odd value, and once without the field."""
    made = [{k: v for k, v in record.items() if k != name} for name in record]
    return made + [record | {name: value} for name in record for value in [*VALUES, *more.get(name, [])]]


def of_lines(number: int) -> dict:
    return message(number, stream="7-lamps", topic="wire") | {"sender_id": 10, "subject": "wire"}


def test_lines_of_zulip(bring, tmp_path):
    odd = fields(of_lines(1), content=[MANY, "<div>" * 500_000, "<br>" * 5000, f'<p>@<a href="/near/{"9" * 5000}"', "&#xD800;&#0;"], id=["9" * 5000, "12"],
                 timestamp=[4e18, 10**30, "soon"], stream=["9" * 300 + "-x", "7-" + LONG, "7-" + HALF, "-", "7-", LONG + "1", LONG + "2"])  # fmt: skip
    by_name = fields({k: v for k, v in of_lines(1).items() if k != "sender_id"})
    odd += by_name
    for n, one in enumerate(odd, 1000):
        if one.get("id") == 1:
            one["id"] = n
    path = lines(
        tmp_path / "talk.jsonl", [of_lines(1), *odd, DEEP, '{"id":' * 3000, "null", "[]", "7", '"x"', '{"id": 1e999}', of_lines(2)]
    )
    row = bring("zulip", path)
    assert row.counts["read"] == len(odd) + 9
    assert row.counts["imported"] > 100 and row.counts["rejected"] > 100
    assert {"1", "2"} <= set(Post.objects.values_list("external_id", flat=True))
    long = Identity.objects.filter(external_id__startswith="name:nnn").get()
    assert len(long.external_id) <= 190 and long.name.startswith("nnn")
    assert Space.objects.filter(external_id__startswith="name:nnn").count() == 3  # LONG, LONG1, LONG2: each is one of its own
    again = bring("zulip", path)
    assert (again.counts["imported"], again.counts["rejected"]) == (0, row.counts["rejected"])


def test_an_export_of_zulip(bring, tmp_path):
    realm = json.loads(json.dumps(EXPORT["realm.json"]))
    for table, rows in realm.items():
        odd = fields(rows[0], path=[]) if table != "zerver_realm" else []
        for n, one in enumerate(odd, 10_000):
            if one.get("id") == rows[0].get("id"):
                one["id"] = n
        realm[table] = [*rows, *odd, None, 7, "x", []]
    realm["zerver_service"] = 7
    (tmp_path / "realm.json").write_text(json.dumps(realm))
    said = {
        "id": 1,
        "sender": 10,
        "recipient": 70,
        "subject": "wire",
        "content": "words",
        "rendered_content": "<p>words</p>",
        "date_sent": START,
    }
    odd = [one | {"id": n} if one.get("id") == 1 else one for n, one in enumerate(fields(said), 1000)]
    part = {"zerver_message": [said, *odd, None, 7, [], said | {"id": 2}], "zerver_usermessage": [None, {"message": NESTED}]}
    (tmp_path / "messages-000001.json").write_text(json.dumps(part))
    row = bring("zulip", tmp_path)
    assert row.counts["read"] == len(odd) + 5
    assert {"1", "2"} <= set(Post.objects.values_list("external_id", flat=True))
    assert Reaction.objects.count() == 0 or row.counts["reactions"]


def test_a_folder_of_zulip(bring, tmp_path):
    room = tmp_path / "zulip_json"
    for name in ("7-lamps", "7" * 100 + "-x", "s" * 200, ".00"):
        (room / name).mkdir(parents=True)
        for topic in ("wire", "t" * 200, ".00", ".20", "长" * 80):
            odd = fields(of_lines(1))
            (room / name / f"{topic}.json").write_text(json.dumps([of_lines(1), *odd, None, 7, "x" + HALF, of_lines(2)]))
    (room / "7-lamps" / "deep.json").write_text(DEEP)
    (room / "stream_index.json").write_text(json.dumps({"streams": {HALF: {"id": 7}, "other": {"id": LONG}}}))
    row = bring("zulip", room)
    assert row.counts["imported"] >= 2
    assert Space.objects.get(external_id="7").name.startswith("half")


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_acts(bring, tmp_path, form):
    base = {
        "kind": "replied", "id": "r", "at": "2024-01-01T10:00:00Z", "actor": "u1", "actor_name": "Ada", "actor_email": "a@e.org",
        "bot": "", "space": "Lamps", "topic": "t", "title": "Why", "text": "words", "format": "md", "reply_to": "q", "mentions": ["u1"],
    }  # fmt: skip
    sign = {"kind": "reacted", "id": "s", "at": "2024-01-01T10:00:00Z", "actor": "u1", "target": "last", "sign": "heart"}
    more = {"mentions": [[f"u{n}" for n in range(3_000)]], "text": ["<div>" * 50_000, "*" * 50_000, ">" * 5000], "at": ["2024-01-01T10:00:00+99:99", "Mon, 99 Foo 2024", 10**30, "1" * 60]}  # fmt: skip
    odd = [base | {"format": "html", "text": text} for text in ("<b>" * 50_000, "<div></i>" * 400_000, "<p>" * 5000)]
    odd += [*fields(base, **more), *fields(base | {"kind": "asked"}, **more), *fields(sign), *fields(sign | {"kind": "accepted"})]
    odd += [*fields(sign | {"kind": "helped"}), *fields({k: base[k] for k in ("kind", "id", "at", "actor")} | {"kind": "joined"})]
    whole = [{**one, "id": f"{n}"} if one.get("id") in ("r", "s") else one for n, one in enumerate(odd)]
    whole += [base | {"kind": "opened", "id": "last", "topic": "last"}]
    path = tmp_path / f"acts.{form}"
    if form == "jsonl":
        lines(path, [*whole, DEEP, "null", "[]"])
    else:
        head = [*base, "target", "sign"]
        with path.open("w", newline="", encoding="utf-8", errors="replace") as out:
            table = csv.writer(out)
            table.writerow(head)
            table.writerows(
                [cell if isinstance(cell, str) else "" if cell is None else str(cell)[:9000] for cell in map(one.get, head)]
                for one in whole
            )
    row = bring("activity", path)
    assert row.counts["read"] == len(whole) + (3 if form == "jsonl" else 0)
    assert Topic.objects.filter(external_id="last").exists()
    assert row.counts["imported"] > 100
    assert bring("activity", path).counts["imported"] == 0


def test_people(bring, tmp_path):
    base = dict.fromkeys(("id", "name", "email", "phone", "joined", "language", "about", "bot"), "")
    base |= {"id": "7", "name": "Ada", "email": "a@e.org", "phone": "13800138000", "joined": "2024-01-01", "language": "en"}
    more = {"joined": ["2024-01-01T10:00:00+99:99", "1e400", "9" * 300], "email": [f"{'a' * 240}@e.org", "İ" * 125 + "@e.org"]}
    odd = fields(base, **more) + fields(base | {"id": ""}, **more) + fields(base | {"id": "", "email": "", "phone": ""}, **more)
    path = tmp_path / "people.csv"
    with path.open("w", newline="", encoding="utf-8", errors="replace") as out:
        table = csv.writer(out)
        table.writerow(base)
        for n, one in enumerate(odd):
            one = {**one, "id": f"{n}"} if one.get("id") == "7" else one
            one = {**one, "email": f"a{n}@e.org"} if one.get("email") == "a@e.org" else one
            table.writerow([str(one.get(key) if one.get(key) is not None else "")[:9000] for key in base])
        table.writerow(["last", "Last", "", "", "", "", "", ""])
    row = bring("members", path)
    assert row.counts["read"] >= len(odd)
    assert Identity.objects.filter(external_id="last").exists()
    assert row.counts["imported"] > 50
    assert Path(row.counts["rejected_file"]).with_suffix(".csv").is_file()


def test_a_name_of_200_signs_comes_in_and_two_of_them_stay_two(bring, tmp_path):
    talk = [message(1, sender="n" * 200), message(2, sender="n" * 200 + "x"), message(3)]
    row = bring("zulip", lines(tmp_path / "talk.jsonl", talk))
    assert (row.counts["imported"], row.counts["people"]) == (3, 3)
    assert sorted(len(one.external_id) for one in Identity.objects.all()) == [16, 180, 180]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("what", ["zulip", "activity"])
def test_json_lines_in_utf_16(bring, tmp_path, encoding, what):
    act = {"kind": "joined", "actor": "u1", "actor_name": "李雷", "at": "2024-01-01T08:00:00Z"}
    records = [message(n, sender="李雷") for n in range(1, 5)] if what == "zulip" else [act]
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    for bom in {mark, ""}:
        path = tmp_path / f"talk{len(bom)}.jsonl"
        path.write_bytes((bom + "".join(json.dumps(one, ensure_ascii=False) + "\r\n" for one in records)).encode(encoding))
        row = bring(what, path, source=f"s{len(bom)}")
        assert (row.counts["imported"], row.counts["rejected"]) == (len(records), 0)
    assert Identity.objects.filter(name="李雷").exists()
    path.write_bytes(path.read_bytes() + b"x")  # cut in the middle of a sign
    assert bring(what, path, source="cut").counts["reasons"] == {"cut_off": 1}
