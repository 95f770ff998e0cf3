"""Coming in, roles, cards: what changes, what is recorded, who is refused."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fireside.activity.models import Activity
from fireside.lib.errors import NotAllowed, Refused
from fireside.members.actions import change_community, change_role, join_community, make_token, merge_members, note_seen
from fireside.members.models import Member
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


@pytest.fixture
def clock(monkeypatch):
    """Doors read this clock; the community's days begin in Shanghai, eight hours before UTC's."""
    from fireside.activity import doors

    class Clock(datetime):
        moment = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)

        @classmethod
        def now(cls, tz=None):
            return cls.moment

    monkeypatch.setattr(doors, "datetime", Clock)
    return Clock


def writes(seen):
    return [one["sql"] for one in seen.captured_queries if one["sql"].startswith("UPDATE") and "last_seen_on" in one["sql"]]


def test_the_day_of_the_last_visit_is_written_once_a_day_through_both_doors(world, client, clock):
    def day(who):
        return Member.objects.get(pk=who.pk).last_seen_on

    _token, secret = make_token(world.as_("ben"), name="reads", scopes=["read"])
    head = {"headers": {"Authorization": f"Bearer {secret}"}}
    ways = [(world.ann, lambda: client.get("/talk")), (world.ben, lambda: Client().get("/api/v1/me", **head))]
    client.force_login(world.ann)
    for who, visit in ways:
        assert day(who) is None
        with CaptureQueriesContext(connection) as first:
            assert visit().status_code == 200
        with CaptureQueriesContext(connection) as second:
            visit()
        assert (len(writes(first)), len(writes(second)), day(who)) == (1, 0, date(2026, 3, 2))
    clock.moment += timedelta(hours=1)  # still the second of March in UTC
    for who, visit in ways:
        with CaptureQueriesContext(connection) as next_day:
            visit()
        assert (len(writes(next_day)), day(who)) == (1, date(2026, 3, 3))
    assert day(world.cat) is None


def test_no_visit_is_what_was_refused_or_made_by_a_stranger(world, client, clock, django_assert_num_queries):
    client.get("/people/ann")
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer fs_" + "x" * 43}).status_code == 401
    assert not Member.objects.filter(last_seen_on__isnull=False).exists()
    note_seen(world.as_("ann"), day=date(2026, 3, 5))
    note_seen(world.as_("ann"), day=date(2026, 3, 4))  # slower than the one of the next day
    assert Member.objects.get(pk=world.ann.pk).last_seen_on == date(2026, 3, 5)


def test_a_writer_that_holds_the_records_costs_nobody_their_answer(world, client, clock, monkeypatch):
    from fireside.members import middleware

    def busy(*_who, **_day):
        raise OperationalError("database is locked")

    client.force_login(world.ann)
    with monkeypatch.context() as held:
        held.setattr(middleware, "note_seen", busy)
        assert client.get("/talk").status_code == 200
    assert client.get("/talk").status_code == 200
    assert Member.objects.get(pk=world.ann.pk).last_seen_on is not None


def test_the_person_is_seen_with_any_of_their_accounts(world):
    merge_members(world.as_("dan"), member=world.cat, into=world.ben, reason="both are theirs")
    note_seen(world.as_("cat"), day=date(2026, 3, 5))
    assert Member.objects.get(pk=world.ben.pk).last_seen_on == date(2026, 3, 5)


def test_the_last_day_is_for_oneself_and_for_those_who_tend_members(world, client, clock):
    note_seen(world.as_("ann"), day=date(2026, 1, 7))
    told = {}
    for name in ("ben", "dan", "mira"):
        client.force_login(world.people[name])
        told[name] = client.get("/api/v1/people/ann").json()["last_seen_on"]
        for page in ("/people/ann", "/people"):
            shown = client.get(page, headers={"Accept-Language": "en"}).content.decode()
            assert bool(re.search("last here .{0,30}7 January", shown)) == (name == "dan"), page
    assert told == {"ben": None, "dan": "2026-01-07", "mira": None}
    client.force_login(world.dan)
    assert "has not signed in here yet" in client.get("/people/cat", headers={"Accept-Language": "en"}).content.decode()
    client.force_login(world.ann)
    assert client.get("/api/v1/me").json()["last_seen_on"] == "2026-01-07"  # this visit is written after its answer
    assert client.get("/api/v1/me").json()["last_seen_on"] == "2026-03-02"
