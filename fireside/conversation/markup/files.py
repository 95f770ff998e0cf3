"""Files of the house inside a post: an address like /files/17, in a picture or a link of Markdown, becomes what it shows."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from markdown_it.token import Token

SIZES = "(min-width: 60rem) 38rem, calc(100vw - 2rem)"


@dataclass(frozen=True)
class Shown:
    """What a page needs to know of a file that a post holds."""

    id: int
    kind: str
    name: str
    media_type: str
    size: int  # bytes
    width: int
    height: int
    widths: tuple[int, ...]
    moving: bool = False
    giver: int = 0  # the person who gave it
    gone: bool = False  # taken out of all posts of the space

    @property
    def url(self) -> str:
        return f"/files/{self.id}"

    @property
    def markdown(self) -> str:
        """What stands for it in words."""
        name = re.sub(r"([\\\[\]])", r"\\\1", self.name)
        return {"picture": f"![]({self.url})", "file": f"[{name}]({self.url})"}.get(self.kind, f"![{name}]({self.url})")

    @property
    def facts(self) -> str:
        """Its ending and how large it is, in signs that both languages have: PDF 2.3 MB."""
        ending = self.name.rpartition(".")[2].upper()
        kb = self.size / 1024
        size = f"{kb / 1024:,.1f} MB" if kb >= 1000 else f"{max(1, round(kb))} KB"
        return f"{ending} {size}"

    def at(self, width: int) -> str:
        """The address of the picture in one of its widths."""
        return f"{self.url}/{width}.webp"

    @property
    def small(self) -> str:
        return self.at(self.widths[0]) if self.widths else ""


Files = Mapping[int, Shown]


def picture(shown: Shown, alt: str, *, linked: bool) -> Token:
    """Our own HTML, so everything is escaped here. Width and height keep the place until the picture is there."""
    middle = next((one for one in shown.widths if one >= 900), shown.widths[-1])
    many = ", ".join(f"{shown.at(one)} {one}w" for one in shown.widths)
    sources = f' srcset="{many}" sizes="{SIZES}"' if len(shown.widths) > 1 else ""
    size = f'width="{shown.width}" height="{shown.height}"'
    made = f'<img src="{shown.at(middle)}"{sources} {size} alt="{html.escape(alt)}" loading="lazy" decoding="async">'
    if shown.moving:
        made = f'<picture><source media="(prefers-reduced-motion: reduce)" srcset="{shown.url}/still.webp">{made}</picture>'
    return _html(f'<a href="{shown.url}" class="picture">{made}</a>' if linked else made)


def player(shown: Shown, words: str) -> list[Token]:
    """Audio and video with the browser's own controls, which begin to play when somebody says so; and the file below."""
    name = html.escape(words or shown.name)
    played = (
        f'<video controls preload="metadata" playsinline src="{shown.url}" aria-label="{name}"></video>'
        if shown.kind == "video"
        else f'<audio controls preload="none" src="{shown.url}" aria-label="{name}"></audio>'
    )
    return [_html(f'<span class="player">{played}'), *handed(shown, words), _html("</span>")]


def handed(shown: Shown, words: str) -> list[Token]:
    """A file to be fetched: its name, what it is and how large."""
    return [_html(f'<a class="file" href="{shown.url}" download>{html.escape(words or shown.name)} <small>{shown.facts}</small></a>')]


def put(shown: Shown, words: str, *, in_link: bool) -> list[Token]:
    """What stands where words name the file."""
    if shown.gone:
        return [_html(f'<span class="file-gone">{html.escape(words or shown.name)}</span>')]
    if shown.kind == "picture":
        return [picture(shown, words, linked=not in_link)]
    if in_link:  # a link holds no other
        return [_html(html.escape(words or shown.name))]
    return player(shown, words) if shown.kind in ("audio", "video") else handed(shown, words)


def _html(made: str) -> Token:
    return Token("html_inline", "", 0, content=made)
