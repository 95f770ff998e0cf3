"""Sentences, groups, and what a notice is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireside.notifications import rules


@pytest.mark.parametrize(
    ("line", "thing"),
    [
        (("conversation.post", 5, 7, 2), "conversation:7"),
        (("spaces.asktojoin", 5, None, 2), "space:2"),
        (("members.member", 5, None, None), "members.member:5"),
        (("", None, None, None), ":0"),
    ],
)
def test_what_a_notice_is_about(line, thing):
    assert rules.thing_of(*line) == thing


@given(st.text(), st.text())
def test_a_value_is_put_in_as_it_is(title, name):
    assert rules.fill("{actor} asked “{title}”", {"actor": name, "title": title}) == f"{name} asked “{title}”"


def test_a_missing_value_is_not_an_error():
    assert rules.fill("{actor} asked “{title}”", {"actor": "Ann"}) == "Ann asked “…”"
    assert rules.places_in("{actor} asked “{title}”") == {"actor", "title"}


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 99)), max_size=30))
def test_every_voice_is_named_or_counted_once(voices):
    named, others = rules.newest_voices(voices)
    people = {person for person, _at in voices}
    assert len(set(named)) == len(named)
    assert len(named) + others == len(people)
    assert others != 1  # nobody is "1 other" who could as well be named
    latest = {person: max(at for p, at in voices if p == person) for person in people}
    assert [latest[p] for p in named] == sorted((latest[p] for p in people), reverse=True)[: len(named)]


@pytest.mark.parametrize(("words", "shown"), [("you helped Ann", "You helped Ann"), ("你帮到了安", "你帮到了安"), ("", "")])
def test_a_sentence_begins_with_a_capital(words, shown):
    assert rules.capital(words) == shown
