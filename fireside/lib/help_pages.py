"""Help pages in the reader's language: what a command says of itself, and what argparse and Django put round it."""

import argparse
from collections.abc import Mapping
from typing import Any

from django.core.management import load_command_class
from django.utils.translation import gettext

from fireside.lib.terminal import gettext_noop

ROUND_IT = (  # what argparse and Django say on every page, and Django of `migrate`: said here so that it is translated
    gettext_noop("usage: "), gettext_noop("positional arguments"), gettext_noop("options"), gettext_noop("show this help message and exit"),
    gettext_noop("Show program's version number and exit."),
    gettext_noop("Verbosity level; 0=minimal output, 1=normal output, 2=verbose output, 3=very verbose output"),
    gettext_noop("The Python path to a settings module, e.g. \"myproject.settings.main\". If this isn't provided, the DJANGO_SETTINGS_MODULE environment variable will be used."),
    gettext_noop("A directory to add to the Python path, e.g. \"/home/djangoprojects/myproject\"."),
    gettext_noop("Display a full stack trace on CommandError exceptions."), gettext_noop("Don't colorize the command output."),
    gettext_noop("Force colorization of the command output."), gettext_noop("Skip system checks."),
    gettext_noop("Updates database schema. Manages both apps with migrations and those without."),
    gettext_noop("App label of an application to synchronize the state."),
    gettext_noop("Database state will be brought to the state after that migration. Use the name \"zero\" to unapply all migrations."),
    gettext_noop("Tells Django to NOT prompt the user for input of any kind."),
    gettext_noop("Nominates a database to synchronize. Defaults to the \"default\" database."),
    gettext_noop("Mark migrations as run without actually running them."),
    gettext_noop("Detect if tables already exist and fake-apply initial migrations if so. Make sure that the current database schema matches your initial migration before using this flag. Django will only check for an existing table name."),
    gettext_noop("Shows a list of the migration actions that will be performed."),
    gettext_noop("Creates tables for apps without migrations."),
    gettext_noop("Exits with a non-zero status if unapplied migrations exist and does not actually apply migrations."),
    gettext_noop("Delete nonexistent migrations from the django_migrations table."),
)  # fmt: skip


def in_the_readers_language() -> None:
    """argparse asks a catalogue of its own, which nobody has filled: let it ask ours."""
    argparse._ = gettext  # type: ignore[attr-defined]


def say_again(parser: argparse.ArgumentParser) -> None:
    """The descriptions of a parser, and of those inside it, in the reader's language."""
    parser.description = gettext(parser.description) if parser.description else None
    for option in parser._actions:
        _translate(option)
        if isinstance(option, argparse._SubParsersAction):
            for one in option._choices_actions:
                _translate(one)
            for inside in option.choices.values():
                say_again(inside)


def _translate(option: argparse.Action) -> None:
    if option.help and option.help != argparse.SUPPRESS:
        option.help = gettext(option.help)


def overview(commands: Mapping[str, Any]) -> str:
    """`fireside --help`: what there is, a line each; Django's own by name."""
    own = sorted(name for name, app in commands.items() if str(app).startswith("fireside"))
    wide = max(map(len, own), default=0)
    lines = [gettext("Fireside: the whole life of a community, on your own server."), ""]
    lines += [f"  {name:<{wide}}  {gettext(str(load_command_class(commands[name], name).help))}" for name in own]
    lines += ["", gettext("What each takes: %(command)s") % {"command": "fireside up --help"}]
    others = ", ".join(sorted(set(commands) - set(own)))
    return "\n".join([*lines, gettext("Django’s own commands, for those who know them: %(names)s") % {"names": others}, ""])
