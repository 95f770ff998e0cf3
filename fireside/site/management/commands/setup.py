"""`fireside setup`: what the set-up page does, without a browser."""

import getpass
import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fireside.activity.actor import house
from fireside.lib.errors import Refusal, Refused
from fireside.lib.migrating import bring_tables_up_to_date
from fireside.members.queries import the_owner
from fireside.members.rules import KINDS
from fireside.site import setup_link
from fireside.site.actions import found_community


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = gettext_noop("Set up the community and its owner. Without a name it prints the link at which a browser does the same.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--link", action="store_true", help=gettext_noop("only print the set-up link; it works until the community is set up")
        )
        parser.add_argument("--name", help=gettext_noop("what members call the community"))
        parser.add_argument("--purpose", default="", help=gettext_noop("who meets here, and what they get out of it"))
        parser.add_argument("--kind", default="product", help=", ".join(KINDS))
        parser.add_argument("--languages", default="en,zh-hans", help=gettext_noop("the first one greets visitors; default: en,zh-hans"))
        parser.add_argument("--time-zone", default="UTC", help=gettext_noop("in which days begin, for example Asia/Shanghai"))
        parser.add_argument("--owner-name", help=gettext_noop("your name"))
        parser.add_argument("--owner-email", help=gettext_noop("your e-mail address; you sign in with it"))
        parser.add_argument(
            "--owner-password-file", help=gettext_noop("a file that holds the password; else FIRESIDE_OWNER_PASSWORD, else it is asked for")
        )
        parser.add_argument("--json", action="store_true", help=gettext_noop("answer with one line of JSON"))

    def handle(self, *, link: bool, json: bool, **given: Any) -> None:
        try:
            body, words = self._link() if link or not given["name"] else self._found(given)
        except Refusal as no:
            body = {"code": no.code, "message": str(no), **({"field": no.facts["field"]} if "field" in no.facts else {})}
            self._say(json, body, str(no), error=True)
            sys.exit(2)
        self._say(json, body, words)

    def _link(self) -> tuple[dict[str, Any], str]:
        bring_tables_up_to_date()
        link = setup_link()
        if link is None:
            raise Refused("set_up_already", _("This house has a community already. There is nothing to set up."))
        return {"link": link}, link

    def _found(self, given: dict[str, Any]) -> tuple[dict[str, Any], str]:
        for flag in ("owner_name", "owner_email"):
            if not given[flag]:
                name = "--" + flag.replace("_", "-")
                raise Refused("flag_missing", _("Say who owns the community: %(flag)s is missing.") % {"flag": name}, field=flag)
        bring_tables_up_to_date()
        community = found_community(
            house("cli"), name=given["name"], purpose=given["purpose"], kind=given["kind"], languages=given["languages"].split(","),
            time_zone=given["time_zone"], owner_name=given["owner_name"], owner_email=given["owner_email"], owner_password=_password(given),
        )  # fmt: skip
        owner = the_owner()
        body = {"community": community.name, "owner": owner.handle, "languages": community.languages, "address": settings.ADDRESS}
        facts = {
            "name": community.name,
            "owner": owner.name,
            "address": f"{settings.ADDRESS}/accounts/login/",
            "email": given["owner_email"],
        }
        return body, _("%(name)s is set up. %(owner)s signs in at %(address)s with %(email)s.") % facts

    def _say(self, as_json: bool, body: dict[str, Any], words: str, *, error: bool = False) -> None:
        out = self.stderr if error and not as_json else self.stdout
        out.write(json.dumps(body, ensure_ascii=False) if as_json else words)


def _password(given: dict[str, Any]) -> str:
    """Never a flag: flags are seen by everybody on the machine."""
    if file := given["owner_password_file"]:
        try:
            return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as wrong:
            words = _("The password file cannot be read: %(why)s: %(file)s") % {"why": wrong.strerror, "file": file}
            raise Refused("password_file", words, field="owner_password_file") from wrong
        except UnicodeDecodeError:
            words = _("The password file is no text in UTF-8: %(file)s") % {"file": file}
            raise Refused("password_file", words, field="owner_password_file") from None
    if secret := os.environ.get("FIRESIDE_OWNER_PASSWORD"):
        return secret
    if sys.stdin.isatty():
        return getpass.getpass(_("A password for the owner (at least 10 characters): "))
    raise Refused(
        "password_missing",
        _("Give the owner a password: --owner-password-file FILE, or FIRESIDE_OWNER_PASSWORD."),
        field="owner_password_file",
    )
