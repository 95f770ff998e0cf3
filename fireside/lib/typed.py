"""What was typed and cannot be understood: argparse's complaints as sentences in the reader's language."""

import re
from typing import NoReturn

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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


def not_understood(parser: CommandParser, message: str) -> NoReturn:
    """In place of argparse's own `error`, which prints its usage in English: one sentence, and where to look."""
    for pattern, words in TOLD:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            message = str(words) % found.groupdict()
            break
    see = gettext("What it takes: %(command)s") % {"command": f"{parser.prog} --help"}
    raise Unreadable(f"{message} {see}")


def no_such_command(word: str, known: list[str]) -> Unreadable:
    facts = {"what": word[:60], "known": ", ".join(known)}
    return Unreadable(gettext("There is no command “%(what)s”. Choose one of: %(known)s.") % facts)
