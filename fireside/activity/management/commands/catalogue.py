"""Write the generated pages under docs/, or check that they are fresh."""

import sys
from argparse import ArgumentParser
from json import dumps
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fireside.activity.catalogue import PAGES


class Command(BaseCommand):
    help = gettext_noop(
        "Write what is generated under docs/ (catalogue.md, metrics.md, rights.md); with --check, only say whether it is fresh."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help=gettext_noop("write nothing; end with 1 if something is stale"))
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON: the counts"))
        parser.add_argument("--folder", default="docs", help=gettext_noop("where it stands (default %(default)s)"))

    def handle(self, *args: Any, check: bool, folder: str, json: bool, **options: Any) -> None:
        stale = []
        for name, write in sorted(PAGES.items()):
            path, fresh = Path(folder) / name, write()
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(fresh, encoding="utf-8")
            elif not path.exists() or path.read_text(encoding="utf-8") != fresh:
                stale.append(str(path))
        if json:
            self.stdout.write(dumps({"state": "stale" if stale else "fresh", "pages": len(PAGES), "stale": stale}))
        if stale and not json:
            self.stderr.write(_("Stale: %(names)s. Run: make docs") % {"names": ", ".join(stale)})
        if stale:
            sys.exit(1)
