"""How often the database is asked: a fixed number of times, whatever the number of rows."""

import pytest

from fireside.spaces.actions import archive_space, ask_to_join, join_space, make_space
from fireside.spaces.models import Space
from fireside.spaces.queries import asks_of, list_spaces, people_of, space_page, spaces_of
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_query_counts(world, django_assert_num_queries):
    for n in range(40):
        space = make_space(world.as_("dan"), name=f"Group {n:02}", parent=world.hearth if n % 2 else None)
        if n < 10:
            join_space(world.as_("cat"), space=space)
    for name in ("cat", "mira", "olu"):
        ask_to_join(world.as_(name), space=world.workshop) if name != "olu" else None
    with django_assert_num_queries(2):  # spaces with one's own part in them; the first few that stand in each
        page = list_spaces(world.cat, size=10)
    assert [row.name for row in page.rows][:2] == ["Group 00", "Group 02"]
    assert len(page.rows) == 10
    with django_assert_num_queries(2):
        rest = list_spaces(world.cat, size=30, cursor=page.next)
    assert [row.name for row in rest.rows][-2:] == ["Hearth", "Workshop"]
    assert not rest.next
    assert len(next(row for row in rest.rows if row.name == "Hearth").below) == 5
    with django_assert_num_queries(1):  # the rail
        assert len(spaces_of(world.cat)) == 10
    # the space; those below; own belongings on the path with the organisers
    with django_assert_num_queries(3):
        space_page(world.cat, "hearth")
    # the space; those above; those below; own belongings on the path with the organisers; own ask
    inner = make_space(world.as_("dan"), name="Inner", parent=world.hearth, openness="private")
    with django_assert_num_queries(5):
        space_page(world.mira, inner.slug)
    with django_assert_num_queries(2):  # belongings; cards
        people_of(world.cat, world.hearth)
    with django_assert_num_queries(3):  # organiser?; asks; cards
        assert len(asks_of(world.ann, world.workshop).rows) == 2


def test_pages_ask_a_fixed_number_of_queries(world, django_assert_max_num_queries):
    for n in range(30):
        make_space(world.as_("dan"), name=f"Group {n:02}")
    client = as_(world, "ben")
    client.get("/spaces")
    # session, member; the frame's bell and rail; the list's two
    with django_assert_max_num_queries(6):
        client.get("/spaces")
    # the same frame; the space; those below; own belongings with the organisers; people and cards
    with django_assert_max_num_queries(9):
        client.get("/spaces/hearth/people")


def test_closed_spaces_are_listed_apart(world):
    archive_space(world.as_("ann"), space=world.hearth)
    assert "Hearth" not in [row.name for row in list_spaces(world.ben).rows]
    assert [row.name for row in list_spaces(world.ben, show="closed").rows] == ["Hearth"]
    assert "hearth" not in [one.slug for one in spaces_of(world.ben)]
    assert space_page(world.ben, "hearth").closed


def test_capitals_do_not_come_first(world):
    for name in ("banjo", "Zither", "Accordion"):
        make_space(world.as_("dan"), name=name)
    first = list_spaces(world.cat, size=2)
    assert [row.name for row in first.rows] == ["Accordion", "banjo"]
    assert [row.name for row in list_spaces(world.cat, cursor=first.next).rows] == ["Hearth", "Workshop", "Zither"]


def test_how_much_is_said_in_a_private_space_is_for_those_who_may_read_it(world):
    Space.objects.filter(slug="workshop").update(topics_count=7, last_active_at=world.now)
    for name, told in (("ben", (7, world.now)), ("dan", (7, world.now)), ("cat", (None, None))):
        row = next(row for row in list_spaces(world.people[name]).rows if row.slug == "workshop")
        assert (row.topics_count, row.last_active_at) == told, name
        client = as_(world, name)
        listed = next(one for one in client.get("/api/v1/spaces").json()["items"] if one["slug"] == "workshop")
        for found in (listed, client.get("/api/v1/spaces/workshop").json()):
            assert (found["topics_count"], found["last_active_at"] is not None) == (told[0], told[0] is not None), name
