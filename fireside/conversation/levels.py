"""How closely one may follow, in the reader's words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fireside.conversation.rules import Level


@dataclass(frozen=True)
class LevelWords:
    """`key` is what doors take; `of_topic` and `of_space` say what it means there."""

    key: str
    icon: str
    word: Any
    of_topic: Any
    of_space: Any


LEVELS = {
    Level.WATCH: LevelWords(
        "watch", "eye", pgettext_lazy("level", "Watch"), _("You are told of every reply."), _("You are told of every topic and every reply.")
    ),
    Level.FOLLOW: LevelWords(
        "follow", "bell", pgettext_lazy("level", "Follow"), _("New replies are counted; you are told when somebody answers or names you."),
        _("New replies in what you have read are counted; you are told when somebody answers or names you."),
    ),
    Level.NORMAL: LevelWords(
        "normal", "circle", pgettext_lazy("level", "Normal"), _("You are told when somebody answers or names you."),
        _("You are told when somebody answers or names you."),
    ),
    Level.MUTE: LevelWords(
        "mute", "bell-off", pgettext_lazy("level", "Mute"), _("You are told of nothing, and it is not among what is new or unread."),
        _("You are told of nothing here, and nothing of it is among what is new or unread. A topic that you choose, or speak in, is an exception."),
    ),
}  # fmt: skip
