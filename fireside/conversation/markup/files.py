"""Files of the house inside a post: an address like /files/17, in a picture or a link of Markdown, becomes what it shows."""

import html
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

    @property
    def url(self) -> str:
        return f"/files/{self.id}"

    @property
    def markdown(self) -> str:
        return f"![]({self.url})"

    def at(self, width: int) -> str:
        """The address of the picture in one of its widths."""
        return f"{self.url}/{width}.webp"

    @property
    def small(self) -> str:
        return self.at(self.widths[0])


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
    return Token("html_inline", "", 0, content=f'<a href="{shown.url}" class="picture">{made}</a>' if linked else made)
