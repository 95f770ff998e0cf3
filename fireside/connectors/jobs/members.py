"""Bringing in a list of people: one reading to know its columns, dates and doubles, one to take everybody in."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.jobs import Progress, job
from fireside.activity.log import known_external_ids
from fireside.connectors.actions import Taken, refuse_in_sample
from fireside.connectors.jobs.intake import Intake, fingerprint_of
from fireside.connectors.reasons import explained, refuse, refuse_wishes
from fireside.connectors.rules.bots import judge
from fireside.connectors.rules.people import Row, keys_of
from fireside.connectors.rules.records import Found, Unusable
from fireside.connectors.rules.sources import source_of
from fireside.connectors.table_plan import Plan, order_evidence, plan_for, with_order
from fireside.lib.errors import Refused
from fireside.members.actions import PersonIn, take_in_people
from fireside.members.queries import the_community
from fireside.members.rights import require


@job("connectors.import_members")
def import_members(
    actor: Actor,
    progress: Progress,
    *,
    path: str,
    source: str = "",
    columns: dict[str, str] | None = None,
    dates: str = "",
    dry_run: bool = False,
) -> None:
    """Bring in a table of people, CSV or XLSX."""
    require(actor, "history.bring_in")
    refuse_in_sample()
    file = Path(path).expanduser().resolve()
    try:
        progress.step(_("Looking at what it is"))
        community = the_community()
        plan = plan_for(file, wishes=columns, dates=dates, zone=community.time_zone if community else "UTC")
        refuse_wishes(plan.wrong)
        if not {"id", "name", "email", "phone"} & set(plan.columns):
            raise Refused("no_person_column", _("No column looks like an id, a name, an e-mail or a telephone number. Say which one it is: name=COLUMN."), field="columns")  # fmt: skip
        if next(plan.records(), None) is None:
            raise Unusable("empty_table")
        Listing(actor, progress, plan, file, source or source_of("members", file.name), columns or {}, dry=dry_run).all()
    except Unusable as wrong:
        raise refuse(wrong) from wrong


class Seen:
    """Have I met this word before? Perhaps (one in ten thousand is a mistake), in 16 MB however many words there are."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << 24)

    def met(self, word: str) -> bool:
        digest = int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=12).digest(), "big")
        before = True
        for shift in (0, 32, 64):
            bit = (digest >> shift) & 0x7FFFFFF
            if not self._bits[bit >> 3] >> (bit & 7) & 1:
                before = False
                self._bits[bit >> 3] |= 1 << (bit & 7)
        return before


class Listing:
    """One table on its way in."""

    def __init__(
        self, actor: Actor, progress: Progress, plan: Plan, path: Path, source: str, columns: dict[str, str], *, dry: bool
    ) -> None:
        self.progress, self.plan, self.source, self.now = progress, plan, source, actor.now
        self.doubles: set[str] = set()  # ids and addresses that (perhaps) come twice
        self.met: set[str] = set()
        options = {"columns": sorted(columns.items()), "dates": plan.order}
        self.intake = Intake(
            actor, progress, importer="members", source=source, path=path, form=plan.table.form,
            fingerprint=fingerprint_of([path], **options), dry=dry,
        )  # fmt: skip
        self.actor = self.intake.actor

    def all(self) -> None:
        self.progress.step(_("Reading everything once"))
        total = self._survey()
        self.intake.begin(total)
        self.progress.step(_("Bringing in people"))
        for batch in self.intake.each(self._records(), self._judge):
            self.intake.take(batch, self._count_only if self.intake.dry else self._take)
        plan = self.plan
        self.intake.end({"source": self.source, "form": plan.table.form, "columns": plan.named, "columns_left": plan.left})
        write_rejected_table(self.intake.rejected, self.plan.head, self.plan.table.separator)

    def _survey(self) -> int:
        """How many rows, which of day and month comes first, and which ids and addresses come twice."""
        seen, evidence, total = Seen(), {"dmy": 0, "mdy": 0}, 0
        plan = self.plan
        loose = plan if plan.order else replace(plan, order="dmy")  # only ids and addresses are looked at here
        for found in plan.records():
            total += 1
            if total % 5000 == 0:
                self.progress.counts = {"read": total}
                self.progress.advance(0)
            if word := order_evidence(plan, found):
                evidence[word] += 1
            if not found.reason:
                try:
                    row = loose.read(found, self.now)
                except Unusable:
                    continue
                self.doubles.update(word for word in keys_of(row) if seen.met(word))
        self.plan = with_order(plan, evidence)
        return total

    def _records(self) -> Iterator[Found]:
        """Rows in order; a double is told here, so that going on after a kill tells the same."""
        for found in self.plan.records():
            if found.reason:
                yield found
                continue
            try:
                row = self.plan.read(found, self.now)
            except Unusable as wrong:
                yield replace(found, value=None, reason=wrong.reason, raw=_kept(found))
                continue
            words = [word for word in keys_of(row) if word in self.doubles]
            if any(word in self.met for word in words):
                yield replace(found, value=None, reason="same_person", raw=_kept(found))
                continue
            self.met.update(words)
            yield replace(found, value=row)

    def _judge(self, found: Found) -> Row:
        row: Row = found.value
        return row

    def _take(self, rows: Sequence[Row]) -> Taken:
        known = known_external_ids(self.source, [f"person:{row.external_id}" for row in rows])
        people = []
        for row in rows:
            verdict = judge(row.name, flagged=row.is_bot)
            people.append(PersonIn(
                row.external_id, row.name, row.joined or self.now, row.weak, row.email, verdict.is_bot, verdict.reason, row.data,
                row.joined is not None,
            ))  # fmt: skip
        take_in_people(self.actor, source=self.source, people=people)
        fresh = {row.external_id for row in rows if f"person:{row.external_id}" not in known}
        return Taken(len(fresh), len(rows) - len(fresh))

    def _count_only(self, rows: Sequence[Row]) -> Taken:
        known = known_external_ids(self.source, [f"person:{row.external_id}" for row in rows])
        return Taken(len(rows) - len(known), len(known))


def _kept(found: Found) -> str:
    return json.dumps([str(cell) for cell in found.value], ensure_ascii=False)


def write_rejected_table(rejected: Path, head: Sequence[str], separator: str = "") -> Path | None:
    """The rejected rows once more as a table with the same columns, to be mended and handed in again."""
    if not rejected.is_file() or not rejected.stat().st_size:
        return None
    target = rejected.with_suffix(".csv")
    with rejected.open(encoding="ascii") as lines, target.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow([*head, "where", "why"])
        for line in lines:
            one: dict[str, Any] = json.loads(line)
            try:
                cells = json.loads(one["record"])
            except ValueError:
                cells = [one["record"]]
            cells = [str(cell) for cell in cells] if isinstance(cells, list) else [one["record"]]
            width = len(head)
            if one["reason"] == "open_quote" and separator:  # a proposal: the cells as they are without the quote
                plain = [cell.strip() for cell in one["record"].replace('"', "").split(separator)]
                cells = plain if len(plain) <= width else cells
            table.writerow([*cells[:width], *[""] * (width - len(cells)), one["place"], explained(one["reason"])])
    return target
