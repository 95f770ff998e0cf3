"""The tree of spaces, its counters, and what is brought in: the database answers like the rules."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fireside.activity.models import Activity
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.members.actions import join_community, merge_members
from fireside.spaces import actions, rules
from fireside.spaces.models import AskToJoin, Belonging, Space
from fireside.spaces.queries import (
    known_spaces,
    may_read,
    readers_among,
    spaces_of,
    visible_spaces,
)  # fmt: skip
from fireside.spaces.rules import Step
from fireside.spaces.sweeps import mend_counters

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def names(rows):
    return {row.name for row in rows}


def last(kind=""):
    rows = Activity.objects.filter(kind=kind) if kind else Activity.objects.all()
    return rows.order_by("-id").first()


def test_a_merged_person_belongs_once(world):
    twin = join_community(world.as_(""), name="Ben at work")
    actions.join_space(world.as_("cat"), space=world.hearth)
    actions.take_in_belongings(world.as_("house"), rows=[(world.hearth.pk, twin.pk, world.now)])
    world.hearth.refresh_from_db()
    assert world.hearth.members_count == 4
    merge_members(world.as_("dan"), member=twin, into=world.ben, reason="The same Ben")
    mend_counters(world.as_("house"))
    world.hearth.refresh_from_db()
    assert world.hearth.members_count == 3
    assert [one.slug for one in spaces_of(world.ben)] == ["cellar", "hearth", "workshop"]


def test_the_recount_follows_who_is_a_bot(world):
    from fireside.members.actions import mark_bot
    from fireside.spaces.reactions import recount

    mark_bot(world.as_("dan"), member=world.ben, reason="operator")
    recount([last("members.marked_bot")], world.now)
    assert set(Space.objects.values_list("members_count", flat=True)) == {1}


def test_taking_in_spaces_twice_changes_nothing(world):
    rows = [
        actions.SpaceIn("1", "general", world.now - timedelta(days=900)),
        actions.SpaceIn("2", "General", world.now - timedelta(days=800), about="x" * 3000, openness="public"),
        actions.SpaceIn("3", "Hearth", world.now - timedelta(days=700), openness="private", archived_at=world.now),
        actions.SpaceIn("4", "🔥", world.now - timedelta(days=600), openness="hidden"),
    ]
    ids = actions.take_in_spaces(world.as_("house"), source="zulip:x", spaces=rows)
    made = {one.external_id: one for one in Space.objects.filter(source="zulip:x")}
    assert {key: one.pk for key, one in made.items()} == ids
    assert [made[key].slug for key in "123"] == ["general", "general-2", "hearth-2"] and made["4"].slug.startswith("space-")
    assert all(one.path == f"/{one.pk}/" for one in made.values())
    assert [made[key].read_inside_id for key in "1234"] == [None, None, ids["3"], ids["4"]]
    assert [made[key].known_inside_id for key in "1234"] == [None, None, None, ids["4"]]
    lines = Activity.objects.filter(kind="spaces.made", imported=True)
    assert lines.count() == 4
    assert actions.take_in_spaces(world.as_("house"), source="zulip:x", spaces=rows) == ids
    assert lines.count() == 4
    rows = [(ids["1"], world.ann.pk, world.now), (ids["1"], world.ben.pk, world.now), (ids["3"], world.ben.pk, world.now)]
    assert actions.take_in_belongings(world.as_("house"), rows=rows) == 3
    assert actions.take_in_belongings(world.as_("house"), rows=rows) == 0
    assert Space.objects.get(pk=ids["1"]).members_count == 2
    with pytest.raises(NotAllowed):
        actions.take_in_spaces(world.as_("ann"), source="zulip:x", spaces=[])


def test_counters_of_talk(world):
    actions.note_talk(world.as_("ann"), space=world.hearth, topics=1)
    actions.note_talk(world.later(minutes=5).as_("ann"), space=world.hearth.pk)
    world.hearth.refresh_from_db()
    assert (world.hearth.topics_count, world.hearth.last_active_at) == (1, world.now)
    actions.note_talk(world.later(minutes=-60).as_("ann"), space=world.hearth, topics=-5)
    world.hearth.refresh_from_db()
    assert (world.hearth.topics_count, world.hearth.last_active_at) == (0, world.now + timedelta(minutes=60))
    assert actions.set_talk(world.as_("house"), counts={world.hearth.pk: (7, world.now), world.cellar.pk: (0, None)}) == 1


def test_readers_among_many(world, django_assert_num_queries):
    from fireside.members.queries import cards_of

    cards = cards_of(one.pk for one in world.people.values())
    with django_assert_num_queries(1):  # the gates of the spaces, and who is inside them
        pairs = readers_among({world.hearth.pk, world.workshop.pk, world.cellar.pk}, cards)
    for space in (world.hearth, world.workshop, world.cellar):
        for member in world.people.values():
            assert ((space.pk, member.pk) in pairs) == may_read(member, space), (space, member)


WAYS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(rules.WIDTHS)), min_size=1, max_size=6)
STEPS = st.lists(
    st.tuples(st.sampled_from(["move", "open"]), st.integers(0, 5), st.integers(-1, 5), st.sampled_from(rules.WIDTHS)), max_size=6
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WAYS, STEPS, st.sets(st.integers(0, 5)))
def test_the_database_answers_like_the_rules(world, ways, steps, joins):
    """A tree grown, moved and changed at random: what lists show is what the rules say of each path."""
    AskToJoin.objects.all().delete()
    Belonging.objects.all().delete()
    Space.objects.all().update(parent=None, known_inside=None, read_inside=None)
    Space.objects.all().delete()
    house = world.as_("house")
    made = []
    for n, (under, openness) in enumerate(ways):
        parent = made[under % len(made)] if made and under else None
        with suppress(Refused):
            made.append(actions.make_space(house, name=f"S{n}", openness=openness, parent=parent and Space.objects.get(pk=parent.pk)))
    for n in sorted(joins):
        if n < len(made):
            space = Space.objects.get(pk=made[n].pk)
            with suppress(Refused, NotFound):
                if space.openness in ("private", "hidden"):
                    actions.bring_in(house, space=space, member=world.cat)
                else:
                    actions.join_space(world.as_("cat"), space=space)
    for what, which, into, openness in steps:
        space = Space.objects.get(pk=made[which % len(made)].pk)
        with suppress(Refused):
            if what == "open":
                actions.change_space(house, space=space, openness=openness)
            else:
                actions.move_space(house, space=space, parent=Space.objects.get(pk=made[into % len(made)].pk) if into >= 0 else None)
    rows = {one.pk: one for one in Space.objects.all()}
    mine = set(Belonging.objects.filter(member=world.cat).values_list("space_id", flat=True))
    seen = {viewer: (set(known_spaces(viewer)), set(visible_spaces(viewer))) for viewer in (None, world.cat, world.mira)}
    for space in rows.values():
        ids = rules.ids_on(space.path)
        assert ids[-1] == space.pk
        assert ids[:-1] == (rules.ids_on(rows[space.parent_id].path) if space.parent_id else [])
        assert space.depth == len(ids) - 1 < rules.DEEPEST
        assert space.reach == rules.narrowest(rows[pk].openness for pk in ids)
        for viewer, (known, visible) in seen.items():
            path = [Step(rows[pk].openness, viewer == world.cat and pk in mine) for pk in ids]
            assert (space in known) == rules.may_know(path, signed_in=viewer is not None)
            assert (space in visible) == rules.may_read(path, signed_in=viewer is not None)
        assert space.members_count == Belonging.objects.filter(space=space).count()


def test_a_newer_history_takes_out_whom_an_older_one_brought_and_nobody_else(world):
    """Cat came with the history; Mira was brought in by the organiser, and Ben joined by himself."""
    house, rows = world.as_("house"), [(world.cellar.pk, world.cat.pk, world.now)]
    actions.take_in_belongings(house, rows=rows)
    actions.bring_in(world.as_("ann"), space=world.cellar, member=world.mira)
    actions.take_in_belongings(house, rows=[(world.cellar.pk, world.mira.pk, world.now)])  # what is here stays as it is
    gone = [(world.cellar.pk, one.pk) for one in (world.cat, world.mira, world.ben, world.ann)]
    assert actions.take_out_belongings(house, rows=gone) == 1
    assert set(Belonging.objects.filter(space=world.cellar).values_list("member__handle", flat=True)) == {"ann", "ben", "mira"}
