"""@action: atomic, and it must record something or refuse. @quiet: the few writes that are nobody's news."""

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar, overload

from django.db import transaction

from fireside.lib.errors import NotSure

P = ParamSpec("P")
R = TypeVar("R")

ACTIONS: dict[str, "Action"] = {}
_recorded: ContextVar[list[int] | None] = ContextVar("recorded", default=None)


class NothingRecorded(AssertionError):
    """An action changed something and said nothing. A mistake of the programmer, so it rolls back loudly."""


class Action:
    """What the catalogue, the `act` command and the tests know of an action."""

    def __init__(self, call: Callable[..., Any], *, right: str, quiet: bool, passing: bool = False, grave: bool = False) -> None:
        self.call, self.right, self.quiet, self.passing, self.grave = call, right, quiet, passing, grave
        self.name = f"{call.__module__.split('.')[1]}.{call.__name__}"
        self.signature = inspect.signature(call)
        if ACTIONS.setdefault(self.name, self) is not self:
            raise ValueError(f"Action {self.name} is declared twice.")

    @property
    def says(self) -> str:
        return (inspect.getdoc(self.call) or "").partition("\n")[0]


@overload
def action(call: Callable[P, R]) -> Callable[P, R]: ...
@overload
def action(*, right: str, grave: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def action(call: Any = None, *, right: str = "", grave: bool = False) -> Any:
    """Mark a function `verb_noun(actor, *, …)` as something that can happen here. `right` names its row in the table of rights.

    `grave`: a person at the keyboard must have shown lately who they are (members/sure.py). That is asked last, when all else is
    found right and before anything is kept: nobody is asked for a password only to hear that it cannot be done.
    """

    def wrap(call: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(call)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            outer = _recorded.get()
            mine: list[int] = [0]
            token = _recorded.set(mine)
            try:
                with transaction.atomic(savepoint=outer is None):  # an act inside an act stands or falls with it
                    sure = not grave or is_sure(*args, **kwargs)
                    result = call(*args, **kwargs)
                    if not sure:
                        raise NotSure()
                    if not mine[0]:
                        raise NothingRecorded(f"{call.__module__}.{call.__name__} must record(), say already(), or refuse.")
            finally:
                _recorded.reset(token)
            if outer is not None:
                outer[0] += mine[0]
            return result

        Action(run, right=right, quiet=False, grave=grave)
        return run

    return wrap(call) if call is not None else wrap


@overload
def quiet(call: Callable[P, R]) -> Callable[P, R]: ...
@overload
def quiet(*, right: str = "", passing: bool = False, grave: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def quiet(call: Any = None, *, right: str = "", passing: bool = False, grave: bool = False) -> Any:
    """Mark an atomic write that is nobody's news (a draft, a preference): in the catalogue, not in the log.

    `passing`: the house's own bookkeeping inside other acts and readings. It asks for no right, so no door offers it.
    """

    def wrap(call: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(call)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic(savepoint=_recorded.get() is None):
                sure = not grave or is_sure(*args, **kwargs)
                result = call(*args, **kwargs)
                if not sure:
                    raise NotSure()
                return result

        Action(run, right=right, quiet=True, passing=passing, grave=grave)
        return run

    return wrap(call) if call is not None else wrap


def is_sure(*args: Any, **kwargs: Any) -> bool:
    """Whether the actor of a call has shown lately who they are."""
    actor = args[0] if args else kwargs["actor"]
    return bool(actor.sure)


def require_sure(actor: Any) -> None:
    """Go on, or raise NotSure: for readings that are as grave as an act, such as taking all that is held of somebody along."""
    if not actor.sure:
        raise NotSure()


def already(result: R) -> R:
    """What an action returns when what was asked is already so: the retry of a retry is harmless and makes no second line."""
    note_recorded(1)
    return result


def note_recorded(lines: int) -> None:
    """Tell the action under way that it has spoken. Called by record()."""
    count = _recorded.get()
    if count is not None:
        count[0] += lines
