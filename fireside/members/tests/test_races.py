"""Two who want the same in one instant, as real processes on a real database: one gets it, the other is told so."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from fireside.members.actions import PersonIn, offer_claim, take_in_people
from fireside.members.models import Member, Merge
from fireside.members.tests.world import make_people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


@pytest.fixture(scope="module")
def racers(django_db_setup) -> Iterator[list["subprocess.Popen[str]"]]:
    command = [sys.executable, "-m", "fireside.members.tests.race"]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ, bufsize=1) for _ in range(2)
    ]
    yield both
    for one in both:
        one.stdin.close()
        one.wait(20)


@pytest.fixture
def race(racers):
    """race((action, who, {words}), (action, who, {words})) starts both at once and gives how they ended, sorted."""

    def run(*acts):
        for one, act in zip(racers, acts, strict=True):
            one.stdin.write(json.dumps(act) + "\n")
        for one in racers:
            assert one.stdout.readline() == "ready\n"
        for one in racers:
            one.stdin.write("go\n")
        return sorted(one.stdout.readline().strip() for one in racers)

    return run


@pytest.fixture
def rounds(full):
    return 40 if full else 5


def test_two_join_with_one_address(race, rounds):
    make_people()
    for n in range(rounds):
        words = {"name": "Twin", "email": f"twin{n}@example.org"}
        assert race(("members.join_community", "", words), ("members.join_community", "", {**words, "email": f"TWIN{n}@example.org"})) == [
            "done",
            "email_taken",
        ]
        assert Member.objects.filter(email=f"twin{n}@example.org").count() == 1


def test_two_of_one_name_get_two_handles(race, rounds):
    make_people()
    for n in range(rounds):
        act = ("members.join_community", "", {"name": f"Same {n}"})
        assert race(act, act) == ["done", "done"]
        assert Member.objects.filter(name=f"Same {n}").values("handle").distinct().count() == 2


def test_one_link_is_claimed_once(race, rounds):
    world = make_people()
    people = [PersonIn(str(n), f"Trace {n}", world.now) for n in range(rounds)]
    traces = take_in_people(world.as_("house"), source="old", people=people)
    for n in range(rounds):
        trace = Member.objects.get(pk=traces[str(n)])
        _link, secret = offer_claim(world.as_("house").at(datetime.now(UTC)), member=trace)
        assert race(("members.claim", "ben", {"secret": secret}), ("members.claim", "cat", {"secret": secret})) == [
            "claim_link_over",
            "done",
        ]
        assert Merge.objects.filter(member=trace, until__isnull=True).count() == 1
        trace.refresh_from_db()
        assert trace.person_id in {world.ben.pk, world.cat.pk}


def test_merging_both_ways_round_makes_one_person_and_no_circle(race, rounds):
    world = make_people()
    people = [PersonIn(f"{n}-{side}", f"P{n} {side}", world.now) for n in range(rounds) for side in "ab"]
    traces = take_in_people(world.as_("house"), source="old", people=people)
    for n in range(rounds):
        a, b = (Member.objects.get(pk=traces[f"{n}-{side}"]) for side in "ab")
        ended = race(
            ("members.merge_members", "dan", {"member": a.handle, "into": b.handle, "reason": "same"}),
            ("members.merge_members", "dan", {"member": b.handle, "into": a.handle, "reason": "same"}),
        )
        assert ended == ["done", "same_person"]
        assert len({Member.objects.get(pk=one.pk).person_id for one in (a, b)}) == 1


def test_two_last_owners_cannot_both_step_down(race, rounds):
    world = make_people()
    for _n in range(rounds):
        Member.objects.filter(handle__in=["olu", "ann"]).update(role="owner")
        ended = race(
            ("members.change_role", "olu", {"member": "olu", "role": "member"}),
            ("members.change_role", "ann", {"member": "ann", "role": "member"}),
        )
        assert ended == ["done", "last_owner"]
        assert Member.objects.filter(role="owner").count() == 1
    assert world.community
