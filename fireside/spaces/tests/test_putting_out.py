"""Somebody is put out of a space: who may, what ends with it, what they are told, how they come back, one pass through each door."""

from io import StringIO

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.conversation.actions import open_topic
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.members.actions import join_community, merge_members
from fireside.notifications.queries import list_notices
from fireside.notifications.reactions import tell
from fireside.serving.tail import _event
from fireside.spaces import actions, rules
from fireside.spaces.models import AskToJoin, Belonging, Space
from fireside.spaces.queries import belongs, get_space, visible_spaces
from fireside.spaces.tests.test_hidden import unmarked
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]
WHY = "You sell mills here."


def told(world, name):
    tell(list(Activity.objects.order_by("id")), world.now)
    return list_notices(world.people[name]).rows


def test_how_high_one_stands():
    path = [1, 7, 12]
    ranks = [rules.standing_of(path, mine, runs=runs) for mine, runs in ((set(), True), ({1, 12}, False), ({12}, False), ({9}, False))]
    assert ranks == [0, 1, 3, 4]
    assert rules.why_not_put_out(yourself=False, own=3, theirs=1) == "stands_above"
    assert rules.why_not_put_out(yourself=False, own=3, theirs=3) == ""
    assert rules.why_not_put_out(yourself=True, own=3, theirs=1) == "yourself"


def test_out_of_a_private_space_is_out_of_all_that_stands_in_it(world):
    inner = actions.make_space(world.as_("ann"), name="Inner", parent=world.workshop)
    vault = actions.make_space(world.as_("ann"), name="Vault", parent=inner, openness="private")
    actions.join_space(world.as_("ben"), space=inner)
    ask = actions.ask_to_join(world.as_("ben"), space=vault)
    actions.put_out(world.as_("ann"), space=world.workshop, member=world.ben, reason=f"  {WHY}\n")
    actions.put_out(world.as_("dan"), space=world.workshop, member=world.ben, reason="Again.")  # a second press is harmless
    assert set(Belonging.objects.filter(member=world.ben).values_list("space__name", flat=True)) == {"Hearth", "Cellar"}
    assert list(Space.objects.filter(pk__in=[world.workshop.pk, inner.pk]).values_list("members_count", flat=True)) == [1, 1]
    ask.refresh_from_db()
    assert (ask.let_in, ask.decided_at) == (None, world.now)
    lines = Activity.objects.filter(kind="spaces.put_out").order_by("id")
    assert [(line.member_id, line.other_id, line.space_id, line.data) for line in lines] == [
        (world.ann.pk, world.ben.pk, world.workshop.pk, {"name": "Workshop", "reason": WHY}),
        (world.ann.pk, world.ben.pk, inner.pk, {"name": "Inner"}),
    ]
    notices = told(world, "ben")
    assert [(one.text, one.words, one.url) for one in notices if one.kind == "spaces.put_out"] == [
        ("Ann removed you from Workshop", WHY, "/spaces/workshop")
    ]
    assert not [one for one in told(world, "ann") if one.kind == "spaces.put_out"]
    again = actions.ask_to_join(world.as_("ben"), space=world.workshop)  # and comes back when let in anew
    assert actions.let_in(world.as_("ann"), ask=again).imported is False
    assert belongs(world.ben, world.workshop) and not belongs(world.ben, inner)


def test_an_open_space_can_be_joined_again_and_what_stands_in_it_is_its_own(world):
    inner = actions.make_space(world.as_("ann"), name="Inner", parent=world.hearth)
    actions.join_space(world.as_("ben"), space=inner)
    actions.put_out(world.as_("ann"), space=world.hearth, member=world.ben, reason=WHY)
    assert not belongs(world.ben, world.hearth) and belongs(world.ben, inner)
    actions.join_space(world.as_("ben"), space=world.hearth)
    assert belongs(world.ben, world.hearth)


def test_who_may_put_out_whom(world):
    actions.make_organiser(world.as_("ann"), space=world.hearth, member=world.ben)
    inner = actions.make_space(world.as_("ben"), name="Inner", parent=world.hearth)
    for one in ("cat", "dan", "ann"):
        actions.join_space(world.as_(one), space=inner)
    actions.make_organiser(world.as_("ben"), space=inner, member=world.cat)

    def refused(who, whom, space=inner, reason=WHY):
        with pytest.raises((NotAllowed, Refused)) as no:
            actions.put_out(world.as_(who), space=space, member=world.people[whom], reason=reason)
        return no.value.code

    assert refused("mira", "ben") == "not_allowed"
    assert refused("ann", "ben", reason=" ") == "no_reason"
    assert refused("ann", "ben", reason="x" * 301) == "reason_too_long"
    assert refused("cat", "ben") == refused("cat", "ann") == refused("cat", "dan") == "stands_above"
    assert refused("cat", "cat") == "yourself"
    assert not Activity.objects.filter(kind="spaces.put_out").exists()
    actions.put_out(world.as_("ann"), space=inner, member=world.ben, reason=WHY)  # they look after the same
    assert refused("dan", "cat") == "last_organiser"
    actions.put_out(world.as_("house"), space=world.hearth, member=world.ben, reason=WHY)
    assert refused("dan", "ann", space=world.hearth) == "last_organiser"
    actions.archive_space(world.as_("dan"), space=world.hearth)
    actions.put_out(world.as_("dan"), space=world.hearth, member=world.ann, reason=WHY)  # a closed one needs nobody


def test_whoever_runs_the_house_by_any_account_stands_above(world):
    merge_members(world.as_("olu"), member=world.dan, into=world.ben, reason="two accounts")
    for account in ("ben", "dan"):
        with pytest.raises(NotAllowed) as no:
            actions.put_out(world.as_("ann"), space=world.hearth, member=world.people[account], reason=WHY)
        assert no.value.code == "stands_above"


def test_to_organise_something_inside_keeps_nobody_in(world):
    """Ben alone organises a space in the workshop; Ann, who looks after the workshop, looks after that, too."""
    inner = actions.make_space(world.as_("ann"), name="Inner", parent=world.workshop)
    actions.join_space(world.as_("ben"), space=inner)
    actions.make_organiser(world.as_("ann"), space=inner, member=world.ben)
    actions.leave_space(world.as_("ann"), space=inner)
    actions.put_out(world.as_("ann"), space=world.workshop, member=world.ben, reason=WHY)
    assert not belongs(world.ben, inner)


def test_a_hidden_space_is_missing_at_once(world):
    """Its address answers the bytes of none, its words leave the bell, its open pages are closed, and its new name is not told."""
    ben = as_(world, "ben")
    topic = open_topic(world.as_("ann"), space=world.cellar, title="What stays here", text="@ben Said in confidence?")
    assert "What stays here" in str([one.text for one in told(world, "ben")])
    assert ben.get("/spaces/cellar").status_code == ben.get(f"/t/{topic.pk}").status_code == 200
    actions.put_out(world.as_("ann"), space=world.cellar, member=world.ben, reason=WHY)
    for there, nowhere in (
        ("/spaces/cellar", "/spaces/nosuch"),
        (f"/t/{topic.pk}", "/t/99999"),
        ("/api/v1/spaces/cellar", "/api/v1/spaces/no"),
    ):
        one, other = ben.get(there), ben.get(nowhere)
        assert (one.status_code, unmarked(one)) == (other.status_code, unmarked(other)) and one.status_code == 404
    with pytest.raises(NotFound):
        actions.ask_to_join(world.as_("ben"), space=world.cellar)
    actions.change_space(world.as_("ann"), space=world.cellar, name="Vault of the nine")
    notices = told(world, "ben")
    assert "What stays here" not in str([one.text for one in notices]) and "nine" not in str([one.text for one in notices])
    assert [(one.text, one.url) for one in notices if one.kind == "spaces.put_out"] == [("Ann removed you from Cellar", "/notices")]
    assert "Vault" not in ben.get("/notices").content.decode()
    line = Activity.objects.get(kind="spaces.put_out")
    event = _event(1, line.pk, line.kind, line.member_id, line.other_id, line.space_id, line.target_type, line.target_id, None)
    assert event.shuts and f"member:{world.ben.pk}" in event.keys and not event.data
    actions.bring_in(world.as_("ann"), space=world.cellar, member=world.ben)
    assert get_space(world.ben, "cellar") in visible_spaces(world.ben)


def test_a_history_brings_nobody_back(world):
    """Neither whom this house has put out nor who left it, under whatever name the history has them."""
    house = world.as_("house")
    old = join_community(world.as_(""), name="Ben of old")
    rows = [(world.cellar.pk, one.pk, world.now) for one in (world.ben, old, world.cat, world.mira)]
    actions.take_in_belongings(house, rows=rows)
    merge_members(world.as_("dan"), member=old, into=world.ben, reason="The same.")
    actions.put_out(world.as_("ann"), space=world.cellar, member=world.ben, reason=WHY)
    actions.leave_space(world.as_("cat"), space=world.cellar)
    assert actions.take_in_belongings(house, rows=rows) == 0
    assert set(Belonging.objects.filter(space=world.cellar).values_list("member__handle", flat=True)) == {"ann", "mira"}
    assert Space.objects.get(pk=world.cellar.pk).members_count == 2


def test_through_each_door(world):
    ann, ben = as_(world, "ann"), as_(world, "ben")
    assert "Remove Ben" in ann.get("/spaces/workshop/people").content.decode()
    page = ben.get("/spaces/workshop/people").content.decode()
    assert "Remove Ann" not in page and "Remove Ben" not in page
    assert ben.post("/spaces/workshop/people/ann/end", {"reason": WHY}).status_code == 403
    assert ann.post("/spaces/workshop/people/ben/end", {"reason": ""}).status_code == 409
    said = ann.post("/spaces/workshop/people/ben/end", {"reason": WHY}, follow=True)
    assert said.redirect_chain == [("/spaces/workshop/people", 302)] and "Ben is removed" in said.content.decode()
    assert "What is said here stays inside" in ben.get("/spaces/workshop").content.decode()
    gone = ann.delete("/api/v1/spaces/cellar/people/ben", {"reason": WHY}, content_type="application/json")
    assert (gone.status_code, gone.json()["handle"]) == (200, "ben")
    call_command("act", "spaces.put_out", "as=ann", "space=hearth", "member=ben", f"reason={WHY}", stdout=StringIO())
    assert not Belonging.objects.filter(member=world.ben).exists() and not AskToJoin.objects.exists()
