"""What a page says of itself: OpenGraph first, then what any page has."""

from dataclasses import dataclass
from urllib.parse import urljoin

from fireside.conversation.links.asking import Got
from fireside.lib.text import shorten, straight

TITLE_MAX, WORDS_MAX = 160, 240


@dataclass(frozen=True)
class Said:
    title: str
    words: str
    picture: str  # address, "" = none


def read(got: Got) -> Said:
    from bs4 import BeautifulSoup  # loaded with the first link

    page = BeautifulSoup(got.body, "html.parser", from_encoding=got.charset or None)
    metas: dict[str, str] = {}
    for one in page.find_all("meta", limit=200):
        name = str(one.get("property") or one.get("name") or "").lower()
        if name and one.get("content"):
            metas.setdefault(name, str(one["content"]))

    def first(*names: str) -> str:
        return next((metas[name] for name in names if metas.get(name, "").strip()), "")

    title = first("og:title", "twitter:title") or (page.title.get_text() if page.title else "")
    picture = first("og:image:secure_url", "og:image", "og:image:url", "twitter:image")
    return Said(
        shorten(straight(title), TITLE_MAX), shorten(straight(first("og:description", "twitter:description", "description")), WORDS_MAX),
        urljoin(got.url, picture) if picture else "",
    )  # fmt: skip
