"""Bringing in a history of talk: what it is, where it lies, and how its source is called."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.jobs import Progress, job
from fireside.connectors.actions import refuse_in_sample
from fireside.connectors.jobs.bringing import Bringing
from fireside.connectors.readers.archive import Archive
from fireside.connectors.readers.chats import CHATS, Chat
from fireside.connectors.readers.unpacking import is_packed, unpack
from fireside.connectors.reasons import refuse
from fireside.connectors.rules.asked import Asked
from fireside.connectors.rules.records import Unusable
from fireside.connectors.rules.sources import archive_name
from fireside.members.rights import require


def bring_in_chat(
    actor: Actor, progress: Progress, importer: str, *, path: str, source: str = "", space: str = "", dry_run: bool = False, called: str = "", content: str = "",
    **wishes: Any,
) -> None:  # fmt: skip
    """Bring in a history of talk. `called` and `content`: an upload's own name, and what its bytes sum up to. `wishes`: see rules/asked.py."""
    require(actor, "history.bring_in")
    refuse_in_sample()
    given = Path(path).expanduser().resolve()
    room = settings.DATA / "imports" / f"unpacked-{progress.row.pk}"
    try:
        progress.step(_("Looking at what it is"))
        asked = Asked(**wishes)
        asked.check()
        archive = _open(CHATS[importer], given, room)
        archive.asked = asked
        if wrong := archive.why_not():
            raise Unusable(wrong)
        named = source or f"{importer}:{archive.site()[:70] or (archive_name(called, content) if called else _place_name(given))}"
        Bringing(actor, progress, archive, importer, given, named, space, dry_run, sure=bool(source)).all()
    except Unusable as wrong:
        raise refuse(wrong) from wrong
    finally:
        shutil.rmtree(room, ignore_errors=True)


@job("connectors.import_zulip")
def import_zulip(actor: Actor, progress: Progress, **asked: Any) -> None:
    """Bring in a Zulip history in any of its three forms."""
    bring_in_chat(actor, progress, "zulip", **asked)


@job("connectors.import_gitter")
def import_gitter(actor: Actor, progress: Progress, **asked: Any) -> None:
    """Bring in the rooms of a Gitter community."""
    bring_in_chat(actor, progress, "gitter", **asked)


@job("connectors.import_slack")
def import_slack(actor: Actor, progress: Progress, **asked: Any) -> None:
    """Bring in a Slack workspace's own export."""
    bring_in_chat(actor, progress, "slack", **asked)


@job("connectors.import_discord")
def import_discord(actor: Actor, progress: Progress, **asked: Any) -> None:
    """Bring in the channels of a Discord community."""
    bring_in_chat(actor, progress, "discord", **asked)


@job("connectors.import_qq")
def import_qq(actor: Actor, progress: Progress, **asked: Any) -> None:
    """Bring in text files of QQ."""
    bring_in_chat(actor, progress, "qq", **asked)


@job("connectors.import_wechat")
def import_wechat(actor: Actor, progress: Progress, **asked: Any) -> None:
    """Bring in tables of WeChat."""
    bring_in_chat(actor, progress, "wechat", **asked)


@job("connectors.import_chatlab")
def import_chatlab(actor: Actor, progress: Progress, **asked: Any) -> None:
    """Bring in conversations in the ChatLab interchange format."""
    bring_in_chat(actor, progress, "chatlab", **asked)


@job("connectors.import_discourse")
def import_discourse(actor: Actor, progress: Progress, **asked: Any) -> None:
    """Bring in a Discourse forum: its backup, its export, or its topics as JSON."""
    bring_in_chat(actor, progress, "discourse", **asked)


@job("connectors.import_stackexchange")
def import_stackexchange(actor: Actor, progress: Progress, **asked: Any) -> None:
    """Bring in a site of Stack Exchange."""
    bring_in_chat(actor, progress, "stackexchange", **asked)


@job("connectors.import_mbox")
def import_mbox(actor: Actor, progress: Progress, **asked: Any) -> None:
    """Bring in the archive of a mailing list."""
    bring_in_chat(actor, progress, "mbox", **asked)


def _open(chat: Chat, path: Path, room: Path) -> Archive:
    if not is_packed(path):
        return chat.open(path)
    shutil.rmtree(room, ignore_errors=True)  # of a run that was killed
    unpack(path, room, lambda name: chat.wanted.search(name) is not None)
    return chat.open(room)


def _place_name(path: Path) -> str:
    """What a history on this machine is called when neither its bringer nor its site says: as its folder or file."""
    return archive_name(path.parent.name if path.is_file() and path.name.startswith("messages") else path.name)
