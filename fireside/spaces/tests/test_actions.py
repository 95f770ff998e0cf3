"""What happens to places, what is recorded, who is refused."""

import pytest

from fireside.activity.models import Activity
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.spaces import actions
from fireside.spaces.models import Belonging, Space
from fireside.spaces.queries import (
    belongs,
    get_ask,
    get_space,
    ids_below,
    known_spaces,
    may_in,
    may_read,
    organises,
    visible_spaces,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def names(rows):
    return {row.name for row in rows}


def last(kind=""):
    rows = Activity.objects.filter(kind=kind) if kind else Activity.objects.all()
    return rows.order_by("-id").first()


def test_who_knows_of_what_and_reads_it(world):
    assert [s.members_count for s in (world.hearth, world.workshop, world.cellar)] == [2, 2, 2]
    assert names(visible_spaces(world.cat)) == {"Hearth"}
    assert names(known_spaces(world.cat)) == {"Hearth", "Workshop"}
    assert names(visible_spaces(world.ben)) == names(known_spaces(world.dan)) == {"Hearth", "Workshop", "Cellar"}
    assert not known_spaces(None).exists()
    assert names(known_spaces(world.as_("house"))) == {"Hearth", "Workshop", "Cellar"}
    for slug, viewer in (("cellar", world.cat), ("cellar", None), ("workshop", None), ("hearth", None), ("no-such", world.dan)):
        with pytest.raises(NotFound):
            get_space(viewer, slug)


def test_making_a_space(world):
    space = actions.make_space(world.as_("dan"), name="  修理台  ", about="响？\r\n来问。", icon="wrench", openness="public")
    assert (space.slug, space.name, space.about, space.path, space.reach) == ("修理台", "修理台", "响？\n来问。", f"/{space.pk}/", "public")
    assert space.members_count == 1
    assert organises(world.dan, space)
    assert get_space(None, "修理台") == space
    line = last()
    assert (line.kind, line.space_id, line.data) == ("spaces.made", space.pk, {"name": "修理台", "openness": "public"})
    again = actions.make_space(world.as_("dan"), name="修理台")
    assert again.slug == "修理台-2"


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({"name": "  "}, "no_name"),
        ({"name": "x" * 81}, "name_too_long"),
        ({"name": "A", "about": "x" * 2001}, "about_too_long"),
        ({"name": "A", "icon": "skull"}, "unknown_icon"),
        ({"name": "A", "openness": "secret"}, "unknown_openness"),
        ({"name": "A", "slug": "new"}, "slug_taken"),
        ({"name": "A", "slug": "hearth"}, "slug_taken"),
        ({"name": "A", "slug": "a b/c"}, "bad_slug"),
    ],
)
def test_what_cannot_be_made(world, given_, code):
    before = Activity.objects.count()
    with pytest.raises(Refused) as no:
        actions.make_space(world.as_("dan"), **given_)
    assert no.value.code == code
    assert no.value.facts["field"] in given_
    assert Activity.objects.count() == before


def test_only_operators_make_spaces_at_the_top_and_organisers_inside_theirs(world):
    with pytest.raises(NotAllowed):
        actions.make_space(world.as_("ann"), name="Loft")
    with pytest.raises(NotAllowed):
        actions.make_space(world.as_("ben"), name="Corner", parent=world.hearth)
    with pytest.raises(NotAllowed) as no:
        actions.make_space(world.as_(""), name="Loft")
    assert no.value.code == "sign_in"
    corner = actions.make_space(world.as_("ann"), name="Corner", parent=world.hearth)
    assert (corner.depth, corner.path) == (1, f"/{world.hearth.pk}/{corner.pk}/")
    nook = actions.make_space(world.as_("ann"), name="Nook", parent=corner)
    assert organises(world.ann, nook)
    assert ids_below(world.hearth) == [world.hearth.pk, corner.pk, nook.pk]


def test_five_deep_and_no_deeper(world):
    at = world.hearth
    for n in range(4):
        at = actions.make_space(world.as_("dan"), name=f"Level {n}", parent=at)
    with pytest.raises(Refused) as no:
        actions.make_space(world.as_("dan"), name="Too deep", parent=at)
    assert no.value.code == "too_deep"


def test_joining_and_leaving(world):
    actions.join_space(world.as_("cat"), space=world.hearth)
    world.hearth.refresh_from_db()
    assert world.hearth.members_count == 3
    assert (last().kind, last().member_id, last().space_id) == ("spaces.joined", world.cat.pk, world.hearth.pk)
    lines = Activity.objects.count()
    actions.join_space(world.as_("cat"), space=world.hearth)  # a retry is harmless
    assert Activity.objects.count() == lines
    actions.leave_space(world.as_("cat"), space=world.hearth)
    actions.leave_space(world.as_("cat"), space=world.hearth)
    world.hearth.refresh_from_db()
    assert world.hearth.members_count == 2
    assert Activity.objects.filter(kind="spaces.left", member_id=world.cat.pk).count() == 1


def test_closed_doors(world):
    with pytest.raises(NotAllowed) as no:
        actions.join_space(world.as_("cat"), space=world.workshop)
    assert no.value.code == "ask_first"
    for what in (actions.join_space, actions.ask_to_join):
        with pytest.raises(NotFound):
            what(world.as_("cat"), space=world.cellar)
    with pytest.raises(Refused) as no:
        actions.ask_to_join(world.as_("cat"), space=world.hearth)
    assert no.value.code == "can_join"
    with pytest.raises(Refused) as no:
        actions.ask_to_join(world.as_("ben"), space=world.workshop)
    assert no.value.code == "inside"
    with pytest.raises(NotAllowed):
        actions.join_space(world.as_("cat", scopes=("read",)), space=world.hearth)


def test_asking_and_being_let_in(world):
    ask = actions.ask_to_join(world.as_("cat"), space=world.workshop, words="I mend\nlamps.")
    assert (ask.words, last().data["told"]) == ("I mend lamps.", [world.ann.pk])
    assert "lamps" not in str(last().data)  # their words stay with the ask
    assert actions.ask_to_join(world.as_("cat"), space=world.workshop) == ask
    with pytest.raises(NotFound):
        get_ask(world.ben, str(ask.pk))
    with pytest.raises(NotAllowed):
        actions.let_in(world.as_("ben"), ask=ask)
    actions.let_in(world.as_("ann"), ask=ask)
    actions.let_in(world.as_("ann"), ask=ask)
    ask.refresh_from_db()
    assert (ask.let_in, ask.decided_by_id) == (True, world.ann.pk)
    assert belongs(world.cat, world.workshop)
    assert may_read(world.cat, world.workshop)
    assert Activity.objects.filter(kind="spaces.let_in", other_id=world.cat.pk).count() == 1
    with pytest.raises(Refused) as no:
        actions.turn_down(world.as_("ann"), ask=ask, reason="Full.")
    assert no.value.code == "already_decided"


def test_being_turned_down_says_why_and_is_not_the_end(world):
    ask = actions.ask_to_join(world.as_("cat"), space=world.workshop)
    with pytest.raises(Refused) as no:
        actions.turn_down(world.as_("ann"), ask=ask, reason=" ")
    assert no.value.facts["field"] == "reason"
    actions.turn_down(world.as_("ann"), ask=ask, reason="Tell us what you mend.")
    actions.turn_down(world.as_("ann"), ask=ask, reason="Tell us what you mend.")
    assert last().data["reason"] == "Tell us what you mend."
    assert Activity.objects.filter(kind="spaces.turned_down").count() == 1
    with pytest.raises(Refused) as no:
        actions.let_in(world.as_("dan"), ask=ask)
    assert no.value.code == "already_decided"
    again = actions.ask_to_join(world.as_("cat"), space=world.workshop, words="Lamps.")
    assert again != ask
    with pytest.raises(NotFound):
        actions.take_back_ask(world.as_("ben"), ask=again)
    actions.take_back_ask(world.as_("cat"), ask=again)
    assert actions.take_back_ask(world.as_("cat"), ask=again).let_in is None


def test_bringing_in(world):
    with pytest.raises(Refused) as no:
        actions.bring_in(world.as_("ann"), space=world.hearth, member=world.cat)
    assert no.value.code == "they_join"
    with pytest.raises(NotAllowed):
        actions.bring_in(world.as_("ben"), space=world.cellar, member=world.cat)
    ask = actions.ask_to_join(world.as_("cat"), space=world.workshop)
    actions.bring_in(world.as_("ann"), space=world.workshop, member=world.cat)
    ask.refresh_from_db()
    assert ask.let_in is True
    inner = actions.make_space(world.as_("ann"), name="Vault", parent=world.cellar, openness="private")
    with pytest.raises(Refused) as no:
        actions.bring_in(world.as_("ann"), space=inner, member=world.cat)
    assert no.value.code == "outside"


def test_the_last_organiser_stays(world):
    for act in (
        lambda: actions.leave_space(world.as_("ann"), space=world.hearth),
        lambda: actions.end_organiser(world.as_("ann"), space=world.hearth, member=world.ann),
        lambda: actions.end_organiser(world.as_("dan"), space=world.hearth, member=world.ann),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.code == "last_organiser"
        assert "somebody else an organiser" in str(no.value)
    with pytest.raises(Refused) as no:
        actions.make_organiser(world.as_("ann"), space=world.hearth, member=world.cat)
    assert no.value.code == "not_belonging"
    actions.make_organiser(world.as_("ann"), space=world.hearth, member=world.ben)
    actions.make_organiser(world.as_("ann"), space=world.hearth, member=world.ben)
    assert Activity.objects.filter(kind="spaces.organiser_made", other_id=world.ben.pk).count() == 1
    actions.leave_space(world.as_("ann"), space=world.hearth)
    assert not organises(world.ann, world.hearth)
    actions.archive_space(world.as_("ben"), space=world.hearth)
    actions.leave_space(world.as_("ben"), space=world.hearth)  # a closed space needs nobody


def test_organisers_of_a_space_look_after_what_stands_in_it(world):
    inner = actions.make_space(world.as_("dan"), name="Inner", parent=world.hearth)
    assert organises(world.ann, inner)
    assert may_in(world.as_("ann"), "talk.tidy", inner)
    assert not may_in(world.as_("ben"), "talk.tidy", inner)
    assert may_in(world.as_("dan"), "talk.tidy", inner)


def test_leaving_a_private_space_leaves_what_stands_in_it(world):
    inner = actions.make_space(world.as_("ann"), name="Inner", parent=world.workshop)
    actions.join_space(world.as_("ben"), space=inner)
    actions.leave_space(world.as_("ben"), space=world.workshop)
    assert not Belonging.objects.filter(member=world.ben, space__in=[inner, world.workshop]).exists()
    inner.refresh_from_db()
    assert inner.members_count == 1
    assert Activity.objects.filter(kind="spaces.left", member_id=world.ben.pk).count() == 2
    actions.make_organiser(world.as_("ann"), space=world.workshop, member=actions.bring_in(world.as_("ann"), space=world.workshop, member=world.ben).member)  # fmt: skip
    with pytest.raises(Refused) as no:
        actions.leave_space(world.as_("ann"), space=world.workshop)
    assert "Inner" in str(no.value)


def test_changing_a_space(world):
    before = Activity.objects.count()
    actions.change_space(world.as_("ann"), space=world.hearth, name="Hearth", about=world.hearth.about)
    assert Activity.objects.count() == before
    actions.change_space(world.as_("ann"), space=world.hearth, name="Fire", slug="fire", icon="flame", about="")
    assert last().data == {"name": "Fire", "fields": ["about", "icon", "name", "slug"]}
    assert get_space(world.ben, "fire").name == "Fire"
    with pytest.raises(NotAllowed):
        actions.change_space(world.as_("ben"), space=world.hearth, name="Mine")


def test_becoming_private_keeps_those_who_were_there(world):
    inner = actions.make_space(world.as_("ann"), name="Inner", parent=world.hearth)
    actions.join_space(world.as_("cat"), space=inner)
    actions.change_space(world.as_("ann"), space=world.hearth, openness="hidden")
    inner.refresh_from_db()
    assert (inner.reach, inner.read_inside_id, inner.known_inside_id) == ("hidden", world.hearth.pk, world.hearth.pk)
    assert last("spaces.changed").data["brought_along"] == 1
    assert belongs(world.cat, world.hearth)
    assert names(visible_spaces(world.cat)) == {"Hearth", "Inner"}
    assert names(visible_spaces(world.mira)) == set()
    actions.change_space(world.as_("ann"), space=Space.objects.get(pk=world.hearth.pk), openness="public")
    inner.refresh_from_db()
    assert (inner.reach, inner.read_inside_id) == ("open", None)


def test_moving_a_space_moves_what_stands_in_it(world):
    a = actions.make_space(world.as_("dan"), name="A", parent=world.hearth)
    b = actions.make_space(world.as_("dan"), name="B", parent=a)
    with pytest.raises(Refused) as no:
        actions.move_space(world.as_("dan"), space=a, parent=b)
    assert no.value.code == "cycle"
    with pytest.raises(Refused) as no:
        actions.move_space(world.as_("dan"), space=a, parent=a)
    assert no.value.code == "cycle"
    with pytest.raises(Refused) as no:  # Dan belongs to A, not to the cellar
        actions.move_space(world.as_("dan"), space=a, parent=world.cellar)
    assert (no.value.code, no.value.facts["count"]) == ("people_outside", 1)
    actions.bring_in(world.as_("dan"), space=world.cellar, member=world.dan)
    actions.move_space(world.as_("dan"), space=a, parent=world.cellar)
    b.refresh_from_db()
    assert (b.path, b.depth, b.reach) == (f"/{world.cellar.pk}/{a.pk}/{b.pk}/", 2, "hidden")
    assert b.read_inside_id == b.known_inside_id == world.cellar.pk
    actions.move_space(world.as_("dan"), space=a, parent=None)
    b.refresh_from_db()
    assert (b.path, b.depth, b.reach, b.read_inside_id) == (f"/{a.pk}/{b.pk}/", 1, "open", None)
    lines = Activity.objects.count()
    actions.move_space(world.as_("dan"), space=a, parent=None)
    assert Activity.objects.count() == lines


def test_closing_and_opening_again(world):
    inner = actions.make_space(world.as_("ann"), name="Inner", parent=world.hearth)
    gone = actions.make_space(world.as_("ann"), name="Gone", parent=world.hearth)
    actions.archive_space(world.as_("ann"), space=gone)
    actions.archive_space(world.later(minutes=1).as_("ann"), space=world.hearth)
    with pytest.raises(Refused) as no:
        actions.join_space(world.as_("cat"), space=inner)
    assert no.value.code == "closed"
    assert "Hearth" in names(visible_spaces(world.cat))
    with pytest.raises(Refused) as no:
        actions.reopen_space(world.as_("ann"), space=inner)
    assert no.value.code == "closed_above"
    actions.reopen_space(world.as_("ann"), space=world.hearth)
    assert set(Space.objects.filter(archived_at__isnull=False)) == {gone}
