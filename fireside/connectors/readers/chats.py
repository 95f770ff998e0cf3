"""Every kind of chat that can be brought in: how its archive is opened, and which files of a packed one are wanted.

A further one is a reader (an Archive), the rules by which it reads a message, and a line here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fireside.connectors.readers import chatlab, discord, discourse, gitter, mbox, qq, slack, stackexchange, wechat, zulip
from fireside.connectors.readers.archive import Archive


@dataclass(frozen=True, slots=True)
class Chat:
    open: Callable[[Path], Archive]  # Unusable when it is none of this kind
    wanted: re.Pattern[str]


CHATS = {
    "zulip": Chat(zulip.open_archive, zulip.WANTED),
    "slack": Chat(slack.open_archive, slack.WANTED),
    "gitter": Chat(gitter.open_archive, gitter.WANTED),
    "discord": Chat(discord.open_archive, discord.WANTED),
    "qq": Chat(qq.open_archive, qq.WANTED),
    "wechat": Chat(wechat.open_archive, wechat.WANTED),
    "chatlab": Chat(chatlab.open_archive, chatlab.WANTED),
    "discourse": Chat(discourse.open_archive, discourse.WANTED),
    "mbox": Chat(mbox.open_archive, mbox.WANTED),
    "stackexchange": Chat(stackexchange.open_archive, stackexchange.WANTED),
}
