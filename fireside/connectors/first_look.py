"""A glance at what was handed in, before anything runs: what it is, what its first record says, or what to bring instead."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from fireside.connectors.packed_look import form_of_packed
from fireside.connectors.readers.archive import Archive
from fireside.connectors.readers.chats import CHATS
from fireside.connectors.readers.events import events, form_of
from fireside.connectors.readers.unpacking import is_packed
from fireside.connectors.readers.zulip import JsonLines
from fireside.connectors.reasons import refuse
from fireside.connectors.rules.events import Event, read_event
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found, Unusable
from fireside.connectors.table_plan import plan_for

LOOKED_AT = 50
REALM_LIMIT = 20 * 1024**2  # an export's realm.json beyond this is not read for a glance
FORMS: dict[str, Any] = {
    "lines": _("JSON lines, and it looks like Zulip."),
    "folder": _("The folder of a Zulip archive."),
    "export": _("Zulip’s own export."),
    "slack": _("The export of a Slack workspace."),
    "discord": _("Channels of Discord, by DiscordChatExporter."),
    "qq": _("Text files of QQ."),
    "wechat": _("A table of WeChat, by WeChatMsg."),
    "chatlab": _("Conversations in the ChatLab format."),
    "tsv": _("A table of messages, and it looks like Gitter."),
    "discourse": _("Topics of Discourse, as JSON."),
    "discourse_backup": _("A backup of Discourse."),
    "mbox": _("The archive of a mailing list (mbox)."),
    "stackexchange": _("Questions and answers of a Stack Exchange site."),
    "jsonl": _("JSON lines, and it looks like a file of activity."),
    "csv": _("A table (CSV), and it looks like a file of activity."),
    "xlsx": _("A spreadsheet, and it looks like a file of activity."),
}
INSTEAD: dict[str, Any] = {
    "discord": _("It looks like an export of Discord. Go back and choose that."),
    "qq": _("It looks like text files of QQ. Go back and choose that."),
    "wechat": _("It looks like a table of WeChat. Go back and choose that."),
    "chatlab": _("It looks like the ChatLab format. Go back and choose that."),
    "zulip": _("It looks like a Zulip history. Go back and choose that."),
    "slack": _("It looks like the export of a Slack workspace. Go back and choose that."),
    "gitter": _("It looks like rooms of Gitter. Go back and choose that."),
    "discourse": _("It looks like a Discourse forum. Go back and choose that."),
    "mbox": _("It looks like the archive of a mailing list. Go back and choose that."),
    "stackexchange": _("It looks like a site of Stack Exchange. Go back and choose that."),
    "activity": _("It looks like a file of activity. Go back and choose that."),
    "members": _("It looks like a list of members. Go back and choose that."),
}
BRING: dict[str, Any] = {
    "zulip": _("Bring a .jsonl or .jsonl.gz file with one message a line, or the archive’s folder or Zulip’s own export as one .zip or .tar.gz."),
    "slack": _("Bring the .zip that Slack made, as it was downloaded, or its folder as one .zip or .tar.gz."),
    "gitter": _("Bring one .tsv or .tsv.gz file, or a folder of them as one .zip or .tar.gz."),
    "discord": _("Bring the .json files that DiscordChatExporter made: one, or a folder of them as one .zip or .tar.gz."),
    "qq": _("Bring the .txt files that QQ made: one, or a folder of them as one .zip or .tar.gz."),
    "wechat": _("Bring the .csv file that WeChatMsg made, or a folder of them as one .zip or .tar.gz."),
    "chatlab": _("Bring one .json or .jsonl file of the ChatLab format, or a folder of them as one .zip or .tar.gz."),
    "discourse": _("Bring the backup as Discourse made it (.tar.gz or .sql.gz), or a folder of topics as JSON (/t/ID.json) as one .zip or .tar.gz, with categories.json or site.json in it."),
    "mbox": _("Bring one mbox file (.mbox, or .txt.gz as Mailman packs it), or a folder of them as one .zip or .tar.gz."),
    "stackexchange": _("Bring Posts.xml (or .xml.gz), or the folder of the dump as one .zip or .tar.gz. With Users.xml and Comments.xml beside it more comes in."),
    "activity": _("Bring one act a line, as JSON lines or as a table whose first line names kind, at and actor. See docs/importing.md."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Glance:
    """What was recognised. `who` and `at` are of the first record that can be used; `left` says why some of the first could not be."""

    form: Any
    who: str = ""
    at: datetime | None = None
    seen: int = 0
    left: tuple[tuple[str, int], ...] = ()


def glance(importer: str, path: Path, *, now: datetime, zone: str = "UTC") -> tuple[Glance | None, str]:
    """What the file is, or in words why it will not do and what to bring instead."""
    try:
        return (_chat(importer, path, now) if importer in CHATS else _activity(path, now, zone)), ""
    except Unusable as wrong:
        other = next((one for one in INSTEAD if one != importer and _would_do(one, path, now, zone)), "")
        return None, f"{refuse(wrong)} {INSTEAD[other] if other else BRING[importer]}"


def _chat(importer: str, path: Path, now: datetime) -> Glance:
    if is_packed(path):
        return Glance(FORMS[form_of_packed(importer, path)])
    realm = path / "realm.json" if path.is_dir() else path.parent / "realm.json"
    if importer == "zulip" and realm.is_file() and realm.stat().st_size > REALM_LIMIT:
        return Glance(FORMS["export"])
    archive = CHATS[importer].open(path)
    if wrong := archive.why_not():
        return Glance(FORMS[archive.form], left=((wrong, 0),))  # it may still be asked for
    if archive.slow_to_open:
        return Glance(FORMS[archive.form])

    def read(found: Found) -> Message:
        return archive.read(found.value, now)

    first, seen, left = _first(archive.messages(), read)
    return Glance(FORMS[archive.form], _sender(archive, first), first.at, seen, left)


def _activity(path: Path, now: datetime, zone: str) -> Glance:
    form = form_of(path)

    def read(found: Found) -> Event:
        return read_event(found.value, zone=ZoneInfo(zone), now=now)

    first, seen, left = _first(events(path), read)
    return Glance(FORMS[form], first.actor_name or first.actor, first.at, seen, left)


def _first(records: Iterable[Found], read: Callable[[Found], Any]) -> tuple[Any, int, tuple[tuple[str, int], ...]]:
    """The first record that can be used, how many were looked at, and why others of them cannot. Unusable when none can."""
    first, seen, left = None, 0, Counter[str]()
    for found in islice(records, LOOKED_AT):
        seen += 1
        try:
            if found.reason:
                raise Unusable(found.reason)
            one = read(found)
        except Unusable as wrong:
            left[wrong.reason] += 1
        else:
            first = first or one
    if first is None:
        raise Unusable(left.most_common(1)[0][0] if left else "no_records")
    return first, seen, tuple(left.most_common())


def _sender(archive: Archive, one: Message) -> str:
    known = archive.known.people.get(one.sender)
    return known.name if known else one.sender


def _would_do(importer: str, path: Path, now: datetime, zone: str) -> bool:
    """Could it be brought in as something else? Looked at by its content, whatever it is called."""
    try:
        if importer == "members":
            plan = plan_for(path)
            return plan.has_head and bool({"id", "name", "email", "phone"} & set(plan.columns))
        if importer == "zulip" and path.is_file() and not is_packed(path):
            archive = JsonLines([path])
            return bool(_first(archive.messages(), lambda found: archive.read(found.value, now)))
        return bool(_chat(importer, path, now) if importer in CHATS else _activity(path, now, zone))
    except (Unusable, OSError):
        return False
