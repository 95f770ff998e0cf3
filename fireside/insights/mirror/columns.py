"""The columns of each part of the mirror. pyarrow is imported when first needed: the web process starts without it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = 2  # of these columns; a change makes the whole mirror anew

# name -> (pyarrow type, may be missing)
COLUMNS: dict[str, dict[str, tuple[str, bool]]] = {
    "activity": {
        "id": ("int64", False),
        "at_ms": ("int64", False),  # UTC, whole milliseconds: engines differ in how they round timestamps
        "day": ("int32", False),  # days since 1970-01-01 in the community's time zone
        "kind": ("string", False),
        "member_id": ("int64", True),
        "other_id": ("int64", True),
        "space_id": ("int64", True),
        "target_id": ("int64", True),
        "parent_id": ("int64", True),
        "imported": ("bool", False),
        "via": ("string", False),
        "source": ("int64", False),  # of imported lines: a number for the name of their source (see lines.py); 0 = none
    },
    "people": {
        "member_id": ("int64", False),
        "person_id": ("int64", False),
        "is_bot": ("bool", False),
        "is_staff": ("bool", False),
        "is_sample": ("bool", False),
        "joined_day": ("int32", False),  # the person's: the earliest of its traces
        "removed": ("bool", False),
    },
    "member_day": {
        "member_id": ("int64", False),
        "day": ("int32", False),
        "n": ("int64", False),  # acts of kinds that count
    },
    "member_space_day": {
        "member_id": ("int64", False),
        "space_id": ("int64", False),  # 0 = in no space
        "day": ("int32", False),
        "kind": ("string", False),
        "n": ("int64", False),
    },
}


def schema(part: str) -> "pa.Schema":
    import pyarrow as pa

    return pa.schema([pa.field(name, getattr(pa, kind if kind != "bool" else "bool_")(), nullable=missing)
                      for name, (kind, missing) in COLUMNS[part].items()])  # fmt: skip
