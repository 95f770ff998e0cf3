"""Since when somebody belongs is the earliest that any archive tells, whichever comes in first."""

from datetime import UTC, datetime
from itertools import permutations

import pytest
from django.db import transaction

from fireside.connectors.tests.conftest import START, lines, message
from fireside.members.actions import claim, offer_claim
from fireside.members.models import Member
from fireside.spaces.actions import join_space, take_in_belongings
from fireside.spaces.models import Belonging, Space

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def at(number: int) -> datetime:
    return datetime.fromtimestamp(START + number * 60, UTC)


def since() -> dict[tuple[str, str], datetime]:
    return {(space, name): at for space, name, at in Belonging.objects.exclude(space__source=None).values_list("space__name", "member__name", "since")}  # fmt: skip


def test_parts_of_one_archive_in_every_order_and_overlapping(bring, tmp_path):
    """Ada first wrote with message 1, Bo with 4; each part knows only what stands in it."""
    said = {n: message(n, sender="Bo" if n in (4, 5, 8) else "Ada") for n in range(1, 10)}
    parts = {name: lines(tmp_path / f"{name}.jsonl", [said[n] for n in some]) for name, some in {"a": (1, 2, 3, 4), "b": (4, 5, 6), "c": (6, 7, 8, 9)}.items()}  # fmt: skip
    for order in permutations(parts):
        mark = transaction.savepoint()
        for name in order:
            bring("zulip", parts[name])
        assert since() == {("lamps", "Ada"): at(1), ("lamps", "Bo"): at(4)}, order
        assert Space.objects.get(name="lamps").members_count == 2
        bring("zulip", parts[order[0]])
        assert since() == {("lamps", "Ada"): at(1), ("lamps", "Bo"): at(4)}, order
        transaction.savepoint_rollback(mark)


def test_files_of_acts_in_every_order(bring, tmp_path):
    came = [{"kind": "joined", "at": f"2024-0{month}-01T09:00:00Z", "actor": "u1", "space": "Lamps"} for month in (1, 2, 3)]
    files = [lines(tmp_path / f"{n}.jsonl", [one]) for n, one in enumerate(came)]
    for order in permutations(files):
        mark = transaction.savepoint()
        for path in order:
            bring("activity", path)
        assert set(since().values()) == {datetime(2024, 1, 1, 9, tzinfo=UTC)}, order
        transaction.savepoint_rollback(mark)


def test_in_one_handful_the_earliest_counts_and_who_came_by_themselves_was_there_since_then(world):
    house, ben = world.as_("house"), (world.hearth.pk, world.ben.pk)
    join_space(world.as_("cat"), space=world.hearth)
    rows = [(*ben, at(7)), (*ben, at(2)), (*ben, at(5)), (world.hearth.pk, world.cat.pk, at(3)), (world.hearth.pk, world.mira.pk, at(9))]
    assert take_in_belongings(house, rows=rows) == 1
    assert take_in_belongings(house, rows=reversed(rows)) == 0
    found = dict(Belonging.objects.filter(space=world.hearth).values_list("member__name", "since"))
    assert [found[name] for name in ("Ben", "Cat", "Mira")] == [at(2), at(3), at(9)]
    assert not Belonging.objects.get(space=world.hearth, member=world.ben).imported


def test_a_claimed_trace_keeps_its_own_beginning(world, bring, tmp_path):
    bring("zulip", lines(tmp_path / "late.jsonl", [message(6)]))
    _link, secret = offer_claim(world.as_("olu"), member=Member.objects.get(name="Ada Lovelace"))
    claim(world.as_("ben"), secret=secret)
    bring("zulip", lines(tmp_path / "early.jsonl", [message(2)]))
    assert since() == {("lamps", "Ada Lovelace"): at(2)}
