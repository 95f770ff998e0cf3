"""The language of whoever types, and words in it before there are settings: nothing here asks Django anything."""

import errno
import gettext as plain
import os
import re
from functools import cache
from pathlib import Path

SPEAKS = {"en": "en", "zh": "zh-hans"}
ASKED = ("FIRESIDE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def gettext_noop(words: str) -> str:
    """Words to be said in the reader's language later; Django's own would ask for settings, which are just being read."""
    return words


NOT_SPOKEN = gettext_noop("FIRESIDE_LANG=%(word)s is not spoken here. Write FIRESIDE_LANG=en or FIRESIDE_LANG=zh.")
REASONS = {
    errno.EACCES: gettext_noop("this user may not"), errno.EPERM: gettext_noop("this user may not"), errno.ENOENT: gettext_noop("it is not there"),
    errno.EROFS: gettext_noop("it can only be read"), errno.ENOSPC: gettext_noop("the disk is full"), errno.ENOTDIR: gettext_noop("part of the path is no folder"),
    errno.EEXIST: gettext_noop("a file of that name is there"), errno.EISDIR: gettext_noop("it is a folder"), errno.ENAMETOOLONG: gettext_noop("the name is too long"),
}  # fmt: skip


def language_of(word: str) -> str:
    """The language that is spoken here for what a terminal calls its own ("zh_CN.UTF-8"), or ""."""
    return SPEAKS.get(re.split(r"[-_.@]", word.lower())[0], "")


def spoken() -> str:
    """FIRESIDE_LANG, else what the terminal speaks; "" where neither is spoken here."""
    for name in ASKED:
        if word := os.environ.get(name, "").strip():
            return language_of(word)  # C, or a language that is not spoken here: what stands behind it does not count
    return ""


def say(words: str, **facts: object) -> str:
    """A sentence in the language of the terminal; where that is not known, in both, each on a line."""
    code = spoken()
    return "\n".join(_said(words, one, facts) for one in ([code] if code else SPEAKS.values()))


def _said(words: str, code: str, facts: dict[str, object]) -> str:
    def told(words: str) -> str:
        return _chinese().gettext(words) if code == "zh-hans" else words

    values = {
        name: told(REASONS.get(one.errno or 0, one.strerror or "")) if isinstance(one, OSError) else one for name, one in facts.items()
    }
    return told(words) % values


@cache
def _chinese() -> plain.NullTranslations:
    return plain.translation("django", str(Path(__file__).parent / "locale"), ["zh_Hans"], fallback=True)
