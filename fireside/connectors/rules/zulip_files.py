"""Pictures and files that a message shows: what of them can be kept as words. The files themselves stay in the archive.

A link to a file of the archive would lead nowhere here, so the name of the file stands instead of it, with the sign of a file.
A community's own emoji are pictures there; here their name stays, as it stays in reactions.
"""

import re
from html import escape, unescape
from urllib.parse import unquote

ROOM = "/user_uploads/"
SIGN = "\U0001f4ce "  # a paper clip: said in no language, so it is right in each
_EMOJI = re.compile(r'<img\b[^>]*\bclass="emoji"[^>]*>')
_PREVIEW = re.compile(r'<div class="message_inline_image[^"]*">.*?</div>', re.S)
_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.S)
_SHOWN = re.compile(r"<(?:img\b([^>]*)>|(audio|video)\b([^>]*)>(?:.{0,2000}?</\2>)?)", re.S)
_TAG = re.compile(r"<[^>]*>")
_IN_MARKDOWN = re.compile(r"(?P<code>```.*?```|~~~.*?~~~|`[^`\n]*`)|!?\[(?P<name>[^\]\n]*)\]\((?P<link>[^)\s]*)\)", re.S)


def _of(tag: str, name: str) -> str:
    """What an attribute of a tag says."""
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def file_of(link: str, site: str = "") -> str:
    """The file of the archive that a link leads to: "1/ab/lamp.png". "" when it leads anywhere else.

    `site` is where the archive comes from: its host, or (all that most exports tell) the first word of it.
    """
    if site and link.startswith(("http://", "https://")):
        host, _slash, path = link.partition("//")[2].partition("/")
        own = site.casefold() in (host.casefold(), host.casefold().partition(".")[0])
        link = f"/{path}" if own else link
    path = link.removeprefix("/").partition("?")[0].partition("#")[0]
    return path.removeprefix(ROOM[1:]).removeprefix("thumbnail/") if path.startswith(ROOM[1:]) else ""


def _named(file: str, words: str = "") -> str:
    return SIGN + (" ".join(words.split()) or unquote(file.rpartition("/")[2]) or file)


def files_in_html(html: str, site: str = "") -> tuple[str, tuple[str, ...]]:
    """The message with names instead of links to files of the archive, and which files these are."""
    if "<img" in html:
        html = _EMOJI.sub(lambda tag: f'<span class="emoji">{escape(_of(tag[0], "alt"))}</span>', html)
    if ROOM[1:] not in html:
        return html, ()
    found: dict[str, None] = {}

    def link(tag: "re.Match[str]") -> str:
        file = file_of(_of(tag[1], "href"), site)
        if not file:
            return tag[0]
        found[file] = None
        return escape(_named(file, unescape(_TAG.sub(" ", tag[2])) or _of(tag[1], "title")))

    def preview(tag: "re.Match[str]") -> str:
        """A small picture below the message; most repeat what a link in it says already."""
        links = [(file_of(_of(one[1], "href"), site), one) for one in _LINK.finditer(tag[0])]
        if not any(file for file, _one in links):
            return tag[0]
        return "".join(f"<p>{link(one)}</p>" for file, one in links if file not in linked)

    def shown(tag: "re.Match[str]") -> str:
        says = tag[1] or tag[3] or ""
        file = file_of(_of(says, "data-original-src") or _of(says, "src"), site)
        if not file:
            return tag[0]
        found[file] = None
        return escape(_named(file, _of(says, "title") or _of(says, "alt")))

    linked = {file_of(_of(one[1], "href"), site) for one in _LINK.finditer(_PREVIEW.sub("", html))}
    html = _LINK.sub(link, _PREVIEW.sub(preview, html))
    return _SHOWN.sub(shown, html), tuple(found)


def files_in_markdown(text: str, site: str = "") -> tuple[str, tuple[str, ...]]:
    """The same for Zulip's Markdown, not in code."""
    if ROOM[1:] not in text:
        return text, ()
    found: dict[str, None] = {}

    def link(part: "re.Match[str]") -> str:
        file = "" if part["code"] else file_of(part["link"], site)
        if not file:
            return part[0]
        found[file] = None
        return _named(file, part["name"])

    return _IN_MARKDOWN.sub(link, text), tuple(found)
