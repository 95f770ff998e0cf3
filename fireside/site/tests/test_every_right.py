"""Every action × every role × every door: who gets in is what members/rights.py says, nobody more and nobody less.

Generated from what there is: the registry of actions, the OpenAPI document, the addresses that take forms. What is new and has no
place here fails, and says where its line goes: `rights/deeds.py` beside this file.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver, resolve

import fireside.urls  # noqa: F401  whoever knows all pages knows all actions
from fireside.activity.action import ACTIONS
from fireside.api import api
from fireside.members.rights import RIGHTS, SCOPES
from fireside.site.tests.rights import doors, reading, stage
from fireside.site.tests.rights.deeds import DEEDS, PASSING
from fireside.site.tests.rights.stage import AUTHOR, BY_ROLE, ORGANISER, VISITOR, Deed, No, holds, rights_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # rights are asked before any table is
TABLE = "fireside/site/tests/rights/deeds.py"


@pytest.fixture
def world(world: Any, settings: Any, tmp_path: Any) -> Any:
    settings.LIMITS, settings.MEDIA_ROOT = False, tmp_path / "files"
    return stage.set_up(world)


def who_tries(deed: Deed) -> list[str]:
    """Each role and a visitor; whoever organises the place, or wrote the words, where that may matter."""
    return [*BY_ROLE, *([ORGANISER] if deed.placed else []), *([AUTHOR] if deed.own else []), VISITOR]


def expected(name: str, deed: Deed, who: str, scopes: Any = None) -> bool:
    if not ACTIONS[name].right:
        return who != VISITOR and (scopes is None or "write" in scopes)
    if deed.keyboard and scopes is not None:
        return False
    held = [one for one in rights_of(ACTIONS[name], deed) if holds(one, deed, who)]
    return any(scopes is None or one.scope in scopes for one in held)


def differs(name: str, deed: Deed, who: str, ended: doors.Ended, scopes: Any = None) -> str:
    """ "" when it ended as the table says."""
    wanted = expected(name, deed, who, scopes)
    if wanted and who in deed.but:
        right = ended[1] == deed.but[who]
    else:
        right = ended == doors.DONE if wanted else ended[0] == "no"
    told = {"": "a visitor", ORGANISER: "the organiser", AUTHOR: "the author"}.get(who, str(BY_ROLE.get(who, "")))
    return "" if right else f"{name} by {told}{f' with a token for {scopes}' if scopes else ''}: {ended}, the table says {wanted}"


def outcome(failures: list[str]) -> None:
    assert not failures, "Who gets in is not what the table of rights says:\n" + "\n".join(failures)


def test_the_command_line_asks_for_the_right_of_every_action(world: Any) -> None:
    failures = []
    for name, deed in DEEDS.items():
        for who in who_tries(deed) if not isinstance(deed.act, No) else ():
            if who:  # without as= it is the house itself that acts, which holds every right
                with doors.tried_out(name):
                    failures.append(differs(name, deed, who, doors.by_act(world, name, deed, who)))
    outcome(list(filter(None, failures)))


def test_the_json_door_asks_for_the_right_of_every_action(world: Any) -> None:
    failures = []
    for name, deed in DEEDS.items():
        for who in who_tries(deed) if not isinstance(deed.json, No) else ():
            with doors.tried_out(name):
                failures.append(differs(name, deed, who, doors.by_json(world, deed, who)))
    outcome(list(filter(None, failures)))


def test_the_web_door_asks_for_the_right_of_every_action(world: Any) -> None:
    failures = []
    for name, deed in DEEDS.items():
        for who in who_tries(deed) if not isinstance(deed.web, No) else ():
            with doors.tried_out(name):
                failures.append(differs(name, deed, who, doors.by_web(world, deed, who, in_passing=not expected(name, deed, who))))
    outcome(list(filter(None, failures)))


def test_every_action_asks_whatever_the_door_and_a_token_does_what_it_was_made_for(world: Any) -> None:
    """The action itself, for those without a door of their own; and every scope, for whoever holds the right, through JSON too."""
    failures = []
    for name, deed in DEEDS.items():
        if isinstance(deed.act, No) or name.startswith("site."):
            tries: list[tuple[str, Any]] = [(who, None) for who in who_tries(deed)]
        else:
            tries = [(VISITOR, None)]
        holders = [who for who in ("olu", ORGANISER, AUTHOR) if who in who_tries(deed) and expected(name, deed, who)]
        tries += [(who, scopes) for who in holders for scopes in [(), *((scope,) for scope in SCOPES)]]
        for who, scopes in tries:
            with doors.tried_out(name):
                failures.append(differs(name, deed, who, doors.directly(world, name, deed, who, scopes), scopes))
            if scopes and not isinstance(deed.json, No):
                with doors.tried_out(name):
                    failures.append(differs(name, deed, who, doors.by_json(world, deed, who, world.secrets[who, *scopes]), scopes))
    outcome(list(filter(None, failures)))


def test_what_is_only_read_is_open_to_whom_the_table_says(world: Any) -> None:
    outcome(reading.strangers(world))


def test_every_action_has_its_line() -> None:
    missing = sorted(set(ACTIONS) - set(DEEDS) - PASSING)
    assert not missing, f"Write in {TABLE} how each of these is asked for through each door (or why not): {missing}"
    assert {name for name, one in ACTIONS.items() if one.passing} == PASSING, (
        f"What no door offers (passing=True) stands in PASSING of {TABLE}."
    )
    gone = sorted((set(DEEDS) | PASSING) - set(ACTIONS))
    assert not gone, f"These lines of {TABLE} are about actions that are no more: {gone}"
    nameless = {name: one.right for name, one in ACTIONS.items() if one.right not in RIGHTS}
    marks = {name for name in nameless if name not in PASSING}
    assert all(not one and ACTIONS[name].quiet for name, one in nameless.items()), (
        f"Give these right= a row of members/rights.py: {nameless}"
    )
    own = {
        "mark_topic_read",
        "keep_for_later",
        "let_go",
        "follow_topic",
        "follow_as_space",
        "follow_space",
        "change_habits",
        "mark_all_read",
        "dismiss_new",
    }
    assert marks == {
        *(f"conversation.{name}" for name in own),
        *(f"notifications.{name}" for name in ("choose_told", "mark_read", "read_notices", "see_notices")),
    }, f"Without a right of their own are only marks that a reader leaves for themselves. Give these right=: {sorted(marks)}"


def test_every_right_of_the_table_is_asked_for() -> None:
    asked = {action.right for action in ACTIONS.values()} | set(reading.RIGHTS_ASKED)
    assert set(RIGHTS) == asked - {""}, "A right that nothing asks for is deleted from members/rights.py; one that is asked stands there."


def test_every_operation_of_the_json_door_has_its_line() -> None:
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    there = {f"{method.upper()} {path.removeprefix('/api/v1/')}" for path, methods in document["paths"].items() for method in methods}
    known = {operation_of(deed.json) for deed in DEEDS.values() if not isinstance(deed.json, No)}
    new = sorted(there - known - set(reading.JSON) - set(reading.JSON_ELSE))
    assert not new, f"Name in {TABLE} the action that each of these does; what only reads goes into rights/reading.py: {new}"
    gone = sorted((known | set(reading.JSON) | set(reading.JSON_ELSE)) - there)
    assert not gone, f"The OpenAPI document knows no such operations: {gone}"


def test_every_address_of_the_web_door_has_its_line() -> None:
    there = dict(addresses(get_resolver()))
    known = {route_of(deed.web) for deed in DEEDS.values() if not isinstance(deed.web, No)}
    forms = {route for route, methods in there.items() if "POST" in methods}
    new = sorted(forms - known - set(reading.FORMS_ELSE))
    assert not new, f"Name in {TABLE} the action that the form at each of these does: {new}"
    pages = sorted({route for route, methods in there.items() if "GET" in methods} - set(reading.PAGES))
    assert not pages, f"Say in fireside/site/tests/rights/reading.py who may read each of these pages: {pages}"
    gone = sorted((known | set(reading.FORMS_ELSE) | set(reading.PAGES)) - set(there))
    assert not gone, f"There are no such addresses: {gone}"


def operation_of(words: str) -> str:
    method, _space, path = words.partition(" ")
    route = resolve("/api/v1/" + some(path)).route.removeprefix("api/v1/")
    return f"{method} " + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def route_of(path: str) -> str:
    return resolve("/" + some(path)).route


def some(path: str) -> str:
    return re.sub(r"{\w+}", "1", path.partition("?")[0])


def addresses(resolver: Any, before: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every address of our own with the methods that its view says it takes. allauth's pages are its own; the JSON door has its document."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if route.startswith(("api/", "^api/", "accounts/")):
            continue
        if isinstance(one, URLResolver):
            yield from addresses(one, route)
        else:
            yield route, methods_of(one.callback, route)


def methods_of(view: Any, route: str) -> set[str]:
    while view is not None:
        if found := inspect.getclosurevars(view).nonlocals.get("request_method_list"):
            return set(found)
        view = getattr(view, "__wrapped__", None)
    raise AssertionError(f"The view at {route} takes any method: put require_safe, require_POST or require_http_methods round it.")
