"""A refusal that is about one field is said beside that field; every other goes to the page of refusals (lib/forms.tried says all in the form)."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import Form

from fireside.lib.errors import Refused

T = TypeVar("T")


def beside_field(form: Form, act: Callable[[], T]) -> T | None:
    """What the action gave, or None with the form saying why not."""
    try:
        return act()
    except Refused as no:
        field = no.facts.get("field")
        if field not in form.fields:
            raise
        form.add_error(field, str(no))
        return None
