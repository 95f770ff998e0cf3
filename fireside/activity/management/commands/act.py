"""The CLI door: any action, by its own signature."""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fireside.activity.action import ACTIONS, Action
from fireside.activity.actor import Actor, house
from fireside.activity.finding import find
from fireside.activity.reading import read_arguments, usage
from fireside.lib.errors import NotAllowed, NotFound, Refusal, Refused

EXIT = {404: 4, 403: 3, 409: 2}


class Command(BaseCommand):
    help = gettext_noop("Do anything that can be done here: fireside act spaces.make_space as=ann name='Repair bench'")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", nargs="?", help=gettext_noop("app.verb_noun; without it, everything that can be done is listed"))
        parser.add_argument(
            "words",
            nargs="*",
            metavar="name=value",
            help=gettext_noop("as=HANDLE says who acts; name=@FILE reads the value from a file, @@ begins a word with @"),
        )
        parser.add_argument("--json", action="store_true", help=gettext_noop("answer with one line of JSON"))

    def handle(self, *args: Any, action: str | None, words: list[str], json: bool, **options: Any) -> None:
        if not action and json:
            self._say(json, {"code": "done", "actions": {name: usage(one) for name, one in offered().items()}}, "")
            return
        if not action:
            for name, one in offered().items():
                self.stdout.write(f"{name} {usage(one)}\n    {one.says}")
            return
        try:
            result = self._act(action, words)
        except Refusal as no:
            self._say(json, {"code": no.code, "message": str(no)}, str(no), error=True)
            sys.exit(EXIT.get(no.status, 2))
        self._say(json, {"code": "done", "result": as_words(result)}, as_line(result))

    def _act(self, name: str, words: list[str]) -> Any:
        if name not in offered():
            raise _no_such_action(name)
        given = words_given(words)
        now = datetime.now(UTC)
        who = given.pop("as", "")
        if who:
            actor = Actor(member_of(who, now), "cli", now)
            return ACTIONS[name].call(actor, **read_arguments(ACTIONS[name], actor.who, given))
        actor = house("cli", now=now)
        try:
            return ACTIONS[name].call(actor, **read_arguments(ACTIONS[name], actor, given))
        except (NotFound, NotAllowed) as no:
            raise type(no)(
                no.code, _("%(why)s Nobody is named who does this: add as=HANDLE, the handle of a member.") % {"why": no}
            ) from no

    def _say(self, as_json: bool, body: dict[str, Any], line: str, *, error: bool = False) -> None:
        out = self.stderr if error and not as_json else self.stdout
        out.write(json.dumps(body, ensure_ascii=False, default=str) if as_json else line)


def offered() -> dict[str, Action]:
    """What somebody may ask for, by name: without what the house notes in passing."""
    return {name: one for name, one in sorted(ACTIONS.items()) if not one.passing}


def _no_such_action(name: str) -> Refused:
    near = [one for one in offered() if name.split(".")[-1] in one or one.split(".")[-1] in name]
    near = near or get_close_matches(name, offered(), n=3)
    facts = {"name": name[:60], "near": ", ".join(near[:12])}
    if near:
        return Refused("no_such_action", _("There is no action “%(name)s”. Near it: %(near)s.") % facts)
    return Refused("no_such_action", _("There is no action “%(name)s”. “fireside act” lists all that there are.") % facts)


def words_given(words: list[str]) -> dict[str, str]:
    """name=value of each word. Refused where one has no name, stands there twice, or is no text."""
    given: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        shown = {"word": word[:60].encode("utf-8", "replace").decode(), "name": name[:60]}
        if word != word.encode("utf-8", "replace").decode() or "\x00" in word:
            raise Refused("no_text", _("“%(word)s” is no text in UTF-8. Give it as a file: name=@FILE.") % shown)
        if not equals or not name:
            raise Refused(
                "no_equals", _("“%(word)s” does not say what it is. Write every argument as name=value, for example name=Lamps.") % shown
            )
        if name in given:
            raise Refused("said_twice", _("%(name)s is given twice. Say it once.") % shown)
        given[name] = value
    return given


def member_of(handle: str, now: datetime) -> Any:
    """Who acts. Whoever types on this machine may know which handles there are."""
    try:
        return find(get_user_model(), house("cli", now=now), handle)
    except NotFound:
        words = _("as=%(handle)s: no member has that handle. It stands behind the @ on their page under People.") % {"handle": handle[:60]}
        raise NotFound("no_such_member", words) from None


def as_words(result: Any) -> Any:
    """A row as its own plain columns, so that a script can go on with its id."""
    if isinstance(result, models.Model):
        kept = {"hash", "password", "secret"}
        return {"type": result._meta.label_lower, "id": result.pk} | {
            f.attname: f.value_from_object(result) for f in result._meta.concrete_fields if f.name not in kept
        }
    return result


def as_line(result: Any) -> str:
    return (
        f"{result._meta.label_lower} {result.pk}: {result}"
        if isinstance(result, models.Model)
        else str(result if result is not None else "ok")
    )
