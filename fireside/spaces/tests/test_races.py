"""Two at once, as real processes, on whatever database the tests run on."""

import pytest

from fireside.activity.models import Activity
from fireside.members.actions import join_community, merge_members
from fireside.spaces.actions import (
    ask_to_join,
    bring_in,
    join_space,
    leave_space,
    let_in,
    make_organiser,
    make_space,
    move_space,
    put_out,
    take_in_belongings,
    turn_down,
)  # fmt: skip
from fireside.spaces.actions._counts import count_people
from fireside.spaces.models import AskToJoin, Belonging, Space

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


@pytest.fixture
def rounds(full):
    return 20 if full else 3


def test_joining_twice_at_once_is_joining_once(world, race, rounds):
    for n in range(rounds):
        space = make_space(world.as_("dan"), name=f"Race {n}")
        assert race(*[(join_space, world.cat, {"space": space})] * 3) == {"done": 3}
        space.refresh_from_db()
        assert space.members_count == Belonging.objects.filter(space=space).count() == 2
        assert Activity.objects.filter(kind="spaces.joined", space_id=space.pk).count() == 1


def test_many_join_at_once_and_each_is_counted(world, race):
    crowd = (world.cat, world.dan, world.mira, world.olu)
    assert race(*[(join_space, who, {"space": world.hearth}) for who in crowd]) == {"done": 4}
    world.hearth.refresh_from_db()
    assert world.hearth.members_count == 6


def test_two_organisers_leave_at_once_and_one_stays(world, race, rounds):
    for n in range(rounds):
        space = make_space(world.as_("dan"), name=f"Race {n}")
        join_space(world.as_("ben"), space=space)
        make_organiser(world.as_("dan"), space=space, member=world.ben)
        ended = race((leave_space, world.dan, {"space": space}), (leave_space, world.ben, {"space": space}))
        assert ended == {"done": 1, "last_organiser": 1}
        space.refresh_from_db()
        assert space.members_count == Belonging.objects.filter(space=space, role="organiser").count() == 1


def test_two_organisers_decide_one_ask_at_once_and_one_answer_stands(world, race, rounds):
    for n in range(rounds):
        space = make_space(world.as_("dan"), name=f"Race {n}", openness="private")
        ask = ask_to_join(world.as_("cat"), space=space)
        ended = race((let_in, world.dan, {"ask": ask}), (turn_down, world.olu, {"ask": ask, "reason": "Full"}))
        assert ended == {"done": 1, "already_decided": 1}
        ask.refresh_from_db()
        assert Belonging.objects.filter(space=space, member=world.cat).exists() == ask.let_in
        told = Activity.objects.filter(kind__in=["spaces.let_in", "spaces.turned_down"], space_id=space.pk)
        assert told.count() == 1


def test_asking_twice_at_once_is_one_ask(world, race):
    assert race(*[(ask_to_join, world.cat, {"space": world.workshop})] * 3) == {"done": 3}
    assert AskToJoin.objects.filter(member=world.cat).count() == 1


def test_two_moves_that_would_make_a_circle(world, race, rounds):
    for n in range(rounds):
        a, b = (make_space(world.as_("dan"), name=f"{name} {n}") for name in ("Left", "Right"))
        ended = race((move_space, world.dan, {"space": a, "parent": b}), (move_space, world.dan, {"space": b, "parent": a}))
        assert ended == {"done": 1, "cycle": 1}
        rows = {one.pk: one for one in Space.objects.filter(pk__in=[a.pk, b.pk])}
        below = next(one for one in rows.values() if one.parent_id)
        assert below.path == f"/{below.parent_id}/{below.pk}/"


def test_two_spaces_of_one_name_get_two_addresses(world, race):
    assert race(*[(make_space, world.dan, {"name": "Same name"})] * 3) == {"done": 3}
    assert set(Space.objects.filter(name="Same name").values_list("slug", flat=True)) == {"same-name", "same-name-2", "same-name-3"}


def test_put_out_twice_at_once_and_while_leaving(world, race, rounds):
    """Both end well, they are out once, and one line of each space says how."""
    for n in range(rounds):
        space = make_space(world.as_("dan"), name=f"Race {n}", openness="private")
        inner = make_space(world.as_("dan"), name=f"Inner {n}", parent=space)
        bring_in(world.as_("dan"), space=space, member=world.ben)
        join_space(world.as_("ben"), space=inner)
        why = {"space": space, "member": world.ben, "reason": "Selling"}
        ended = race((put_out, world.dan, why), (put_out, world.olu, why), (leave_space, world.ben, {"space": space}))
        assert ended == {"done": 3}
        for one in (space, inner):
            one.refresh_from_db()
            assert one.members_count == Belonging.objects.filter(space=one).count() == 1
            assert Activity.objects.filter(kind__in=["spaces.put_out", "spaces.left"], space_id=one.pk).count() == 1


def test_put_out_while_a_trace_that_belongs_is_merged(world, race, rounds):
    """Whichever comes first, they are out; and the counter knows it."""
    for n in range(rounds):
        space = make_space(world.as_("dan"), name=f"Race {n}", openness="private")
        old = join_community(world.as_(""), name=f"Ben {n}")
        bring_in(world.as_("dan"), space=space, member=world.ben)
        take_in_belongings(world.as_("house"), rows=[(space.pk, old.pk, world.now)])
        why, same = {"space": space, "member": world.ben, "reason": "Selling"}, {"member": old, "into": world.ben, "reason": "Same"}
        assert race((put_out, world.dan, why), (merge_members, world.olu, same)) == {"done": 2}
        assert not Belonging.objects.filter(space=space, member__person=world.ben).exists()
        count_people([space.pk])
        space.refresh_from_db()
        assert space.members_count == 1
