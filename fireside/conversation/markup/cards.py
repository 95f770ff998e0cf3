"""What a link leads to, below the line in which it stands alone."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from markdown_it.token import Token


@dataclass(frozen=True)
class Card:
    """What the other side said of an address."""

    id: int
    url: str
    title: str
    words: str
    width: int = 0  # of its picture; 0 = none
    height: int = 0


Cards = Mapping[str, Card]


def card(one: Card) -> Token:
    """Our own HTML, so everything is escaped here."""
    seen = (
        f'<img src="/links/{one.id}.webp" width="{one.width}" height="{one.height}" alt="" loading="lazy" decoding="async">'
        if one.width
        else ""
    )
    words = f"<span>{html.escape(one.words)}</span>" if one.words else ""
    host = html.escape((urlsplit(one.url).hostname or "").removeprefix("www."))
    made = f'{seen}<span class="said-of"><strong>{html.escape(one.title)}</strong>{words}<small>{host}</small></span>'
    return Token("html_block", "", 0, content=f'<p><a class="preview" href="{html.escape(one.url)}">{made}</a></p>\n')
