"""The `fireside` command: Django's own commands and this house's, in the language of whoever types, with one way to end.

Whatever happens, `--json` ends in one line of JSON; a failure is {"code", "message"} and an exit code that is not 0.
What was typed wrong: lib/typed.py. Help pages: lib/help_pages.py. The language, also before there are settings: lib/terminal.py.
"""

import json
import os
import sys
from typing import Any, NoReturn

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext

from fireside.lib import env, help_pages, terminal
from fireside.lib.typed import Unreadable, no_such_command, not_understood

EXIT = {404: 4, 403: 3}  # of refusals; all others 2


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fireside.settings")
    typed = sys.argv[1:]
    as_json = "--json" in typed
    try:
        _run(typed)
    except Unreadable as wrong:
        _end(as_json, "not_understood", str(wrong), 2)
    except env.BadEnvironment as wrong:
        _end(as_json, "bad_setting", str(wrong), 1)
    except Exception as wrong:
        from fireside.lib.errors import Refusal
        from fireside.serving.opening import what_to_mend

        if isinstance(wrong, Refusal) and "--traceback" not in typed:
            _end(as_json, wrong.code, str(wrong), EXIT.get(wrong.status, 2))
        words = None if "--traceback" in typed else what_to_mend(wrong)
        if words is not None:
            _end(as_json, "not_ready", words, 1)
        if isinstance(wrong, CommandError) and "--traceback" not in typed:
            _end(as_json, "failed", str(wrong), wrong.returncode)
        if as_json:
            message = gettext("Something broke that should not have: %(what)s. What it was stands on the error stream.") % {
                "what": type(wrong).__name__
            }
            sys.stdout.write(json.dumps({"code": "broken", "message": message}, ensure_ascii=False) + "\n")
        raise


def language() -> str:
    """FIRESIDE_LANG, else what the terminal speaks, else the community's first language, else English."""
    word = os.environ.get("FIRESIDE_LANG", "").strip()
    if word and not terminal.language_of(word):
        raise Unreadable(terminal.say(terminal.NOT_SPOKEN, word=word[:60]))
    return terminal.spoken() or _of_the_community() or "en"


def _of_the_community() -> str:
    from django.conf import settings
    from django.db import DatabaseError, connection

    from fireside.members.queries import the_community

    if connection.vendor == "sqlite" and not os.path.exists(connection.settings_dict["NAME"]):
        return ""
    try:
        community = the_community()
    except (DatabaseError, OSError):
        return ""  # no tables yet, or no database at all, of which the command itself will tell
    finally:
        connection.close()
    spoken = dict(settings.LANGUAGES)
    return next((code for code in community.languages if code in spoken), "") if community else ""


def _run(typed: list[str]) -> None:
    import django
    from django.apps import apps
    from django.core.management import ManagementUtility, get_commands
    from django.utils import translation

    if not apps.ready:
        django.setup()
    translation.activate(language())
    CommandParser.error = not_understood  # type: ignore[assignment, method-assign]
    help_pages.in_the_readers_language()
    commands = get_commands()
    if typed in ([], ["help"], ["--help"], ["-h"]):
        sys.stdout.write(help_pages.overview(commands))
        return
    if typed[0] == "help" and not typed[1].startswith("-"):
        typed = [typed[1], "--help"]
    if not typed[0].startswith("-") and typed[0] not in {*commands, "help", "version"}:
        raise no_such_command(typed[0], sorted(name for name, app in commands.items() if str(app).startswith("fireside")))
    utility = ManagementUtility(["fireside", *typed])
    fetch = utility.fetch_command

    def fetched(name: str) -> Any:
        command = fetch(name)
        command.run_from_argv = lambda argv: _run_command(command, argv)  # type: ignore[method-assign]
        return command

    utility.fetch_command = fetched  # type: ignore[method-assign, assignment]
    utility.execute()


def _run_command(command: Any, argv: list[str]) -> None:
    """As Django runs it, but what it raises comes here and not out of it in English."""
    from django.core.management.base import handle_default_options
    from django.db import connections

    parser = command.create_parser(argv[0], argv[1])
    help_pages.say_again(parser)
    options = parser.parse_args(argv[2:])
    handle_default_options(options)
    given = dict(vars(options))
    words = given.pop("args", ())
    try:
        command.execute(*words, **given)
    finally:
        connections.close_all()


def _end(as_json: bool, code: str, message: str, status: int) -> NoReturn:
    if as_json:
        sys.stdout.write(json.dumps({"code": code, "message": message}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(message.strip() + "\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
