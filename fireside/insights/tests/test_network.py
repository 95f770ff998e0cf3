"""Who holds it together: the core, the edge, bridges, newcomers to whom nobody turned; counted by hand, and by taking people out of it."""

import html
import random
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pyarrow as pa
import pytest
from django.utils import timezone

from fireside.activity.actor import house as the_house
from fireside.activity.log import Line, record_many
from fireside.conversation import kinds as talk
from fireside.insights import actions, queries
from fireside.insights.metrics import ties
from fireside.insights.tests.plain.network import Network, group_of
from fireside.insights.tests.test_definitions import DAY, behind
from fireside.insights.tests.test_front import page_of, signed_in
from fireside.insights.tests.test_metrics import NOON, member, said
from fireside.members import kinds as people

pytestmark = [pytest.mark.django_db, pytest.mark.once]
plain = object.__new__(Network)


def worked(pairs):
    """The graph of these pairs as the house works it out: person -> its row, spans, the row about all."""
    low, high = ([pair[i] for pair in pairs] for i in (0, 1))
    columns = {"low": pa.array(low, pa.int64()), "high": pa.array(high, pa.int64()), "i": pa.array([1] * len(low), pa.int32()),
               "way": pa.array([1] * len(low), pa.int8())}  # fmt: skip
    made = ties.work({"met": pa.table(columns)}, None)
    return {row["person_id"]: row for row in made["tied"].to_pylist()}, made["parts"].to_pylist(), made["whole"].to_pylist()[0]


def parted_by(rows, spans, who):
    return {row["person_id"] for row in rows.values() for one in spans if one["bridge"] == who and one["low"] <= row["place"] < one["high"]}


def test_any_graph_says_what_taking_people_out_of_it_says():
    dice = random.Random(7)
    for _round in range(150):
        n = dice.randint(2, 40)
        ids = dice.sample(range(1, 10 ** dice.choice((3, 12))), n)
        pairs = {tuple(sorted(dice.sample(ids, 2))) for _tie in range(dice.randint(1, int(n * dice.choice((0.7, 1.1, 2)))))}
        pairs = dice.sample(sorted(pairs), len(pairs))
        others = {}
        for a, b in pairs:
            others.setdefault(a, set()).add(b)
            others.setdefault(b, set()).add(a)
        rows, spans, whole = worked(pairs)
        assert {who: row["ties"] for who, row in rows.items()} == {who: len(them) for who, them in others.items()}
        for who in others:
            assert rows[who]["parted"] == plain.parted(others, who), (pairs, who)
            away = parted_by(rows, spans, who)
            assert len(away) == rows[who]["parted"] and who not in away
            without = {one: them - {who} for one, them in others.items() if one != who}
            for one in away:  # whole groups, and the largest stays
                assert group_of(without, one) <= away
            if away:
                assert max(len(group_of(without, one)) for one in group_of(others, who) - {who} - away) >= max(
                    len(group_of(without, one)) for one in away
                )
        assert worked(dice.sample(pairs, len(pairs))) == (rows, spans, whole)  # in whatever order they come
        assert whole["largest"] == max(len(group_of(others, who)) for who in others)


def test_the_core_is_the_best_of_borgatti_and_everett():
    """Of all partings into the h people with most ties and the others, none has fewer ties missing inside and ties outside (Lip's sum)."""
    dice = random.Random(3)
    for _round in range(60):
        n = dice.randint(3, 9)
        pairs = sorted({tuple(sorted(dice.sample(range(n), 2))) for _tie in range(dice.randint(2, 20))})
        rows, _spans, whole = worked(pairs)
        everybody = sorted(rows)
        wrong = {}
        for mask in range(1 << len(everybody)):
            core = {who for i, who in enumerate(everybody) if mask >> i & 1}
            inside = sum(a in core and b in core for a, b in pairs)
            outside = sum(a not in core and b not in core for a, b in pairs)
            wrong[frozenset(core)] = len(core) * (len(core) - 1) // 2 - inside + outside
        if whole["h"]:
            most = sorted(everybody, key=lambda who: -rows[who]["ties"])[: whole["h"]]
            assert wrong[frozenset(most)] == min(wrong.values())


def spoke(at, who, to, n, **more):
    return said(talk.REPLIED, at, who, topic=900 + n, post=900 + n, other=to, **more)


def two_rooms(now):
    """Ada, Bob, Cleo and Dora all speak with each other; Dora with Eve, and Eve with Fay and Gus, who speak with each other; Hal only with
    Ada. Ivy and Jon came last week and wrote: Ivy was thanked, to Jon only a program replied, and to Ned a post that was removed.
    Kim wrote long ago and again, tied to nobody."""
    ids = {name: member(name, at=now - 400 * DAY) for name in ("Ada", "Bob", "Cleo", "Dora", "Eve", "Fay", "Gus", "Hal", "Kim")}
    ids |= {name: member(name, at=now - 5 * DAY) for name in ("Ivy", "Jon", "Ned")} | {
        "Robot": member("Robot", at=now - 400 * DAY, is_bot=True)
    }
    pairs = ["Ada Bob", "Ada Cleo", "Ada Dora", "Bob Cleo", "Bob Dora", "Cleo Dora", "Dora Eve", "Eve Fay", "Eve Gus", "Fay Gus", "Hal Ada"]
    lines = [spoke(now - 20 * DAY + timedelta(hours=n), *(ids[name] for name in pair.split()), n) for n, pair in enumerate(pairs)]
    lines += [Line(people.JOINED, now - 5 * DAY, ids[name]) for name in ("Ivy", "Jon", "Ned")]
    lines += [
        said(talk.OPENED, now - 4 * DAY, ids[name], topic=800 + n, post=800 + n) for n, name in enumerate(("Ivy", "Jon", "Ned", "Kim"))
    ]
    lines += [said(talk.THANKED, now - 3 * DAY, ids["Ada"], topic=800, post=800, other=ids["Ivy"]),
              said(talk.REPLIED, now - 3 * DAY, ids["Robot"], topic=801, post=860, other=ids["Jon"]),
              said(talk.REPLIED, now - 3 * DAY, ids["Ada"], topic=802, post=861, other=ids["Ned"]),
              said(talk.REMOVED, now - 2 * DAY, ids["Dora"], topic=802, post=861)]  # fmt: skip
    return ids, lines


def test_who_holds_two_rooms_together(mirror, ask):
    actor = mirror("UTC", NOON)
    ids, lines = two_rooms(NOON)
    record_many(actor, lines)
    answer = ask(actor, "network")
    front = answer["headline"]
    assert front | {"tied": 9, "ties": 12, "core": 5, "between": 2, "edge": 2, "alone": 3, "groups": 1, "h": 3} == front
    assert (front["bridges"], front["newcomers"], front["not_met"]) == (2, 3, 2)
    assert answer["more"]["bridging"] == [
        {"person_id": ids["Dora"], "parted": 3, "ties": 4, "around": [{"person_id": ids["Eve"]}]},
        {"person_id": ids["Eve"], "parted": 2, "ties": 3, "around": [{"person_id": ids["Fay"]}]},
    ]
    assert [row["person_id"] for row in answer["more"]["top"]] == [ids["Ada"], ids["Dora"], ids["Bob"]]
    assert (front["top_share"], front["left"]) == (None, None)  # nine are too few to say
    assert answer["rows"][-2]["newcomers"] + answer["rows"][-1]["newcomers"] == 3

    def names(which, **asked):
        found = queries.evidence("network", now=actor.now, viewer=actor, which=which, asked=asked)
        return {one["card"].name for one in found.page.rows}

    assert names("parted", of=str(ids["Dora"])) == {"Eve", "Fay", "Gus"}
    assert names("parted", of=str(ids["Ada"])) == set()
    assert names("not_met") == {"Jon", "Ned"}
    assert (names("core"), names("edge")) == ({"Ada", "Bob", "Cleo", "Dora", "Eve"}, {"Hal", "Ivy"})
    assert names("alone") == {"Jon", "Ned", "Kim"}
    for which in ("tied", "core", "between", "edge", "alone", "bridges", "newcomers", "not_met"):
        assert behind(actor, "network", which) == front[which], which


def test_three_who_leave_take_their_ties_along(mirror, ask):
    """Ten speak only with Ann, two of them with Ben, too; a pair stands apart."""
    actor = mirror("UTC", NOON)
    ids = [member(f"N{n}", at=NOON - 400 * DAY) for n in range(14)]
    ann, ben, *guests = ids
    pairs = [(guest, ann) for guest in guests[:10]] + [(guests[0], ben), (guests[1], ben), (guests[10], guests[11])]
    record_many(actor, [spoke(NOON - 3 * DAY + timedelta(hours=n), *pair, n) for n, pair in enumerate(pairs)])
    front = ask(actor, "network")["headline"]
    # Ann with ten ties, Ben with two, and the first guest with two: twelve of thirteen ties, and nine guests with nobody
    assert (front["top_share"], front["left"], front["groups"]) == (12 / 13, 9, 2)
    assert (behind(actor, "network", "top"), behind(actor, "network", "left")) == (3, 9)


def test_a_day_of_a_chat_ties_nobody_to_who_spoke_first(mirror, ask):
    actor = mirror("UTC", NOON)
    ann, ben, cat = (member(name) for name in ("Ada", "Bob", "Cleo"))
    chat = {"topic": 5, "imported": True}
    record_many(actor, [
        said(talk.OPENED, NOON - 3 * DAY, ann, post=1, source="chat", external_id="1", **chat),
        said(talk.REPLIED, NOON - 3 * DAY, ben, post=2, other=ann, source="chat", external_id="2", **chat),  # nobody said that it answers her
        said(talk.REPLIED, NOON - 3 * DAY, cat, post=3, other=ben, source="chat", external_id="3", **chat),  # it answers Ben’s post
    ])  # fmt: skip
    front = ask(actor, "network")["headline"]
    assert (front["tied"], front["ties"]) == (2, 1)


def test_the_page_says_what_to_do_and_every_number_leads_to_the_people_it_counts(mirror, world):
    now = timezone.now()
    world.now = now - 3 * DAY
    _ids, lines = two_rooms(now)
    record_many(world.as_(""), [replace(line, space_id=world.hearth.pk) for line in lines])
    actions.bring_up_to_date(the_house("worker", now=now))
    page = page_of(world.dan, "/cockpit/network")
    assert "2 of 3 newcomers wrote, and nobody replied" in page
    assert re.search(r"If <a[^>]*><bdi>Dora</bdi></a> leaves, a group parts from the rest: those around <a[^>]*><bdi>Eve</bdi>", page)
    checked = 0
    for address, words in re.findall(r'href="(/cockpit/network/people\?[^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL):
        if number := re.search(r"\d+", re.sub(r"<[^>]*>", "", words)):
            asked = dict(parse_qsl(html.unescape(address).partition("?")[2]))
            found = queries.evidence("network", now=now, viewer=world.dan, which=asked.pop("which"), asked=asked)
            assert len(found.page.rows) == int(number[0]), address
            checked += 1
    assert checked == 7  # four rings, the newcomers, two bridges
    assert page.count('class="bridge"') == 3  # two people, and the sign that says what they are
    refused = signed_in(world.dan).get("/cockpit/network/people?which=parted&of=Dora")
    assert refused.status_code == 409 and "is the number of a person" in refused.content.decode()


def test_ties_of_hidden_spaces_are_not_told_to_who_may_not_read_there(mirror, world):
    now = timezone.now()
    _ids, lines = two_rooms(now)
    record_many(world.as_(""), [replace(line, space_id=world.cellar.pk) for line in lines])
    actions.bring_up_to_date(the_house("worker", now=now))
    dan, mira = signed_in(world.dan), signed_in(world.mira)
    every, none = (who.get("/api/v1/metrics/network").json() for who in (dan, mira))
    assert every["headline"]["tied"] == 9
    assert (none["headline"]["tied"], none["headline"]["alone"], none["headline"]["newcomers"], none["more"]["bridging"]) == (0, 0, 0, [])
    assert "Of the spaces open to you." in none["population"]["en"]
    for which in ("tied", "bridges", "not_met"):
        door = f"/api/v1/metrics/network/evidence?which={which}"
        assert dan.get(door).json()["items"] and not mira.get(door).json()["items"]
    assert "Eve" not in mira.get("/cockpit/network").content.decode()
