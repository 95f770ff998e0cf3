"""The address of a hidden space cannot be found by asking for it."""

import pytest

from fireside.lib.errors import Refused
from fireside.spaces.actions import SpaceIn, change_space, make_space, move_space, take_in_spaces
from fireside.spaces.models import Space


def test_taken_never_tells_of_what_is_hidden(world):
    den = make_space(world.as_("olu"), name="Den", openness="hidden")
    assert den.slug.startswith("den-") and len(den.slug) == len("den-") + 10
    below = make_space(world.as_("olu"), name="Loft", parent=den)
    assert below.slug.startswith("loft-")
    again = make_space(world.as_("olu"), name="Den", openness="hidden", slug="den")
    assert again.slug.startswith("den-") and again.slug != den.slug
    assert make_space(world.as_("olu"), name="Den").slug == "den"
    assert change_space(world.as_("ann"), space=world.hearth, slug="loft").slug == "loft"
    with pytest.raises(Refused, match="taken"):
        change_space(world.as_("ann"), space=world.hearth, slug="den")  # the open one, which anybody can see


def test_a_hidden_space_keeps_its_address_until_another_is_asked_for(world):
    den = make_space(world.as_("olu"), name="Den", openness="hidden")
    was = den.slug
    assert change_space(world.as_("olu"), space=den, name="Cave", slug=was).slug == was
    assert change_space(world.as_("olu"), space=den, slug="cave").slug.startswith("cave-")


def test_what_was_hidden_elsewhere_has_no_readable_address(world):
    here = [SpaceIn(key, "Staff", openness="hidden", made_at=world.now) for key in "ab"]
    ids = take_in_spaces(world.as_("house"), source="old", spaces=here)
    slugs = set(Space.objects.filter(pk__in=ids.values()).values_list("slug", flat=True))
    assert len(slugs) == 2 and all(slug.startswith("staff-") and len(slug) == 16 for slug in slugs)


def test_what_becomes_hidden_leaves_its_readable_address(world):
    owner = world.as_("olu")
    shed = make_space(owner, name="Shed")
    loft = make_space(owner, name="Loft", parent=shed)
    den = make_space(owner, name="Den", parent=shed, openness="hidden")
    was = den.slug
    assert change_space(owner, space=shed, openness="private").slug == "shed"  # it can still be asked for
    loft.refresh_from_db()
    assert loft.slug.startswith("loft-") and len(loft.slug) == len("loft-") + 10  # known inside only, from now on
    shed = change_space(owner, space=shed, openness="hidden")
    assert shed.slug.startswith("shed-") and len(shed.slug) == len("shed-") + 10
    den.refresh_from_db()
    assert den.slug == was  # it was hidden before
    assert [make_space(owner, name=name).slug for name in ("Shed", "Loft")] == ["shed", "loft"]


def test_what_is_made_in_or_moved_into_a_closed_room_has_no_readable_address(world):
    owner = world.as_("olu")
    room = make_space(owner, name="Room", openness="private")
    assert make_space(owner, name="Shelf", parent=room).slug.startswith("shelf-")
    box = make_space(owner, name="Box")
    assert move_space(owner, space=box, parent=room).slug.startswith("box-")
    assert make_space(owner, name="Box").slug == "box"
