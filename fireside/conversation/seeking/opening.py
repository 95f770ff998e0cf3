"""How words begin, in one line, where there is no room for more."""

import re
from functools import lru_cache

from django.utils.translation import gettext as _

from fireside.conversation.seeking.words import bare
from fireside.lib.text import one_line, shorten

_LINK = re.compile(r"(!?)\[((?:\\.|[^\[\]\\])*)\]\((?:https?://|/)[^\s()]{1,2000}\)")
_QUOTED = re.compile(r"(?m)^\s{0,3}>.*\n?")
_PICTURE = "\ue005"  # of private use: stands for what is said in each reader's language


def opening(text: str, *, from_html: bool = False, limit: int = 90) -> str:
    """As a reader sees it: names of links and files, a word for a picture without one, and no quote where anything else is said."""
    return _opening(text[: limit * 8], from_html, limit).replace(_PICTURE, f"[{_('Picture')}]")


@lru_cache(maxsize=4000)
def _opening(text: str, from_html: bool, limit: int) -> str:
    if not from_html:
        text = text.replace(_PICTURE, "")
        own = _QUOTED.sub("", text)
        text = _LINK.sub(lambda link: re.sub(r"\\(.)", r"\1", link[2]) or (_PICTURE if link[1] else ""), own if own.strip() else text)
    return shorten(one_line(bare(text, from_html=from_html)), limit)
