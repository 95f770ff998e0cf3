"""`fireside demo`: the sample community moves in, or out."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from tqdm import tqdm

from fireside.activity.actor import house
from fireside.activity.jobs import OPEN, Progress, run_here
from fireside.activity.models import Job
from fireside.lib.errors import Refusal, Refused
from fireside.lib.migrating import bring_tables_up_to_date
from fireside.members.queries import the_community
from fireside.site.actions.leaving import finish_leaving
from fireside.site.demo.clearing import clear_sample
from fireside.site.demo.growing import DAYS, JOB, MEMBERS, SEED, half_way, refuse_unless_empty
from fireside.site.demo.others import holds_nothing


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = gettext_noop(
        "Fill an empty house with a sample community: half a year of about a thousand made-up people. --remove empties it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seed", type=int, help=gettext_noop("the same seed makes the same people and words (1 unless you say another)")
        )
        parser.add_argument("--members", type=int, help=gettext_noop("how many people (1000 unless you say another)"))
        parser.add_argument("--days", type=int, help=gettext_noop("how many days up to now (180 unless you say another)"))
        parser.add_argument("--remove", action="store_true", help=gettext_noop("empty the house again; only ever a sample"))
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON: the counts"))

    def handle(self, *, seed: int | None, members: int | None, days: int | None, remove: bool, json: bool, **options: Any) -> None:
        bring_tables_up_to_date()
        said = {name: one for name, one in (("seed", seed), ("members", members), ("days", days)) if one is not None}
        try:
            code = self._remove(json) if remove else self._grow(json, said)
        except Refusal as no:
            self._say(json, {"code": no.code, "message": str(no)}, str(no), error=True)
            code = 2
        if code:
            sys.exit(code)

    def _remove(self, as_json: bool) -> int:
        left = finish_leaving()  # by a removal that was killed before its end
        tables = 0 if left and the_community() is None and holds_nothing() else clear_sample(house("cli"))
        self._say(as_json, {"state": "removed", "tables": tables}, _("The sample is gone. The house is empty."))
        return 0

    def _grow(self, as_json: bool, said: dict[str, int]) -> int:
        half, params = half_way(), {"seed": SEED, "members": MEMBERS, "days": DAYS} | said
        if half is None:
            refuse_unless_empty()
        elif not said.items() <= half.params.items():
            raise another_half(half)
        left = half if half is not None and half.state not in OPEN else None  # open work: whoever did it is at it, or has died
        bar = tqdm(total=None, unit=" " + _("acts"), disable=as_json and not sys.stderr.isatty(), file=sys.stderr, dynamic_ncols=True)

        def show(progress: Progress) -> None:
            bar.total = progress.all
            bar.set_description_str(str(progress.doing), refresh=False)
            bar.update(progress.done - bar.n)

        try:
            row = run_here(house("cli"), JOB, params, key=JOB, left=left, show=show)
        finally:
            bar.close()
        body = {"state": row.state, "error": row.error, "job": row.pk} | row.params | row.counts
        if row.state != Job.State.DONE:
            body |= {"code": row.refusal.code if row.refusal else row.state, "message": _words(row)}
        self._say(as_json, body, _words(row), error=bool(row.error))
        return {Job.State.DONE: 0, Job.State.STOPPED: 130}.get(Job.State(row.state), 2)

    def _say(self, as_json: bool, body: dict[str, Any], words: str, *, error: bool = False) -> None:
        out = self.stderr if error and not as_json else self.stdout
        out.write(json.dumps(body, ensure_ascii=False, default=str) if as_json else words)


def another_half(half: Job) -> Refused:
    words = _(
        "Another sample has moved in half way: --seed %(seed)s --members %(members)s --days %(days)s. “fireside demo” alone goes on with it; to begin this one, empty the house first: fireside demo --remove."
    )
    return Refused("sample_half", words % half.params)


def _words(row: Job) -> str:
    if row.error:
        return str(row.refusal or row.error)
    counts = row.counts
    if row.state != Job.State.DONE:
        words = _(
            "Stopped half way. The same command goes on from there, and so does %(address)s; fireside demo --remove empties the house."
        )
        return words % {"address": f"{settings.ADDRESS}/jobs/{row.pk}"}
    words = _("%(members)s members, %(topics)s topics, %(posts)s posts, %(acts)s acts. Open the house with: fireside up")
    return words % {name: f"{counts[name]:,}" for name in ("members", "topics", "posts", "acts")}
