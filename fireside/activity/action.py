"""@action: atomic, and it must record something or refuse. @quiet: the few writes that are nobody's news."""

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar, overload

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")

ACTIONS: dict[str, "Action"] = {}
_recorded: ContextVar[list[int] | None] = ContextVar("recorded", default=None)


class NothingRecorded(AssertionError):
    """An action changed something and said nothing. A mistake of the programmer, so it rolls back loudly."""


class Action:
    """What the catalogue, the `act` command and the tests know of an action."""

    def __init__(self, call: Callable[..., Any], *, right: str, quiet: bool, passing: bool = False) -> None:
        self.call, self.right, self.quiet, self.passing = call, right, quiet, passing
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
def action(*, right: str) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def action(call: Any = None, *, right: str = "") -> Any:
    """Mark a function `verb_noun(actor, *, …)` as something that can happen here. `right` names its row in the table of rights."""

    def wrap(call: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(call)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            outer = _recorded.get()
            mine: list[int] = [0]
            token = _recorded.set(mine)
            try:
                with transaction.atomic(savepoint=outer is None):  # an act inside an act stands or falls with it
                    result = call(*args, **kwargs)
                    if not mine[0]:
                        raise NothingRecorded(f"{call.__module__}.{call.__name__} must record(), say already(), or refuse.")
            finally:
                _recorded.reset(token)
            if outer is not None:
                outer[0] += mine[0]
            return result

        Action(run, right=right, quiet=False)
        return run

    return wrap(call) if call is not None else wrap


@overload
def quiet(call: Callable[P, R]) -> Callable[P, R]: ...
@overload
def quiet(*, right: str = "", passing: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def quiet(call: Any = None, *, right: str = "", passing: bool = False) -> Any:
    """Mark an atomic write that is nobody's news (a draft, a preference): in the catalogue, not in the log.

    `passing`: the house's own bookkeeping inside other acts and readings. It asks for no right, so no door offers it.
    """

    def wrap(call: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(call)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic(savepoint=_recorded.get() is None):
                return call(*args, **kwargs)

        Action(run, right=right, quiet=True, passing=passing)
        return run

    return wrap(call) if call is not None else wrap


def already(result: R) -> R:
    """What an action returns when what was asked is already so: the retry of a retry is harmless and makes no second line."""
    note_recorded(1)
    return result


def note_recorded(lines: int) -> None:
    """Tell the action under way that it has spoken. Called by record()."""
    count = _recorded.get()
    if count is not None:
        count[0] += lines
