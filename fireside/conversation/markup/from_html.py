"""An archive's HTML as Markdown: what somebody edits, quotes, or reads by a program. The words stay; what Markdown has no sign for goes.
It calls whom the archive's post called, if their handle is known, and nobody else: other names stand behind a stroke.

Not kept: the language of a block of code, the frame of a spoiler, raised and lowered letters, the machine's form of a time, the
widths of cells (each stays as its words).
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from fireside.conversation.markup.addresses import is_bare_address
from fireside.conversation.markup.archive import clean_archive_html
from fireside.conversation.markup.markdown import parse, render

_BITES = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)|[`]|~~|<(?=[A-Za-z/!?])|&(?=#?\w{1,32};)|\](?=[(:\[])|!(?=\[)", re.MULTILINE)
_LINE = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-{2,}\s*$|=+\s*$|:?-[-:| ]*$|\[(?=[ xX]\]))", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_UNDERLINE = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
_CALLS = re.compile(r"(?<![A-Za-z0-9._%+\-/@])@(?=([\w-]+)|\\|$)")  # "\": a name may begin with an escaped _
_TICKS = re.compile(r"`{3,}")
_BLOCKS = {"p", "div", "pre", "blockquote", "ul", "ol", "table", "hr", "h3", "h4", "h5", "h6"}
_EMPHASIS = ("b", "strong", "em", "i", "s", "del")
_ANY_TAG = re.compile(r"<[^>]*>")
_MENTION = re.compile(r'(?<=<span class="user-mention">)(@[^<]*)(?=</span>)')

KEPT = 16_000  # signs: what is kept of longer ones would fill the memory
PLAIN = 100_000  # signs: to look for the marks of longer ones would take seconds

Convert = Callable[[Any, Any, str, set[str]], str]


def to_markdown(made: str, called: Mapping[str, str] | None = None) -> str:
    """Markdown that shows the same words as this HTML. `called`: the handle of whom a post calls, by the name that stands in it."""
    make = _kept if len(made) <= KEPT else _make
    return make(made, tuple(sorted((called or {}).items())))


def _make(made: str, calls: tuple[tuple[str, str], ...]) -> str:
    made, called = clean_archive_html(made), dict(calls)
    for given_up in ((), _EMPHASIS) if len(made) <= PLAIN else ():  # marks inside marks may be read as words: then the words without them
        try:
            words = _Converter(called, given_up).convert(made).strip()
        except RecursionError:  # nested beyond what anybody writes
            break
        if _seen(render(parse(words), {})[0]) == _seen(_named(made, called)):
            return words
    lines = BeautifulSoup(made, "html.parser").get_text("\n").splitlines()
    plain = _Converter({})
    return "\n".join(plain.escape(line.strip(), set()) for line in lines if line.strip())


_kept = lru_cache(maxsize=128)(_make)  # a program that reads a topic again asks for the same twenty posts


def _seen(made: str) -> str:
    """What somebody reads of HTML, up to white space."""
    return "".join(html.unescape(_ANY_TAG.sub("", made)).split())


def _named(made: str, called: Mapping[str, str]) -> str:
    return _MENTION.sub(lambda found: f"@{_handle(html.unescape(found[1]), called) or found[1][1:]}", made) if called else made


def _handle(name: str, called: Mapping[str, str]) -> str:
    return called.get(name.strip().removeprefix("@").casefold(), "")


def _inline(sign: str) -> Convert:
    def convert(self: Any, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Marked where Markdown would read the mark: **so**, but not **so:**so. Else the words alone."""
        if "_noformat" in parent_tags or not (words := text.strip()):
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        left = not before and _joins(_neighbour(el, "previous_sibling", -1), words[0])
        right = not after and _joins(_neighbour(el, "next_sibling", 0), words[-1])
        return text if left or right or "\n\n" in words else f"{before}{sign}{words}{sign}{after}"

    return convert


def _neighbour(el: Tag, way: str, end: int) -> str:
    """The sign that stands beside an element; "*" for another element, whose marks could run into these."""
    beside = getattr(el, way)
    if isinstance(beside, Tag):
        return "" if beside.name == "br" else "*"
    return str(beside)[end:] if beside is not None and end else str(beside or "")[:1]


def _joins(outside: str, inside: str) -> bool:
    """Whether a mark between these two would not be read: it touches another mark, or a letter outside and punctuation inside."""
    if outside in {"", " ", "\n"}:
        return False
    return outside in "*_~" or (not _punctuation(outside) and (_punctuation(inside) or inside == "\\"))


def _punctuation(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PS"


class _Converter(MarkdownConverter):  # type: ignore[misc]
    class Options:
        bullets = "-"

    def __init__(self, called: Mapping[str, str], given_up: Sequence[str] = ()) -> None:
        super().__init__(strip=list(given_up))
        self.called, self.handles = called, set(called.values())

    convert_b = convert_strong = _inline("**")
    convert_em = convert_i = _inline("*")
    convert_s = convert_del = _inline("~~")

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Only what Markdown would read: addresses and names keep their look."""
        text = _BITES.sub(lambda found: "\\" + "\\".join(found[0]), text)
        text = _UNDERLINE.sub(lambda found: "".join("\\_" for _ in found[0]), text.replace("*", "\\*"))
        text = _NUMBERED.sub(r"\1\\\2", _LINE.sub(r"\1\\\2", text))
        if "a" in parent_tags:
            text = re.sub(r"(?<!\\)([\[\]])", r"\\\1", text)
        else:
            text = self.silent(text)
        if parent_tags & {"td", "th"}:
            text = text.replace("|", "\\|")
        return text

    def silent(self, text: str) -> str:
        """A stroke before each @ where Markdown would call somebody whom the post does not call."""
        return _CALLS.sub(lambda found: found[0] if (found[1] or "").casefold() in self.handles else "\\@", text)

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        address, words = str(el.get("href") or ""), " ".join(text.split())
        if "_noformat" in parent_tags or not words:
            return text
        if not address:
            return self.silent(text)
        if el.get_text() == address and is_bare_address(address) and _neighbour(el, "previous_sibling", -1) in {"", " ", "\n", "("}:
            return text
        title = str(el.get("title") or "")
        title = "" if title == address else ' "' + title.replace("\\", "\\\\").replace('"', '\\"') + '"' if title else ""
        address = "".join(f"%{ord(sign):02X}" if sign in " <>()\\" else sign for sign in address)
        return f"[{words}]({address}{title})"

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A break before nothing is none, and a stroke at the end of a paragraph would be read as a stroke."""
        after = next((one for one in el.next_siblings if isinstance(one, Tag) or str(one).strip()), None)
        if after is None or (isinstance(after, Tag) and after.name in _BLOCKS):
            return text
        return "\\\n" + text if "_inline" not in parent_tags else f"{text} "

    def convert_span(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "user-mention" not in (el.get("class") or ()) or "_noformat" in parent_tags:
            return text
        name = el.get_text()
        handle = _handle(name, self.called) if name.startswith("@") else ""
        return f"@{handle}" if handle else text

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags or not text.strip():
            return text
        longest = max((len(run) for run in re.findall("`+", text)), default=0)
        beside = isinstance(el.previous_sibling, Tag) and el.previous_sibling.name == "code"
        fence, text = "`" * (longest + 1), " ".join(text.split("\n"))
        text = text.replace("|", "\\|") if parent_tags & {"td", "th"} else text
        room = " " if longest or text[0] == text[-1] == " " else ""
        return f"{' ' if beside else ''}{fence}{room}{text}{room}{fence}"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if not text.strip("\n"):
            return ""
        if "_inline" in parent_tags:
            return self.convert_code(el, text.strip("\n"), parent_tags - {"_noformat"})
        fence = max([*_TICKS.findall(text), "``"], key=len) + "`"
        return f"\n\n{fence}\n" + text.strip("\n") + f"\n{fence}\n\n"

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The page shows # as its third level (markdown.render), and so the way back takes two away."""
        words = " ".join(text.split())
        return words if "_inline" in parent_tags or not words else f"\n\n{'#' * max(1, n - 2)} {words}\n\n"
