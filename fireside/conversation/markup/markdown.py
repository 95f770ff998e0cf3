"""Markdown: CommonMark, tables, strikethrough, task lists, links by themselves, @mentions. No raw HTML."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

from fireside.conversation.markup.addresses import ADDRESS, trim
from fireside.conversation.markup.cards import Cards
from fireside.conversation.markup.files import Files, put
from fireside.conversation.markup.inside import (
    file_named,
    files_named,
    lines_apart,
    lone_addresses,
    only_pictures,
    places_alone,
    with_cards,
)

NESTING = 30  # quotes in lists in quotes …: what is deeper is refused when somebody writes it (see Parsed.too_deep)
HANDLE_MAX = 40


def _silent_names(state: StateCore) -> None:
    """An @ behind a stroke calls nobody: it is no longer among the words when names are looked for."""
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "text_special" and child.markup == "\\@":
                child.type = "html_inline"


_md = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING + 1}).enable(["table", "strikethrough"]).use(tasklists_plugin)

_no_tables = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING + 1}).enable("strikethrough")
_plain = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING + 1}).disable(["link", "image", "reference"])
for _one in (_md, _no_tables, _plain):
    _one.core.ruler.before("text_join", "silent_names", _silent_names)
MANY_BRACKETS = 3000
MANY_CELLS = 20_000

# A name may follow Han characters without a space, but not Latin ones (that is an e-mail address).
_MENTION = re.compile(r"(?<![A-Za-z0-9._%+\-/@])@([\w-]{1,80})")

_TAGS = {
    "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "input", "img", "picture", "source", "audio", "video", "span", "small",
}  # fmt: skip
_ATTRIBUTES = {
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"},
    "source": {"media", "srcset"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "video": {"src", "controls", "preload", "playsinline", "aria-label"},
    "a": {"href", "title", "download"},
    "ol": {"start"},
    "input": {"type", "checked", "disabled"},
}
_CLASSES = {
    "a": {"mention", "picture", "file", "preview"},
    "span": {"player", "file-gone", "said-of", "mention"},
    "p": {"pictures"},
    "li": {"task-list-item"},
    "ul": {"contains-task-list"},
    "ol": {"contains-task-list"},
    "td": {"num"},
    "th": {"num"},
}
LINK_REL = "nofollow ugc noopener"


@dataclass(frozen=True)
class Parsed:
    """Words understood once: `names` are the handles they may call, `files` the ids of the files they want to show."""

    tokens: list[Token]
    names: frozenset[str]
    too_deep: bool = False
    files: frozenset[int] = frozenset()
    links: tuple[str, ...] = ()  # addresses that stand alone in a line


def parse(text: str) -> Parsed:
    """Read Markdown. Every prefix of a run of letters after @ is a possible name: Chinese puts no space behind it."""
    tokens = _reader(text).parse(text)
    names: set[str] = set()
    for child, linked in _texts(tokens):
        if not linked:
            for found in _MENTION.finditer(child.content):
                names.update(_possible(found[1]))
    files = files_named(tokens) if "/files/" in text else frozenset()
    links = tuple(lone_addresses(tokens)) if "://" in text else ()
    return Parsed(tokens, frozenset(names), any(token.level >= NESTING for token in tokens), files, links)


def _reader(text: str) -> MarkdownIt:
    """Words that would cost seconds (thousands of open brackets, a wide table of thousands of empty rows) are read more simply."""
    if text.count("[") > MANY_BRACKETS:
        return _plain
    widest = max((line.count("|") for line in text.split("\n")), default=0)
    return _no_tables if widest * text.count("\n") > MANY_CELLS else _md


def render(parsed: Parsed, handles: Mapping[str, int], files: Files | None = None, cards: Cards | None = None) -> tuple[str, list[int]]:
    """HTML and the ids of the members it calls, in order. `handles` says which names exist here, below zero those of roles; a name in a
    quotation calls nobody.

    `files` are those that it may show; any other picture is a link. `cards` say what links lead to, below those that stand alone.
    """
    named: dict[int, None] = {}
    in_quotes = 0
    if files:
        parsed = replace(parsed, tokens=lines_apart(parsed.tokens, files))
    alone = places_alone(parsed.tokens) if cards else {}
    for at, token in enumerate(parsed.tokens):
        in_quotes += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"  # the page has its own h1 and h2
        elif token.type in {"td_open", "th_open"}:
            style = str(token.attrs.pop("style", ""))
            if "right" in style:
                token.attrs["class"] = "num"
        if token.children:
            if files and only_pictures(token.children, files):
                parsed.tokens[at - 1].attrs["class"] = "pictures"
            token.children = _children(token.children, handles, {} if in_quotes else named, files or {})
    if cards:
        parsed = replace(parsed, tokens=with_cards(parsed.tokens, alone, cards))
    made = _md.renderer.render(parsed.tokens, _md.options, {})
    return nh3.clean(
        made, tags=_TAGS, attributes=_ATTRIBUTES, allowed_classes=_CLASSES, link_rel=LINK_REL, url_schemes={"http", "https", "mailto"}
    ), list(named)


def _texts(tokens: list[Token]) -> list[tuple[Token, bool]]:
    """Every run of plain words outside code, and whether it stands inside a link."""
    out = []
    for token in tokens:
        depth = 0
        for child in token.children or []:
            depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            if child.type == "text":
                out.append((child, depth > 0))
    return out


def _children(children: list[Token], handles: Mapping[str, int], named: dict[int, None], files: Files) -> list[Token]:
    out: list[Token] = []
    depth, skipped = 0, 0  # skipped: how deep in a link that has become a file
    for at, child in enumerate(children):
        step = {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if skipped:
            skipped += step
            continue
        depth += step
        shown = files.get(file_named(child)) if files else None
        if shown is not None and child.type == "image":
            out += put(shown, _said(child.children or []), in_link=depth > 0)
        elif shown is not None and (shown.kind != "picture" or shown.gone):
            out += put(shown, _said(_until_closed(children[at + 1 :])), in_link=False)
            depth, skipped = depth - 1, 1
        elif child.type == "image":  # pictures of elsewhere would tell that place who reads: a link instead
            out.append(
                _link(str(child.attrs.get("src", "")), child.content or str(child.attrs.get("src", "")))
                if depth == 0
                else _words(child.content)
            )
        elif child.type == "text" and depth == 0:
            out.extend(_split(child.content, handles, named))
        else:
            out.append(child)
    return out


def _until_closed(children: list[Token]) -> list[Token]:
    return children[: next((at for at, child in enumerate(children) if child.type == "link_close"), len(children))]


def _said(children: list[Token]) -> str:
    """The words of what stands in a link or describes a picture."""
    return "".join(" " if child.type == "softbreak" else child.content for child in children)


def _split(words: str, handles: Mapping[str, int], named: dict[int, None]) -> list[Token]:
    """One run of words as words, links and mentions."""
    out: list[Token] = []
    at = 0
    spots = sorted([*ADDRESS.finditer(words), *_MENTION.finditer(words)], key=lambda m: m.start())
    for spot in spots:
        if spot.start() < at:
            continue
        if spot.re is ADDRESS:
            address = trim(spot[0])
            token, end = _link(address if address.startswith("http") else f"https://{address}", address), spot.start() + len(address)
        else:
            name = next((n for n in _possible(spot[1]) if n in handles), "")
            if not name:
                continue
            named.setdefault(handles[name])
            end = spot.start() + 1 + len(name)
            words_called = f"@{spot[1][: len(name)]}"
            token = _link(f"/people/{quote(name)}", words_called, "mention") if handles[name] > 0 else _role(words_called)
        if spot.start() > at:
            out.append(_words(words[at : spot.start()]))
        out.append(token)
        at = end
    if at < len(words):
        out.append(_words(words[at:]))
    return out


def _possible(run: str) -> list[str]:
    """Handles that a run of letters may begin with, the longest first. Latin names end where the word ends."""
    run = run[:HANDLE_MAX]
    folded = run.casefold()
    run = folded if len(folded) == len(run) else run  # places in the words must stay what they are
    ends = [i for i in range(len(run), 0, -1) if i == len(run) or not (_latin(run[i]) and _latin(run[i - 1]))]
    return [name for i in ends if (name := run[:i])[-1] != "-"]


def _latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def _words(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _role(words: str) -> Token:
    """A role leads nowhere: who bears it is asked for when the words are said."""
    return Token("html_inline", "", 0, content=f'<span class="mention">{html.escape(words)}</span>')


def _link(href: str, words: str, css: str = "") -> Token:
    """A whole link as one token: written by our own hand, so it is escaped here."""
    kind = f' class="{css}"' if css else ""
    safe = href if re.match(r"(https?:|mailto:|/(?!/))", href, re.IGNORECASE) else ""
    written = f'<a href="{html.escape(safe)}"{kind}>{html.escape(words)}</a>' if safe else html.escape(words)
    return Token("html_inline", "", 0, content=written)


_ANY_TAG = re.compile(r"<[^>]*>")


def plain_words(made: str, limit: int = 200) -> str:
    """The words of rendered HTML without its tags: excerpts, notices, page descriptions."""
    words = " ".join(html.unescape(_ANY_TAG.sub(" ", made[: limit * 20])).split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_LATIN = re.compile(r"[A-Za-z]")


def lang_of(made: str) -> str:
    """The language of a run of words, for `lang`: "zh-CN", "en", or "" when the words do not say."""
    words = _ANY_TAG.sub(" ", made[:3000])
    han, latin = len(_HAN.findall(words)), len(_LATIN.findall(words))
    if _KANA.search(words) or han + latin < 2:
        return ""
    return "zh-CN" if han * 3 > latin else "en" if not han and words.isascii() else ""


def quoted(text: str, *, author: str, link: str, lines: int = 40) -> str:
    """A post as a quote that keeps who said it and where; quotes inside it are left out."""
    name = re.sub(r"([\\\[\]*_`<>])", r"\\\1", author)
    kept = [line for line in text.strip().splitlines() if not line.lstrip().startswith(">")]
    body = "\n".join(kept).strip().splitlines()[:lines]
    return "\n".join([f"> [{name}]({link}):", ">", *(f"> {line}".rstrip() for line in body)]) + "\n\n"
