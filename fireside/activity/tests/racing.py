"""Many who act in one instant: each racer is a process, reads its rows, waits for the word, acts, says how each act ended."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

import pytest
from django.db.models import Model

from fireside.activity.actor import Actor, house
from fireside.lib.errors import Refusal
from fireside.lib.tests.racers import Racer, begin_together, told, wait_for_the_word


def _again(given: Any) -> Any:
    """A row as this process finds it; all else as it was given."""
    return type(given)._base_manager.get(pk=given.pk) if isinstance(given, Model) else given


def run(line: Connection) -> None:
    """In the racer. Told a list of acts, it says ready, waits for the word, and says how each of them ended."""
    for share in told(line):
        acts = [(act, _again(who), {name: _again(word) for name, word in words.items()}) for act, who, words in share]
        wait_for_the_word(line)
        ended = []
        for act, who, words in acts:
            now = datetime.now(UTC)
            try:
                act(Actor(who, "cli", now) if who else house("cli", now=now), **words)
            except Refusal as no:
                ended.append(no.code)
            else:
                ended.append("done")
        line.send(ended)


@pytest.fixture
def race(racer: Callable[..., Racer]) -> Callable[..., "Counter[str]"]:
    """race(share, share, …) begins all at once and counts how the acts ended: {"done": 1, "email_taken": 1}.

    A share is one act or a list of acts; an act is (action, who, {argument}), and who is None for the house itself.
    """
    field: list[Racer] = []

    def start(*shares: Any) -> "Counter[str]":
        while len(field) < len(shares):
            field.append(racer(run))
        running = field[: len(shares)]
        for one, share in zip(running, shares, strict=True):
            one.tell(share if isinstance(share, list) else [share])
        begin_together(running)
        return Counter(code for one in running for code in one.hear())

    return start
