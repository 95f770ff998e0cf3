"""Who helped in a chat that has no questions is told by thanks: on lines written by hand, and by a log of thanks that a real community kept.

camperbot of freeCodeCamp wrote down who thanked whom ("sends brownie points to"). Its lines are left out of the figure and are what the
figure is measured by: of the 50 most thanked, how many are among the 50 best helpers? (Of the 50 who posted most 22 are, and of the 50
most called by name 32.) FULL=1 asks a house itself, after bringing in all of it; without it the rule is put to the source's own lines.
"""

import csv
import gzip
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from fireside.activity.log import Line, record_many
from fireside.connectors.rules.gitter import COLUMNS, called
from fireside.connectors.tests.conftest import house, watched  # noqa: F401  a fixture
from fireside.conversation import kinds as talk
from fireside.conversation.markup import gives_thanks
from fireside.insights.tests.test_metrics import member, said

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)
BEST = 50


@pytest.mark.once
def test_thanks_by_name_in_talk_that_asks_nothing_are_help(mirror, ask):
    actor = mirror("UTC", NOON)
    ann, bo, cy = (member(name) for name in ("Ann", "Bo", "Cy"))
    bot = member("Bot", is_bot=True)
    at = NOON - timedelta(days=3)
    source = {"source": "old"}

    def thank(n: int, who: int, whom: int, topic: int = 1) -> Line:
        return said(talk.THANKED_BY_NAME, at + timedelta(minutes=n), who, topic=topic, post=n, other=whom, imported=True, **source, external_id=f"thanks:{n}:{whom}")  # fmt: skip

    record_many(actor, [
        said(talk.OPENED, at, bo, topic=1, post=1, imported=True, **source, external_id="m1"), thank(2, ann, bo), thank(3, ann, bo), thank(4, cy, bo),
        thank(5, bo, bo), thank(6, ann, bot), thank(7, bot, ann),
        said(talk.ASKED, at, cy, topic=2, post=8, imported=True, **source, external_id="m8"), thank(9, cy, ann, topic=2),  # there its asker tells
    ])  # fmt: skip
    found = ask(actor, "helped")
    assert {key: found["headline"][key] for key in ("value", "confirmed", "inferred", "helpers", "helps")} == {
        "value": 2, "confirmed": 0, "inferred": 2, "helpers": 1, "helps": 3,
    }  # fmt: skip


def most_thanked(rows: list[dict[str, str]]) -> set[str]:
    """By camperbot's lines: nobody stands on the edge of the first fifty."""
    times = Counter(
        who.casefold()
        for row in rows if row["from_username"] == "camperbot"
        if (line := re.search(r"@?[\w-]+ sends brownie points to ((?:@[\w-]+(?:\s|,|and|&)*)+)", row["text"]))
        for who in re.findall(r"@([\w-]+)", line[1])
    )  # fmt: skip
    ranked = times.most_common(BEST + 1)
    assert ranked[BEST - 1][1] > ranked[BEST][1]
    return {who for who, _n in ranked[:BEST]}


def among(times: Counter[str], truth: set[str]) -> tuple[int, int]:
    """How many of them are among the best helpers, whichever of those on the edge are taken: at least, at most."""
    edge = sorted(times.values(), reverse=True)[BEST - 1]
    sure, on_edge = ({who for who, n in times.items() if test(n)} for test in (lambda n: n > edge, lambda n: n == edge))
    places = BEST - len(sure)
    return len(sure & truth) + max(0, places - len(on_edge - truth)), len(sure & truth) + min(places, len(on_edge & truth))


@pytest.mark.real_data
@pytest.mark.once
def test_of_the_most_thanked_of_a_real_chat_more_are_found_than_by_whom_everybody_calls(real_data, full, request):
    (file,) = real_data("freecodecamp-gitter").glob("*.tsv.gz")
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        rows = [dict(zip(COLUMNS, row, strict=False)) for row in csv.reader(text, delimiter="\t") if row[0] != "room_id"]
    truth, own = most_thanked(rows), [row for row in rows if row["from_username"] not in ("camperbot", "")]
    people = {row["from_username"].casefold(): row["from_userid"] for row in own}
    calls = [
        (row["from_username"].casefold(), list(dict.fromkeys(name.casefold() for _id, name in called(row["text"]))), row["text"])
        for row in own if "@" in row["text"]
    ]  # fmt: skip
    named = Counter(name for who, names, _text in calls for name in names if name in people and name != who)
    times = Counter(name for who, names, text in calls if gives_thanks(text) for name in names if name in people and name != who)
    assert among(named, truth)[1] <= 32
    least, most = among(times, truth)
    print(f"\nof the 50 most thanked, among the 50 best helpers: {least} to {most} (on the edge several have as many)")
    assert least > 31
    if full:
        from_the_house(file, truth, request.getfixturevalue("house"))


def from_the_house(file, truth, env):
    """The same by a house of its own: brought in by its command, asked for its helpers."""
    counts, seconds, peak = watched(["import", "gitter", str(file), "--json"], env)
    print(f"brought in: {counts['imported']} of {counts['read']} in {seconds:.0f} s, peak {peak} MB")
    asked = ["metrics", "helped", "--json", "--behind", "helpers", "--since", "2014-01-01", "--until", "2016-12-31", "--size", "100"]
    page, seconds, peak = watched(asked, env)
    least, most = among(Counter({one["name"].casefold(): one["value"] for one in page["items"]}), truth)
    print(f"by the house: {least} to {most}; asked in {seconds:.0f} s, peak {peak} MB")
    assert least > 31
