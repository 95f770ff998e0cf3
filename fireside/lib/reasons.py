"""Why somebody did something that others look at: a sentence, kept with the act."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.lib.errors import Refused
from fireside.lib.text import one_line


def reason_given(words: str, *, limit: int, missing: Any) -> str:
    """The reason as it is kept. Refused where there is none (`missing` says who reads it), or more than a sentence."""
    words = one_line(words)
    if not words:
        raise Refused("no_reason", missing, field="reason")
    if len(words) > limit:
        said = _("Say it in %(limit)s characters or fewer; this has %(has)s.") % {"limit": limit, "has": len(words)}
        raise Refused("reason_too_long", said, field="reason")
    return words
