"""What a page shows for a sign: our own as icons, those of archives as the pictures they stood for there."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Sign(NamedTuple):
    icon: str
    word: Any


OURS = {
    "heart": Sign("heart", _("Thank")),
    "agree": Sign("check", _("Agree")),
    "smile": Sign("smile", _("Smile")),
    "star": Sign("star", _("Well done")),
}

# The names that the archives of Zulip, Slack and Mattermost use most.
_PICTURES = {
    "+1": "👍", "thumbs_up": "👍", "thumbsup": "👍", "-1": "👎", "thumbs_down": "👎", "tada": "🎉", "rocket": "🚀", "eyes": "👀",
    "joy": "😂", "laughing": "😆", "smiley": "😃", "slight_smile": "🙂", "simple_smile": "🙂", "grinning": "😀", "clap": "👏", "fire": "🔥",
    "check": "✅", "white_check_mark": "✅", "heavy_check_mark": "✔️", "100": "💯", "pray": "🙏", "wave": "👋", "muscle": "💪",
    "bulb": "💡", "thinking": "🤔", "thinking_face": "🤔", "octopus": "🐙", "cry": "😢", "sad": "🙁", "frown": "🙁",
    "sparkles": "✨", "party_popper": "🎉",
    "raised_hands": "🙌", "ok": "👌", "ok_hand": "👌", "open_mouth": "😮", "plus": "➕", "cross_mark": "❌", "question": "❓",
    "hearts": "💕", "working_on_it": "🛠️", "tools": "🛠️", "love": "😍", "heart_eyes": "😍", "sweat_smile": "😅", "big_smile": "😄",
}  # fmt: skip


def picture_of(name: str) -> str:
    """The picture of an archive's sign, or its name between colons."""
    return _PICTURES.get(name, f":{name[:24]}:" if name.isascii() else name)  # or the picture itself
