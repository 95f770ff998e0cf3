"""Two at once, as real processes, on whatever database the tests run on."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence

import pytest

from fireside.activity.models import Activity
from fireside.spaces.actions import ask_to_join, bring_in, join_space, make_organiser, make_space
from fireside.spaces.models import AskToJoin, Belonging, Space

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


@pytest.fixture
def rounds(full):
    return 20 if full else 3


Race = Callable[..., list[str]]


@pytest.fixture(scope="module")
def race(django_db_setup) -> Iterator[Race]:
    """race([action, who, name=value …], …): start them together in processes of their own; how each ended, sorted."""
    kept: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "fireside.spaces.tests.race"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ, bufsize=1)

    def tell(one: subprocess.Popen[str], line: str) -> None:
        assert one.stdin is not None
        one.stdin.write(line + "\n")
        one.stdin.flush()

    def hear(one: subprocess.Popen[str]) -> str:
        assert one.stdout is not None
        return one.stdout.readline().strip()

    def run(*runners: Sequence[str]) -> list[str]:
        while len(kept) < len(runners):
            kept.append(start())
        field = kept[: len(runners)]
        for one, (name, who, *words) in zip(field, runners, strict=True):
            tell(one, json.dumps([name, who, dict(word.split("=", 1) for word in words)]))
        assert [hear(one) for one in field] == ["ready"] * len(field)
        for one in field:
            tell(one, "go")
        return sorted(hear(one) for one in field)

    yield run
    for one in kept:
        one.communicate(timeout=20)


def test_joining_twice_at_once_is_joining_once(world, race, rounds):
    for n in range(rounds):
        space = make_space(world.as_("dan"), name=f"Race {n}")
        assert race(*[["spaces.join_space", "cat", f"space={space.slug}"]] * 3) == ["done"] * 3
        space.refresh_from_db()
        assert space.members_count == Belonging.objects.filter(space=space).count() == 2
        assert Activity.objects.filter(kind="spaces.joined", space_id=space.pk).count() == 1


def test_many_join_at_once_and_each_is_counted(world, race):
    assert race(*[["spaces.join_space", who, "space=hearth"] for who in ("cat", "dan", "mira", "olu")]) == ["done"] * 4
    world.hearth.refresh_from_db()
    assert world.hearth.members_count == 6


def test_two_organisers_leave_at_once_and_one_stays(world, race, rounds):
    for n in range(rounds):
        space = make_space(world.as_("dan"), name=f"Race {n}")
        join_space(world.as_("ben"), space=space)
        make_organiser(world.as_("dan"), space=space, member=world.ben)
        ended = race(["spaces.leave_space", "dan", f"space={space.slug}"], ["spaces.leave_space", "ben", f"space={space.slug}"])
        assert ended == ["done", "last_organiser"]
        space.refresh_from_db()
        assert space.members_count == Belonging.objects.filter(space=space, role="organiser").count() == 1


def test_two_organisers_decide_one_ask_at_once_and_one_answer_stands(world, race, rounds):
    for n in range(rounds):
        space = make_space(world.as_("dan"), name=f"Race {n}", openness="private")
        ask = ask_to_join(world.as_("cat"), space=space)
        ended = race(["spaces.let_in", "dan", f"ask={ask.pk}"], ["spaces.turn_down", "olu", f"ask={ask.pk}", "reason=Full"])
        assert ended == ["already_decided", "done"]
        ask.refresh_from_db()
        assert Belonging.objects.filter(space=space, member=world.cat).exists() == ask.let_in
        told = Activity.objects.filter(kind__in=["spaces.let_in", "spaces.turned_down"], space_id=space.pk)
        assert told.count() == 1


def test_asking_twice_at_once_is_one_ask(world, race):
    assert race(*[["spaces.ask_to_join", "cat", "space=workshop"]] * 3) == ["done"] * 3
    assert AskToJoin.objects.filter(member=world.cat).count() == 1


def test_two_moves_that_would_make_a_circle(world, race, rounds):
    for n in range(rounds):
        a, b = (make_space(world.as_("dan"), name=f"{name} {n}") for name in ("Left", "Right"))
        ended = race(
            ["spaces.move_space", "dan", f"space={a.slug}", f"parent={b.slug}"],
            ["spaces.move_space", "dan", f"space={b.slug}", f"parent={a.slug}"],
        )
        assert ended == ["cycle", "done"]
        rows = {one.pk: one for one in Space.objects.filter(pk__in=[a.pk, b.pk])}
        below = next(one for one in rows.values() if one.parent_id)
        assert below.path == f"/{below.parent_id}/{below.pk}/"


def test_two_spaces_of_one_name_get_two_addresses(world, race):
    ended = race(*[["spaces.make_space", "dan", "name=Same name"]] * 3)
    assert ended == ["done"] * 3
    assert set(Space.objects.filter(name="Same name").values_list("slug", flat=True)) == {"same-name", "same-name-2", "same-name-3"}


def test_put_out_twice_at_once_and_while_leaving(world, race, rounds):
    """Both end well, they are out once, and one line of each space says how."""
    for n in range(rounds):
        space = make_space(world.as_("dan"), name=f"Race {n}", openness="private")
        inner = make_space(world.as_("dan"), name=f"Inner {n}", parent=space)
        bring_in(world.as_("dan"), space=space, member=world.ben)
        join_space(world.as_("ben"), space=inner)
        out = ["spaces.put_out", "dan", f"space={space.slug}", "member=ben", "reason=Selling"]
        ended = race(out, ["spaces.put_out", "olu", *out[2:]], ["spaces.leave_space", "ben", f"space={space.slug}"])
        assert ended == ["done"] * 3
        for one in (space, inner):
            one.refresh_from_db()
            assert one.members_count == Belonging.objects.filter(space=one).count() == 1
            assert Activity.objects.filter(kind__in=["spaces.put_out", "spaces.left"], space_id=one.pk).count() == 1
