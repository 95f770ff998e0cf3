"""Coming in, roles, cards: what changes, what is recorded, who is refused."""

import pytest

from fireside.activity.models import Activity
from fireside.lib.errors import NotAllowed, Refused
from fireside.members.actions import change_community, change_role, join_community
from fireside.members.queries import cards_of, ids_by_handle, the_community

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_everybody_is_their_own_person_and_the_log_says_who_came(world):
    assert world.ann.person_id == world.ann.pk
    assert set(Activity.objects.filter(kind="members.joined").values_list("member_id", flat=True)) == {m.pk for m in world.people.values()}
    assert the_community().name == "Lantern Works"


def test_two_of_one_name_get_two_handles(world):
    assert [join_community(world.as_(""), name="Ann").handle for _ in range(3)] == ["ann-2", "ann-3", "ann-4"]


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("李小龙", "李小龙"),
        ("Zoë O’Brien", "zoë-obrien"),
        ("🔥🔥", "member"),
        ("שלום", "שלום"),
        ("ＷＩＤＥ", "wide"),
        ("所有人", "所有人-2"),
        ("a" * 80, "a" * 32),
    ],
)
def test_a_handle_comes_from_any_script(world, name, handle):
    assert join_community(world.as_(""), name=name).handle == handle


@pytest.mark.parametrize("name", ["", "  \u202e\u200b ", "x" * 81])
def test_a_name_that_cannot_be_shown_is_refused(world, name):
    with pytest.raises(Refused) as no:
        join_community(world.as_(""), name=name)
    assert no.value.code in {"name_empty", "name_long"}


def test_only_the_owner_gives_roles_and_one_owner_remains(world):
    with pytest.raises(NotAllowed):
        change_role(world.as_("dan"), member=world.ben, role="operator")
    with pytest.raises(Refused, match="owner first"):
        change_role(world.as_("olu"), member=world.olu, role="member")


def test_a_change_of_the_community_is_seen_at_once(world):
    assert the_community().name == "Lantern Works"
    change_community(world.as_("dan"), name="灯匠")
    assert the_community().name == "灯匠"


def test_cards_come_in_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):  # members with their persons
        cards = cards_of([world.ann.pk, world.ben.pk, None])
    assert cards[world.ann.pk].name == "Ann"
    assert ids_by_handle(["ANN", "nobody"]) == {"ann": world.ann.pk}
