"""Every metric against a second computation in plain Python over the source files of two real archives."""

from datetime import date, timedelta

import pytest

from fireside.insights.tests import archive, plain
from fireside.insights.tests.conftest import ASK_AT

pytestmark = [pytest.mark.real_data, pytest.mark.django_db, pytest.mark.once]
ZONE = "America/Denver"  # summer time, and west of UTC: many messages fall on another day there
SLICE = 20_000  # of the large archive, without FULL=1
near = pytest.approx


@pytest.fixture(scope="module")
def loaded(real_data, whole):
    """name -> messages, read once."""
    limits = {"ncar-zulip": 0, "bytecodealliance-zulip": 0 if whole else SLICE}
    read: dict[str, list[archive.Said]] = {}

    def load(name):
        if name not in read:
            read[name] = archive.read(real_data(name), limits[name])
        return read[name]

    return load


@pytest.fixture(params=["ncar-zulip", "bytecodealliance-zulip"])
def both(request, loaded, mirror):
    """(actor, plain, ids given, the last whole day to look at)."""
    messages = loaded(request.param)
    now = max(ASK_AT, archive.moment(messages[-1].at) + timedelta(days=3))
    actor = mirror(ZONE, now)
    return actor, plain.Plain(messages, ZONE), archive.feed(messages), messages


def span_of(messages):
    """A year and a bit that is busy in the archive: first and last day."""
    middle = archive.moment(messages[len(messages) // 2].at).date()
    return middle - timedelta(days=200), min(middle + timedelta(days=200), archive.moment(messages[-1].at).date())


def days(row):
    return date.fromisoformat(row["start"]), date.fromisoformat(row["end"])


def test_every_metric_says_what_a_plain_count_says(both, ask):
    """One feed, every metric: the archive goes in once, because that is the slow part."""
    actor, p, fed, messages = both
    low, high = span_of(messages)
    said = {"since": low.isoformat(), "until": high.isoformat()}
    members(ask, actor, p, said)
    active(ask, actor, p, said)
    for mode in ("exact", "on_or_after", "unbroken", "bracket"):
        retention(ask, actor, p, said, mode)
    first_reply(ask, actor, p, said, low, high)
    helped(ask, actor, p, said, low, high)
    heat(ask, actor, p, said, high, fed)
    cores_and_talk(ask, actor, p, said)
    concentrations(ask, actor, p, said, low, high)


def members(ask, actor, p, said):
    for by in ("week", "month"):
        answer = ask(actor, "members", by=by, **said)
        assert len(answer["rows"]) > 8
        for row in answer["rows"]:
            if not row["partial"]:
                assert {k: row[k] for k in ("new", "active", "returning", "resurrected", "dormant")} == p.members(days(row)[0], by), row[
                    "start"
                ]
    low, high = date.fromisoformat(said["since"]), date.fromisoformat(said["until"])
    assert answer["headline"]["members"] == sum(day <= high for day in p.came.values())
    assert answer["headline"]["new"] == sum(low <= day <= high for day in p.came.values())
    assert answer["headline"]["active"] == len(p.here(days(answer["rows"][0])[0], high))


def active(ask, actor, p, said):
    answer = ask(actor, "active", by="day", **said)
    for row in answer["rows"][::7]:
        dau, wau, mau, sticky = p.active(days(row)[0])
        assert (row["dau"], row["wau"], row["mau"]) == (dau, wau, mau), row["start"]
        assert row["stickiness"] == (None if sticky is None else near(sticky))
    for row in ask(actor, "active", by="month", **said)["rows"]:
        if not row["partial"]:
            assert row["people"] == len(p.here(*days(row)))


def retention(ask, actor, p, said, mode):
    until = date.fromisoformat(said["until"])
    answer = ask(actor, "retention", by="month", mode=mode, offsets="6", **said)
    last_over = plain.interval(until, "month")
    if plain.following(last_over, "month") - timedelta(days=1) > until:
        last_over = plain.following(last_over, "month", -1)
    totals = {}
    for row in answer["rows"]:
        start = days(row)[0]
        if start < date.fromisoformat(said["since"]):
            start = plain.interval(date.fromisoformat(said["since"]), "month")
        cells = {c["k"]: c for c in row["cells"]}
        for k in [4] if mode == "bracket" else range(1, 7):
            found = p.stayed(start, "month", k, mode, last_over)
            assert (found is None) == (k not in cells), (mode, row["start"], k)
            if found is None:
                continue
            hits, n = found
            assert cells[k]["n"] == n == row["n"]
            assert cells[k]["hidden"] == (n < 20)
            if n >= 20:
                assert cells[k]["people"] == hits, (mode, row["start"], k)
                assert (cells[k]["low"], cells[k]["high"]) == near(plain.wilson(hits, n))
            total = totals.setdefault(k, [0, 0])
            total[0], total[1] = total[0] + hits, total[1] + n
    for point in answer["more"]["curve"]:
        hits, n = totals[point["k"]]
        assert point["n"] == n
        assert point["share"] == (near(hits / n) if n >= 20 else None)
    assert any(point["share"] is not None for point in answer["more"]["curve"])


def first_reply(ask, actor, p, said, low, high):
    found = p.questions(low, high)
    now = actor.now.timestamp()
    waits = [(float(w) if w is not None else int(now * 1000) / 1000 - m.at, w is not None) for m, w in found]
    curve = plain.kaplan_meier(waits)
    answer = ask(actor, "first_reply", by="month", **said)
    front = answer["headline"]
    assert (front["n"], front["answered"]) == (len(found), sum(w is not None for _m, w in found))
    assert front["n"] > 50
    assert (front["median"], front["p90"]) == (plain.reached(curve, 0.5), plain.reached(curve, 0.1))
    for name, edge in (("in_1h", 3600), ("in_24h", 86_400)):
        assert front[name] == near(1 - next((s for t, s in reversed(curve) if t <= edge), 1.0))
    assert front["waiting"] == sum(w is None for _m, w in found)
    assert front["waiting_people"] == len({m.who for m, w in found if w is None})
    assert sum(answer["more"]["spread"]) == front["answered"]
    assert answer["more"]["spread"][0] == sum(w is not None and w < 300 for _m, w in found)


def helped(ask, actor, p, said, low, high):
    front = ask(actor, "helped", by="month", **said)["headline"]
    people, helpers, helps = p.inferred(low, high)
    assert (front["inferred"], front["confirmed"], front["helps"]) == (len(people), 0, helps)
    assert front["helpers"] == len(helpers)
    for row in ask(actor, "helped", by="month", **said)["rows"]:
        if not row["partial"]:
            assert row["inferred"] == len(p.inferred(*days(row))[0])


def heat(ask, actor, p, said, high, fed):
    answer = ask(actor, "heat", mode="members", by="month", **said)
    warmth = p.heat(high)
    assert answer["headline"]["heat"] == near(sum(warmth.values()))
    assert answer["headline"]["warm"] == sum(h >= 1 for h in warmth.values())
    for band, (start, end) in zip(answer["more"]["bands"], [(0, 1), (1, 4), (4, 16), (16, 64), (64, 256), (256, 9e99)], strict=True):
        assert band["people"] == sum(start <= h < end for h in warmth.values())
    row = answer["rows"][3]
    assert row["heat"] == near(sum(p.heat(days(row)[1]).values()))
    spaces = {r["space_id"]: r for r in ask(actor, "heat", mode="spaces", by="month", **said)["more"]["spaces"]}
    expected = p.space_heat(high)
    assert set(spaces) == {fed.spaces[stream] for stream in expected}
    for stream, (warm, breadth, people) in expected.items():
        row = spaces[fed.spaces[stream]]
        assert (row["heat"], row["breadth"], row["people"]) == (near(warm), near(breadth), people)


def cores_and_talk(ask, actor, p, said):
    for row in ask(actor, "cores", by="month", **said)["rows"]:
        if not row["partial"]:
            for core, (acts, people) in p.cores(*days(row)).items():
                assert (row[core], row[f"{core}_people"]) == (acts, people), (row["start"], core)
    for row in ask(actor, "talk", by="week", **said)["rows"]:
        if not row["partial"]:
            counts = p.posts(*days(row))
            assert (row["posts"], row["people"]) == (sum(counts.values()), len(counts))


def concentrations(ask, actor, p, said, low, high):
    for mode, counts in (("posts", p.posts(low, high)), ("answers", p.answers(low, high))):
        front = ask(actor, "concentration", mode=mode, **said)["headline"]
        for name, value in plain.concentration(counts).items():
            assert front[name] == near(value), (mode, name)


def test_a_space_counts_as_if_nothing_else_were(both, ask):
    actor, _p, fed, messages = both
    low, high = span_of(messages)
    said = {"since": low.isoformat(), "until": high.isoformat()}
    busy = max(fed.spaces, key=lambda s: sum(m.stream == s and not archive.is_bot(m.who) for m in messages))
    p = plain.Plain(messages, ZONE, [busy])
    space = str(fed.spaces[busy])
    for row in ask(actor, "members", by="month", space=space, **said)["rows"]:
        if not row["partial"]:
            assert {k: row[k] for k in ("new", "active", "returning", "resurrected", "dormant")} == p.members(days(row)[0], "month")
    for row in ask(actor, "active", by="day", space=space, **said)["rows"][::20]:
        assert (row["dau"], row["wau"], row["mau"]) == p.active(days(row)[0])[:3]
    assert ask(actor, "talk", space=space, **said)["headline"]["posts"] == sum(p.posts(low, high).values())
