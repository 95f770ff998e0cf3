"""Archives of mailing lists come in: threads, odd encodings, dates that lie, and nobody's address shown."""

import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fireside.activity.models import Activity, Letter
from fireside.connectors.first_look import glance
from fireside.connectors.readers.chats import CHATS
from fireside.connectors.rules.mail import Mail, in_html, subject_of, without_addresses
from fireside.connectors.rules.records import Unusable
from fireside.connectors.tests.test_doors import file, work
from fireside.connectors.tests.test_zulip import everything
from fireside.conversation.models import Post, Topic
from fireside.members.models import Identity, Member
from fireside.spaces.models import Belonging, Space

pytestmark = pytest.mark.django_db

ADA, BO = "Ada Lovelace <ada@example.org>", '"Bo" <bo.berg@example.com>'


def letter(
    n: int, who: str = ADA, subject: str = "Loose wire", body: str | bytes = "", *, minute: int | None = None, head: str = "", **more: str
) -> bytes:
    at = f"{n if minute is None else minute:02}"
    fields = {"From": who, "Subject": subject, "Date": f"Fri, 05 Jan 2024 09:{at}:00 +0100", "Message-ID": f"<m{n}@example.org>", "List-Id": "Lamps <lamps.example.org>"} | {
        name.replace("_", "-"): words for name, words in more.items()}  # fmt: skip
    said = body if isinstance(body, bytes) else (body or f"words {n}\n").encode()
    lines = [f"{name}: {words}" for name, words in fields.items() if words]
    return (
        f"From x@example.org Fri Jan  5 08:{at}:30 2024\n".encode() + "\n".join(lines).encode() + head.encode() + b"\n\n" + said + b"\n\n"
    )


def mbox(path: Path, letters: list[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = b"".join(letters)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


THREAD = [
    letter(1, body="Why does it flicker?\n\nFrom here on it is dark.\n>From the cellar: nothing.\n-- \nAda\nada@example.org\n"),
    letter(2, BO, "Re: [lamps] Loose wire", "On Friday Ada <ada@example.org> wrote:\n> Why does it\n> > flicker?\n\nA screw.\n" + "_" * 47 + "\nlamps mailing list\nlamps@example.org\n",
           In_Reply_To="<m1@example.org>", References="<m1@example.org>"),
    letter(3, ADA, "AW: Loose wire", In_Reply_To="<m2@example.org>"),
    letter(4, BO, "RE: loose  WIRE", References=""),
    letter(5, ADA, "Benches"),
]  # fmt: skip


def threads() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for topic, post in Post.objects.order_by("at", "id").values_list("topic__title", "external_id"):
        found.setdefault(topic, []).append(post.partition("@")[0])
    return found


def test_letters_are_threads_and_keep_author_time_and_words(bring, tmp_path):
    done = bring("mbox", mbox(tmp_path / "lamps-2024-01.mbox.gz", THREAD))
    assert (done.counts["read"], done.counts["imported"], done.counts["rejected"]) == (5, 5, 0)
    assert threads() == {"Loose wire": ["m1", "m2", "m3", "m4"], "Benches": ["m5"]}
    posts = {one.external_id: one for one in Post.objects.select_related("author", "reply_to")}
    first, second = posts["m1@example.org"], posts["m2@example.org"]
    assert (first.at, first.author.name, second.author.name) == (datetime(2024, 1, 5, 8, 1, tzinfo=UTC), "Ada Lovelace", "Bo")
    assert (
        first.source_text
        == "<p>Why does it flicker?</p><p>From here on it is dark.<br>From the cellar: nothing.</p><p>-- <br>Ada<br>a…@…</p>"
    )
    assert (
        second.source_text
        == "<p>On Friday Ada &lt;a…@…&gt; wrote:</p><blockquote><p>Why does it</p><blockquote><p>flicker?</p></blockquote></blockquote><p>A screw.</p>"
    )
    assert posts["m3@example.org"].reply_to == second
    assert Space.objects.filter(name="lamps.example.org", openness="open").exists()
    assert not Letter.objects.exists()
    assert not Activity.objects.filter(imported=False).exclude(kind="connectors.brought_in").exists()


def test_an_address_is_for_claiming_and_never_shown(bring, tmp_path):
    bring(
        "mbox",
        mbox(
            tmp_path / "a.mbox",
            [
                *THREAD,
                letter(6, "cy.dee99@example.net"),
                letter(7, "eve at example.org (Eve)"),
                letter(8, '"fay@example.org" <fay@example.org>'),
            ],
        ),
    )
    assert set(Member.objects.exclude(imported_from="").exclude(imported_from=None).values_list("name", flat=True)) == {
        "Ada Lovelace",
        "Bo",
        "cy",
        "Eve",
        "fay",
    }
    assert Identity.objects.get(name="cy").email == "cy.dee99@example.net"
    assert not any("@example" in one for one in Identity.objects.values_list("external_id", flat=True))
    assert not any("ada@example" in text for text in Post.objects.values_list("source_text", flat=True))
    assert without_addresses("git@github.com:x ask ada@example.org, https://a@b.org/x") == "git@github.com:x ask a…@…, https://a@b.org/x"


def test_letters_that_no_list_sent_are_hidden_from_all_but_those_who_wrote_them(bring, tmp_path):
    done = bring("mbox", mbox(tmp_path / "inbox.mbox", [THREAD[0], letter(2, BO, List_Id="")]))
    space = Space.objects.get(external_id="list")
    assert (space.openness, done.counts["unsure_spaces"]) == ("hidden", 1)
    assert set(Belonging.objects.filter(space=space).values_list("member__name", flat=True)) == {"Ada Lovelace", "Bo"}


def test_twice_copies_and_months_in_any_order_are_one_history(bring, tmp_path):
    early, late = mbox(tmp_path / "1.mbox", THREAD[:2]), mbox(tmp_path / "2.mbox", THREAD[2:3])
    bring("mbox", late)
    bring("mbox", early)
    bring("mbox", early, source="other")
    bring("mbox", late, source="other")
    grouped = lambda source: {  # noqa: E731
        frozenset(Post.objects.filter(topic=topic).values_list("external_id", flat=True)) for topic in Topic.objects.filter(source=source)
    }
    assert grouped("other") == {frozenset({"m1@example.org", "m2@example.org", "m3@example.org"})}
    whole = mbox(tmp_path / "whole.mbox", [*THREAD, THREAD[0]])
    bring("mbox", whole, source="third")
    before = everything()
    done = bring("mbox", whole, source="third")
    assert (done.counts["imported"], done.counts["unchanged"]) == (0, 6)
    assert everything() == before


def test_words_in_odd_encodings_and_forms(bring, tmp_path):
    odd = [
        letter(1, "=?GB2312?B?wO7A1w==?= <li@example.org>", "=?gb2312?Q?=B5=C6?=", "5rWL6K+V", Content_Type="text/plain; charset=utf-8", Content_Transfer_Encoding="base64"),
        letter(2, body="caf\u00e9 =E2=82=AC =\nend", Content_Type="text/plain; charset=utf-8", Content_Transfer_Encoding="quoted-printable"),
        letter(3, body="gr\u00fc\u00dfe".encode("latin-1"), Content_Type="text/plain; charset=nonsense"),
        letter(4, body="<html><head><title>t</title><style>p{}</style></head><body><p onclick='x'>only <b>html</b><script>y</script></p></body></html>", Content_Type="text/html; charset=utf-8"),
        letter(5, body="one line that \na program broke\n", Content_Type="text/plain; format=flowed"),
        letter(6, body="--B\nContent-Type: text/plain\n\nsee the picture\n--B\nContent-Type: text/html\n\n<p>see</p>\n--B\nContent-Type: image/png; name=\"a lamp.png\"\nContent-Transfer-Encoding: base64\n\nAAAA\n--B--\n",
               Content_Type='multipart/mixed; boundary="B"'),
    ]  # fmt: skip
    done = bring("mbox", mbox(tmp_path / "odd.mbox", odd))
    said = {one.external_id[:2]: one.source_text for one in Post.objects.all()}
    assert said["m1"] == "<p>测试</p>" and Topic.objects.get(external_id="m1@example.org").title == "灯"
    assert Member.objects.filter(name="李雷").exists()
    assert said["m2"] == "<p>café € end</p>" and said["m3"] == "<p>grüße</p>"
    assert "<b>html</b>" in said["m4"] and "script" not in said["m4"] and "onclick" not in said["m4"] and ">t<" not in said["m4"]
    assert said["m5"] == "<p>one line that a program broke</p>"
    assert said["m6"] == "<p>see the picture</p><p>📎 a lamp.png</p>" and done.counts["files_left"] == 1


def test_a_date_that_lies_gives_way_to_the_servers_and_a_letter_without_any_is_left_out(bring, tmp_path):
    server = "\nReceived: by mx.example.org; Fri, 05 Jan 2024 10:00:00 +0000"
    letters = [
        letter(1, Date="Thu, 01 Jan 1970 00:00:00 +0000", head=server), letter(2, Date="Fri, 05 Jan 2018 09:00:00 +0000", head=server),
        letter(3, Date="yesterday"), letter(4, Date="Fri, 05 Jan 2024 08:00:00 +0000", head=server),
        letter(5, Date="").replace(b"From x@example.org Fri Jan  5 08:05:30 2024", b"From - Fri Jan  5 08:05:30 2024"),
    ]  # fmt: skip
    done = bring("mbox", mbox(tmp_path / "a.mbox", letters))
    assert {one.external_id[:2]: f"{one.at:%Y-%m-%d %H:%M}" for one in Post.objects.all()} == {
        "m1": "2024-01-05 10:00", "m2": "2024-01-05 10:00", "m3": "2024-01-05 08:03", "m4": "2024-01-05 08:00",
    }  # fmt: skip
    assert done.counts["reasons"] == {"no_time": 1}
    line = json.loads(Path(done.counts["rejected_file"]).read_text())
    assert line["place"].startswith("a.mbox:") and "ada@" not in line["record"] and "Loose wire" in line["record"]


def test_by_page_and_on_the_command_line(sign_in, world, bring, tmp_path):
    dan, path = sign_in("dan"), mbox(tmp_path / "2024-January.txt.gz", THREAD)
    here = dan.post("/cockpit/import", {"importer": "mbox", "file": file(path.name, path.read_bytes())})["Location"]
    page = dan.get(here).content.decode()
    assert "The archive of a mailing list (mbox)." in page and "Ada Lovelace" in page
    dan.post(here, {"source": ""})
    done = work(world)
    assert (done.error, done.counts["imported"], done.counts["source"]) == ("", 5, "mbox:lamps.example.org")
    call_command("import", "mbox", str(path), "--json", stdout=(told := io.StringIO()))
    assert json.loads(told.getvalue().splitlines()[-1])["unchanged"] == 5
    (tmp_path / "x.mbox").write_text("no letter\n")
    bring("mbox", tmp_path / "x.mbox", fails="This is no mbox")
    assert bring("mbox", path, source="dry", dry_run=True).counts["imported"] == 5
    assert not Identity.objects.filter(source="dry").exists()


PIECES = [b"From x@example.org Fri Jan  5 08:01:30 2024\n", b"\n", b"From: =?utf-8?b?\xff?= <a@b.c>\n", b"Message-ID: <1@x>\n", b"References: <1@x> <2@x>\n", b"Date: Fri, 05 Jan 2024 09:00:00 +0100\n",
          b"Content-Type: multipart/mixed; boundary=B\n", b"Content-Type: text/plain; charset*=x'y'z\n", b"Content-Transfer-Encoding: base64\n", b"--B\n", b"--B--\n", b"> > x\n", b"\xff\xfe\x00", b"words\n"]  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=30)), max_size=14))
def test_any_bytes_are_letters_or_reasons(tmp_path, pieces):
    path = tmp_path / "a.mbox"
    path.write_bytes(THREAD[0] + PIECES[0] + PIECES[2] + b"".join(pieces))
    archive, now = CHATS["mbox"].open(path), datetime(2024, 2, 1, tzinfo=UTC)
    seen = []
    for _twice in range(2):
        seen.append([])
        for found in archive.messages():
            assert (found.value is None) == bool(found.reason)
            try:
                seen[-1].append(archive.read(found.value, now).id if not found.reason else found.reason)
            except Unusable as wrong:
                seen[-1].append(wrong.reason)
    assert seen[0] == seen[1] and seen[0][0] == "m1@example.org"
    known, why = glance("mbox", path, now=now)
    assert (known is None) == bool(why)


def test_subjects_and_quotes():
    def about(words):
        letter = Mail()
        letter["Subject"] = words
        return subject_of(letter)

    assert about("[lamps] Re: AW: [x] 回复：灯") == ("灯", True)
    assert about("Regarding lamps") == ("Regarding lamps", False)
    assert (
        in_html("  indented\nsee https://example.org/a?b=1.\n")
        == '<p>\u00a0\u00a0indented<br>see <a href="https://example.org/a?b=1">https://example.org/a?b=1</a>.</p>'
    )
