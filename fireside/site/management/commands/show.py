"""The CLI door for reading: every question that the JSON door answers, asked here as a member."""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.core.management.base import BaseCommand
from django.urls import resolve
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from fireside.activity.management.commands.act import EXIT, member_of, words_given
from fireside.lib.columns import in_columns
from fireside.lib.errors import Refusal, Refused
from fireside.lib.text import json_line

ROOT = "/api/v1/"
MOST = 60  # signs of a cell
LEFT_OUT = {"html"}  # what a page needs, and nobody reads in a terminal


class Command(BaseCommand):
    help = gettext_noop("Read anything that can be read here: fireside show topics as=ann space=lamps")

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = gettext_noop("topics, topics/7/posts, spaces/lamps/asks …; without it, everything that can be read is listed")
        parser.add_argument("what", nargs="?", help=what)
        parser.add_argument(
            "words", nargs="*", metavar="name=value", help=gettext_noop("as=HANDLE says who looks; without it, a visitor does")
        )
        parser.add_argument("--json", action="store_true", help=gettext_noop("answer with one line of JSON"))

    def handle(self, *args: Any, what: str | None, words: list[str], json: bool, **options: Any) -> None:
        if not what:
            self._list(json)
            return
        try:
            given = words_given(words)
            who = given.pop("as", "")
            status, found = ask(what, given, member_of(who, datetime.now(UTC)) if who else None)
        except Refusal as no:
            status, found = no.status, {"code": no.code, "message": str(no)}
        if status >= 400:
            self._refuse(json, status, found)
        self.stdout.write(json_line({"code": "done", "result": found}) if json else "\n".join(in_lines(found)))

    def _list(self, as_json: bool) -> None:
        known = readings()
        if as_json:
            self.stdout.write(json_line({"code": "done", "readings": {name: names for name, (names, _says) in known.items()}}))
            return
        for name, (names, says) in known.items():
            self.stdout.write(" ".join([name, *(f"[{one}]" for one in names)]) + f"\n    {says}")

    def _refuse(self, as_json: bool, status: int, no: dict[str, Any]) -> None:
        wrong = [f"{one['field'].partition('.')[2]}: {one['message']}" for one in no.get("errors", ())]
        (self.stdout if as_json else self.stderr).write(json_line(no) if as_json else "\n".join([no["message"], *wrong]))
        sys.exit(EXIT.get(403 if status == 401 else status, 2))


def readings() -> dict[str, tuple[list[str], str]]:
    """Everything that can be read: its address below the JSON door, what may be said with it, and what it is. The first time takes seconds."""
    from fireside.api import api

    found = {}
    for path, methods in api.get_openapi_schema(path_prefix=ROOT)["paths"].items():
        if one := methods.get("get"):
            names = [part["name"] for part in one.get("parameters", ()) if part["in"] == "query"]
            found[path.removeprefix(ROOT)] = names, str(one.get("description") or one.get("summary", "")).partition("\n")[0]
    return found


def ask(what: str, given: dict[str, str], member: Any) -> tuple[int, Any]:
    """The status and the answer of one question, with the eyes of this member (None: a visitor)."""
    what = what.strip("/")
    request = WSGIRequest({
        "REQUEST_METHOD": "GET", "PATH_INFO": f"{ROOT}{what}".encode().decode("latin-1"), "QUERY_STRING": urlencode(given),
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": BytesIO(), "HTTP_ACCEPT_LANGUAGE": get_language() or "en",
    })  # fmt: skip
    request.user = member or AnonymousUser()
    if member is not None:  # as if they had signed in on the web
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "cli"
    match = resolve(request.path_info)
    answer = match.func(request, *match.args, **match.kwargs)
    if answer.status_code == 404 and what.partition("/")[0] not in {name.partition("/")[0] for name in readings()}:
        words = _("Nothing that can be read is called “%(name)s”. “fireside show” lists all that there is.")
        raise Refused("no_such_reading", words % {"name": what[:60]})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer["Content-Type"].partition(";")[0] == "application/json":
        return answer.status_code, json.loads(body)
    return answer.status_code, [json.loads(line) for line in body.decode().splitlines()]


def in_lines(found: Any) -> list[str]:
    """An answer for people: a list as a table of what is not empty, one thing as a line for each of its facts."""
    if isinstance(found, dict) and "items" in found:
        more = [_("There is more. Add: %(word)s") % {"word": f"cursor={found['next']}"}] if found.get("next") else []
        return [*in_lines(found["items"]), *more]
    if isinstance(found, list):
        rows = [one if isinstance(one, dict) else {"": one} for one in found]
        names = [name for name in (rows[0] if rows else ()) if name not in LEFT_OUT and any(in_short(row.get(name)) for row in rows)]
        return in_columns([names, *([in_short(row.get(name)) for name in names] for row in rows)]) if rows else [_("Nothing.")]
    return [f"{name}: {in_short(value, 100_000)}" for name, value in found.items() if name not in LEFT_OUT and in_short(value)]


def in_short(value: Any, most: int = MOST) -> str:
    """A value in a cell: somebody by their handle, a place by its address."""
    if isinstance(value, dict):
        named = next((value[name] for name in ("handle", "slug", "who", "name") if name in value), None)
        return in_short(named, most) if named is not None else ", ".join(f"{name} {in_short(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(in_short(one) for one in value)
    words = "" if value is None or value is False else _("yes") if value is True else " ".join(str(value).split())
    return words if len(words) <= most else f"{words[: most - 1]}…"
