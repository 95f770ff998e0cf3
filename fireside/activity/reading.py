"""From words on a command line to the typed arguments that an action's own signature asks for."""

import inspect
import types
import typing
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import Action
from fireside.activity.finding import find
from fireside.lib.errors import Refused

YES, NO = {"1", "true", "yes", "y", "on", "是"}, {"0", "false", "no", "n", "off", "否"}


def read_arguments(action: Action, viewer: Any, words: dict[str, str]) -> dict[str, Any]:
    """Every word as the type of its parameter. Raises Refused naming the parameter and what it takes."""
    hints = typing.get_type_hints(inspect.unwrap(action.call))
    wanted = {n: p for n, p in action.signature.parameters.items() if n != "actor"}
    if strange := sorted(set(words) - set(wanted)):
        raise Refused(
            "no_such_argument", _("%(action)s knows no “%(name)s”. It takes: %(names)s.")
            % {"action": action.name, "name": strange[0], "names": usage(action)},
        )  # fmt: skip
    if missing := [n for n, p in wanted.items() if p.default is p.empty and n not in words]:
        raise Refused("argument_missing", _("%(name)s is missing. %(action)s takes: %(names)s.")
                      % {"action": action.name, "name": missing[0], "names": usage(action)})  # fmt: skip
    return {name: _as_type(name, word, hints.get(name, str), viewer) for name, word in words.items()}


def usage(action: Action) -> str:
    """The arguments of an action as one would type them; optional ones in brackets."""
    hints = typing.get_type_hints(inspect.unwrap(action.call))
    shown = []
    for name, parameter in action.signature.parameters.items():
        if name != "actor":
            one = f"{name}={_short(hints.get(name, str))}"
            shown.append(one if parameter.default is parameter.empty else f"[{one}]")
    return " ".join(shown)


def _as_type(name: str, word: str, hint: Any, viewer: Any) -> Any:
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        if word == "" and type(None) in inside:
            return None
        return _as_type(name, word, next(one for one in inside if one is not type(None)), viewer)
    if origin is typing.Literal:
        if word not in inside:
            raise _wrong(name, word, " | ".join(map(str, inside)))
        return word
    if origin is not None and isinstance(origin, type) and issubclass(origin, typing.Iterable):
        return [_as_type(name, part.strip(), inside[0] if inside else str, viewer) for part in word.split(",") if part.strip()]
    if not isinstance(hint, type):
        return word
    if issubclass(hint, models.Model):
        return find(hint, viewer, word)
    if hint is bool:
        if word.lower() not in YES | NO:
            raise _wrong(name, word, "yes | no")
        return word.lower() in YES
    if issubclass(hint, Enum):
        try:
            return hint(word)
        except ValueError:
            raise _wrong(name, word, " | ".join(str(one.value) for one in hint)) from None
    if hint in {int, float}:
        try:
            return hint(word)
        except ValueError:
            raise _wrong(name, word, "17") from None
    if hint in {datetime, date}:
        try:
            moment = parse_datetime(word) if hint is datetime else parse_date(word)
        except ValueError:
            moment = None
        if moment is None or (isinstance(moment, datetime) and moment.tzinfo is None):
            raise _wrong(name, word, "2026-11-21T19:30:00+08:00" if hint is datetime else "2026-11-21")
        return moment
    return word


def _wrong(name: str, word: str, example: str) -> Refused:
    return Refused("argument_wrong", _("%(name)s=%(word)s cannot be read. Write it like: %(example)s.")
                   % {"name": name, "word": word[:60], "example": example})  # fmt: skip


def _short(hint: Any) -> str:
    inside = [one for one in typing.get_args(hint) if one is not type(None)]
    if typing.get_origin(hint) is typing.Literal:
        return "|".join(map(str, inside))
    if inside:
        return _short(inside[0])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "|".join(str(one.value) for one in hint)
    return getattr(hint, "__name__", str(hint)).lower()
