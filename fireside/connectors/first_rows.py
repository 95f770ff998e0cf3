"""A glance at a list of members, before anything runs: which column is what, and the first rows as they would come in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fireside.connectors.reasons import explained, refuse
from fireside.connectors.rules.bots import judge
from fireside.connectors.rules.people import Row, keys_of
from fireside.connectors.rules.records import Found, Unusable
from fireside.connectors.table_plan import LOOKED_AT, Plan, order_evidence, plan_for, with_order
from fireside.lib.columns import in_columns
from fireside.lib.text import one_line, shorten
from fireside.members.queries import the_community

SHOWN = 20


@dataclass(frozen=True, slots=True)
class FirstRow:
    """One row: the person it would bring in, or (`reason`) why it would be left out."""

    found: Found
    person: Row | None
    reason: str = ""

    @property
    def place(self) -> str:
        return self.found.place

    @property
    def why(self) -> str:
        """The reason in the reader's language."""
        return explained(self.reason) if self.reason else ""

    @property
    def stood(self) -> str:
        """What stands in the row, on one line."""
        words = " · ".join(str(cell) for cell in self.found.value) if self.found.value else self.found.raw
        return shorten(one_line(words[:1000]), 120)


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The first rows as they would come in, and how the table was understood."""

    plan: Plan
    rows: list[FirstRow]


def first_rows(path: Path, *, wishes: Mapping[str, str] | None = None, dates: str = "", now: datetime) -> FirstRows:
    """The first rows of a list of members as they would come in. Refused when the file cannot be read as a table."""
    community = the_community()
    try:
        plan = plan_for(path, wishes=wishes, dates=dates, zone=community.time_zone if community else "UTC")
        plan, shown = _begun(plan)
        if not shown:
            raise Unusable("empty_table")
    except Unusable as wrong:
        raise refuse(wrong) from wrong
    met: set[str] = set()
    return FirstRows(plan, [_read(plan, found, now, met) for found in shown])


def _begun(plan: Plan) -> tuple[Plan, list[Found]]:
    evidence: dict[str, int] = {}
    shown: list[Found] = []
    for found in islice(plan.records(), LOOKED_AT):
        if word := order_evidence(plan, found):
            evidence[word] = evidence.get(word, 0) + 1
        if len(shown) < SHOWN:
            shown.append(found)
    return with_order(plan, evidence), shown


def _read(plan: Plan, found: Found, now: datetime, met: set[str]) -> FirstRow:
    if found.reason:
        return FirstRow(found, None, found.reason)
    try:
        person = plan.read(found, now)
    except Unusable as wrong:
        return FirstRow(found, None, wrong.reason)
    if met.intersection(keys_of(person)):
        return FirstRow(found, None, "same_person")
    met.update(keys_of(person))
    return FirstRow(found, replace(person, is_bot=judge(person.name, flagged=person.is_bot).is_bot))


def for_programs(seen: FirstRows) -> dict[str, Any]:
    """The same as plain values, for the JSON door and the command line's JSON."""
    plan = seen.plan
    return {"columns": plan.named, "columns_left": plan.left, "dates": plan.order, "rows": [_row(one) for one in seen.rows]}


def in_words(seen: FirstRows) -> list[str]:
    """The same for whoever sits at a terminal: a line for each row, below each other."""
    heads = [_("Row"), _("Name"), _("Id in the source"), _("E-mail"), _("Telephone"), _("Joined"), ""]
    return in_columns([heads, *(_cells(seen.plan, one) for one in seen.rows)])


def _cells(plan: Plan, one: FirstRow) -> list[str]:
    person = one.person
    if person is None:
        return [one.place, shorten(one.stood, 40), "", "", "", "", _("left out: %(why)s") % {"why": one.why}]
    notes = [_("Bot")] * person.is_bot + [_("(by name only)")] * person.weak
    joined = f"{person.joined.astimezone(plan.zone):%Y-%m-%d}" if person.joined else _("not known")
    cells = [shorten(words, 40) for words in (person.name, person.external_id, person.email, person.data.get("phone", ""))]
    return [one.place, *cells, joined, " ".join(notes)]


def _row(one: FirstRow) -> dict[str, Any]:
    person = one.person
    if person is None:
        return {"place": one.place, "person": None, "reason": one.reason, "why": one.why, "record": one.stood}
    about = {name: person.data.get(name, "") for name in ("phone", "language", "about")}
    told = {"id": person.external_id, "by_name_only": person.weak, "name": person.name, "email": person.email, "is_bot": person.is_bot}
    joined = person.joined.isoformat() if person.joined else None
    return {"place": one.place, "person": told | about | {"joined": joined}, "reason": "", "why": "", "record": ""}
