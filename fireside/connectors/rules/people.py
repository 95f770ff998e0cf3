"""One row of a table as a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from fireside.connectors.rules.columns import is_email, plain_phone
from fireside.connectors.rules.records import Unusable, cut_id, has_bad_characters
from fireside.connectors.rules.times import read_time
from fireside.lib.text import name_key, one_line

_YES = {"1", "yes", "y", "true", "x", "是", "对", "✓", "√", "bot", "机器人"}


@dataclass(frozen=True, slots=True)
class Row:
    """A person as a table tells of them. `weak`: known by name only."""

    external_id: str
    name: str
    weak: bool = False
    email: str = ""
    joined: datetime | None = None
    is_bot: bool = False
    data: dict[str, str] = field(default_factory=dict)


def read_person(
    cells: Sequence[str | datetime | float], columns: Mapping[str, int], *, width: int, zone: tzinfo, now: datetime, order: str
) -> Row:
    """The row as a person, or Unusable. The id is the table's own, else the e-mail, else the telephone, else the name (weak)."""
    if len(cells) > width and any(str(cell).strip() for cell in cells[width:]):
        raise Unusable("wrong_width")
    words = {field: one_line(_text(cells[column])) for field, column in columns.items() if 0 <= column < len(cells)}
    if any(has_bad_characters(str(cell)) for cell in cells):
        raise Unusable("bad_characters")
    email = words.get("email", "").removeprefix("mailto:").lower()
    if email and not is_email(email):
        raise Unusable("bad_email")
    phone = plain_phone(words.get("phone", ""))
    name = words.get("name", "")
    given = words.get("id", "")
    if given:
        external, weak = given if len(given) <= 180 else "", False
        if not external:
            raise Unusable("too_long")
    elif email:
        external, weak = cut_id(f"email:{email}"), False
    elif phone:
        external, weak = f"phone:{phone}", False
    elif name:
        external, weak = cut_id(f"name:{name_key(name)}"), True
    else:
        raise Unusable("no_name")
    joined = None
    if "joined" in columns and 0 <= columns["joined"] < len(cells):
        raw = cells[columns["joined"]]
        if not isinstance(raw, str) or raw.strip():
            joined = read_time(raw, zone=zone, now=now, order=order)
    data = {key: words[key] for key in ("language", "about") if words.get(key)} | ({"phone": phone} if phone else {})
    shown = name or (email.partition("@")[0] if email else "") or given or phone
    return Row(external, shown[:200], weak, email, joined, words.get("bot", "").casefold() in _YES, data)


def keys_of(row: Row) -> list[str]:
    """What makes two rows one person: the id, the address."""
    return [f"i:{row.external_id}", f"e:{row.email}"] if row.email else [f"i:{row.external_id}"]


def _text(cell: str | datetime | float) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a spreadsheet's 13800138000.0
    return str(cell)
