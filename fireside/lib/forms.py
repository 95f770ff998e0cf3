"""A refusal shown at the field it speaks of, so that doors need no try/except of their own."""

from collections.abc import Callable
from typing import Any

from django.forms import Form

from fireside.lib.errors import Refused


def tried(form: Form, call: Callable[..., Any], **more: Any) -> Any | None:
    """Call an action with what the form holds. None when the form is wrong or the action refuses: then the form says why.

    A refusal with `field=` among its facts stands at that field, any other above the form. Where the form calls a field
    otherwise than the action, its `known_as` says so: {"password": "owner_password"}.
    """
    if not form.is_valid():
        return None
    try:
        return call(**{**form.cleaned_data, **more})
    except Refused as refusal:
        field = refusal.facts.get("field")
        field = getattr(form, "known_as", {}).get(field, field)
        form.add_error(field if field in form.fields else None, str(refusal))
        return None
