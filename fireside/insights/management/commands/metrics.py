"""A metric on the command line: a table for people, JSON for programs."""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from tqdm import tqdm

from fireside.activity.actor import Actor, house
from fireside.activity.finding import find
from fireside.insights import actions, metrics, queries
from fireside.lib.errors import Refusal
from fireside.members.rights import require

EXIT = {404: 4, 403: 3, 409: 2}


class Command(BaseCommand):
    help = gettext_noop("A number of the community: fireside metrics helped --by month. Without a name, all that there are.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help=" | ".join(metrics.NAMES))
        for name, what in {
            "space": gettext_noop("slug of a space; what is below it is included"), "since": gettext_noop("first day, like 2026-01-01"),
            "until": gettext_noop("last day"), "by": "day | week | month", "mode": gettext_noop("which of the metric's modes"),
            "bots": "exclude | include", "staff": "include | exclude | only",
            "offsets": gettext_noop("retention: how many intervals to follow"), "bracket": gettext_noop("retention: a range like 1-4"),
            "k": gettext_noop("retention: after how many intervals the number in front is"),
            "of": gettext_noop("network: the number of a bridge, with --behind=parted"),
            "behind": gettext_noop("who or what is behind the number: one of its kinds of evidence, like people"),
            "after": gettext_noop("the next page of what is behind it: as the one before said"),
            "csv": gettext_noop("as lines for a spreadsheet: chart | table"),
            "as": gettext_noop("handle of the member who asks; without it, the house"),
        }.items():  # fmt: skip
            parser.add_argument(f"--{name}", default="", help=what)
        parser.add_argument("--size", type=int, default=40, help=gettext_noop("how many on a page of what is behind it"))
        parser.add_argument("--as-it-stands", action="store_true", help=gettext_noop("do not take in new lines of the log first"))
        parser.add_argument("--json", action="store_true", help=gettext_noop("the whole answer as one line of JSON"))

    def handle(self, *args: Any, name: str, json: bool, as_it_stands: bool, **options: Any) -> None:
        now = datetime.now(UTC)
        try:
            actor = house("cli", now=now)
            if options["as"]:
                actor = Actor(find(get_user_model(), actor, options["as"]), "cli", now)
            require(actor, "numbers.read")
            if not name:
                self._list(json)
                return
            if not as_it_stands:
                self._take_in(actor)
            asked = {k: options[k] for k in queries.NAMES}
            if options["behind"]:
                behind = queries.evidence(name, now=now, viewer=actor.who or actor, which=options["behind"], cursor=options["after"],
                                          size=max(1, min(200, options["size"])), asked=asked)  # fmt: skip
                self.stdout.write(_json(queries.in_short(behind)) if json else _list_of(behind))
                return
            found = queries.answer(name, now=now, viewer=actor.who or actor, **asked)
            if options["csv"]:
                self.stdout.write(queries.csv_of(found, options["csv"]), ending="")
                return
        except Refusal as no:
            if json:
                self.stdout.write(_json({"code": no.code, "message": str(no)}))
            else:
                self.stderr.write(str(no))
            sys.exit(EXIT.get(no.status, 2))
        self.stdout.write(_json(found) if json else _table(found))

    def _list(self, as_json: bool) -> None:
        code, known = translation.get_language() or "en", list(queries.list_metrics())
        if as_json:
            self.stdout.write(_json({"metrics": known}))
            return
        for one in known:
            self.stdout.write(f"{one['metric']}: {one['definition'].get(code) or one['definition']['en']}")

    def _take_in(self, actor: Actor) -> None:
        """New lines of the log first, with a bar where somebody looks: after an import, or when the mirror is made anew, they are many."""
        with tqdm(unit=" " + _("lines"), disable=None, leave=False, delay=1, desc=_("Copying the log"), file=sys.stderr) as bar:
            if actions.needs_rebuild():
                actions.rebuild_mirror(actor, told=bar.update)
            moved = 0
            while taken := actions.move_mirror(actor, seconds=0.5):
                moved += taken
                bar.update(taken)
            bar.set_description(_("Adding up"))
            actions.copy_people(actor, always=moved > 0)
            actions.make_rollups(actor)


def _json(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def _list_of(behind: queries.Behind) -> str:
    """What is behind a number, a line each: what it is ordered by, who or what, where."""
    found = queries.in_short(behind)
    lines = [behind.words.get(translation.get_language() or "en") or behind.words["en"], ""]
    lines += ["  ".join([_cell(one["value"]).rjust(12), one["name"], one["href"]]) for one in found["items"]]
    if found["next"]:
        lines += ["", _("More: --after %(cursor)s") % {"cursor": found["next"]}]
    return "\n".join(lines)


def _table(answer: dict[str, Any]) -> str:
    """Definition, population and clock; the numbers in front; the rows."""
    code = translation.get_language() or "en"

    def words(said: dict[str, str]) -> str:
        return said.get(code) or said["en"]

    clock = answer["clock"]
    lines = [words(answer["title"]), words(answer["definition"]), words(answer["population"]),
             f"{clock['since']} – {clock['until']}, {clock['time_zone']}, {clock['as_of']}", ""]  # fmt: skip
    lines += [f"{name:>24}  {_cell(value)}" for name, value in answer["headline"].items() if name != "value"]
    columns = [c for c in answer["columns"] if c["unit"] != "cells"]
    head = ["", *(words(c["words"]) for c in columns)]
    rows = [[row["start"] + (" *" if row["partial"] else ""), *(_cell(row[c["key"]]) for c in columns)] for row in answer["rows"]]
    for row, made in zip(answer["rows"], rows, strict=True):
        made += [_cell(cell["share"]) for cell in row.get("cells", [])]
    if answer["metric"] == "retention":
        head += [f"+{c['k']}" for c in answer["more"]["curve"]]
    width = [max(len(r[i]) if i < len(r) else 0 for r in [head, *rows]) for i in range(max(map(len, [head, *rows])))]
    return "\n".join([*lines, "", *("  ".join(cell.rjust(width[i]) for i, cell in enumerate(r)) for r in [head, *rows])])


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
