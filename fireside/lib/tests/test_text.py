"""Han and Latin beside each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireside.lib.text import filled, joined


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        (["Ann", "从", "zulip:lamp", "带来了", "7", "条记录"], "Ann 从 zulip:lamp 带来了 7 条记录"),
        (["安", "从", "清单：客户", "带来了", "七", "条记录"], "安从清单：客户带来了七条记录"),
        (["回复了“", "Wire", "”"], "回复了“Wire”"),  # marks and punctuation make their own room
        (["Ben", "", "和", "王Ann", "说"], "Ben 和王Ann 说"),  # inside of a name its owner decides
        (["Élodie", "和", "😀"], "Élodie 和😀"),
        (["<b>Ann</b>", "帮到了", "<b>安</b>", "和", "<b>Ben</b>"], "<b>Ann</b> 帮到了<b>安</b>和 <b>Ben</b>"),
        (["Ben S.", "回复了", "Ann."], "Ben S. 回复了 Ann."),  # an initial is a name, too
        (["安B", "、", "安"], "安B、安"),
        (["Ann", " replied to ", "Ben"], "Ann replied to Ben"),
        ([], ""),
    ],
)
def test_room_between_han_and_latin(parts, shown):
    assert joined(parts) == shown


def test_a_sentence_is_filled_with_what_is_given():
    assert filled("%(who)s在%(community)s的验证码，%(n)d%% 有效", {"who": "Ann", "community": "Fireside", "n": 5}) == (
        "Ann 在 Fireside 的验证码，5% 有效"
    )
    assert filled("%(who)s和%(who)s", {"who": "%(n)s 安"}) == "%(n)s 安和%(n)s 安"


@given(st.lists(st.text(), max_size=6))
def test_nothing_but_spaces_is_added(parts):
    assert joined(parts).replace(" ", "") == "".join(parts).replace(" ", "")


@given(st.text(alphabet=st.characters(max_codepoint=0x2FFF)), st.text(alphabet=st.characters(max_codepoint=0x2FFF)))
def test_without_han_nothing_changes(first, second):
    assert joined([first, second]) == first + second
