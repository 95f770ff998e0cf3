"""Write docs/catalogue.md, or check that it is fresh."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_noop

from fireside.activity.catalogue import write_catalogue


class Command(BaseCommand):
    help = gettext_noop("Write docs/catalogue.md from the code; with --check, only say whether it is fresh.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help=gettext_noop("write nothing; end with 1 if it is stale"))
        parser.add_argument("--file", default="docs/catalogue.md", help=gettext_noop("where it stands (default %(default)s)"))

    def handle(self, *args: Any, check: bool, file: str, **options: Any) -> None:
        path, fresh = Path(file), write_catalogue()
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fresh, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != fresh:
            self.stderr.write(f"{file} is stale. Run: make docs")
            sys.exit(1)
