"""Who is who: merging, parting, claiming. Whatever is done in whatever order, nothing is lost and everybody resolves to one person."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fireside.activity.models import Activity
from fireside.lib.errors import NotAllowed, Refused
from fireside.members import rules
from fireside.members.actions import (
    PersonIn,
    claim,
    join_community,
    mark_bot,
    mark_person,
    merge_members,
    offer_claim,
    take_in_people,
    unmerge_members,
)
from fireside.members.models import Identity, IdentityName, Member, Merge
from fireside.members.queries import cards_of, ids_by_handle, people_table

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def traces(world, count, source="old"):
    people = [PersonIn(str(n), f"Trace {n}", world.now - timedelta(days=100 + n)) for n in range(count)]
    taken = take_in_people(world.as_("house"), source=source, people=people)
    return [Member.objects.get(pk=taken[str(n)]) for n in range(count)]


def fresh(member):
    return Member.objects.get(pk=member.pk)


def test_a_merge_shows_the_person_and_parting_restores_exactly(world):
    a, b, c = traces(world, 3)
    before = list(Member.objects.order_by("pk").values())
    merge_members(world.as_("dan"), member=a, into=b, reason="same")
    merge_members(world.as_("dan"), member=b, into=c, reason="same")
    assert {fresh(one).person_id for one in (a, b, c)} == {c.pk}
    assert cards_of([a.pk])[a.pk].name == "Trace 2"
    assert ids_by_handle([a.handle]) == {a.handle: c.pk}
    unmerge_members(world.as_("dan"), member=b, reason="was wrong")
    assert (fresh(a).person_id, fresh(b).person_id, fresh(c).person_id) == (b.pk, b.pk, c.pk)  # what was merged into b stays with b
    unmerge_members(world.as_("dan"), member=a, reason="was wrong")
    assert list(Member.objects.order_by("pk").values()) == before
    assert Merge.objects.filter(until__isnull=False).count() == 2
    assert Activity.objects.filter(kind__in=["members.merged", "members.unmerged"]).count() == 4


def test_asking_twice_changes_nothing_and_adds_no_line(world):
    a, b = traces(world, 2)
    first = merge_members(world.as_("dan"), member=a, into=b, reason="same")
    assert merge_members(world.as_("dan"), member=a, into=b, reason="same") == first
    unmerge_members(world.as_("dan"), member=a, reason="no")
    unmerge_members(world.as_("dan"), member=a, reason="no")
    assert Activity.objects.filter(kind__startswith="members.merged").count() == 1
    assert Activity.objects.filter(kind="members.unmerged").count() == 1


def test_what_cannot_be_merged_says_what_to_do(world):
    a, b, c = traces(world, 3)
    dan = world.as_("dan")
    merge_members(dan, member=a, into=b, reason="same")
    for member, into, code in (
        (a, a, "same_member"), (b, a, "same_person"), (a, c, "merged_already"), (world.ben, c, "merge_other_way"),
    ):  # fmt: skip
        with pytest.raises(Refused) as no:
            merge_members(dan, member=member, into=into, reason="x")
        assert no.value.code == code
    with pytest.raises(Refused) as no:
        merge_members(dan, member=c, into=b, reason=" ")
    assert no.value.facts["field"] == "reason"
    with pytest.raises(NotAllowed):
        merge_members(world.as_("ben"), member=c, into=b, reason="x")


def test_an_account_that_is_merged_keeps_its_login(world, client):
    again = join_community(world.as_(""), name="Ben 2", email="ben2@example.org", password="tallow wick and glass")
    merge_members(world.as_("dan"), member=again, into=world.ben, reason="forgot the first")
    client.post("/accounts/login/", {"login": "ben2@example.org", "password": "tallow wick and glass"})
    assert client.get("/api/v1/me").json()["handle"] == "ben-2"
    assert "Ben" in client.get("/me").content.decode()


STEPS = st.lists(st.tuples(st.sampled_from(["merge", "part"]), st.integers(0, 5), st.integers(0, 5)), max_size=14)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_any_order_of_merging_and_parting_keeps_everybody(world, steps):
    """Against a model of plain dicts: the map of persons is what following the open merges gives; nothing else ever changes."""
    Merge.objects.all().delete()
    people = list(Member.objects.filter(imported_from="model").order_by("pk")) or traces(world, 6, "model")
    for one in people:
        Member.objects.filter(pk=one.pk).update(person_id=one.pk)
    kept = ("name", "handle", "joined_at", "email", "is_bot", "imported_from")
    before = list(Member.objects.order_by("pk").values("pk", *kept))
    merged: dict[int, int] = {}
    said = 0
    for what, i, j in steps:
        a, b = people[i], people[j]
        try:
            if what == "merge":
                merge_members(world.as_("dan"), member=a, into=b, reason="same")
                assert a.pk not in merged or merged[a.pk] == b.pk
                said += a.pk not in merged
                merged[a.pk] = b.pk
            else:
                unmerge_members(world.as_("dan"), member=a, reason="not the same")
                merged.pop(a.pk, None)
        except Refused:
            assert what == "merge"
            assert a.pk == b.pk or a.pk in merged or rules.root_of(a.pk, merged) == rules.root_of(b.pk, merged)
        found = dict(Member.objects.filter(pk__in=[one.pk for one in people]).values_list("pk", "person_id"))
        assert found == {one.pk: rules.root_of(one.pk, merged) for one in people}
    assert list(Member.objects.order_by("pk").values("pk", *kept)) == before
    assert Identity.objects.filter(source="model").count() == 6
    assert Merge.objects.count() == said
    for one in people:
        if one.pk in merged:
            unmerge_members(world.as_("dan"), member=one, reason="all apart")
    assert all(row.person_id == row.member_id for row in people_table())


def test_people_come_in_once_however_often_and_nothing_of_theirs_is_overwritten(world):
    house, day = world.as_("house"), timedelta(days=1)
    first = [
        PersonIn("1", "Li Wei", world.now, email="LI@example.org"),
        PersonIn("2", "Li Wei", world.now, weak=True),
        PersonIn("3", "", world.now),
    ]
    ids = take_in_people(house, source="old", people=first)
    assert take_in_people(house, source="old", people=first) == ids
    assert len(set(ids.values())) == 3
    assert [Member.objects.get(pk=ids[k]).name for k in "123"] == ["Li Wei", "Li Wei", "3"]
    assert Identity.objects.get(external_id="1").email == "li@example.org"
    assert not Member.objects.filter(email="li@example.org").exists()  # an address elsewhere is no login here
    later = [
        PersonIn("1", "李伟", world.now - 9 * day),
        PersonIn("1", "Wei Li", world.now + day),
        PersonIn("2", "Li Wei", world.now + day, is_bot=True, bot_reason="source"),
    ]
    assert take_in_people(house, source="old", people=later) == {k: ids[k] for k in "12"}
    one = Identity.objects.get(external_id="1")
    assert (one.name, set(one.names.values_list("name", flat=True))) == ("Li Wei", {"李伟", "Wei Li"})
    assert one.first_seen_at == Member.objects.get(pk=ids["1"]).joined_at == world.now - 9 * day
    assert Member.objects.get(pk=ids["2"]).is_bot
    assert Activity.objects.filter(kind="members.joined", imported=True).count() == 3
    assert Activity.objects.get(source="old", external_id="person:1").member_id == ids["1"]
    assert IdentityName.objects.count() == 2
    with pytest.raises(Refused):
        take_in_people(house, source="old", people=[PersonIn("x" * 191, "Long", world.now)])
    with pytest.raises(NotAllowed):
        take_in_people(world.as_("ben"), source="old", people=first)


def test_people_come_in_with_a_fixed_number_of_statements(world, django_assert_max_num_queries):
    people = [PersonIn(str(n), f"Person {n % 7}", world.now) for n in range(1000)]
    # known identities, taken handles, members, their persons, identities, lines of the log: SQLite takes 999 values in one insert, PostgreSQL all
    with django_assert_max_num_queries(45):
        take_in_people(world.as_("house"), source="many", people=people)
    with django_assert_max_num_queries(5):  # a savepoint and back, known identities
        take_in_people(world.as_("house"), source="many", people=people)
    assert Member.objects.filter(imported_from="many").values("handle").distinct().count() == 1000


def test_an_operators_word_about_a_bot_is_the_last(world):
    (a,) = traces(world, 1)
    mark_bot(world.as_("house"), member=a, reason="name")
    mark_person(world.as_("dan"), member=a)
    mark_bot(world.as_("house"), member=a, reason="rhythm")
    assert not fresh(a).is_bot
    take_in_people(world.as_("house"), source="old", people=[PersonIn("0", "Trace 0", world.now, is_bot=True, bot_reason="source")])
    assert not fresh(a).is_bot
    merge_members(world.as_("dan"), member=a, into=world.ben, reason="same")
    mark_bot(world.as_("dan"), member=world.ben)
    flags = {row.member_id: row.is_bot for row in people_table()}
    assert flags[a.pk]  # a trace of a bot is a bot
    assert flags[world.ben.pk]
    assert not flags[world.cat.pk]


def test_a_link_lapses_and_works_once(world):
    (a,) = traces(world, 1)
    _link, secret = offer_claim(world.as_("dan"), member=a)
    with pytest.raises(Refused) as no:
        claim(world.as_("ben").at(world.now + timedelta(days=15)), secret=secret)
    assert no.value.code == "claim_link_over"
    claim(world.as_("ben"), secret=secret)
    assert claim(world.as_("ben"), secret=secret) == a  # a retry of the same member is harmless
    with pytest.raises(Refused):
        claim(world.as_("cat"), secret=secret)
    with pytest.raises(Refused):
        claim(world.as_("cat"), secret="made up")
    with pytest.raises(Refused):
        offer_claim(world.as_("dan"), member=a)
    with pytest.raises(Refused):
        offer_claim(world.as_("dan"), member=world.cat)
