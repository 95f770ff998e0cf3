"""Two who want the same in one instant, as real processes on a real database: one gets it, the other is told so."""

from datetime import UTC, datetime

import pytest

from fireside.members.actions import PersonIn, change_role, claim, join_community, merge_members, offer_claim, take_in_people
from fireside.members.models import Member, Merge
from fireside.members.tests.world import make_people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


@pytest.fixture
def rounds(full):
    return 40 if full else 5


def test_two_join_with_one_address(race, rounds):
    make_people()
    for n in range(rounds):
        words = {"name": "Twin", "email": f"twin{n}@example.org"}
        shouted = words | {"email": f"TWIN{n}@example.org"}
        assert race((join_community, None, words), (join_community, None, shouted)) == {"done": 1, "email_taken": 1}
        assert Member.objects.filter(email=f"twin{n}@example.org").count() == 1


def test_two_of_one_name_get_two_handles(race, rounds):
    make_people()
    for n in range(rounds):
        act = (join_community, None, {"name": f"Same {n}"})
        assert race(act, act) == {"done": 2}
        assert Member.objects.filter(name=f"Same {n}").values("handle").distinct().count() == 2


def test_one_link_is_claimed_once(race, rounds):
    world = make_people()
    people = [PersonIn(str(n), f"Trace {n}", world.now) for n in range(rounds)]
    traces = take_in_people(world.as_("house"), source="old", people=people)
    for n in range(rounds):
        trace = Member.objects.get(pk=traces[str(n)])
        _link, secret = offer_claim(world.as_("house").at(datetime.now(UTC)), member=trace)
        ended = race((claim, world.ben, {"secret": secret}), (claim, world.cat, {"secret": secret}))
        assert ended == {"done": 1, "claim_link_over": 1}
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
            (merge_members, world.dan, {"member": a, "into": b, "reason": "same"}),
            (merge_members, world.dan, {"member": b, "into": a, "reason": "same"}),
        )
        assert ended == {"done": 1, "same_person": 1}
        assert len({Member.objects.get(pk=one.pk).person_id for one in (a, b)}) == 1


def test_two_last_owners_cannot_both_step_down(race, rounds):
    world = make_people()
    for _n in range(rounds):
        Member.objects.filter(handle__in=["olu", "ann"]).update(role="owner")
        ended = race(
            (change_role, world.olu, {"member": world.olu, "role": "member"}),
            (change_role, world.ann, {"member": world.ann, "role": "member"}),
        )
        assert ended == {"done": 1, "last_owner": 1}
        assert Member.objects.filter(role="owner").count() == 1
    assert world.community
