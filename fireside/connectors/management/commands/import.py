"""The CLI door to history: fireside import zulip PATH (slack, gitter, discord, qq, wechat, chatlab), activity FILE, members FILE, fireside FILE."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from tqdm import tqdm

from fireside.activity.actor import house
from fireside.activity.jobs import Progress, run_here, stopped_like
from fireside.activity.models import Job
from fireside.connectors.agreement import agreement_in_words
from fireside.connectors.first_rows import FirstRows, first_rows, for_programs, in_words
from fireside.connectors.forms import IMPORTERS
from fireside.connectors.reasons import explained, facts_of, notes_of, refuse
from fireside.connectors.rules.asked import OPENNESS, TELLS_NOT, Asked
from fireside.connectors.rules.records import Unusable
from fireside.connectors.whole import bring_whole
from fireside.lib.bars import Steps
from fireside.lib.errors import Refusal
from fireside.lib.migrating import bring_tables_up_to_date
from fireside.members.queries import the_community

STOPPED = _("Stopped half way. The same command goes on from there.")
NUMBERS: dict[str, Any] = {
    "read": _("%(count)s read"), "imported": _("%(count)s imported"), "unchanged": _("%(count)s unchanged"), "rejected": _("%(count)s rejected"),
}  # fmt: skip
EXIT = {Job.State.DONE: 0, Job.State.STOPPED: 130}


class Command(BaseCommand):
    help = gettext_noop(
        "Bring in a community's history: a chat archive (Zulip, Slack, Gitter, Discord, QQ, WeChat, ChatLab), a forum (Discourse, Stack Exchange), a mailing list (mbox), a file of activity, a list of members, or a whole community from another house. Running it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True, metavar="|".join([*dict(IMPORTERS), "fireside"]))
        one = what.add_parser(
            "zulip", help=gettext_noop("an archive's folder, Zulip's own export (folder, .tar.gz, .zip), or JSON lines (.jsonl, .jsonl.gz)")
        )
        self._common(one, "PATH")
        one.add_argument("--space", default="", metavar="SLUG", help=gettext_noop("put the streams into this space"))
        one = what.add_parser("slack", help=gettext_noop("a Slack workspace’s own export: the .zip as it was downloaded, or its folder"))
        self._common(one, "PATH")
        one.add_argument("--space", default="", metavar="SLUG", help=gettext_noop("put the channels into this space"))
        one = what.add_parser("gitter", help=gettext_noop("rooms of Gitter as tables: one .tsv or .tsv.gz file, or a folder of them"))
        self._common(one, "PATH")
        one.add_argument("--space", default="", metavar="SLUG", help=gettext_noop("put the rooms into this space"))
        one = what.add_parser(
            "discord", help=gettext_noop("channels of Discord as DiscordChatExporter writes them: a .json file, or a folder of them")
        )
        self._common(one, "PATH")
        self._tells_not(one)
        one = what.add_parser("qq", help=gettext_noop("groups of QQ: its own text files (.txt), one or a folder of them"))
        self._common(one, "PATH")
        self._tells_not(one, clock=True)
        one = what.add_parser("wechat", help=gettext_noop("groups of WeChat: the .csv file of WeChatMsg, or a folder of them"))
        self._common(one, "PATH")
        self._tells_not(one, clock=True)
        one = what.add_parser(
            "chatlab", help=gettext_noop("conversations in the ChatLab format: a .json or .jsonl file, or a folder of them")
        )
        self._common(one, "PATH")
        self._tells_not(one)
        one = what.add_parser(
            "discourse",
            help=gettext_noop("a Discourse forum: its backup (.tar.gz, .sql.gz), its own export, or a folder of topics as JSON"),
        )
        self._common(one, "PATH")
        one.add_argument("--space", default="", metavar="SLUG", help=gettext_noop("put the categories into this space"))
        one = what.add_parser("mbox", help=gettext_noop("the archive of a mailing list: an mbox file, packed or not, or a folder of them"))
        self._common(one, "PATH")
        one.add_argument("--space", default="", metavar="SLUG", help=gettext_noop("put the list into this space"))
        one = what.add_parser("stackexchange", help=gettext_noop("a site of Stack Exchange: Posts.xml of its dump, or the dump’s folder"))
        self._common(one, "PATH")
        one.add_argument("--space", default="", metavar="SLUG", help=gettext_noop("put the site into this space"))
        one = what.add_parser("activity", help=gettext_noop("one act a line, JSONL or CSV: docs/importing.md"))
        self._common(one, "FILE")
        one.add_argument("--space", default="", metavar="SLUG", help=gettext_noop("put new spaces into this space"))
        one = what.add_parser("members", help=gettext_noop("a table of people, CSV or XLSX"))
        self._common(one, "FILE")
        one.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=gettext_noop("id, name, email, phone, joined, language, about, bot: which column it is"),
        )
        one.add_argument(
            "--dates", choices=["ymd", "dmy", "mdy"], default="", help=gettext_noop("what comes first where a date does not tell")
        )

        one = what.add_parser("fireside", help=gettext_noop("a whole community that `fireside export` wrote out, into an empty house"))
        one.add_argument("path", metavar="FILE|FOLDER")
        one.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON: the counts"))

    def _common(self, parser: ArgumentParser, path: str) -> None:
        parser.add_argument("path", metavar=path)
        parser.add_argument("--source", default="", help=gettext_noop("how this source is called here (for example zulip:example.org)"))
        parser.add_argument("--dry-run", action="store_true", help=gettext_noop("read and count everything, change nothing"))
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON: the counts"))

    def _tells_not(self, parser: ArgumentParser, *, clock: bool = False) -> None:
        """Of a chat that does not say who may read it."""
        parser.add_argument("--space", default="", metavar="SLUG", help=gettext_noop("put the groups into this space"))
        parser.add_argument(
            "--openness",
            choices=OPENNESS,
            default="",
            help=gettext_noop("who may read the spaces that are made; without it they are private"),
        )
        parser.add_argument("--one-to-one", action="store_true", help=gettext_noop("bring in conversations of two, too, for these two"))
        if clock:
            parser.add_argument(
                "--zone", default="", metavar="ZONE", help=gettext_noop("the time zone of its times; without it Asia/Shanghai")
            )

    def handle(self, *args: Any, what: str, path: str, source: str = "", dry_run: bool = False, **options: Any) -> None:
        bring_tables_up_to_date()  # an empty data folder, or one whose first command was killed
        if what == "fireside":
            self._whole(Path(path).expanduser().resolve(), options["json"])
            return
        try:
            row = self._bring(what, path, {"source": source, "dry_run": dry_run}, options)
        except Refusal as no:  # before there is any work to speak of
            if options["json"]:
                self.stdout.write(json.dumps({"state": "refused", "code": no.code, "message": str(no)}, ensure_ascii=False))
            else:
                self.stderr.write(str(no))
            sys.exit(2)
        seen = self._first_rows(path, options, row) if what == "members" and dry_run else None
        self._say(row, options["json"], dry_run, seen)
        if code := EXIT.get(Job.State(row.state), 2 if row.error else 1):
            sys.exit(code)

    def _whole(self, path: Path, as_json: bool) -> None:
        with Steps(self.stderr._out, gettext("records")) as steps:
            done = bring_whole(path, steps)
        if as_json:
            self.stdout.write(json.dumps({"state": "done", **done}, ensure_ascii=False))
        elif done["unchanged"]:
            self.stdout.write(gettext("This very archive came in before. Nothing was changed."))
        else:
            self.stdout.write(gettext("%(community)s is here: %(rows)s records, %(files)s files.") % {**done, "rows": f"{done['rows']:,}"})
            self.stdout.write(
                gettext(
                    "Passwords, passkeys, tokens and open sessions did not travel. Everybody signs in by a code sent to their address, or sets a new password; “fireside act members.offer_new_password member=HANDLE” makes a link for whoever gets no e-mail."
                )
            )

    def _bring(self, what: str, path: str, params: dict[str, Any], options: dict[str, Any]) -> Job:
        file = Path(path).expanduser()
        try:
            there = path.isprintable() and file.exists()
        except OSError:  # a name longer than any file's
            there = False
        if not there:
            raise refuse(Unusable("no_such_path"))
        params["path"] = str(file.resolve())
        if what != "members":
            params["space"] = options["space"]
        if what in TELLS_NOT:
            params |= Asked(openness=options["openness"], one_to_one=options["one_to_one"], zone=options.get("zone", "")).said
        if what == "members":
            params |= {"columns": self._columns(options["map"]), "dates": options["dates"]}
        with Bar(quiet=not sys.stderr.isatty() and options["json"]) as bar:
            name = f"connectors.import_{what}"
            return run_here(house("cli"), name, params, left=stopped_like(name, params), show=bar.show)

    def _columns(self, words: list[str]) -> dict[str, str]:
        return dict(word.partition("=")[::2] for word in words)

    def _first_rows(self, path: str, options: dict[str, Any], row: Job) -> FirstRows | None:
        """What the page shows before anything runs. Also of a table in which no column was recognised: to see which one to name."""
        if row.state != Job.State.DONE and getattr(row.refusal, "code", "") != "no_person_column":
            return None
        return first_rows(Path(path).expanduser(), wishes=self._columns(options["map"]), dates=options["dates"], now=house("cli").now)

    def _say(self, row: Job, as_json: bool, dry_run: bool, seen: FirstRows | None) -> None:
        counts = {key: value for key, value in row.counts.items() if key not in {"sample"}}
        why = str(row.refusal or row.error)
        if as_json:
            body = {"state": row.state, "error": row.error, "dry_run": dry_run, "job": row.pk} | counts
            if row.state != Job.State.DONE:
                body |= {"code": row.refusal.code if row.refusal else str(row.state), "message": why or str(STOPPED)}
            if seen is not None:
                body["first_rows"] = for_programs(seen)
            self.stdout.write(json.dumps(body, ensure_ascii=False))
            return
        if seen is not None:
            self.stdout.write("\n".join([gettext("The first rows, as they would come in"), *in_words(seen), ""]))
        if row.state != Job.State.DONE:
            self.stderr.write(why or str(STOPPED))
        numbers = [(key, counts[key]) for key in ("read", "imported", "unchanged", "rejected") if key in counts]
        if numbers:
            told = ", ".join(NUMBERS[key] % {"count": f"{count:,}"} for key, count in numbers)
            self.stdout.write(told + (" " + gettext("(nothing was changed)") if dry_run else ""))
        for reason, count in sorted(counts.get("reasons", {}).items()):
            self.stdout.write(f"  {count:,} {reason}: {explained(reason)}")
        for words in [*facts_of(counts), *notes_of(counts), *agreement_in_words(counts, tried=dry_run)]:
            self.stdout.write(words)
        if "rejected_file" in counts:
            self.stdout.write(gettext("What was left out: %(file)s") % {"file": counts["rejected_file"]})
        if row.state == Job.State.DONE and not dry_run and the_community() is None:
            self.stdout.write(
                gettext("There is no community here yet. Set it up with “fireside setup”, or start the house with “fireside up”.")
            )


class Bar:
    """A progress bar on the error stream; a pipe gets lines of text instead."""

    def __init__(self, *, quiet: bool) -> None:
        self._bar: Any = None
        self._quiet = quiet

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *wrong: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, progress: Progress) -> None:
        if self._quiet:
            return
        if self._bar is None:
            self._bar = tqdm(total=progress.all, initial=0, unit=" " + gettext("records"), file=sys.stderr, mininterval=0.3, smoothing=0.1)
        if self._bar.total != progress.all:
            self._bar.reset(total=progress.all)
        self._bar.n = progress.done
        self._bar.set_description_str(str(progress.doing), refresh=False)
        self._bar.refresh()
