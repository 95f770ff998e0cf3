"""From words on a command line to the typed arguments that an action's own signature asks for."""

import inspect
import io
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import Action
from fireside.activity.finding import find
from fireside.lib.errors import Refused
from fireside.lib.text import storable

FILE_LIMIT = 64 * 1024**2
FILES = (bytes, typing.BinaryIO)
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
    for name in words:
        if not _can_be_typed(hint := hints.get(name, str)):
            raise Refused(
                "argument_not_typed",
                _("%(name)s of %(action)s is %(what)s, which cannot be made of words. Other parts of the house give it; nobody types it.")
                % {"name": name, "action": action.name, "what": _short(hint)},
            )  # fmt: skip
    return {name: _as_type(name, _read(name, word, hints.get(name, str)), hints.get(name, str), viewer) for name, word in words.items()}


def usage(action: Action) -> str:
    """The arguments of an action as one would type them; optional ones in brackets."""
    hints = typing.get_type_hints(inspect.unwrap(action.call))
    shown = []
    for name, parameter in action.signature.parameters.items():
        if name != "actor":
            one = f"{name}={_short(hints.get(name, str))}"
            shown.append(one if parameter.default is parameter.empty else f"[{one}]")
    return " ".join(shown)


def _can_be_typed(hint: Any) -> bool:
    """Is there a way from words to this? Not to records that only the house itself puts together, and not to functions."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        return _can_be_typed(_first(inside))
    if origin is typing.Literal or hint is Any or _is_file(hint):
        return True
    if origin is Callable or not isinstance(origin or hint, type):
        return False
    if issubclass(origin or hint, Mapping):
        return inside[:1] == (str,)
    if origin is not None:
        return issubclass(origin, Iterable) and len(inside) == 1 and typing.get_origin(inside[0]) is None and _can_be_typed(inside[0])
    return issubclass(hint, (models.Model, Enum)) or hint in {str, bool, int, float, datetime, date}


def _is_file(hint: Any) -> bool:
    return hint in FILES or any(one in FILES for one in typing.get_args(hint))


def _first(inside: tuple[Any, ...]) -> Any:
    return next(one for one in inside if one is not type(None))


def _read(name: str, word: str, hint: Any) -> Any:
    """@FILE as what stands in the file: its bytes where the argument is a file, else its text. @@ is a word that begins with @."""
    if isinstance(hint, type) and issubclass(hint, models.Model):
        return word.removeprefix("@")  # @ann is ann
    if word.startswith("@@") or not word.startswith("@") or word == "@":
        if _is_file(hint) and word:
            raise Refused("argument_is_file", _("%(name)s is a file. Name it like this: %(name)s=@FILE.") % {"name": name})
        return word[1:] if word.startswith("@@") else word
    facts = {"name": name, "file": word[1:201]}
    try:
        with open(word[1:], "rb") as file:
            found = file.read(FILE_LIMIT + 1)
    except (FileNotFoundError, ValueError):
        words = _("There is no file %(file)s for %(name)s to be read from. A word that itself begins with @ is written with two: @@.")
        raise Refused("no_such_file", words % facts) from None
    except OSError:
        raise Refused("file_unreadable", _("The file %(file)s cannot be read. See that it is a file, and that you may.") % facts) from None
    if len(found) > FILE_LIMIT:
        raise Refused("file_too_large", _("The file %(file)s is too large to be given as %(name)s.") % facts)
    if _is_file(hint):
        return found
    try:
        return storable(found.decode("utf-8-sig"))
    except UnicodeDecodeError:
        words = _("%(name)s takes text, and the file %(file)s is no text in UTF-8. Save it as UTF-8, or name another.")
        raise Refused("file_no_text", words % facts) from None


def _as_type(name: str, word: Any, hint: Any, viewer: Any) -> Any:
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(word, bytes):
        return io.BytesIO(word) if hint is typing.BinaryIO or typing.BinaryIO in inside else word
    if origin in {types.UnionType, typing.Union}:
        if word == "" and type(None) in inside:
            return None
        return _as_type(name, word, _first(inside), viewer)
    if origin is typing.Literal:
        if word not in inside:
            raise _wrong(name, word, " | ".join(map(str, inside)))
        return word
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(name, word)
    if isinstance(origin, type) and issubclass(origin, Iterable):
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


def _mapping(name: str, word: str) -> dict[str, Any]:
    try:
        found = json.loads(word)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _wrong(name, word, '{"name": "1"}')
    return found


def _wrong(name: str, word: str, example: str) -> Refused:
    return Refused("argument_wrong", _("%(name)s=%(word)s cannot be read. Write it like: %(example)s.")
                   % {"name": name, "word": word[:60], "example": example})  # fmt: skip


def _short(hint: Any) -> str:
    inside = [one for one in typing.get_args(hint) if one is not type(None)]
    if _is_file(hint):
        return "@FILE"
    if isinstance(typing.get_origin(hint), type) and issubclass(typing.get_origin(hint), Mapping):
        return "{…}"
    if typing.get_origin(hint) is typing.Literal:
        return "|".join(map(str, inside))
    if inside:
        return _short(inside[0])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "|".join(str(one.value) for one in hint)
    return getattr(hint, "__name__", str(hint)).lower()
