"""The rows of every table that are a member's, found by the tables themselves: whatever an app adds is walked, too."""

from collections.abc import Collection, Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.db import models

from fireside.lib.holds import Holds, held
from fireside.members.models import Member
from fireside.site.carrying.things import all_tables

PIECE = 500


def theirs(model: type[models.Model]) -> tuple[str, ...]:
    """The fields that say whose row it is."""
    says = held(model._meta.label_lower)
    return says.of or tuple(
        one.attname for one in model._meta.concrete_fields if isinstance(one, models.ForeignKey) and one.related_model is Member
    )


def fate(model: type[models.Model]) -> str:
    """What happens to such a row: "remove", "strip", "keep", "act"; "unsaid" where it must be said and is not."""
    says = held(model._meta.label_lower)
    if says.erase:
        return says.erase
    fields = [model._meta.get_field(name.removesuffix("_id")) for name in theirs(model)]
    if all(isinstance(one, models.ForeignKey) and one.remote_field.on_delete is models.CASCADE for one in fields):
        return "remove"
    return "unsaid" if has_words(model) else "keep"


def has_words(model: type[models.Model]) -> bool:
    """Is there room for words in it?"""
    return any(
        isinstance(one, models.TextField | models.JSONField | models.FileField) or (isinstance(one, models.CharField) and not one.choices)
        for one in model._meta.concrete_fields
    )


def unsaid() -> list[str]:
    """Tables of which nobody said what becomes of a member's rows, and it does not follow."""
    found = []
    for model in all_tables():
        says = held(model._meta.label_lower)
        if theirs(model) and fate(model) == "unsaid":
            found.append(f"{model._meta.label}: rows of a member are kept and hold words. Say in holds.py what becomes of them (erase=).")
        named = {*theirs(model), *says.wrote}
        for one in model._meta.concrete_fields:
            plain = isinstance(one, models.BigIntegerField) and one.name.endswith(("member_id", "by_id", "author_id", "person_id"))
            if plain and one.name not in named and has_words(model) and not theirs(model) and not says.erase:
                found.append(
                    f"{model._meta.label}.{one.name} names a member. Say in holds.py whose row it is (of=) and what becomes of it (erase=)."
                )
    return found


def forget_rows(members: Collection[int]) -> dict[str, int]:
    """Remove or blank the rows of these members in every table whose app does not do so itself. Returns how many, by table."""
    changed: dict[str, int] = {}
    for model in all_tables():
        says, rows = held(model._meta.label_lower), model._base_manager
        whose = models.Q(*((f"{name}__in", list(members)) for name in theirs(model)), _connector=models.Q.OR)
        if theirs(model) and fate(model) in {"remove", "strip"}:
            _remove_files(model, says, rows.filter(whose))
            count = rows.filter(whose).delete()[0] if fate(model) == "remove" else rows.filter(whose).update(**says.blank)
            changed[model._meta.label] = count
        for name, words in says.wrote.items():
            changed[f"{model._meta.label}.{name}"] = rows.filter(**{f"{name}__in": members}).update(**dict.fromkeys(words, ""))
    return {name: count for name, count in changed.items() if count}


def _remove_files(model: type[models.Model], says: Holds, rows: Any) -> None:
    """Files that these rows name and no other row does."""
    for name in _naming_files(model, says):
        paths = {str(path) for path in rows.values_list(name, flat=True) if path}
        still = {
            str(path)
            for path in model._base_manager.exclude(pk__in=rows.values("pk")).filter(**{f"{name}__in": paths}).values_list(name, flat=True)
        }
        for path in paths - still:
            default_storage.delete(path)


def _naming_files(model: type[models.Model], says: Holds) -> Iterator[str]:
    yield from says.files
    for one in model._meta.concrete_fields:
        if isinstance(one, models.FileField) and one.name not in says.files:
            yield one.name
