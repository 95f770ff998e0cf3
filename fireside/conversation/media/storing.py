"""Where bytes lie: a folder, or whatever stands as the default store in the settings. Each content has a place of its own, written once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages

ROOM = "shared"
WHOLE = "whole"  # the one part of what is no picture


def store() -> Any:
    return storages["default"]


def new_place(now: datetime, name: str) -> str:
    """A place that nothing lies at: by day, so that what a crash left behind is found again."""
    return f"{ROOM}/{now:%Y%m%d}/{name}"


def lay(place: str, parts: Mapping[str, bytes | IO[bytes]]) -> None:
    for name, part in parts.items():
        store().save(f"{place}/{name}", ContentFile(part) if isinstance(part, bytes) else File(part, name))


def take_away(place: str) -> None:
    """All that lies at a place. Again and again does no harm."""
    names = _listed(place)[1]
    for name in names:
        store().delete(f"{place}/{name}")
    store().delete(place)  # the folder, where there are folders


def places_of(day: datetime) -> list[str]:
    """Every place that was begun on that day."""
    room = f"{ROOM}/{day:%Y%m%d}"
    return [f"{room}/{name}" for name in _listed(room)[0]]


def open_part(place: str, name: str) -> Any:
    """A part to be read. Raises FileNotFoundError."""
    return store().open(f"{place}/{name}", "rb")


def _listed(room: str) -> tuple[Iterable[str], Iterable[str]]:
    try:
        folders, names = store().listdir(room)
    except FileNotFoundError:
        return [], []
    return folders, names
