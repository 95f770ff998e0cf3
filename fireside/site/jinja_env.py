"""The Jinja2 environment of every page."""

import functools
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from fireside.conversation.levels import LEVELS
from fireside.conversation.markup import lang_of
from fireside.conversation.signs import OURS, picture_of
from fireside.lib.parts import each, fill, part, slot
from fireside.members.models import Role
from fireside.site import formats

OF_TALK = {
    "lang_of": lang_of,
    "signs": OURS,
    "picture_of": picture_of,
    "follow_levels": tuple(LEVELS.values()),
    "role_word": lambda role: str(Role(role).label),
}


def environment(**options: Any) -> Environment:
    options |= {
        "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    env = Environment(**options)  # noqa: S701  Django's backend turns autoescape on
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext, npgettext=translation.npgettext
    )
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        static=address_of,
        url=reverse,
        icon=icon,
        ring=formats.ring,
        languages=languages,
        html_lang=html_lang,
        part=part,
        each=each,
        slot=slot,
        **OF_TALK,
    )
    env.filters.update(formats.FILTERS, fill=fill)
    return env


address_of = functools.lru_cache(maxsize=1024)(static)  # hashed names stand as long as the process


def languages() -> list[str]:
    """What the reader may choose from: the languages of the community."""
    from fireside.members.queries import spoken

    return spoken()


@functools.lru_cache(maxsize=1024)  # a page shows forty of them, and the hashed name of the sprite stands as long as the process
def icon(name: str, label: str = "", size: str = "") -> Markup:
    """An icon of the sprite. Decoration unless it has a label in the page's language."""
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon{}" {}><use href="{}#{}"/></svg>').format(" " + size if size else "", spoken, static("i.svg"), name)


def html_lang(code: str | None = None) -> str:
    """What `lang` says of a language of ours: zh-CN for zh-hans."""
    code = code or translation.get_language() or "en"
    return "zh-CN" if code.startswith("zh") else code
