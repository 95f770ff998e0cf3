"""The one table of rights, and how it is shown. That every action asks it through every door: site/tests/test_every_right.py."""

import copy
import itertools

import pytest
from django.utils import translation

from fireside.activity.action import ACTIONS
from fireside.activity.actor import Actor
from fireside.lib.errors import NotAllowed
from fireside.members.actions import change_role, join_community, make_token
from fireside.members.models import Member, Role
from fireside.members.queries.who_may import columns, who_may
from fireside.members.rights import RIGHTS, holders, may, require

pytestmark = pytest.mark.django_db
ROLES = list(Role)


@pytest.fixture
def cast(world):
    """One member of each role, and a bystander to whom things are done."""
    people = {Role.OWNER: world.olu, Role.OPERATOR: world.dan, Role.PRODUCT: world.mira, Role.MEMBER: world.cat}
    for role in (Role.MARKETING, Role.SALES, Role.SUPPORT):
        member = join_community(world.as_(""), name=role.value, email=f"{role.value}@example.org")
        people[role] = change_role(world.as_("olu"), member=member, role=role)
    world.people |= {role.value: member for role, member in people.items()}
    return world


def test_the_table_decides(cast):
    """require() and may() agree with the row for each right, role, organiser, author, scope and visitor."""
    for (right, row), role in itertools.product(RIGHTS.items(), ROLES):
        member, told = cast.people[role.value], f"{right} as {role}"
        assert may(member, right) == (role in row.roles), told
        assert may(member, right, organiser=True) == (role in row.roles or row.organiser), told
        assert may(member, right, author=True) == (role in row.roles or row.author), told
        assert may(None, right) == row.visitor, told
        gone = copy.copy(member)
        gone.is_active = False
        assert not may(gone, right, organiser=True, author=True), told
        for scope in ("read", "write", "run"):
            token = Actor(member, "json", cast.now, scopes=(scope,))
            if role in row.roles and row.scope == scope:
                require(token, right)
            else:
                with pytest.raises(NotAllowed):
                    require(token, right)
        require(cast.as_("house"), right)
        if not row.visitor:
            with pytest.raises(NotAllowed):
                require(cast.as_(""), right)


@pytest.mark.parametrize("scopes", [("read",), ("run",)])
def test_a_token_that_does_not_write_keeps_no_draft(world, client, scopes):
    """Neither through the JSON door nor by the action itself."""
    from fireside.conversation.actions import drop_draft, keep_draft
    from fireside.conversation.models import Draft

    kept = keep_draft(world.as_("ann"), place="new:1", text="half a")
    reader = world.as_("ann", via="json", scopes=scopes)
    for act in (lambda: keep_draft(reader, place="new:1", text="x"), lambda: drop_draft(reader, place="new:1")):
        with pytest.raises(NotAllowed) as no:
            act()
        assert no.value.code == "token_scope"
    _token, secret = make_token(world.as_("ann"), name="reads", scopes=scopes)
    head = {"headers": {"Authorization": f"Bearer {secret}"}}
    said = [
        client.put("/api/v1/drafts", {"place": "new:1", "text": "x"}, content_type="application/json", **head),
        client.delete("/api/v1/drafts?place=new:1", **head),
    ]
    assert [(one.status_code, one.json()["code"]) for one in said] == [(403, "token_scope")] * 2
    assert list(Draft.objects.values_list("pk", "text")) == [(kept.pk, "half a")]


def test_who_may_is_listed_with_the_marks_of_the_language():
    with translation.override("zh-hans"):
        assert holders("talk.accept").count("、") == 3 and "," not in holders("talk.accept")
    assert holders("talk.accept").count(", ") == 3


def test_the_table_that_people_read_is_the_one_that_is_asked(cast, client):
    """docs/rights.md and the page of the house: every right, and for every role what `may` answers."""
    with translation.override("en"):
        heads, rows = columns(), {row.name: row for row in who_may()}
    assert list(rows) == list(RIGHTS)
    for name, row in rows.items():
        held = dict(zip(heads, row.held, strict=True))
        assert held["Visitor"] == may(None, name)
        assert [held[str(role.label)] for role in ROLES] == [may(cast.people[role.value], name) for role in ROLES], name
        assert held["Organiser, in their space"] == RIGHTS[name].organiser and held["Author, of their words"] == RIGHTS[name].author
    assert {one for row in rows.values() for one in row.actions} == {name for name, one in ACTIONS.items() if one.right}
    client.force_login(cast.dan)
    for language, words in (("en", ("Who may do what", "give and take roles")), ("zh-hans", ("谁可以做什么", "交托和收回角色"))):
        client.cookies["lang"] = language
        Member.objects.filter(pk=cast.dan.pk).update(language=language)
        page = client.get("/people/tend/rights").content.decode()
        assert all(word in page for word in words), page
        assert page.count("<tr>") == len(RIGHTS) + 1
    client.force_login(cast.ben)
    assert client.get("/people/tend/rights").status_code == 403
