"""How words begin where there is no room for more: as a reader sees them, not as they were written."""

import pytest
from django.utils.translation import override

from fireside.conversation.seeking.opening import opening


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Turn the **washer**.", "Turn the washer."),
        ("> [Ann](/t/1/2):\n>\n> Turn it.\n\nI did.", "I did."),
        ("> Turn it.", "Turn it."),
        ("Look:\n\n![](/files/9)\n[man\\]ual.pdf](/files/12)", "Look: [Picture] man]ual.pdf"),
        ("![A lamp](/files/9)", "A lamp"),
        ("See [the map](https://example.org/map).", "See the map."),
        ("a" * 100, "a" * 89 + "…"),
    ],
)
def test_what_a_reader_sees(text, shown):
    assert opening(text) == shown


def test_each_in_their_language_and_archives_without_tags():
    with override("zh-hans"):
        assert opening("![](/files/9)") == "[图片]"
    assert opening("![](/files/9)") == "[Picture]"
    assert opening("<p>So &amp; so</p>", from_html=True) == "So & so"
