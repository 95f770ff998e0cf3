"""What differs between two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireside.lib.differences import WORDS, differences


@pytest.mark.parametrize(
    ("before", "after", "apart"),
    [
        ("Turn the washer.", "Turn the thick washer.", [("same", "Turn the "), ("new", "thick "), ("same", "washer.")]),
        ("把灯点上", "把大灯点上", [("same", "把"), ("new", "大"), ("same", "灯点上")]),
        ("a", "", [("gone", "a")]),
        ("", "", []),
        ("one\ntwo", "one\nthree", [("same", "one\n"), ("gone", "two"), ("new", "three")]),
    ],
)
def test_word_by_word(before, after, apart):
    assert differences(before, after) == apart


@given(st.text(max_size=200), st.text(max_size=200))
def test_nothing_is_lost(before, after):
    pieces = differences(before, after)
    assert "".join(words for what, words in pieces if what != "new") == before
    assert "".join(words for what, words in pieces if what != "gone") == after


def test_long_texts_are_compared_by_lines_and_very_long_ones_as_a_whole():
    lines = [f"line {n} of many" for n in range(WORDS)]
    changed = [*lines[:9], "another", *lines[10:]]
    assert [what for what, _words in differences("\n".join(lines), "\n".join(changed))] == ["same", "gone", "new", "same"]
    assert [what for what, _words in differences("x\n" * 4000, "y\n" * 4000)] == ["gone", "new"]
