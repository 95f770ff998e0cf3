"""The `fireside` command: Django's own commands and this house's, in the language of whoever types, with one way to say what went wrong.

Whatever happens, `--json` ends in one line of JSON; a failure is {"code", "message"} and an exit code that is not 0.
"""

import json
import os
import re
import sys
from typing import Any, NoReturn

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SPEAKS = {"zh": "zh-hans", "en": "en"}
EXIT = {404: 4, 403: 3}  # of refusals; all others 2
TOLD = (
    (r"the following arguments are required: (?P<what>.+)", _("This is missing: %(what)s.")),
    (r"unrecognized arguments: (?P<what>.+)", _("This is not known here: %(what)s.")),
    (r"argument (?P<name>.+?): invalid choice: (?P<what>.+) \(choose from (?P<known>.+)\)", _("%(what)s is not known here. Choose one of: %(known)s.")),
    (r"argument (?P<name>.+?): invalid (int|float) value: (?P<what>.+)", _("%(name)s takes a number, and %(what)s is none.")),
    (r"argument (?P<name>.+?): expected (one|at least one) argument", _("%(name)s wants a word after it.")),
    (r"argument (?P<name>.+?): ignored explicit argument (?P<what>.+)", _("%(name)s takes no word after it, and %(what)s stands there.")),
    (r"argument (?P<name>.+?): not allowed with argument (?P<what>.+)", _("%(name)s and %(what)s do not go together. Leave one out.")),
    (r"ambiguous option: (?P<name>.+) could match (?P<what>.+)", _("%(name)s may be any of %(what)s. Write it out.")),
)  # fmt: skip


class Unreadable(CommandError):
    """What was typed cannot be understood. The sentence says what would be."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fireside.settings")
    typed = sys.argv[1:]
    as_json = "--json" in typed
    try:
        _run(typed)
    except Unreadable as wrong:
        _end(as_json, "not_understood", str(wrong), 2)
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
    for name in ("FIRESIDE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if word := os.environ.get(name, "").strip():
            if code := SPEAKS.get(re.split(r"[-_.@]", word.lower())[0]):
                return code
            if name == "FIRESIDE_LANG":
                raise Unreadable(f"FIRESIDE_LANG={word} is not spoken here. Write FIRESIDE_LANG=en or FIRESIDE_LANG=zh.")
            break  # C, or a language that is not spoken here: what stands behind it does not count
    return _of_the_community() or "en"


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
    translation.activate("en" if typed[:1] in (["help"], ["version"]) else language())
    CommandParser.error = _not_understood  # type: ignore[assignment, method-assign]  # argparse would print its usage, in English
    commands = get_commands()
    if typed and not typed[0].startswith("-") and typed[0] not in {*commands, "help", "version"}:
        own = sorted(name for name, app in commands.items() if str(app).startswith("fireside"))
        raise Unreadable(
            gettext("There is no command “%(what)s”. Choose one of: %(known)s.") % {"what": typed[0][:60], "known": ", ".join(own)}
        )
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

    options = command.create_parser(argv[0], argv[1]).parse_args(argv[2:])
    handle_default_options(options)
    given = dict(vars(options))
    words = given.pop("args", ())
    try:
        command.execute(*words, **given)
    finally:
        connections.close_all()


def _not_understood(parser: CommandParser, message: str) -> NoReturn:
    """argparse's complaint as a sentence in the reader's language, and where to look."""
    for pattern, words in TOLD:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            message = str(words) % found.groupdict()
            break
    see = gettext("What it takes: %(command)s") % {"command": f"{parser.prog} --help"}
    raise Unreadable(f"{message} {see}")


def _end(as_json: bool, code: str, message: str, status: int) -> NoReturn:
    if as_json:
        sys.stdout.write(json.dumps({"code": code, "message": message}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(message.strip() + "\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
