"""Whoever holds a role is somebody else's person by the owner's word only: through every door, by every way of joining and parting."""

import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import pytest
from django.core.management import call_command
from django.db import transaction

from fireside.conversation.actions import edit_post, open_topic
from fireside.conversation.models import Post
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.members import rules
from fireside.members.actions import (
    PersonIn,
    claim,
    claim_by_email,
    join_community,
    make_token,
    mark_bot,
    merge_members,
    offer_claim,
    offer_new_password,
    take_in_people,
    unmerge_members,
)
from fireside.members.models import Identity, Member, Merge, Token
from fireside.members.queries import cards_of
from fireside.members.rights import RIGHTS, may
from fireside.notifications.queries import list_notices
from fireside.spaces.models import Belonging
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]
ONLY_THE_OWNER = "role_is_the_owners"


@pytest.fixture
def met(world):
    """Two traces of a history, and a second account that the operator made for himself."""
    world.now = datetime.now(UTC)  # links are read by the doors' own clock
    taken = take_in_people(world.as_("house"), source="old", people=[PersonIn("t", "Tess", world.now), PersonIn("u", "Udo", world.now)])
    world.people |= {"tess": Member.objects.get(pk=taken["t"]), "udo": Member.objects.get(pk=taken["u"])}
    world.people["spy"] = join_community(world.as_(""), name="Spy", email="spy@example.org")
    return world


def by_act(world, who, name, **words):
    out = io.StringIO()
    with suppress(SystemExit):
        call_command("act", name, f"as={who}", *(f"{key}={value}" for key, value in words.items()), json=True, stdout=out)
    return json.loads(out.getvalue())["code"]


def by_json(world, who, method, path, **body):
    answer = getattr(as_(world, who), method)(f"/api/v1/people/{path}", json.dumps(body), content_type="application/json")
    return answer.json().get("code", "done")


def by_web(world, who, path, **form):
    answer = as_(world, who).post(f"/people/{path}", form)
    return answer.headers.get("X-Refusal", "done" if answer.status_code == 302 else answer.content.decode())


def merges(world, who, member, into):
    """How each door ends when this one is merged into that one."""
    return {
        by_web(world, who, f"{member}/merge/{into}", reason="same"),
        by_json(world, who, "post", f"{member}/merges", into=into, reason="same"),
        by_act(world, who, "members.merge_members", member=member, into=into, reason="same"),
    }


PAIRS = [
    ("spy", "olu"),
    ("spy", "dan"),
    ("spy", "mira"),
    ("tess", "olu"),
    ("tess", "dan"),
    ("tess", "mira"),
    ("olu", "spy"),
    ("mira", "ben"),
]


def test_only_the_owner_joins_anything_to_who_holds_a_role(met):
    for member, into in PAIRS:
        one, other = met.people[member], met.people[into]
        for act in (partial(merge_members, member=one, into=other, reason="same"), partial(unmerge_members, member=one, reason="no")):
            with pytest.raises(NotAllowed) as no:
                act(met.as_("dan"))
            assert no.value.code == ONLY_THE_OWNER, (member, into)
            act(met.as_("olu"))


def test_every_door_says_so(met):
    for member, into in (("spy", "olu"), ("tess", "mira")):
        open_now = Merge.objects.filter(until__isnull=True)
        assert merges(met, "dan", member, into) == {ONLY_THE_OWNER}, (member, into)
        assert not open_now.exists()
        assert merges(met, "olu", member, into) == {"done"} and open_now.count() == 1, (member, into)
        assert {
            by_web(met, "dan", f"{member}/parting", reason="no"),
            by_json(met, "dan", "delete", f"{member}/merges", reason="no"),
            by_act(met, "dan", "members.unmerge_members", member=member, reason="no"),
        } == {ONLY_THE_OWNER}, (member, into)
        assert open_now.count() == 1
        assert by_act(met, "olu", "members.unmerge_members", member=member, reason="no") == "done"


def test_a_trace_between_is_no_way_round(met):
    """What is merged into a trace of the owner is merged into the owner; and whoever has a role below is seen from every trace of theirs."""
    merge_members(met.as_("olu"), member=met.tess, into=met.olu, reason="hers")
    for member, into in (("spy", "tess"), ("udo", "tess")):
        assert merges(met, "dan", member, into) == {ONLY_THE_OWNER}
    merge_members(met.as_("olu"), member=met.mira, into=met.ben, reason="two accounts")
    assert merges(met, "dan", "spy", "ben") == merges(met, "dan", "ben", "cat") == {ONLY_THE_OWNER}
    assert merges(met, "dan", "udo", "cat") == {"done"}  # between members it is an operator's work


def test_who_holds_a_role_claims_their_own_traces(met):
    for name, trace in (("mira", met.tess), ("olu", met.udo)):
        _link, secret = offer_claim(met.as_("dan"), member=trace)
        claim(met.as_(name), secret=secret)
        assert Member.objects.get(pk=trace.pk).person_id == met.people[name].pk


def test_an_account_below_somebody_with_more_of_a_role_claims_nothing_for_them(met):
    for account, person in (("spy", "olu"), ("spy", "mira"), ("dan", "olu"), ("mira", "dan")):
        with transaction.atomic():
            claims_nothing(met, account, person)
            transaction.set_rollback(True)


def claims_nothing(met, account, person):
    merge_members(met.as_("olu"), member=met.people[account], into=met.people[person], reason="one person")
    _link, secret = offer_claim(met.as_("olu"), member=met.tess)
    with pytest.raises(NotAllowed) as no:
        claim(met.as_(account), secret=secret)
    assert no.value.code == ONLY_THE_OWNER
    assert as_(met, account).post(f"/claim/{secret}").headers["X-Refusal"] == ONLY_THE_OWNER
    Identity.objects.filter(member=met.tess).update(email=f"{account}@example.org")
    met.people[account].emailaddress_set.update(verified=True)
    said = as_(met, account).post("/api/v1/claims", {"handle": "tess"}, content_type="application/json")
    assert (said.status_code, said.json()["code"]) == (403, ONLY_THE_OWNER)
    with pytest.raises(NotAllowed):
        claim_by_email(met.as_(account), member=met.tess)
    claim(met.as_(person), secret=secret)  # the refusals have not used it up


def test_a_trace_with_an_account_below_it_is_nobodys_to_claim(met):
    """An account merged into a claimed trace stays with it when that is parted: whoever claims it next would be that account, too."""
    dan = met.as_("dan")
    _link, secret = offer_claim(dan, member=met.tess)
    merge_members(dan, member=met.tess, into=met.cat, reason="same")
    merge_members(dan, member=met.spy, into=met.tess, reason="same")
    unmerge_members(dan, member=met.tess, reason="was wrong")
    for act in (lambda: claim(met.as_("olu"), secret=secret), lambda: offer_claim(dan, member=met.tess)):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.code == "not_a_trace"


def test_the_pages_offer_nothing_that_is_refused(met):
    buttons = ("This is a bot", "Make a link for a new password", "Part them", "Make them one person")

    def offered(who, path):
        page = as_(met, who).get(f"/people/{path}").content.decode()
        return [one for one in (*buttons, "claim it") if one in page]

    merge_members(met.as_("olu"), member=met.spy, into=met.olu, reason="one person")
    assert offered("dan", "spy/identity") == offered("dan", "spy/merge/ben") == offered("dan", "tess/merge/mira") == []
    assert offered("olu", "spy/identity") == [*buttons[:3]] and offered("olu", "tess/merge/mira") == [buttons[3]]
    assert offered("dan", "ben/identity") == [*buttons[:2]] and offered("dan", "tess/identity") == [buttons[0], "claim it"]
    merge_members(met.as_("dan"), member=met.tess, into=met.cat, reason="same")
    merge_members(met.as_("dan"), member=met.ben, into=met.tess, reason="same")
    unmerge_members(met.as_("dan"), member=met.tess, reason="was wrong")  # an account hangs below the trace now
    assert offered("dan", "tess/identity") == [buttons[0]]


def test_a_refusal_speaks_of_claiming_only_where_there_is_something_to_claim(met):
    def said(act):
        with pytest.raises(NotAllowed) as no:
            act(met.as_("dan"))
        return "claim themselves" in str(no.value)

    assert said(partial(merge_members, member=met.tess, into=met.mira, reason="same"))
    assert not said(partial(merge_members, member=met.spy, into=met.mira, reason="same"))
    assert not said(partial(mark_bot, member=met.mira)) and not said(partial(offer_new_password, member=met.mira))


def test_an_account_of_the_owners_person_holds_no_right_of_hers(met):
    merge_members(met.as_("olu"), member=met.spy, into=met.olu, reason="my second account")
    spy = Member.objects.get(pk=met.spy.pk)
    assert cards_of([spy.pk])[spy.pk].role == "owner"  # shown as hers
    assert [right for right in RIGHTS if may(spy, right)] == [right for right, row in RIGHTS.items() if "member" in row.roles]
    for act in (
        lambda: offer_new_password(met.as_("dan"), member=spy),  # whoever had its link would speak as her
        lambda: mark_bot(met.as_("dan"), member=spy),
    ):
        with pytest.raises(NotAllowed) as no:
            act()
        assert no.value.code == ONLY_THE_OWNER
    assert offer_new_password(met.as_("olu"), member=spy)
    hidden = open_topic(met.as_("ann"), space=met.cellar, title="Only here", text="Hello @olu.")
    browser = as_(met, "spy")
    assert browser.get(f"/t/{hidden.pk}").status_code == 404 and browser.get("/people/tend").status_code == 403
    assert browser.get("/cockpit").status_code == 403


def test_notices_of_a_person_show_each_account_what_it_may_read(met):
    from fireside.activity.worker import react_until_quiet

    merge_members(met.as_("olu"), member=met.spy, into=met.olu, reason="my second account")
    open_topic(met.as_("ann"), space=met.cellar, title="Only here", text="Hello @olu.")
    open_topic(met.as_("ann"), space=met.hearth, title="For all", text="Hello @olu.")
    react_until_quiet(met.now)
    seen = {name: " ".join(one.text for one in list_notices(met.as_(name).who).rows) for name in ("olu", "spy")}
    assert "Only here" in seen["olu"] and "For all" in seen["olu"]
    assert "For all" in seen["spy"] and "Only here" not in seen["spy"]


def test_parting_takes_nothing_from_anybody(met):
    """Words, belonging, tokens and identities of an account that was merged into the owner, before, between and after."""
    before = open_topic(met.as_("spy"), space=met.hearth, title="Before", text="Mine.")
    make_token(met.as_("spy"), name="mine", scopes=["read"])
    merge_members(met.as_("olu"), member=met.spy, into=met.olu, reason="one person")
    between = open_topic(met.as_("spy"), space=met.hearth, title="Between", text="Mine, too.")
    hers = open_topic(met.as_("olu"), space=met.hearth, title="Hers", text="Hers.")
    edit_post(met.as_("spy"), post=Post.objects.get(topic=hers), text="One person's words.")
    rows = (Member.objects.filter(pk=met.spy.pk).values("email", "name", "handle", "role", "joined_at", "is_active"), Token.objects.values(),
            Belonging.objects.order_by("pk").values(), Identity.objects.order_by("pk").values(), Post.objects.order_by("pk").values())  # fmt: skip
    kept = [list(one.all()) for one in rows]
    unmerge_members(met.as_("olu"), member=met.spy, reason="they are two")
    assert [list(one.all()) for one in rows] == kept
    assert {one.author_id for one in (before, between)} == {met.spy.pk} and hers.author_id == met.olu.pk
    with pytest.raises((NotAllowed, NotFound)):
        edit_post(met.as_("spy"), post=Post.objects.get(topic=hers), text="Not theirs any more.")
    assert cards_of([met.spy.pk])[met.spy.pk].role == "member"


def test_who_stands_above_whom():
    order = ["member", "support", "operator", "owner"]
    assert [[rules.outranks(a, b) for b in order] for a in order] == [[i > j for j in range(4)] for i in range(4)]
    assert not rules.outranks("sales", "support")
