"""The table of rights against every action there is, through every door: new actions are covered as they appear."""

import copy
import inspect
import io
import itertools
import json
import types
import typing
from contextlib import redirect_stderr, redirect_stdout

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models, transaction
from django.utils import translation

from fireside.activity.action import ACTIONS
from fireside.activity.actor import Actor
from fireside.activity.models import Activity
from fireside.lib.errors import NotAllowed, Refusal
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


# Without a right of their own: marks that a reader leaves for themselves. A token must be made for writing to leave them.
MARKS = {"notifications.see_notices", "notifications.read_notices", "notifications.mark_read", "conversation.mark_topic_read"}
# And what another act or a reading makes in passing: nobody chooses it, so nobody is asked.
PASSING = {
    "members.note_seen", "members.note_token_used", "spaces.note_talk", "spaces.set_talk", "conversation.keep_rendered",
    "conversation.mend_spaces", "conversation.mend_topics", "conversation.mend_topics_of",
}  # fmt: skip
WITHOUT = MARKS | PASSING


# What a second right opens, too: those who tidy a space may change others' posts, with a reason.
ALSO = {"conversation.edit_post": "talk.tidy"}


def test_every_action_names_a_right_of_the_table():
    missing = {name: action.right for name, action in ACTIONS.items() if name not in WITHOUT and action.right not in RIGHTS}
    assert not missing, f"Give these `right=` a row of members/rights.py, or (quiet ones) a place in MARKS or PASSING: {missing}"
    assert {name for name, action in ACTIONS.items() if not action.right} == WITHOUT
    assert all(ACTIONS[name].quiet for name in WITHOUT)


def test_every_right_is_used_or_waits_for_its_app():
    used = {action.right for action in ACTIONS.values()}
    read = {"members.read_contacts", "numbers.read", "house.watch", "log.read"}  # asked by queries and doors, no action needs them
    later = {
        "community.empty",
        "spaces.make",
        "spaces.run",
        "spaces.join",
        "talk.write",
        "talk.change_own",
        "talk.tidy",
        "talk.accept",
        "talk.thank",
    }
    assert set(RIGHTS) <= used | read | later


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


@pytest.fixture
def furnished(cast):
    """With one of everything that an action may be asked to act on, none of it the actor's own."""
    from fireside.conversation.actions import open_topic
    from fireside.spaces.actions import ask_to_join, make_space
    from fireside.spaces.models import Space

    bench = make_space(cast.as_("olu"), name="Bench")
    private = make_space(cast.as_("olu"), name="Lodge", openness="private")
    ask_to_join(cast.as_("ann"), space=Space.objects.get(pk=private.pk), words="please")
    open_topic(cast.as_("ann"), space=bench, title="Which wick?", text="Mine smokes.")
    make_token(cast.as_("olu"), name="his", scopes=["read"])
    return cast


def something(name, kind):
    """A value for a parameter, by its type; a row that is Ann's where there is one, else any."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        kind = next((part for part in typing.get_args(kind) if part is not type(None)), str)
    origin = typing.get_origin(kind) or kind
    if origin is typing.Any:
        origin = next((model for model in apps.get_models() if model.__name__.lower() == name), str)
    if isinstance(origin, type) and issubclass(origin, Member):
        return Member.objects.get(handle="ann")
    if isinstance(origin, type) and issubclass(origin, models.Model):
        return origin._default_manager.order_by("pk").last()
    return {bool: True, int: 1, str: "x", bytes: b"x", dict: {}}.get(origin, [])


def test_nobody_gets_past_an_action_without_its_right(furnished):
    """Called by each role that does not hold the right, by a visitor and by a token without scopes, every action refuses."""
    past = []

    def refuses(action, actor, given, who):
        lines = Activity.objects.count()
        try:
            with transaction.atomic():
                action.call(actor, **given)
                transaction.set_rollback(True)
        except Refusal:
            assert Activity.objects.count() == lines
            return
        past.append(f"{action.name} as {who}")

    for name in sorted(set(ACTIONS) - WITHOUT):
        action = ACTIONS[name]
        row = RIGHTS[action.right]
        given = what_it_needs(action)
        for role in ROLES:
            if role not in row.roles and role not in (RIGHTS[ALSO[name]].roles if name in ALSO else ()):
                refuses(action, furnished.as_(role.value), given, role)
        if not row.visitor:
            refuses(action, furnished.as_(""), given, "a visitor")
            others = sorted({"read", "write", "run"} - {row.scope, RIGHTS[ALSO.get(name, action.right)].scope})
            for scopes in ((), *((scope,) for scope in others), tuple(others)):
                refuses(action, furnished.as_("olu", via="json", scopes=scopes), given, f"a token for {scopes}")
    for name in sorted(MARKS):
        refuses(ACTIONS[name], furnished.as_("olu", via="json", scopes=("read",)), what_it_needs(ACTIONS[name]), "a token that only reads")
    assert not past, past


def what_it_needs(action):
    """A value for each parameter that has no default."""
    hints = typing.get_type_hints(inspect.unwrap(action.call))
    return {
        parameter.name: something(parameter.name, hints.get(parameter.name, str))
        for parameter in list(action.signature.parameters.values())[1:]
        if parameter.default is inspect.Parameter.empty
    }


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


# One act for each right that members themselves use, through each door: who gets in is what the table says.
ACTS = {
    "community.change": ("patch", "/api/v1/community", {"purpose": "new"}, "members.change_community", ["purpose=new"]),
    "community.roles": ("put", "/api/v1/people/ben/role", {"role": "support"}, "members.change_role", ["member=ben", "role=support"]),
    "members.tend": ("put", "/api/v1/people/ben/bot", {}, "members.mark_bot", ["member=ben"]),
    "self.change": ("patch", "/api/v1/me", {"about": "new"}, "members.change_profile", ["about=new"]),
    "self.tokens": ("post", "/api/v1/me/tokens", {"name": "x", "scopes": ["read"]}, "members.make_token", ["name=x"]),
}
FORMS = {
    "community.change": (
        "/community",
        {"name": "New", "purpose": "new", "kind": "product", "languages": "en zh-hans", "time_zone": "UTC"},
    ),
    "community.roles": ("/people/ben/role", {"role": "sales"}),
    "members.tend": ("/people/ben/bot", {"is": "person"}),
    "self.change": ("/me", {"name": "New", "handle": "new-one", "language": "", "theme": ""}),
    "self.tokens": ("/me/tokens", {"name": "y", "scopes": ["read"], "days": 0}),
}


@pytest.mark.parametrize("right", ACTS)
def test_all_doors_agree_with_the_table(cast, client, right):
    for role in ROLES:
        through_every_door(cast, client, right, role)


def through_every_door(cast, client, right, role):
    method, path, body, action, words = ACTS[right]
    allowed, handle = role in RIGHTS[right].roles, cast.people[role.value].handle
    client.force_login(cast.people[role.value])
    said = getattr(client, method)(path, json.dumps(body), content_type="application/json").status_code
    assert (said < 300) == allowed, f"json: {said}"
    if RIGHTS[right].scope != "never":
        for scope in ("read", "write", "run"):
            _token, secret = make_token(cast.as_(role.value), name=scope, scopes=[scope])
            head = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
            client.logout()
            said = getattr(client, method)(path, json.dumps(body), content_type="application/json", **head).status_code
            assert (said < 300) == (allowed and RIGHTS[right].scope == scope), f"token {scope}: {said}"
        client.force_login(cast.people[role.value])
    out, code = io.StringIO(), 0
    try:
        with redirect_stdout(out), redirect_stderr(out):
            call_command("act", action, *words, f"as={handle}", stdout=out, stderr=out)
    except SystemExit as exit:
        code = exit.code
    assert (code == 0) == allowed, f"cli: {code} {out.getvalue()}"
    if right in FORMS:
        path, form = FORMS[right]
        form = {key: f"{value}-{role.value}" if key == "handle" else value for key, value in form.items()}
        said = client.post(path, form).status_code
        assert (said in (200, 302)) == allowed, f"web: {said}"


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
    assert {one for row in rows.values() for one in row.actions} == set(ACTIONS) - WITHOUT
    client.force_login(cast.dan)
    for language, words in (("en", ("Who may do what", "give and take roles")), ("zh-hans", ("谁可以做什么", "交托和收回角色"))):
        client.cookies["lang"] = language
        Member.objects.filter(pk=cast.dan.pk).update(language=language)
        page = client.get("/people/tend/rights").content.decode()
        assert all(word in page for word in words), page
        assert page.count("<tr>") == len(RIGHTS) + 1
    client.force_login(cast.ben)
    assert client.get("/people/tend/rights").status_code == 403
