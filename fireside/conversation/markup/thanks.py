"""Does somebody give thanks in these words? Read in both languages; for history from elsewhere, where nobody could say that they were helped."""

import html
import re

_THANKS = re.compile(
    r"(?<!no )\b(?:thanks|thank (?:you|u)|thankyou|thanx|thn?x|ty|tysm|cheers|much appreciated|appreciate (?:it|that|your|the))\b(?! in advance)"
    r"|谢谢|多谢|感谢|谢了|谢啦|謝謝|多謝|感謝",
    re.I,
)
_PERHAPS = re.compile(r"thank|thanx|thn?x|\bty|cheers|appreciate|[谢謝]", re.I)
_ASIDE = re.compile(r"<(blockquote|pre|code)\b[^>]*>(?:(?!<(?:blockquote|pre|code)\b).)*?</\1>", re.S | re.I)
_TAG = re.compile(r"<[^<>]*>")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.S)
_QUOTED = re.compile(r"^[ \t]*>.*$", re.M)
_LOOKED_AT = 20_000  # characters


def gives_thanks(words: str, *, html_given: bool = False) -> bool:
    """ "thanks", "thank you", "谢谢", … outside of code and of what is quoted; not "no thanks", nor thanks in advance."""
    words = words[:_LOOKED_AT]
    if not _PERHAPS.search(words):
        return False
    if html_given:
        before = ""
        while before != words:
            before, words = words, _ASIDE.sub(" ", words)
        words = html.unescape(_TAG.sub(" ", words))
    else:
        words = _QUOTED.sub(" ", _CODE.sub(" ", words))
    return _THANKS.search(" ".join(words.split())) is not None
