"""What of a request cannot be understood, as pydantic found it, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _


def place_of(parts: Any) -> str:
    """Where in the request: "body.title", "query.size"."""
    words = [str(part) for part in parts]
    return ".".join(words[1:] if words[:2] == ["body", "body"] else words)


def in_words(error: dict[str, Any]) -> str:
    """What pydantic found, in the reader's language; its own English words are for programmers."""
    ctx = error.get("ctx") or {}
    kind = error["type"]
    if kind == "missing":
        return _("This is missing.")
    if kind == "unknown_parameter":
        known = ctx["known"]
        return (
            _("This address does not know it. It knows: %(known)s.") % {"known": known} if known else _("This address takes no parameters.")
        )
    if kind == "string_too_long":
        return _("There is room for %(limit)s characters.") % {"limit": ctx.get("max_length")}
    if kind == "string_too_short":
        return _("Write at least %(limit)s characters.") % {"limit": ctx.get("min_length")}
    if kind.startswith(("int_", "float_")):
        return _("Write a number.")
    if kind.startswith("bool_"):
        return _("Write true or false.")
    if kind.startswith(("datetime_", "date_", "timezone_")):
        return _("Write a time like 2026-03-02T12:00:00Z.")
    if kind in {"literal_error", "enum"}:
        return _("Choose one of: %(known)s.") % {"known": ctx.get("expected", "")}
    if kind.startswith(("greater_", "less_")):
        return _("This number is out of range: %(range)s.") % {"range": ", ".join(str(limit) for limit in ctx.values())}
    if kind.startswith(("list_", "too_")):
        return _("Write a list of the right length.")
    if "forms" in ctx:
        return _("Write it like one of these: %(forms)s.") % ctx
    if kind.startswith("string_"):
        return _("Write text.")
    return _("This cannot be understood.")
