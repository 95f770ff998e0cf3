"""How doors turn a word ("ben", "repair-bench", "17") into a row that the viewer may see."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fireside.lib.errors import Refused

Find = Callable[[Any, str], Any]
FINDERS: dict[type[models.Model], Find] = {}


def finds(model: type[models.Model]) -> Callable[[Find], Find]:
    """Mark a query `get_x(viewer, word)` as the road to rows of `model`. It raises NotFound for missing and hidden alike."""

    def wrap(call: Find) -> Find:
        FINDERS[model] = call
        return call

    return wrap


def find(model: type[models.Model], viewer: Any, word: str) -> Any:
    """The row that `word` names for this viewer. Raises NotFound, or Refused where no app offers a road."""
    if model not in FINDERS:
        raise Refused("no_road", _("Nothing here can be named by a word: %(what)s.") % {"what": model._meta.label})
    return FINDERS[model](viewer, word)
