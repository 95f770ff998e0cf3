"""How a table of people will be read: its head, what each column is, what its dates mean. For the preview and for the run itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fireside.connectors.readers.tables import Table, open_table
from fireside.connectors.rules import columns as rules
from fireside.connectors.rules.people import Row, read_person
from fireside.connectors.rules.records import Found, Unusable
from fireside.connectors.rules.times import order_of

LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """`columns` is field -> column; `order` what comes first in dates that do not tell ("dmy", "mdy", or "")."""

    table: Table
    head: tuple[str, ...]
    has_head: bool
    columns: Mapping[str, int]
    zone: ZoneInfo
    order: str = ""
    wrong: tuple[str, ...] = ()  # wishes that name no column

    def records(self) -> Iterator[Found]:
        """The rows below the head."""
        first = self.has_head
        narrow = {column for field, column in self.columns.items() if field != "about"}
        for found in self.table.rows(lambda _head: narrow):
            if first and not found.reason:
                first = False
                continue
            yield found

    @property
    def named(self) -> dict[str, str]:
        """field -> the head of its column."""
        return {field: self.head[column] for field, column in self.columns.items()}

    @property
    def left(self) -> list[str]:
        """Heads of the columns that are left out."""
        return [word for column, word in enumerate(self.head) if column not in self.columns.values()]

    def read(self, found: Found, now: datetime) -> Row:
        return read_person(found.value, self.columns, width=len(self.head), zone=self.zone, now=now, order=self.order)


def plan_for(path: Path, *, wishes: Mapping[str, str] | None = None, dates: str = "", zone: str = "UTC") -> Plan:
    """Look at the first rows and decide; wishes of the operator win."""
    table = open_table(path)
    rows = [[str(cell) for cell in found.value] for found in islice(table.rows(), LOOKED_AT) if not found.reason]
    if not rows:
        raise Unusable("empty_table")
    if rows[0][0].lstrip().startswith(("{", "[{")):
        raise Unusable("json_lines")
    has_head = rules.is_head(rows[0])
    width = max(len(row) for row in rows)
    head = rules.numbered(rows[0]) if has_head else tuple(f"#{n}" for n in range(1, width + 1))
    found = rules.guess(rows[0] if has_head else [""] * width, rows[1:] if has_head else rows, has_head=has_head)
    if not set(found) & {"id", "name", "email", "phone"} and path.name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson", ".json")):
        raise Unusable("json_lines")
    by_hand, wrong = rules.chosen(head, wishes or {})
    for field, column in by_hand.items():
        found = {other: at for other, at in found.items() if at != column and other != field} | ({field: column} if column >= 0 else {})
    return Plan(table, head, has_head, found, ZoneInfo(zone), dates if dates in ("dmy", "mdy") else "", tuple(wrong))


def with_order(plan: Plan, evidence: Mapping[str, int]) -> Plan:
    """Dates of one file are written one way: a single 31/12 tells what 3/4 means. Contradictions tell nothing."""
    if plan.order or bool(evidence.get("dmy")) == bool(evidence.get("mdy")):
        return plan
    return replace(plan, order="dmy" if evidence.get("dmy") else "mdy")


def order_evidence(plan: Plan, found: Found) -> str:
    column = plan.columns.get("joined", -1)
    cell: Any = found.value[column] if not found.reason and 0 <= column < len(found.value) else ""
    return order_of(cell) if isinstance(cell, str) and cell else ""
