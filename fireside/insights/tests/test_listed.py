"""People who came in with a list are members, and have done nothing yet."""

from datetime import UTC, datetime, timedelta

import pytest

from fireside.activity.actor import house
from fireside.insights import actions, queries
from fireside.members.actions import PersonIn, take_in_people

pytestmark = pytest.mark.both


def figures(world, **said):
    now = house("worker", now=world.now + timedelta(hours=1))
    actions.bring_up_to_date(now)
    found = {name: queries.answer(name, now=now.now, viewer=now, **said) for name in ("members", "active", "cores", "heat", "retention")}
    return {name: answer["headline"] for name, answer in found.items()}, {row["start"]: row["n"] for row in found["retention"]["rows"]}


def test_a_list_makes_members_and_no_activity(world):
    before, _cohorts = figures(world)
    listed = [PersonIn(str(n), f"Customer {n}", world.now, dated=False) for n in range(30)]
    since = datetime(2026, 2, 4, tzinfo=UTC)
    listed += [PersonIn(f"d{n}", f"Dated {n}", since) for n in range(20)]
    take_in_people(world.as_("house", "import"), source="list", people=listed)
    after, cohorts = figures(world)
    assert after["members"]["members"] == before["members"]["members"] + 50
    assert after["members"]["new"] == before["members"]["new"] + 20  # with a day they joined then; without one nobody knows
    assert cohorts["2026-02-02"] == 20
    for name in ("active", "cores", "heat"):
        assert after[name] == before[name], name
    # the list again, now with a day
    take_in_people(world.as_("house", "import"), source="list", people=[PersonIn("0", "Customer 0", since)])
    assert figures(world)[1]["2026-02-02"] == 21


def test_who_is_on_a_list_comes_with_their_first_act(world):
    from fireside.conversation.actions import PostIn, TopicIn, take_in_posts

    ids = take_in_people(world.as_("house", "import"), source="list", people=[PersonIn("1", "Customer", world.now, dated=False)])
    at = world.now - timedelta(days=5)
    post = PostIn("m", "t", world.hearth.pk, ids["1"], at, "Hello", "md")
    before, _cohorts = figures(world)
    take_in_posts(world.as_("house", "import"), source="list", topics=[TopicIn("t", world.hearth.pk, "Hello")], posts=[post])
    after, _cohorts = figures(world)
    assert (after["members"]["new"], after["members"]["members"]) == (before["members"]["new"] + 1, before["members"]["members"])
    assert after["active"]["mau"] == before["active"]["mau"] + 1


def test_a_row_without_a_day_says_so(world, tmp_path):
    from fireside.activity.jobs import run_here
    from fireside.members.queries import people_table

    table = tmp_path / "people.csv"
    table.write_text("id,name,joined\n1,Ada,2024-05-01\n2,Bo,\n")
    assert run_here(house("cli"), "connectors.import_members", {"path": str(table), "source": "list"}).error == ""
    joined = {row.joined_at and row.joined_at.year for row in people_table() if row.member_id > max(p.pk for p in world.people.values())}
    assert joined == {2024, None}
