"""Whom the composer offers behind an @: by name or handle, in any case and script, and as quickly among a hundred thousand."""

import re

import pytest
from django.db import connection

from fireside.conversation.tests.test_costs import UNIT, plan_of, work_of
from fireside.lib.bulk import insert, next_ids
from fireside.members.actions import join_community, mark_bot, merge_members
from fireside.members.queries import people_to_call

pytestmark = pytest.mark.both
UNFOUND = re.compile(r"Seq Scan")  # PostgreSQL may sort what it knows to be a few hundred
WHOLE = re.compile(r"TEMP B-TREE|SCAN |Seq Scan|Sort\b(?! Key)")


def offered(world, words):
    return [one.handle for one in people_to_call(world.ben, words)]


def test_by_name_or_handle_in_any_case_and_script(world):
    join_community(world.as_(""), name="李小龙")
    join_community(world.as_(""), name="ANNA Bell", handle="zorro")
    join_community(world.as_(""), name="ZOË", handle="ann-zoe")
    assert offered(world, "ann") == ["ann", "zorro", "ann-zoe"]  # exactly so first, then by name
    assert offered(world, "ZO") == ["zorro", "ann-zoe"]
    assert offered(world, "ａｎｎａ b") == ["zorro"]
    assert offered(world, "李") == offered(world, "李小") == ["李小龙"]
    assert offered(world, "") == offered(world, "%") == offered(world, "_nn") == []
    assert not people_to_call(None, "ann")


def test_programs_and_second_names_are_not_offered(world):
    mark_bot(world.as_("dan"), member=world.cat, reason="operator")
    merge_members(world.as_("olu"), member=world.mira, into=world.ann, reason="one")
    assert offered(world, "cat") == offered(world, "mira") == []


def crowd(world, first: int, many: int) -> None:
    """Members called A…, written as an import writes them."""
    ids = list(next_ids("members_member", many))
    columns = ("id", "password", "name", "name_key", "handle", "role", "language", "time_zone", "about", "why", "picture", "theme",
               "person_id", "joined_at", "is_active", "is_bot", "bot_reason", "is_sample", "imported_from")  # fmt: skip
    insert("members_member", columns, [
        (pk, "", f"A{n % 97:02} {n}", f"a{n % 97:02}{n}", f"a{n % 89:02}-{n}", "member", "", "", "", "", "", "", pk, world.now, True, False,
         "", False, "scale")
        for n, pk in enumerate(ids, first)
    ])  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_each_letter_costs_the_same_among_a_hundred_thousand(world):
    work: dict[str, list[int]] = {}
    for first, many in ((0, 1_000), (1_000, 99_000)):
        crowd(world, first, many)
        for words in ("a", "a9", "a96", "A05 1", "zz"):
            seen: list[str] = []
            work.setdefault(words, []).append(work_of(lambda words=words: people_to_call(world.ben, words), seen))
            for sql in seen:
                if many > 1_000 or connection.vendor == "sqlite":  # PostgreSQL reads a small table whole, with good reason
                    plan = plan_of(sql, True)
                    assert not (WHOLE if connection.vendor == "sqlite" or words == "a" else UNFOUND).search(plan), plan
    print("\n" + "\n".join(f"{words}: {a} {UNIT[connection.vendor]}, then {b}" for words, (a, b) in work.items()))
    for words, (small, large) in work.items():
        assert connection.vendor != "sqlite" or large < 2 * small + 100, words
    assert sum(work["a"]) < 2_000  # every one of them begins so
    assert len(people_to_call(world.ben, "a")) == 8
