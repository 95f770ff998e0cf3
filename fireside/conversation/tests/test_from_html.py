"""An archive's HTML becomes Markdown that shows the same words: by hand, in odd mixtures, and on posts of a real archive."""

import gzip
import html
import json
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fireside.conversation.markup import clean_archive_html, parse, render, to_markdown
from fireside.conversation.markup.from_html import PLAIN

pytestmark = pytest.mark.once

GOLD = (
    ("<p>One</p>\n<p>two <strong>three</strong> <em>four</em> <del>five</del></p>", "One\n\ntwo **three** *four* ~~five~~"),
    ('<p>See <a href="https://a.org/x_y">https://a.org/x_y</a> and <a href="https://a.org/(b)">the wick</a>.</p>',
     "See https://a.org/x_y and [the wick](https://a.org/%28b%29)."),
    ("<p>Call <code>f(`x`)</code>:</p>\n<div class=\"codehilite\"><pre><span></span><code>a = 1\n\n\n\n``` no end\n</code></pre></div>",
     "Call `` f(`x`) ``:\n\n````\na = 1\n\n\n\n``` no end\n````"),
    ("<blockquote>\n<p>old</p>\n</blockquote>\n<p>new</p>", "> old\n\nnew"),
    ("<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>\n<ol start=\"3\">\n<li>d</li>\n</ol>", "- a\n  - b\n- c\n\n3. d"),
    ('<p>Well <span class="emoji">:slight_smile:</span> 👍</p>', "Well :slight_smile: 👍"),
    ("<p>1<br>2</p>\n<p>3<br></p>", "1\\\n2\n\n3"),
    ("<h3>Head</h3>\n<p># no head, 2 * 3 * 4, a_b_c, _x, [1] &amp;amp; &lt;b&gt;</p>",
     "# Head\n\n\\# no head, 2 \\* 3 \\* 4, a_b_c, \\_x, [1] \\&amp; \\<b>"),
    ("<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1|2</td><td>3</td></tr></tbody></table>",
     "| a | b |\n| --- | --- |\n| 1\\|2 | 3 |"),
    ("<p>请看<strong>“灯芯”</strong>这里</p>", "请看“灯芯”这里"),  # Markdown would show the stars
)  # fmt: skip


def seen(made: str) -> str:
    """What somebody reads, up to white space."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", made)).split())


def there_and_back(made: str) -> tuple[str, str]:
    return seen(clean_archive_html(made)), seen(render(parse(to_markdown(made)), {})[0])


@pytest.mark.parametrize(("made", "words"), GOLD)
def test_what_markdown_has_a_sign_for_is_kept(made: str, words: str) -> None:
    assert to_markdown(made) == words
    before, after = there_and_back(made)
    assert before == after


def test_whom_it_calls_is_called_again_by_their_handle() -> None:
    made = '<p><span class="user-mention">@Ada Lovelace</span>, <span class="user-mention">@Bo</span>: <code>@Ada Lovelace</code></p>'
    assert to_markdown(made, {"ada lovelace": "ada"}) == "@ada, \\@Bo: `@Ada Lovelace`"


@pytest.mark.parametrize(
    "made", ["<p>@ann</p>", "<h3>so @ann</h3>", "<p>@_ann</p>", "<p><strong>@ann</strong> <a>@ann</a></p>", f"<p>@ann</p>{'<br>' * 30_000}",
             "<table><tr><td>@ann</td></tr></table>", '<p>@<span class="emoji">ann</span></p>', "<blockquote>" * 40 + "@ann"]
)  # fmt: skip
def test_it_calls_nobody_else(made: str) -> None:
    words = to_markdown(made)
    assert render(parse(words), {"ann": 1, "_ann": 2})[1] == []
    assert seen(render(parse(words), {})[0]) == seen(made)


def test_very_long_words_are_taken_as_they_are_and_short_ones_are_made_once() -> None:
    assert "**" not in to_markdown("<p>so <strong>long</strong></p>" * (PLAIN // 20))
    assert to_markdown("<p>so <strong>short</strong></p>") is to_markdown("<p>so <strong>short</strong></p>")


SIGNS = st.lists(
    st.sampled_from([*"ab 1你，*_`~[]()<>#+-=|\\!&;:.\n\"'@/", "http://a.b/c_d", "&amp;", "1. ", "- ", "~~", "---", "](", "<a@b.c>"]),
    max_size=9,
)
WORDS = SIGNS.map(lambda signs: html.escape("".join(signs)))
MARKED = st.tuples(WORDS, st.sampled_from(["strong", "em", "code", "del"]), WORDS, WORDS).map(
    lambda p: f"{p[0]}<{p[1]}>{p[2]}</{p[1]}>{p[3]}"
)
BLOCKS = st.tuples(MARKED, st.sampled_from(["<p>%s</p>", "<ul><li>%s</li></ul>", "<blockquote><p>%s</p></blockquote>", "<h4>%s</h4>"])).map(
    lambda p: p[1] % p[0]
)


@settings(max_examples=60)
@given(st.lists(BLOCKS, min_size=1, max_size=3))
def test_no_mixture_changes_the_words(blocks: list[str]) -> None:
    before, after = there_and_back("\n".join(blocks))
    assert before == after


def test_elements_without_end_are_words_still() -> None:
    assert to_markdown("<blockquote>" * 3000 + "deep *down*") == "deep \\*down\\*"


def test_the_words_of_real_posts_stay(real_data, full) -> None:
    with gzip.open(real_data("ncar-zulip") / "messages.jsonl.gz", "rt") as lines:
        posts = [line for line in lines if '\\"' in line or len(line) > 400]  # those with marks and links in them, or long
    for line in random.Random(7).sample(posts, len(posts) if full else 250):
        try:
            made = json.loads(line)["content"]
        except ValueError:
            continue  # one line of this archive is no JSON
        before, after = there_and_back(made)
        assert before == after, made
