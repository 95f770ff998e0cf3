"""The three doors, and an action itself: each gives how a deed ended, as (what, code): "done", "no" (no right, or hidden), "other"."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from typing import Any

from django.db import transaction

from fireside.activity.action import ACTIONS
from fireside.activity.actor import Actor
from fireside.activity.management.commands.act import Command
from fireside.activity.reading import read_arguments
from fireside.lib.errors import NotAllowed, NotFound, Refusal
from fireside.members.queries import forget_community
from fireside.site.tests.rights.stage import VISITOR, Deed, sent_file

Ended = tuple[str, str]
DONE: Ended = ("done", "")
NO = {401, 403, 404}


@contextmanager
def tried_out(name: str) -> Iterator[None]:
    """What is done in here leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    if "community" in name:
        forget_community()


def filled(words: Any, names: dict[str, Any]) -> Any:
    if isinstance(words, dict):
        return {key: filled(value, names) for key, value in words.items()}
    if isinstance(words, str) and words.startswith("{") and words.endswith("}"):
        return names[words[1:-1]]
    return words.format(**names) if isinstance(words, str) else words


def with_files(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: sent_file(value) if key in {"picture", "file"} else value for key, value in fields.items()}


def prepared(world: Any, deed: Deed, who: str) -> dict[str, Any]:
    more = deed.first(world, who) if deed.first else None
    return {**world.names, **(more or {})}


def by_act(world: Any, name: str, deed: Deed, who: str) -> Ended:
    names = prepared(world, deed, who)
    words = [str(filled(word, names)) for word in str(deed.act).split("|") if word]
    out = io.StringIO()
    left = 0
    try:
        Command(stdout=out, stderr=out).handle(action=name, words=[f"as={who}", *words], json=True)
    except SystemExit as exit:
        left = int(exit.code or 0)
    code = json.loads(out.getvalue())["code"]
    return DONE if not left else ("no" if left in (3, 4) else "other", code)


def by_json(world: Any, deed: Deed, who: str, secret: str = "") -> Ended:
    names = prepared(world, deed, who)
    method, _space, path = filled(deed.json, names).partition(" ")
    client, head = world.browsers[VISITOR if secret else who], {"authorization": f"Bearer {secret}"} if secret else {}
    body, cookies = filled(deed.body, names), deepcopy(client.cookies)
    if isinstance(body, dict) and {"picture", "file"} & set(body):
        answer = client.post(f"/api/v1/{path}", with_files(body), headers=head)
    else:
        answer = client.generic(method, f"/api/v1/{path}", "" if body is None else json.dumps(body), "application/json", headers=head)
    client.cookies = cookies  # a deed may sign its doer out
    return ended(answer.status_code, lambda: answer.json()["code"])


def by_web(world: Any, deed: Deed, who: str, *, in_passing: bool = False) -> Ended:
    """`in_passing`: as htmx asks, whom a refusal is told in one line and not on a whole page: for those who are expected to be refused."""
    names = prepared(world, deed, who)
    head = {"hx-request": "true"} if in_passing else {}
    client = world.browsers[who]
    cookies = deepcopy(client.cookies)
    answer = client.post("/" + filled(deed.web, names), with_files(filled(deed.form, names) or {}), headers=head)
    client.cookies = cookies
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login"):
        return "no", "sign_in"
    return ended(answer.status_code, lambda: answer.headers.get("X-Refusal", code_in(answer)))


def code_in(answer: Any) -> str:
    """A form that came back: what stands in it, for a failure to show."""
    return " ".join(str(errors) for errors in (answer.context or {}).get("form", {}).errors.values()) if answer.context else "form"


def ended(status: int, code: Callable[[], str]) -> Ended:
    if status < 400:
        return DONE
    said = ""
    with suppress(Exception):
        said = code()
    return ("no" if status in NO else "other"), said or str(status)


def directly(world: Any, name: str, deed: Deed, who: str, scopes: Any = None) -> Ended:
    """The action itself, as an importer or another app calls it: whatever the door, the right is asked in there."""
    action, names = ACTIONS[name], prepared(world, deed, who)
    words = dict(word.partition("=")[::2] for word in str(deed.act).split("|") if word) if not deed.call else {}
    given = (
        deed.call(world)
        if deed.call
        else read_arguments(action, world.as_("house"), {key: str(filled(word, names)) for key, word in words.items()})
    )
    try:
        action.call(Actor(world.as_(who).who, "json" if scopes is not None else "web", world.now, scopes=scopes), **given)
    except (NotAllowed, NotFound) as no:
        return "no", no.code
    except Refusal as no:
        return "other", no.code
    return DONE
