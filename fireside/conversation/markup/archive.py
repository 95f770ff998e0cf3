"""HTML that an archive brings: what of it may stay."""

import nh3

from fireside.conversation.markup.markdown import LINK_REL

_TAGS = {
    "p", "br", "hr", "em", "i", "strong", "b", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "span", "div", "sub", "sup", "time",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "time": {"datetime"}}
_CLASSES = {"span": {"user-mention", "emoji", "katex"}, "div": {"codehilite", "spoiler-block"}}


def _keep(tag: str, name: str, value: str) -> str | None:
    """Addresses that begin at the archive's own root would lead into our house: gone."""
    if name == "href" and not value.lower().startswith(("http://", "https://", "mailto:")):
        return None
    return value


_CLEANER = nh3.Cleaner(
    tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_keep, allowed_classes=_CLASSES, link_rel=LINK_REL,
    url_schemes={"http", "https", "mailto"}, clean_content_tags={"script", "style"},
)  # fmt: skip


def clean_archive_html(words: str) -> str:
    """Sanitised HTML, to be kept as a post's source and shown as it is."""
    return _CLEANER.clean(words)
