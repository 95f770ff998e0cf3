"""What a packed history is, told by the names inside it and by how its files begin: nothing is unpacked for a glance."""

import re
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from re import Pattern

from fireside.connectors.readers import chatlab, discord, qq, wechat
from fireside.connectors.readers.chats import CHATS
from fireside.connectors.readers.texts import decoded
from fireside.connectors.readers.unpacking import DAMAGED, members
from fireside.connectors.rules.records import Unusable

_TOPIC = re.compile(r"(?:^|/)(?!\d{4}-\d\d-\d\d\.)[^/]*\d[^/]*\.json$")  # 123.json, topic-123.json; not a day of a chat
TAPE_LIMIT = 200 * 1024**2  # of a .tar.gz only the beginning is unwound
_START, _FILES = 64 * 1024, 5  # of how many files how much is looked at


def form_of_packed(importer: str, path: Path) -> str:
    """Which form of this importer it is. Unusable when none."""
    return FORMS[importer](path)


def _zulip(path: Path) -> str:
    """By the names inside: nothing is unpacked for a glance."""
    for name in _names(path):
        word = name.replace("\\", "/").rpartition("/")[2]
        if word == "realm.json" or (word.startswith("messages-") and word.endswith((".json", ".json.partial"))):
            return "export"
        if word == "stream_index.json" or "zulip_json/" in name:
            return "folder"
        if word.endswith((".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")):
            return "lines"
    raise Unusable("not_zulip")


def _slack(path: Path) -> str:
    names = [name.replace("\\", "/").rpartition("/") for name in _names(path)]
    folders = {folder for folder, _slash, name in names if name == "channels.json"}
    if not any(folder.rpartition("/")[0] in folders and CHATS["slack"].wanted.search(f"{folder}/{name}") for folder, _slash, name in names):
        raise Unusable("not_slack")
    return "slack"


def _gitter(path: Path) -> str:
    if not any(CHATS["gitter"].wanted.search(name) for name in _names(path)):
        raise Unusable("not_gitter")
    return "tsv"


def _chatlab(path: Path) -> str:
    if not any(map(chatlab.looks_like_it, _beginnings(path, chatlab.WANTED))):
        raise Unusable("not_chatlab")
    return "chatlab"


def _discord(path: Path) -> str:
    if not any(map(discord.looks_like_it, _beginnings(path, discord.WANTED))):
        raise Unusable("not_discord")
    return "discord"


def _qq(path: Path) -> str:
    if not any(map(qq.looks_like_it, _beginnings(path, qq.WANTED))):
        raise Unusable("not_qq")
    return "qq"


def _wechat(path: Path) -> str:
    if not any(map(wechat.looks_like_it, _beginnings(path, wechat.WANTED))):
        raise Unusable("not_wechat")
    return "wechat"


def _discourse(path: Path) -> str:
    found = [name for name in _names(path) if CHATS["discourse"].wanted.search(name)]
    if any(name.endswith((".sql", ".sql.gz")) for name in found):
        return "discourse_backup"
    if not any(_TOPIC.search(name) for name in found):
        raise Unusable("not_discourse")
    return "discourse"


def _by_name(importer: str) -> Callable[[Path], str]:
    """For forms that are told by the names of their files."""

    def form(path: Path) -> str:
        if not any(CHATS[importer].wanted.search(name.replace("\\", "/")) for name in _names(path)):
            raise Unusable(f"not_{importer}")
        return importer

    return form


FORMS: dict[str, Callable[[Path], str]] = {
    "zulip": _zulip, "slack": _slack, "gitter": _gitter, "discord": _discord, "qq": _qq, "wechat": _wechat, "chatlab": _chatlab,
    "discourse": _discourse, "mbox": _by_name("mbox"), "stackexchange": _by_name("stackexchange"),
}  # fmt: skip


def _names(path: Path) -> Iterable[str]:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as box:
                yield from box.namelist()
            return
        with tarfile.open(path, "r|*") as tape:
            for member in tape:
                yield member.name
                if member.offset_data + member.size > TAPE_LIMIT:
                    return
    except DAMAGED as wrong:
        raise Unusable("cut_off") from wrong


def _beginnings(path: Path, wanted: Pattern[str]) -> Iterator[str]:
    try:
        some = ((name, stream) for name, stream in members(path) if wanted.search(name))
        for _name, stream in islice(some, _FILES):
            yield decoded(stream.read(_START))
    except DAMAGED as wrong:
        raise Unusable("cut_off") from wrong
