"""Words become HTML that can hurt nobody, whatever was written."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fireside.conversation.markup import clean_archive_html, lang_of, parse, plain_words, quoted, render
from fireside.conversation.rules import sounds_like_a_question

pytestmark = pytest.mark.once  # pure: no database


def shown(text: str, **handles: int) -> str:
    return render(parse(text), handles)[0]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**a** ~~b~~ `c`", "<p><strong>a</strong> <s>b</s> <code>c</code></p>\n"),
        ("# A", "<h3>A</h3>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("![p](https://e.org/p.png)", '<p><a href="https://e.org/p.png" rel="nofollow ugc noopener">p</a></p>\n'),
        ("看https://e.org/a，好", '<p>看<a href="https://e.org/a" rel="nofollow ugc noopener">https://e.org/a</a>，好</p>\n'),
        ("(https://e.org/a_(b)).", '<p>(<a href="https://e.org/a_(b)" rel="nofollow ugc noopener">https://e.org/a_(b)</a>).</p>\n'),
        ("`https://e.org`", "<p><code>https://e.org</code></p>\n"),
        ("| a |\n|--:|\n| 1 |", '<table>\n<thead>\n<tr>\n<th class="num">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td class="num">1</td>\n</tr>\n</tbody>\n</table>\n'),
    ],
)  # fmt: skip
def test_what_markdown_becomes(text, html):
    assert shown(text) == html


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@ben", [1]), ("hi @Ben!", [1]), ("@ben-2", [3]), ("@ben2", []), ("me@ben.org", []), ("`@ben`", []), ("    @ben", []),
        ("[@ben](https://e.org)", []), ("谢谢@张三你好", [2]), ("@张三丰", [2]), ("你好@ben，", [1]), ("@ben @ben @张三", [1, 2]), ("@@ben", []),
        ("https://e.org/@ben", []), ("@İben", []),
    ],
)  # fmt: skip
def test_mentions_of_any_script(text, named):
    handles = {"ben": 1, "张三": 2, "ben-2": 3}
    parsed = parse(text)
    assert set(handles) & set(parsed.names) >= {h for h, pk in handles.items() if pk in named}
    assert render(parsed, handles)[1] == named


class Strict(HTMLParser):
    """Fails on anything that could run, load or leave the post."""

    def handle_starttag(self, tag, attrs):
        assert tag not in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "svg",
            "math",
            "link",
            "meta",
            "base",
            "img",
            "video",
            "button",
        }
        for name, value in attrs:
            assert not name.startswith("on")
            assert name in {"href", "rel", "class", "title", "start", "type", "checked", "disabled", "datetime"}
            if name == "href":
                assert re.match(r"(https?:|mailto:|/(?!/))", value, re.IGNORECASE), value


BITS = st.sampled_from(
    ["<", ">", '"', "'", "`", "*", "_", "~~", "[", "](", ")", "!", "@ben", "\n", "\n\n", "    ", "> ", "- ", "1. ", "|", "---", "&#106;avascript:",
     "javascript:alert(1)", "<script>", "</script>", "<img src=x onerror=y>", "https://e.org/", "data:text/html,x", "\\", "&lt;", "\x00", "#", "张三",
     "vbscript:", "//e.org", "<!--", "-->", "<![CDATA[", "]]>", "\u202e", "\u2028", "\ud7ff"]
)  # fmt: skip
WORDS = st.one_of(st.text(max_size=300), st.lists(BITS, max_size=60).map("".join))


@given(WORDS)
@settings(max_examples=400, deadline=None)
def test_no_markdown_makes_anything_that_runs(text):
    Strict().feed(shown(text, ben=1))


@given(WORDS)
@settings(max_examples=400, deadline=None)
def test_no_archive_makes_anything_that_runs(text):
    cleaned = clean_archive_html(text)
    Strict().feed(cleaned)
    assert clean_archive_html(cleaned) == cleaned
    plain_words(cleaned)
    lang_of(cleaned)


@given(WORDS, st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_quote_stays_a_quote(text, author):
    made = shown(quoted(text, author=author.replace("\n", " "), link="/t/1/2") + "after")
    Strict().feed(made)
    assert made.lstrip().startswith("<blockquote>")
    assert "after" in made.rsplit("</blockquote>", 1)[1]


@pytest.mark.parametrize(
    "text",
    ["[" * 40000, "[a](" * 10000, "*a _b" * 8000, "> " * 20000, "`a``b```c" * 4000, "![" * 20000, "<" * 40000, "a**b" + "c* " * 13000,
     "~~a" * 13000, "a\n" * 19999, "](" * 20000, "@a" * 20000, "@" + "张" * 39999, "https://a.org/(" * 2600, "|" + "a|" * 90 + "\n|" + "-|" * 90 + "\n" + "|\n" * 15000],
)  # fmt: skip
def test_hostile_words_end_soon(text):
    began = time.process_time()
    shown(text[:40000])
    assert time.process_time() - began < 4


def test_too_deep_is_known():
    assert parse("> " * 40 + "x").too_deep
    assert not parse("> " * 10 + "x").too_deep


@pytest.mark.parametrize(
    ("title", "text", "asks"),
    [
        ("How do I mend it", "", True), ("Release 2", "See https://e.org/?q=1 for notes", False), ("请问怎么装", "", True), ("油的问题", "换了就好了吗", True),
        ("Notes", "It works now.", False), ("general", "<p>Is anyone here?</p>", True), ("周报", "本周完成了三件事。", False), ("stream events", "<p>hello</p>", False),
    ],
)  # fmt: skip
def test_what_asks(title, text, asks):
    assert sounds_like_a_question(title, text, html=text.startswith("<")) is asks


def test_languages():
    assert (lang_of("<p>这是一句话</p>"), lang_of("<p>A sentence.</p>"), lang_of("<p>これは</p>"), lang_of("<p>1</p>")) == (
        "zh-CN",
        "en",
        "",
        "",
    )
