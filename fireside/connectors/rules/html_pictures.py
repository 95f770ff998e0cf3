"""Pictures in the HTML of a forum: what of them is kept as words. They stay where they are; a link leads there, with the sign of a file."""

import re
from html import escape, unescape
from urllib.parse import unquote

from fireside.connectors.rules.zulip_files import SIGN

_IMG = re.compile(r"<img\b[^>]*>", re.I)
_IN_LINK = re.compile(r"(<a\b[^>]*>)(.*?)(</a>)", re.S | re.I)
_VALUE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SAYS_NOTHING = frozenset(["", "enter image description here", "image", "img", "alt text", "picture"])


def pictures_as_links(html: str) -> str:
    """The HTML with a named link instead of each picture; an emoji that is a picture becomes its name."""
    if "<img" not in html.casefold():
        return html
    html = _IN_LINK.sub(lambda one: one[1] + _IMG.sub(lambda tag: _named(tag[0], linked=True), one[2]) + one[3], html)
    return _IMG.sub(lambda tag: _named(tag[0], linked=False), html)


def attributes_of(tag: str) -> dict[str, str]:
    """What a tag says, names in small letters."""
    return {name.lower(): unescape(double or single) for name, double, single in _VALUE.findall(tag)}


def _named(tag: str, *, linked: bool) -> str:
    says = attributes_of(tag)
    words, src = " ".join((says.get("alt") or says.get("title") or "").split()), says.get("src", "")
    if "emoji" in says.get("class", "").split():
        return f'<span class="emoji">{escape(words)}</span>'
    if words.casefold() in _SAYS_NOTHING:
        words = unquote(src.partition("?")[0].rstrip("/").rpartition("/")[2])[:120] if not src.startswith("data:") else ""
    if not words:
        return ""
    if linked or not src.startswith(("http://", "https://", "//")):
        return escape(SIGN + words)
    src = f"https:{src}" if src.startswith("//") else src
    return f'<a href="{escape(src)}">{escape(SIGN + words)}</a>'
